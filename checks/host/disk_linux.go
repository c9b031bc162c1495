package host

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openFlags keeps an open from waiting, should a pipe stand where a file was seen.
const openFlags = syscall.O_NONBLOCK

// openNative needs no right to list the folder, as os.Root would.
func openNative(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := regular(info); err != nil {
		return nil, err // a device can do things when it is only opened
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|openFlags, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, errLink
	}
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = regular(info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func sameVolume(a, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, ok2 := b.Sys().(*syscall.Stat_t)
	return ok && ok2 && x.Dev == y.Dev
}
