package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

// Limits of a watchdog's work.
const (
	workWait  = 10 * time.Minute // how long it goes on trying
	workPause = 3 * time.Second  // between two tries
)

// Duty is what a watchdog was started for, as it sees it itself: see [Guards] for the other side.
type Duty struct {
	ID      string // of the promise
	Journal Journal
	In      io.Reader // the stream whose end is the end of the watched process
	Out     io.Writer // where it says that it watches
	// Work keeps the promise, and is called again while it fails. It waits for the journal's lock itself.
	Work func(context.Context) error
}

// Stand watches until it is dismissed, and does the work where the watched process ended or left it. No signal that a
// closed terminal or the end of a session sends stops it.
func Stand(ctx context.Context, d Duty) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	ctx = context.WithoutCancel(ctx)
	open, err := d.open()
	if err != nil {
		return err
	}
	if !open {
		return fmt.Errorf("there is no promise %q to watch", d.ID)
	}
	_, _ = fmt.Fprintln(d.Out, wordReady) // where nobody takes it, the watched process has ended
	word := make([]byte, 1)
	if n, _ := d.In.Read(word); n == 1 && word[0] == wordDismiss {
		return nil
	}
	return d.work(ctx)
}

func (d Duty) open() (bool, error) {
	all, err := d.Journal.Open()
	i := slices.IndexFunc(all, func(p Promise) bool { return p.ID == d.ID })
	if i < 0 && err != nil && !errors.Is(err, ErrBadPromise) {
		return false, err
	}
	return i >= 0, nil
}

func (d Duty) work(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, workWait)
	defer cancel()
	for {
		err := d.try(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(workPause):
		}
	}
}

// try turns a panic into an error: the service still waits to be started.
func (d Duty) try(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("linecheck itself failed: %v", p)
		}
	}()
	return d.Work(ctx)
}
