package host

import (
	"os"

	"golang.org/x/sys/windows"
)

// Console tells what a pair of standard streams can do: whether a person sits there, and whether escape codes are
// understood, so that a full screen can be drawn. A console from before Windows 10 1607 refuses the mode for them.
func Console(in, out *os.File) (interactive, screen bool) {
	var im, om uint32
	if windows.GetConsoleMode(windows.Handle(in.Fd()), &im) != nil || windows.GetConsoleMode(windows.Handle(out.Fd()), &om) != nil {
		return false, false
	}
	if os.Getenv("TERM") == "dumb" {
		return true, false
	}
	err := windows.SetConsoleMode(windows.Handle(out.Fd()), om|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	if err != nil {
		return true, false
	}
	_ = windows.SetConsoleMode(windows.Handle(out.Fd()), om) // only a question: the screen sets it again
	return true, true
}
