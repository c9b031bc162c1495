package host

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// image is this program.
func image() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// outlive starts a process without this one's console and outside its job. A job that forbids leaving it keeps it.
func outlive(c *exec.Cmd) error {
	if dir, err := windows.GetSystemDirectory(); err == nil {
		c.Dir = dir
	}
	const flags = windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: flags | windows.CREATE_BREAKAWAY_FROM_JOB}
	err := c.Start()
	if !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return err
	}
	return err
}
