package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// makeShelf makes a folder that nobody but its owner and root may enter.
func makeShelf(parent *os.Root, name string) error { return parent.Mkdir(name, 0o700) }

// ours refuses a folder that an ordinary user made or may write to.
func ours(dir *os.File) error {
	info, err := dir.Stat()
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid != 0 && int(st.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return errStranger
	}
	return nil
}

// rename moves an entry between two open folders, and never takes another one's place.
func rename(from, to *os.File, name, as string) error {
	err := unix.Renameat2(int(from.Fd()), name, int(to.Fd()), as, unix.RENAME_NOREPLACE)
	if !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	// The file system cannot refuse by itself (NFS, for one).
	var st unix.Stat_t
	switch err := unix.Fstatat(int(to.Fd()), as, &st, unix.AT_SYMLINK_NOFOLLOW); {
	case err == nil:
		return unix.EEXIST
	case !errors.Is(err, unix.ENOENT):
		return err
	}
	return unix.Renameat(int(from.Fd()), name, int(to.Fd()), as)
}

// apart refuses a folder that is another volume than the one around it, or is mounted there again: nothing can be moved
// out of such a one.
func apart(parent *os.Root, dir *os.File) error {
	around, err := parent.Open(".")
	if err != nil {
		return err
	}
	defer around.Close()
	a, err := mountOf(around)
	if err != nil {
		return err
	}
	b, err := mountOf(dir)
	if err != nil {
		return err
	}
	other := a.Dev_major != b.Dev_major || a.Dev_minor != b.Dev_minor
	if a.Mask&b.Mask&unix.STATX_MNT_ID != 0 { // since Linux 5.8
		other = other || a.Mnt_id != b.Mnt_id
	}
	if other {
		return errMount
	}
	return nil
}

func mountOf(dir *os.File) (unix.Statx_t, error) {
	var st unix.Statx_t
	if err := unix.Statx(int(dir.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_MNT_ID, &st); err != nil {
		return st, fmt.Errorf("its volume cannot be told: %w", err)
	}
	return st, nil
}

// flush makes the moves survive a power cut. Where that fails the promise is still open, and the moves are made again.
func flush(dirs ...*os.File) {
	for _, f := range dirs {
		_ = f.Sync()
	}
}

// held: an open file can be moved and removed.
func held(error) bool { return false }

func lingers(error) bool { return false }

func holders(context.Context, *os.File, string) string { return "" }

// plainName returns a name that os.Root takes: here every one.
func plainName(_ *os.Root, name string) (string, error) { return name, nil }
