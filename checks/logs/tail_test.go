package logs

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// heard is what a live tail told.
type heard struct {
	mu    sync.Mutex
	lines []checks.Line
	waits []string
}

func (h *heard) emit(e checks.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := e.(type) {
	case checks.Line:
		h.lines = append(h.lines, e)
	case checks.Progress:
		h.waits = append(h.waits, e.Waiting)
	}
}

// texts is file:number text of each line, the text cut to what a test writes.
func (h *heard) texts() (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.lines {
		out = append(out, l.File+":"+strconv.Itoa(l.Number)+" "+l.Text[:min(len(l.Text), 20)])
	}
	return out
}

// tailing runs a live tail in virtual time while do writes.
func tailing(t *testing.T, prepare func(*place), do func(p *place, pause func())) (*heard, checks.Result) {
	t.Helper()
	p, h := at(t), &heard{}
	must(t, os.MkdirAll(p.path(""), 0o755))
	p.env.Follow = true
	var r checks.Result
	synctest.Test(t, func(t *testing.T) {
		prepare(p) // here, since lines have times
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			var err error
			r, err = check{}.Run(ctx, p.env, h.emit)
			done <- err
		}()
		pause := func() { time.Sleep(3 * time.Second); synctest.Wait() }
		pause()
		do(p, pause)
		pause()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h, r
}

func TestTail(t *testing.T) {
	const log = "fsscorplug.log"
	two := func(p *place) { p.write(log, "old 1\nold 2\n") }
	for title, c := range map[string]struct {
		prepare func(*place)
		do      func(p *place, pause func())
		want    []string
	}{
		"only what is added is told, with its number": {two,
			func(p *place, pause func()) { p.add(log, "new 3\nnew 4\n") },
			[]string{log + ":3 new 3", log + ":4 new 4"}},
		"a line is told when it is whole": {two,
			func(p *place, pause func()) { p.add(log, "ha"); pause(); p.add(log, "lf\n") },
			[]string{log + ":3 half"}},
		"a line that was half there at the start": {func(p *place) { p.write(log, "old 1\nha") },
			func(p *place, pause func()) { p.add(log, "lf\n") },
			[]string{log + ":2 half"}},
		"a file that appears later is read from its beginning": {func(*place) {},
			func(p *place, pause func()) { p.write("sub/"+log, "first\n") },
			[]string{log + ":1 first"}},
		"a rotated file is read to its end, then the new one": {two,
			func(p *place, pause func()) {
				p.add(log, "last of the old\n")
				must(p.t, os.Rename(p.path(log), p.path(log+".1")))
				p.write(log, "first of the new\n")
				pause()
				p.add(log, "second of the new\n")
			},
			[]string{log + ".1:3 last of the old", log + ":1 first of the new", log + ":2 second of the new"}},
		"a rotation under a name that no pattern has": {two,
			func(p *place, pause func()) {
				p.add(log, "last of the old\n")
				must(p.t, os.Rename(p.path(log), p.path("fsscorplug-2026.old")))
				p.write(log, "first of the new\n")
			},
			[]string{"fsscorplug-2026.old:3 last of the old", log + ":1 first of the new"}},
		"a chain of rotations tells nothing twice": {func(p *place) { p.write(log, "a1\n"); p.write(log+".1", "b1\nb2\n") },
			func(p *place, pause func()) {
				must(p.t, os.Rename(p.path(log+".1"), p.path(log+".2")))
				must(p.t, os.Rename(p.path(log), p.path(log+".1")))
				p.write(log, "c1\n")
				pause()
				p.add(log, "c2\n")
			},
			[]string{log + ":1 c1", log + ":2 c2"}},
		"a file that was cut begins anew": {two,
			func(p *place, pause func()) { p.write(log, ""); pause(); p.add(log, "again\n") },
			[]string{log + ":1 again"}},
		"a file that was cut and grew beyond its old size at once": {two,
			func(p *place, pause func()) { p.write(log, strings.Repeat("again\n", 4)) },
			[]string{log + ":1 again", log + ":2 again", log + ":3 again", log + ":4 again"}},
		"a deleted file that is made anew": {two,
			func(p *place, pause func()) {
				must(p.t, os.Remove(p.path(log)))
				pause()
				p.write(log, "anew 1\nanew 2\nanew 3\n")
			},
			[]string{log + ":1 anew 1", log + ":2 anew 2", log + ":3 anew 3"}},
		"a deleted file that is made anew at once": {two,
			func(p *place, pause func()) {
				must(p.t, os.Remove(p.path(log)))
				p.write(log, "anew 1\nanew 2\nanew 3\n")
			},
			[]string{log + ":1 anew 1", log + ":2 anew 2", log + ":3 anew 3"}},
		"UTF-16 that grows in the middle of a letter": {func(p *place) { p.write(log, string(in16("old\r\n", binary.LittleEndian))) },
			func(p *place, pause func()) {
				b := in16("neu ä\r\n", binary.LittleEndian)[2:]
				p.add(log, string(b[:9]))
				pause()
				p.add(log, string(b[9:]))
			},
			[]string{log + ":2 neu ä"}},
		"a line of 2 MB does not stop what follows": {two,
			func(p *place, pause func()) { p.add(log, strings.Repeat("x", 2<<20)+"\nshort\n") },
			[]string{log + ":3 xxxxxxxxxxxxxxxxxxxx", log + ":4 short"}},
		"escape codes come as they are": {two,
			func(p *place, pause func()) { p.add(log, "\x1b[2J\x1b]0;x\x07\n") },
			[]string{log + ":3 \x1b[2J\x1b]0;x\x07"}},
	} {
		t.Run(title, func(t *testing.T) {
			h, _ := tailing(t, c.prepare, c.do)
			if got := h.texts(); !slices.Equal(got, c.want) {
				t.Errorf("told %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestTailDecodesAndCounts(t *testing.T) {
	h, r := tailing(t, func(p *place) { p.write("fsscorplug.log", noProxy(time.Hour)) }, func(p *place, pause func()) {
		p.add("fsscorplug.log", noProxy(time.Minute))
		pause()
		p.add("fsscorplug.log", answers(0))
	})
	if len(h.lines) != 2 {
		t.Fatalf("told %q", h.texts())
	}
	failed, back := h.lines[0], h.lines[1]
	if failed.Status != checks.Fail || failed.Ref != "curl 5" || failed.Code != ProxyUnresolvable || failed.At.IsZero() || failed.Number != 2 ||
		failed.Meaning != "the proxy's name proxy.example.intern does not resolve" {
		t.Errorf("the failure is told as %+v", failed)
	}
	if back.Status != checks.Pass || back.Code != Connected {
		t.Errorf("the recovery is told as %+v", back)
	}
	want := []string{"connected pass fsscorplug.log x1", "proxy_unresolvable note proxy.example.intern x2"}
	if got := told(r.Findings); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// locked is a disk whose files another program holds for a while.
type locked struct {
	host.Files
	mu    sync.Mutex
	until bool
}

func (l *locked) Open(path string) (host.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until {
		return nil, errors.New("in use by another program")
	}
	return l.Files.Open(path)
}

func (l *locked) set(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = on
}

func TestTailWaitsForALockedFile(t *testing.T) {
	var l *locked
	h, _ := tailing(t, func(p *place) {
		p.write("fsscorplug.log", "old\n")
		l = &locked{Files: p.env.Machine.Files}
		p.env.Machine.Files = l
	}, func(p *place, pause func()) {
		l.set(true)
		p.add("fsscorplug.log", "while locked\n")
		pause()
		l.set(false)
		pause()
		p.add("fsscorplug.log", "after\n")
	})
	if got := h.texts(); !slices.Equal(got, []string{"fsscorplug.log:2 while locked", "fsscorplug.log:3 after"}) {
		t.Errorf("told %q", got)
	}
	if len(h.waits) != 2 || !strings.Contains(h.waits[0], "in use") || h.waits[1] != "" {
		t.Errorf("said that it waits for %q, want the lock and then its end", h.waits)
	}
}

func TestTailEndsWithItsContext(t *testing.T) {
	p := at(t)
	p.write("fsscorplug.log", timeout(time.Minute))
	p.env.Follow = true
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (check{}).Run(ctx, p.env, func(checks.Event) {}); err != nil {
		t.Error(err)
	}
}

func TestRotationIsNoticedWithinASecond(t *testing.T) {
	p, h := at(t), &heard{}
	p.write("fsscorplug.log", "old\n")
	p.env.Follow = true
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = check{}.Run(ctx, p.env, h.emit)
		}()
		time.Sleep(10*time.Second + 100*time.Millisecond)
		must(t, os.Rename(p.path("fsscorplug.log"), p.path("fsscorplug.log.1")))
		p.write("fsscorplug.log", "new\n")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := h.texts(); !slices.Equal(got, []string{"fsscorplug.log:1 new"}) {
			t.Errorf("after a second: %q", got)
		}
		cancel()
		<-done
	})
}
