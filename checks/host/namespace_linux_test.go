package host

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// namespaced runs one test again in a process with namespaces of its own (CLONE_NEWNET and the like), as their root, and
// gives what it says. That process has the variable env, "name=value".
func namespaced(t *testing.T, flags uintptr, env, test string) string {
	t.Helper()
	c := exec.Command("/proc/self/exe", "-test.run=^"+test+"$", "-test.v")
	c.Env = append(os.Environ(), env)
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | flags,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EACCES) {
		t.Skip("this machine lets nobody make namespaces of his own:", err)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+test) {
		t.Errorf("%v\n%s", err, out)
	}
	return string(out)
}
