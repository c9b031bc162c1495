package host

import (
	"errors"
	"os"
	"syscall"
	"unsafe"

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

// spawn starts a process without this one's console and outside its job. A job that forbids leaving it keeps it, and so
// does one that holds a job that may be left: that is no error then
// (learn.microsoft.com/windows/win32/procthread/nested-jobs).
func spawn(build func() (*child, error)) (*child, error) {
	const flags = windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS
	c, err := begin(build, flags|windows.CREATE_BREAKAWAY_FROM_JOB)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		c, err = begin(build, flags)
	}
	if err == nil && jobbed(c.pid()) {
		c.bound = "what started linecheck keeps its processes together, and may end that watchdog with it"
	}
	return c, err
}

var isProcessInJob = windows.NewLazySystemDLL("kernel32.dll").NewProc("IsProcessInJob")

// jobbed reports whether a process is in a job of any kind, or nobody can tell.
func jobbed(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_INFORMATION, false, uint32(pid))
	if err != nil {
		return true
	}
	defer windows.CloseHandle(h)
	var in int32
	ok, _, _ := isProcessInJob.Call(uintptr(h), 0, uintptr(unsafe.Pointer(&in)))
	return ok == 0 || in != 0
}

func begin(build func() (*child, error), flags uint32) (*child, error) {
	c, err := build()
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
