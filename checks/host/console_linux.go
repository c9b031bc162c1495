package host

import (
	"os"

	"golang.org/x/sys/unix"
)

// Console tells what a pair of standard streams can do: whether a person sits there, and whether escape codes are
// understood, so that a full screen can be drawn.
func Console(in, out *os.File) (interactive, screen bool) {
	tty := func(f *os.File) bool {
		_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
		return err == nil
	}
	interactive = tty(in) && tty(out)
	term := os.Getenv("TERM")
	return interactive, interactive && term != "" && term != "dumb"
}
