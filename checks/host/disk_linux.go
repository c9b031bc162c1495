package host

import (
	"io/fs"
	"syscall"
)

// openFlags keeps an open from waiting, should a pipe stand where a file was seen.
const openFlags = syscall.O_NONBLOCK

func sameVolume(a, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, ok2 := b.Sys().(*syscall.Stat_t)
	return ok && ok2 && x.Dev == y.Dev
}
