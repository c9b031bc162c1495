package host

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const (
	// maxOutput is how much of a command's output is kept; systemctl show prints a few KiB.
	maxOutput = 256 << 10
	// killWait is how long a killed command may hold its output open.
	killWait = time.Second
)

// finish runs a command to its end or the context's and returns what it printed.
func finish(ctx context.Context, c *exec.Cmd, name string, args []string) (string, error) {
	c.WaitDelay = killWait
	out, complaint := &bounded{}, &bounded{}
	c.Stdout, c.Stderr = out, complaint
	err := c.Run()
	if ctx.Err() != nil {
		return out.String(), fmt.Errorf("%s: %w", name, ctx.Err())
	}
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return out.String(), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, line)
	}
	return out.String(), nil
}

// bounded keeps the first part of what is written to it and takes the rest without a word.
type bounded struct{ kept []byte }

func (b *bounded) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(maxOutput-len(b.kept), len(p))]...)
	return len(p), nil
}

func (b *bounded) String() string { return string(b.kept) }
