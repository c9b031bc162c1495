package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

const (
	lockName = "lock"
	lockPoll = 100 * time.Millisecond
)

// errTaken: another open file holds the lock.
var errTaken = errors.New("locked")

// Lock implements [Journal]. It holds an operating system's lock on a file, which the system lets go with the process.
// The file itself stays: one that is removed and made anew could be locked twice.
func (j journal) Lock(ctx context.Context) (unlock func(), err error) {
	if j.dir == "" {
		return nil, errNoDir
	}
	f, err := j.lockFile()
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	for {
		err := lock(f)
		if err == nil {
			var once sync.Once
			return func() { once.Do(func() { f.Close() }) }, nil
		}
		if !errors.Is(err, errTaken) {
			f.Close()
			return nil, fmt.Errorf("journal: lock: %w", err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ErrBusy
		case <-time.After(lockPoll):
		}
	}
}

func (j journal) lockFile() (*os.File, error) {
	if err := privateDir(j.dir); err != nil {
		return nil, err
	}
	root, err := openOwn(j.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.OpenFile(lockName, os.O_CREATE|os.O_RDWR, 0o600)
}
