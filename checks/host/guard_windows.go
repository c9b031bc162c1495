package host

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// self is this program's file.
func self() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// spawn starts a process without this one's console and outside its job. A job that forbids leaving it keeps it.
func spawn(make func() (*child, error)) (*child, error) {
	const flags = windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS
	c, err := begin(make, flags|windows.CREATE_BREAKAWAY_FROM_JOB)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		if c, err = begin(make, flags); err == nil {
			c.bound = "what started linecheck keeps its processes together, and may end that watchdog with it"
		}
	}
	return c, err
}

func begin(make func() (*child, error), flags uint32) (*child, error) {
	c, err := make()
	if err != nil {
		return nil, err
	}
	if dir, err := windows.GetSystemDirectory(); err == nil {
		c.cmd.Dir = dir // not a folder that somebody wants to remove
	}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: flags}
	return c, c.cmd.Start()
}

// awake: Windows has no Ctrl+Z.
func awake(bool) {}

// room is how many bytes this account may still write to the disk that dir is on.
func room(dir string) (free uint64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	return free, named("free space", dir, windows.GetDiskFreeSpaceEx(name, &free, nil, nil))
}

func runnable(string) {}
