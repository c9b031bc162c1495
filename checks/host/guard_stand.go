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
	postPause = 250 * time.Millisecond
	postWait  = 2 * time.Hour // longer than any cleanup
)

// Duty is what a watchdog was started for, as it sees it itself: see [Guards] for the other side.
type Duty struct {
	ID      string // of the promise
	Dir     string // the journal's folder
	Journal Journal
	Alone   bool      // started by the system's manager: it has no streams, and watches the journal's lock
	In      io.Reader // the stream whose end is the end of the watched process
	Out     io.Writer // where it says that it watches
	// Work keeps the promise, and is called again while it fails. It waits for the journal's lock itself.
	Work func(context.Context) error
}

// Stand watches until it is dismissed, and does the work where the watched process ended or left it. No signal that a
// closed terminal or the end of a session sends stops it.
func Stand(ctx context.Context, d Duty) error {
	deaf := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE}
	signal.Ignore(deaf...)
	defer signal.Reset(deaf...)
	ctx = context.WithoutCancel(ctx)
	g := guards{d.Dir}
	if d.Alone {
		defer g.unlist(d.ID)
		defer g.strikePost(d.ID)
	}
	open, err := d.open()
	if err != nil {
		return err
	}
	if !open {
		return fmt.Errorf("there is no promise %q to watch", d.ID)
	}
	if d.Alone {
		if take, err := d.await(ctx, g); err != nil || !take {
			return err
		}
	} else {
		_, _ = fmt.Fprintln(d.Out, wordReady) // where nobody takes it, the watched process has ended
		word := make([]byte, 1)
		if n, _ := d.In.Read(word); n == 1 && word[0] == wordDismiss {
			return nil
		}
	}
	if err = d.work(ctx); err == nil && !d.Alone && elevated() && d.Dir == JournalDir() {
		g.unlist(d.ID)
	}
	_ = g.remove(copyName(d.ID)) // Windows keeps it until the promise is struck
	return err
}

// await waits until the lock is free, and reports whether it was: else it was dismissed.
func (d Duty) await(ctx context.Context, g guards) (bool, error) {
	if err := g.post(d.ID); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, postWait)
	defer cancel()
	now, done := context.WithCancel(ctx)
	done()
	for g.posted(d.ID) {
		unlock, err := d.Journal.Lock(now)
		if err == nil {
			unlock()
			return true, nil
		}
		select {
		case <-ctx.Done():
			return false, errors.New("the cleanup that was watched did not come to an end")
		case <-time.After(postPause):
		}
	}
	return false, nil
}

// open reports whether the promise is there and not yet kept.
func (d Duty) open() (bool, error) {
	all, err := d.Journal.Open()
	i := slices.IndexFunc(all, func(p Promise) bool { return p.ID == d.ID })
	if i < 0 && err != nil && !errors.Is(err, ErrBadPromise) {
		return false, err
	}
	return i >= 0 && all[i].Action != "told", nil
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
	if open, err := d.open(); err == nil && !open {
		return nil
	}
	return d.Work(ctx)
}
