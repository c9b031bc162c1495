package cache

import (
	"os"
	"testing"
)

// link makes a symbolic link, or leaves the test where the system cannot: Wine says that it did and makes nothing.
func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skip(err)
	}
	if info, err := os.Lstat(at); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skip("this system says that it made a link, and made none")
	}
}
