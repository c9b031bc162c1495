package host

import (
	"os"
	"path/filepath"
)

// JournalDir is where promises of this machine are kept: for an administrator one folder, so that the next run finds
// the promises of any other; else the user's own. "" where there is none.
func JournalDir() string {
	if dir := os.Getenv("ProgramData"); elevated() && filepath.IsAbs(dir) {
		return filepath.Join(dir, "linecheck")
	}
	if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "linecheck")
	}
	return ""
}

func privateDir(dir string) error { return os.MkdirAll(dir, 0o700) }

// syncDir: NTFS writes names through its own log, and a folder cannot be flushed without special rights.
func syncDir(*os.Root) error { return nil }
