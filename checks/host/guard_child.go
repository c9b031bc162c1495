package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// dismissWait is how long a dismissed watchdog may take to end, then it is killed.
const dismissWait = 5 * time.Second

// What goes over a watchdog's standard streams.
const (
	wordReady   = "watching" // from it, a line
	wordDismiss = 'd'        // to it; the end of the stream means that the process that it watches has ended
)

// child is a watchdog that this process started.
type child struct {
	cmd   *exec.Cmd
	leash io.WriteCloser
	ended chan struct{}
	bound string // what may end it too, "" for nothing
}

// raise starts a watchdog and returns when it has said that it watches.
func raise(ctx context.Context, path string, args ...string) (*child, error) {
	var said chan string
	complaint := &bounded{}
	c, err := spawn(func() (*child, error) {
		c := &child{cmd: exec.Command(path, args...), ended: make(chan struct{})}
		c.cmd.Env = append(os.Environ(), guardVariable+"=1")
		c.cmd.Stderr = complaint
		out, err := c.cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		c.leash, err = c.cmd.StdinPipe()
		said = make(chan string, 1)
		go func(said chan<- string) {
			line, _ := bufio.NewReader(io.LimitReader(out, 1<<10)).ReadString('\n')
			said <- strings.TrimSpace(line)
		}(said)
		return c, err
	})
	if err != nil {
		return nil, err
	}
	limit := time.NewTimer(readyWait)
	defer limit.Stop()
	select {
	case line := <-said:
		go c.wait()
		if line == wordReady {
			return c, nil
		}
		c.kill()
		<-c.ended
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return nil, errors.New("it ended at once: " + first)
	case <-limit.C:
		err = fmt.Errorf("it did not say within %s that it watches", readyWait)
	case <-ctx.Done():
		err = ctx.Err()
	}
	go c.wait()
	c.kill()
	<-c.ended
	return nil, err
}

func (c *child) wait() {
	_ = c.cmd.Wait()
	close(c.ended)
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) note() []string {
	if c.bound == "" {
		return nil
	}
	return []string{c.bound}
}

func (c *child) kill() {
	_ = c.leash.Close()
	_ = c.cmd.Process.Kill()
}

func (c *child) dismiss() error {
	_, err := c.leash.Write([]byte{wordDismiss})
	_ = c.leash.Close()
	limit := time.NewTimer(dismissWait)
	defer limit.Stop()
	select {
	case <-c.ended:
		return nil
	case <-limit.C:
		c.kill()
		<-c.ended
		return errors.Join(errors.New("the watchdog did not end and was killed"), err)
	}
}

func (c *child) leave() error { return c.leash.Close() }
