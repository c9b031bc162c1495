package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// more is what does not come from the program itself: signals at random moments, a terminal or a pipe that is closed, a
// whole login session that ends, watchdogs that are killed too, a full disk, and links where the cache should be.
func (p *proof) more(calls []string, took time.Duration) []run {
	var out []run
	add := func(r run) {
		if r.scene == "" {
			r.scene = calm
		}
		out = append(out, r)
	}
	randoms := 20
	if !p.unix() {
		randoms = 10
	}
	for i := range randoms {
		add(run{name: fmt.Sprintf("random kill -9 %d", i+1), start: p.signalled(syscall.SIGKILL, took)})
	}
	if p.unix() {
		for i := range 4 {
			for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
				add(run{name: fmt.Sprintf("signal %s at random %d", s, i+1), start: p.signalled(s, took)})
			}
			add(run{name: fmt.Sprintf("terminal closed at random %d", i+1), start: p.terminal(took)})
			add(run{name: fmt.Sprintf("pipe closed at random %d", i+1), start: p.pipe(took)})
		}
	}
	for i, call := range calls {
		name := fmt.Sprintf("call %d (%s)", i+1, call)
		cut := at(calls, "watch") <= i && i < at(calls, "dismiss")
		if cut && (p.unix() || i%3 == 0) {
			add(run{name: "lone kill after " + name + " and of every watchdog, then the next start", faults: fmt.Sprintf("kill after %d", i+1), next: true,
				then: func(p *proof) { p.endWatchdogs(true) }})
		}
		if !p.unix() {
			continue
		}
		if cut {
			add(run{name: "second kill after " + name + " and of the watchdog that is a child", faults: fmt.Sprintf("kill after %d", i+1),
				then: func(p *proof) { p.endWatchdogs(false) }})
			add(run{name: "session ended after " + name, session: true, faults: fmt.Sprintf("session after %d", i+1)})
		}
		full := fmt.Sprintf("fill before %d %s", i+1, p.places().journal)
		add(run{name: "full disk of the journal at " + name, faults: full, start: p.small, check: emptied})
		add(run{name: "full disk of the journal, then killed at " + name, faults: full + fmt.Sprintf(";kill after %d", i+1), start: p.small, check: emptied})
	}
	if p.unix() {
		add(run{name: "link as the cache folder", start: p.linked(true), check: refused})
		add(run{name: "link in the cache folder", start: p.linked(false), check: refused})
	}
	return out
}

// signalled sends the program a signal at some moment.
func (p *proof) signalled(s syscall.Signal, took time.Duration) func(*proof, *exec.Cmd, *bytes.Buffer) error {
	return func(p *proof, cmd *exec.Cmd, b *bytes.Buffer) error {
		return during(cmd, b, func(proc *os.Process) {
			time.Sleep(p.moment(took))
			_ = proc.Signal(s)
		})
	}
}

// terminal runs the program in a terminal that is closed at some moment, as with a lost SSH session.
func (p *proof) terminal(took time.Duration) func(*proof, *exec.Cmd, *bytes.Buffer) error {
	return func(p *proof, cmd *exec.Cmd, _ *bytes.Buffer) error {
		t, err := pty.Start(cmd)
		if err != nil {
			return err
		}
		go func() {
			buf := make([]byte, 4096)
			for {
				if _, err := t.Read(buf); err != nil {
					return
				}
			}
		}()
		time.Sleep(p.moment(took))
		t.Close()
		return cmd.Wait()
	}
}

// pipe lets nobody read what the program says from some moment on.
func (p *proof) pipe(took time.Duration) func(*proof, *exec.Cmd, *bytes.Buffer) error {
	return func(p *proof, cmd *exec.Cmd, b *bytes.Buffer) error {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		cmd.Stdout = w
		return during(cmd, b, func(*os.Process) {
			w.Close()
			time.Sleep(p.moment(took))
			r.Close()
		})
	}
}

// small puts the journal on a disk of its own, which holds the watchdogs' copy of the program and not much more.
func (p *proof) small(_ *proof, cmd *exec.Cmd, b *bytes.Buffer) error {
	journal := p.places().journal
	if err := os.MkdirAll(journal, 0o700); err != nil {
		return err
	}
	if err := syscall.Mount("small", journal, "tmpfs", 0, "size=80m,mode=0700"); err != nil {
		return err
	}
	return whole(cmd, b)
}

// emptied takes that disk away again. A promise that is left on it was found before.
func emptied(p *proof, o *outcome) {
	if err := syscall.Unmount(p.places().journal, 0); err != nil {
		o.failed("the small disk: %v", err)
	}
}

// linked puts a link to a folder of canaries where the cache folder is, or into it, and takes it away again.
func (p *proof) linked(whole bool) func(*proof, *exec.Cmd, *bytes.Buffer) error {
	return func(p *proof, cmd *exec.Cmd, b *bytes.Buffer) error {
		cache := p.places().cache
		aside, link := cache+".aside", cache
		if whole {
			if err := os.Rename(cache, aside); err != nil {
				return err
			}
		} else {
			link = filepath.Join(cache, "sub-1", "link")
		}
		if err := os.Symlink("/etc/canary", link); err != nil {
			return err
		}
		before := p.pids()
		err := during(cmd, b, nil)
		if p.pids() != before {
			fmt.Fprintln(b, restarted)
		}
		if rerr := os.Remove(link); rerr != nil {
			return rerr
		}
		if whole {
			if rerr := os.Rename(aside, cache); rerr != nil {
				return rerr
			}
		}
		return err
	}
}

const restarted = "a service was restarted"

// refused: a clear no, and no service was so much as touched.
func refused(p *proof, o *outcome) {
	switch said := o.said; {
	case o.exit <= 0:
		o.failed("it ended with %d", o.exit)
	case strings.Contains(said, restarted):
		o.failed("%s", restarted)
	case o.content != "back":
		o.failed("the content is %s", o.content)
	case !strings.Contains(said, "link"):
		o.failed("it does not say that a link is in its way")
	}
}
