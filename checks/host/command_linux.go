package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// run runs a program of the system without a shell and returns what it printed. A program that is not there is
// ErrUnsupported. The error of one that failed holds its exit code and the first line of what it complained of.
func run(ctx context.Context, name string, args ...string) (string, error) {
	path, err := find(name)
	if err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, path, args...)
	// Ctrl+C and a lost terminal are this program's to deal with: a systemctl that waits for a service is not ended by them.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Env = append(os.Environ(), "LC_ALL=C", "LANGUAGE=C", "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=")
	return finish(ctx, c, name, args)
}

// askWait is how long a program that only tells something is waited for. Those that are asked here tell it in a moment,
// or never: a desktop's bus may not answer.
const askWait = 5 * time.Second

// ask is run for a question, so that a program that hangs costs its own answer and no other.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	return askFor(ctx, askWait, name, args...)
}

func askFor(ctx context.Context, wait time.Duration, name string, args ...string) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	out, err := run(bounded, name, args...)
	if bounded.Err() != nil && ctx.Err() == nil {
		return "", &silentError{name, wait}
	}
	return out, err
}

// silentError is a program that gave no answer in time.
type silentError struct {
	name string
	wait time.Duration
}

func (e *silentError) Error() string {
	return fmt.Sprintf("%s gave no answer within %s", e.name, e.wait)
}
func (e *silentError) Unwrap() error { return context.DeadlineExceeded }

// find looks in the system's own folders alone, so that nothing planted in PATH is run with root's rights.
func find(name string) (string, error) {
	for _, dir := range [...]string{"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"} {
		if info, err := os.Stat(dir + name); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return dir + name, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: %w", name, ErrUnsupported)
}

// exitCode is the exit code of a program that ended by itself; -1 for any other error.
func exitCode(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	return -1
}
