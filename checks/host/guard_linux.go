package host

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// self is this program as it runs, even where its file was replaced or removed.
func self() string { return "/proc/self/exe" }

// spawn starts a process that no terminal, and no signal to this one's group, ends.
func spawn(build func() (*child, error)) (*child, error) {
	c, err := build()
	if err != nil {
		return nil, err
	}
	c.cmd.Dir = "/"
	c.cmd.Args[0] = "linecheck"
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return c, c.cmd.Start()
}

// awake keeps Ctrl+Z from putting this process to sleep while a service is stopped.
func awake(on bool) {
	if on {
		signal.Ignore(syscall.SIGTSTP)
	} else {
		signal.Reset(syscall.SIGTSTP)
	}
}

// room is how many bytes this account may still write to the disk that dir is on.
func room(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, named("statfs", dir, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// runnable lets SELinux's rules for system services run the copy, where there is SELinux.
func runnable(path string) {
	const label = "security.selinux"
	if _, err := unix.Lgetxattr(path, label, nil); err == nil {
		_ = unix.Lsetxattr(path, label, []byte("system_u:object_r:bin_t:s0\x00"), 0)
	}
}

// enlisted names what the system's manager runs.
func enlisted(id string) string { return "linecheck-guard-" + id + ".service" }

// enlist has systemd run a watchdog in a unit of its own, away from the login session and everything that ends with it.
func (g guards) enlist(ctx context.Context, id, image string) error {
	if _, err := os.Stat("/run/systemd/system"); err != nil {
		return errors.New("systemd does not run here") // sd_booted(3)
	}
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	_, err := run(ctx, "systemd-run", "--unit="+enlisted(id), "--description=linecheck's watchdog over a cleanup", "--collect", "--quiet",
		"--no-ask-password", "--property=TimeoutStopSec=20", "--", image, "guard", "--promise", id, "--alone")
	return err
}

// discharge has nothing to end: the unit ends by itself when its post is gone, and systemd forgets it then.
func (guards) discharge(string) error { return nil }

func (guards) unlist(string) {}
