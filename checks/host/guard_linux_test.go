package host

import (
	"os/exec"
	"syscall"
	"testing"
)

// ownGroup puts a player into a group of its own, which a test can send signals to.
func ownGroup(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

var signalled = map[string]func(*stage){
	"of a group that lost its terminal": func(s *stage) { must(s.t, syscall.Kill(-s.proc.Process.Pid, syscall.SIGHUP)) },
	"of a group that was interrupted":   func(s *stage) { must(s.t, syscall.Kill(-s.proc.Process.Pid, syscall.SIGINT)) },
	"of a group that was killed":        func(s *stage) { must(s.t, syscall.Kill(-s.proc.Process.Pid, syscall.SIGKILL)) },
}

func gone(*testing.T, string) {}
