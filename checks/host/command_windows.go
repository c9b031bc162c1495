package host

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// run runs a program of the system's own folder, without a window, and returns what it printed.
func run(ctx context.Context, name string, args ...string) (string, error) {
	dir, err := windows.GetSystemDirectory()
	if err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, filepath.Join(dir, name), args...)
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	return finish(ctx, c, name, args)
}
