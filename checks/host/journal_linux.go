package host

import (
	"fmt"
	"os"
	"path/filepath"
)

// JournalDir is where promises of this machine are kept: for root one folder, so that the next run finds the promises
// of any other; else the user's own state folder. "" where there is none.
func JournalDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/linecheck"
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "linecheck")
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "linecheck")
	}
	return ""
}

// privateDir makes the folder, and refuses one that others could plant promises in.
func privateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is a link or others may write to it", dir)
	}
	return nil
}

// syncDir makes a name that was written or removed survive a power cut.
func syncDir(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
