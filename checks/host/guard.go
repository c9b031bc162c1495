package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// Limits of starting and ending a watchdog.
const (
	readyWait   = 15 * time.Second // until it says that it watches
	dismissWait = 5 * time.Second  // until it has ended, then it is killed
)

// What goes over a watchdog's standard streams.
const (
	wordReady   = "watching" // from it, a line
	wordDismiss = 'd'        // to it; the end of the stream means that the process that it watches has ended
)

// NewGuards returns what starts watchdogs for the journal in dir. Each is this program itself, called as
// "linecheck guard --promise ID".
func NewGuards(dir string) Guards { return guards{dir} }

type guards struct{ dir string }

// Watch implements [Guards].
func (g guards) Watch(ctx context.Context, id string) (Guard, error) {
	if err := (journal{g.dir}).check(id); err != nil {
		return nil, err
	}
	w := &watch{}
	if err := w.start(ctx, image(), "guard", "--promise", id); err != nil {
		return nil, fmt.Errorf("the watchdog could not be started: %w", err)
	}
	w.told = append(w.told, fmt.Sprintf("process %d watches this one and starts the services again if this one ends", w.cmd.Process.Pid))
	return w, nil
}

// watch is a watchdog, seen by the process that it watches.
type watch struct {
	cmd   *exec.Cmd
	leash io.WriteCloser
	ended chan struct{}
	told  []string
}

// start starts the process and returns when it has said that it watches.
func (w *watch) start(ctx context.Context, path string, args ...string) error {
	w.cmd = exec.Command(path, args...)
	leash, err := w.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	complaint := &bounded{}
	w.cmd.Stderr = complaint
	if err := outlive(w.cmd); err != nil {
		return err
	}
	w.leash, w.ended = leash, make(chan struct{})
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(out, 1<<10)).ReadString('\n')
		said <- strings.TrimSpace(line)
		_ = w.cmd.Wait()
		close(w.ended)
	}()
	limit := time.NewTimer(readyWait)
	defer limit.Stop()
	select {
	case line := <-said:
		if line == wordReady {
			return nil
		}
		w.kill()
		<-w.ended
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return errors.New("it ended at once: " + first)
	case <-limit.C:
		err = fmt.Errorf("it did not say that it watches within %s", readyWait)
	case <-ctx.Done():
		err = ctx.Err()
	}
	w.kill()
	return err
}

func (w *watch) kill() {
	_ = w.leash.Close()
	_ = w.cmd.Process.Kill()
}

// Told implements [Guard].
func (w *watch) Told() []string { return w.told }

// Dismiss implements [Guard].
func (w *watch) Dismiss() error {
	_, err := w.leash.Write([]byte{wordDismiss})
	_ = w.leash.Close()
	limit := time.NewTimer(dismissWait)
	defer limit.Stop()
	select {
	case <-w.ended:
		return nil
	case <-limit.C:
		w.kill()
		<-w.ended
		return errors.Join(fmt.Errorf("the watchdog had to be killed"), err)
	}
}

// Leave implements [Guard].
func (w *watch) Leave() error { return w.leash.Close() }
