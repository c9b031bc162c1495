package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// errOrdinary: only what an administrator's linecheck leaves in its folder may be run by the system.
var errOrdinary = errors.New("only an administrator's linecheck can have one")

// maxImage bounds the copy of this program, and spare is what it leaves on the disk: what else is written there, the
// promises for one, must not fail because of it.
const (
	maxImage = 256 << 20
	spare    = 16 << 20
)

// copyName is the copy that a promise's watchdogs run from, and postName the file that the second one makes when it
// watches: it is dismissed when the file is gone.
func copyName(id string) string {
	if runtime.GOOS == "windows" {
		return "guard-" + id + ".exe"
	}
	return "guard-" + id
}

func postName(id string) string { return id + ".post" }

// copy writes this program into the journal's folder, where nobody but an administrator can put another in its place.
func (g guards) copy(id string) (path string, err error) {
	if !elevated() {
		return "", errOrdinary
	}
	root, err := openOwn(g.dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	sweep(root)
	name := copyName(id)
	in, err := os.Open(self())
	if err != nil {
		return "", fmt.Errorf("this program's own file: %w", err)
	}
	defer in.Close()
	if err := fits(in, g.dir); err != nil {
		return "", err
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	out, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return "", err
	}
	n, err := io.Copy(out, io.LimitReader(in, maxImage+1))
	if err == nil && n > maxImage {
		err = ErrTooMany
	}
	// Flushed, because after a power cut the system's manager may run it.
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		_ = root.Remove(name)
		return "", fmt.Errorf("a copy of this program: %w", err)
	}
	path = filepath.Join(g.dir, name)
	runnable(path)
	return path, nil
}

// sweep removes what outlived its promise: Windows keeps the file of a watchdog until that has ended.
func sweep(root *os.Root) {
	entries, _ := readSome(root, maxEntries)
	for _, e := range entries {
		id, _ := strings.CutPrefix(strings.TrimSuffix(e.Name(), ".exe"), "guard-")
		if e.Name() != copyName(id) {
			continue
		}
		if _, err := root.Lstat(id + promiseExt); errors.Is(err, os.ErrNotExist) {
			_ = root.Remove(e.Name())
		}
	}
}

// fits refuses a copy that would fill the disk.
func fits(in *os.File, dir string) error {
	info, err := in.Stat()
	if err != nil {
		return err
	}
	free, err := room(dir)
	if err == nil && free < uint64(info.Size())+spare {
		err = fmt.Errorf("%s has too little room for a copy of this program: %d MiB", dir, free>>20)
	}
	return err
}

// tidy removes what belongs to a promise's watchdogs. Where one still runs, Windows keeps its file; the promise's end
// tries again.
func (g guards) tidy(id string) {
	g.strikePost(id)
	for range 20 {
		if err := g.remove(copyName(id)); err == nil || errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (g guards) strikePost(id string) { _ = g.remove(postName(id)) }

func (g guards) remove(name string) error {
	root, err := openOwn(g.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return root.Remove(name)
}

// posted reports whether the second watchdog of a promise has said that it watches, and was not dismissed since.
func (g guards) posted(id string) bool {
	root, err := openOwn(g.dir)
	if err != nil {
		return false
	}
	defer root.Close()
	_, err = root.Lstat(postName(id))
	return err == nil
}

// post says that the second watchdog watches.
func (g guards) post(id string) error {
	root, err := openOwn(g.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := root.OpenFile(postName(id), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// reported waits a while for the second watchdog to say that it watches, and tells whether it did.
func (g guards) reported(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, secondWait)
	defer cancel()
	for !g.posted(id) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(postPause / 5):
		}
	}
	return true
}
