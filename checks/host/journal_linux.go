package host

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
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

func privateDir(dir string) error { return os.MkdirAll(dir, 0o700) }

// trusted refuses a folder that somebody else owns or may write to.
func trusted(root *os.Root, dir string) error {
	info, err := root.Stat(".")
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid != 0 && int(st.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s: others may write to it: %w", dir, ErrDenied)
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
