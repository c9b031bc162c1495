package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// Bounds of a journal.
const (
	maxPromises    = 1000
	maxPromiseSize = 64 << 10
	promiseExt     = ".promise.json"
)

// ErrBadPromise marks a file of the journal that cannot be read as a promise: a crash in the middle of writing cannot
// leave one, so somebody else wrote it or the disk is damaged.
var ErrBadPromise = errors.New("not a readable promise")

var errNoDir = errors.New("journal: no folder that this account can write to")

// NewJournal returns a journal that keeps one JSON file for each promise in dir. The folder is made when it is needed.
// An empty dir is a journal that can promise nothing.
func NewJournal(dir string) Journal { return journal{dir} }

type journal struct{ dir string }

// Promise returns once the promise is on the disk and would survive a power cut. An ID that is already promised is
// written anew.
func (j journal) Promise(p Promise) (err error) {
	if err := j.check(p.ID); err != nil {
		return err
	}
	if p.Written.IsZero() {
		p.Written = time.Now()
	}
	if p.PID == 0 {
		p.PID = os.Getpid()
	}
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("promise %s: %w", p.ID, err)
	}
	if len(b) > maxPromiseSize {
		return fmt.Errorf("promise %s: larger than %d bytes", p.ID, maxPromiseSize)
	}
	if err := privateDir(j.dir); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	root, err := openOwn(j.dir)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer root.Close()
	name := p.ID + promiseExt
	temp := fmt.Sprintf("%s.%d.%d.tmp", p.ID, os.Getpid(), time.Now().UnixNano())
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Sync()); err == nil {
		err = patiently(func() error { return root.Rename(temp, name) })
	}
	if err == nil {
		err = f.Sync() // on Windows the new name is on the disk only with the file's next flush
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = root.Remove(temp)
		return fmt.Errorf("journal: %w", err)
	}
	return syncDir(root)
}

// Strike removes a promise that was kept. One that is not there is no error: two runs may keep the same promise.
func (j journal) Strike(id string) error {
	if err := j.check(id); err != nil {
		return err
	}
	root, err := openOwn(j.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer root.Close()
	if err := patiently(func() error { return root.Remove(id + promiseExt) }); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("journal: %w", err)
	}
	_, _ = root.Remove(postName(id)), root.Remove(copyName(id)) // what its watchdogs left
	return syncDir(root)
}

// Open returns the promises that nobody has kept, oldest first. Files that are no promise are named in an error that
// matches [ErrBadPromise], beside the promises that could be read. Half-written files are left out: their change never
// began.
func (j journal) Open() ([]Promise, error) {
	if j.dir == "" {
		return nil, nil
	}
	root, err := openOwn(j.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer root.Close()
	entries, err := readSome(root, maxEntries)
	var out []Promise
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), promiseExt)
		if !ok {
			continue
		}
		p, perr := readPromise(root, id)
		switch {
		case errors.Is(perr, fs.ErrNotExist): // struck meanwhile
		case perr != nil:
			err = errors.Join(err, fmt.Errorf("%s: %w: %w", e.Name(), ErrBadPromise, bare(perr)))
		case len(out) < maxPromises:
			out = append(out, p)
		default:
			return out, errors.Join(err, ErrTooMany)
		}
	}
	slices.SortStableFunc(out, func(a, b Promise) int {
		if c := a.Written.Compare(b.Written); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, err
}

// How often, and how long in between, the journal tries again what another program hinders.
const (
	holdTries = 40
	holdPause = 50 * time.Millisecond
)

// patiently tries again while another program holds a file: on Windows a virus scanner or a backup may open each one that
// was just written, without sharing it.
func patiently(do func() error) (err error) {
	for range holdTries {
		if err = do(); err == nil || !held(err) {
			return err
		}
		time.Sleep(holdPause)
	}
	return err
}

// openOwn opens a folder that nobody else can write to: what stands in it is done with an administrator's rights.
func openOwn(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := trusted(root, dir); err != nil {
		root.Close()
		return nil, err
	}
	return root, nil
}

func readPromise(root *os.Root, id string) (Promise, error) {
	var p Promise
	f, err := place{root, id + promiseExt}.openFile()
	if err != nil {
		return p, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPromiseSize+1))
	if err != nil {
		return p, err
	}
	if len(b) > maxPromiseSize {
		return p, errors.New("too large")
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, err
	}
	if p.ID != id || p.Action == "" {
		return p, errors.New("its ID or action is missing or another one")
	}
	return p, nil
}

// check: an ID becomes a file name on both systems.
func (j journal) check(id string) error {
	if j.dir == "" {
		return errNoDir
	}
	if id == "" || len(id) > 100 || id[0] == '.' || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		return fmt.Errorf("journal: %q is no ID: letters, digits, - _ and . only, at most 100", id)
	}
	return nil
}
