package host

import (
	"errors"

	"golang.org/x/sys/windows"
)

// Alive reports whether a process of that number runs now. One that may not be asked about is alive. A process that has
// ended can still be opened while somebody holds a handle to it, so opening alone proves nothing.
func Alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	h, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer windows.CloseHandle(h)
	ev, err := windows.WaitForSingleObject(h, 0)
	return err == nil && ev == uint32(windows.WAIT_TIMEOUT)
}
