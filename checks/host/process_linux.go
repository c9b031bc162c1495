package host

import "syscall"

// Alive reports whether a process of that number runs now. One that may not be asked about is alive.
func Alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
