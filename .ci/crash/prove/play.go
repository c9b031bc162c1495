package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// run is one cleanup that is broken off.
type run struct {
	name   string
	scene  scene
	faults string
	// start runs the program to its end; nil: with the faults in its environment. It returns what it said.
	start func(p *proof, cmd *exec.Cmd, b *bytes.Buffer) error
	// then is done after the end of the program and before anything is waited for.
	then    func(p *proof)
	session bool // the program runs in a login session of its own
	// next: no watchdog is left, so the next start of the program has to keep the promise.
	next bool
	// check looks at more than what is asked of every run.
	check func(p *proof, o *outcome)
}

// outcome of a run.
type outcome struct {
	content string // "back" or "gone"; else it is wrong
	exit    int    // -1: ended by a signal
	wait    time.Duration
	wrong   []string
	said    string
}

func (o *outcome) failed(format string, args ...any) {
	o.wrong = append(o.wrong, fmt.Sprintf(format, args...))
}

// settle is how long watchdogs may take to end after their work.
const settle = 15 * time.Second

// play does one run on a machine made whole.
func (p *proof) play(r run) (o outcome) {
	pl := p.places()
	if err := p.set(r.scene); err != nil {
		o.failed("the stand-in: %v", err)
		return o
	}
	// The content is planted while nothing runs, and belongs to a product that has been running since.
	if err := p.up(false); err != nil {
		o.failed("the stand-in does not stop: %v", err)
		return o
	}
	before, err := plant(pl.cache, p.odd())
	if err == nil && r.scene != resting {
		err = p.up(true)
	}
	if err != nil {
		o.failed("the stand-in: %v", err)
		return o
	}
	wanted, rest := p.whole()
	if r.scene == resting {
		wanted = rest
	}
	beside, outside := names(parent(pl.cache)), around(pl)

	os.Remove(pl.trace)
	var said bytes.Buffer
	cmd := p.command(r.session, []string{"LINECHECK_CRASH=" + r.faults, "LINECHECK_TRACE=" + p.seen(pl.trace)}, "clean", "--yes", "--profile", p.seen(pl.profile))
	o.exit = ending(p.begin(r, cmd, &said))
	ended := time.Now()
	if r.then != nil {
		r.then(p)
	}
	if !r.next && p.unwatched() {
		if now := p.states(); now != wanted {
			o.failed("nobody watches, and the services are %s, not %s", now, wanted)
		}
		r.next = true
	}
	if r.next {
		if err := p.again(&said); err != nil {
			o.failed("the next start: %v", err)
		}
	}
	// Polled fast: what is measured is how long the product stood still.
	if _, ok := until(within, func() bool { return p.states() == wanted }); !ok {
		o.failed("after %s the services are %s, not %s", within, p.states(), wanted)
	}
	o.wait = time.Since(ended)
	if _, ok := until(within, func() bool {
		open, _ := promises(pl.journal)
		return len(open) == 0 && len(shelves(pl.cache, beside)) == 0
	}); !ok {
		open, _ := promises(pl.journal)
		o.failed("left beside the cache: %q; open promises: %s", shelves(pl.cache, beside), open)
	}
	if _, ok := until(settle, func() bool { return len(p.left()) == 0 }); !ok {
		o.failed("still there after %s: %q", settle, p.left())
	}
	// What a watchdog did is told by the next start, once.
	if _, told := promises(pl.journal); len(told) > 0 {
		b := &bytes.Buffer{}
		if err := p.again(b); err != nil {
			o.failed("the start that is told: %v", err)
		}
		if !strings.Contains(b.String(), "hoster") && !strings.Contains(b.String(), "cache") {
			o.failed("the next start does not tell what the watchdog did: %s", b)
		}
		said.Write(b.Bytes())
		if open, told := promises(pl.journal); len(open)+len(told) > 0 {
			o.failed("the journal is not empty after the next start: %s %s", open, told)
		}
	}
	var odd []string
	o.content, odd = judge(pl.cache, before)
	o.wrong = append(o.wrong, odd...)
	for _, d := range differences(outside, around(pl)) {
		o.failed("outside the cache: %s", d)
	}
	// Windows keeps the copy that a watchdog runs from until that has ended, so the next cleanup removes it: see close.
	if _, ok := until(settle, func() bool { return len(rubbish(pl.journal)) == 0 || !p.unix() }); !ok {
		o.failed("left in the journal's folder: %q", rubbish(pl.journal))
	}
	if now := p.states(); now != wanted {
		o.failed("at the end the services are %s, not %s", now, wanted)
	}
	trace, _ := os.ReadFile(pl.trace)
	o.said = said.String() + "\n" + string(trace)
	if r.check != nil {
		r.check(p, &o)
	}
	return o
}

// unwatched: the program ended between its promise and the start of a watchdog. Nothing was stopped yet, so nothing has to
// be started, and the promise may wait for the next start.
func (p *proof) unwatched() bool {
	open, _ := promises(p.places().journal)
	return len(open) == 1 && strings.Contains(open[0], `"phase": "begun"`) && len(p.left()) == 0
}

// begin runs the program, at most two minutes.
func (p *proof) begin(r run, cmd *exec.Cmd, b *bytes.Buffer) error {
	if r.start != nil {
		return r.start(p, cmd, b)
	}
	return whole(cmd, b)
}

// whole runs a program to its end. Its output goes to a file: a watchdog that kept it open would keep a pipe open too.
func whole(cmd *exec.Cmd, b *bytes.Buffer) error {
	return during(cmd, b, nil)
}

// during runs a program, and something beside it.
func during(cmd *exec.Cmd, b *bytes.Buffer, beside func(*os.Process)) error {
	f, err := os.CreateTemp("", "said")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if cmd.Stdout == nil {
		cmd.Stdout = f
	}
	cmd.Stderr = f
	if err := cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	go func() {
		<-ctx.Done()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			_ = cmd.Process.Kill()
		}
	}()
	if beside != nil {
		beside(cmd.Process)
	}
	err = cmd.Wait()
	if text, rerr := os.ReadFile(f.Name()); rerr == nil {
		b.Write(text)
	}
	return err
}

// again starts the program as a person would the next time, only to look.
func (p *proof) again(b *bytes.Buffer) error {
	err := p.look(b)
	if err != nil && b.Len() == 0 && !p.unix() {
		fmt.Println("   note: Wine ended a program that had not said a word; it is started again")
		err = p.look(b)
	}
	return err
}

func (p *proof) look(b *bytes.Buffer) error {
	if err := whole(p.command(false, nil, "clean", "--profile", p.seen(p.places().profile)), b); err != nil {
		return fmt.Errorf("%w\n%s", err, b)
	}
	return nil
}

func ending(err error) int {
	var e *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		if s, ok := e.Sys().(syscall.WaitStatus); ok && s.Signaled() {
			return -1
		}
		return e.ExitCode()
	}
	return -2
}

var counted = regexp.MustCompile(`(?m)^(\d+) ([a-z].*)$`)

// calls does one cleanup undisturbed, and returns the calls of its hands, in order.
func (p *proof) calls(s scene) ([]string, time.Duration, error) {
	began := time.Now()
	o := p.play(run{name: "undisturbed", scene: s})
	took := time.Since(began)
	trace, err := os.ReadFile(p.places().trace)
	if err != nil {
		return nil, 0, fmt.Errorf("%w\n%s", err, o.said)
	}
	var out []string
	for _, m := range counted.FindAllStringSubmatch(string(trace), -1) {
		if !strings.HasPrefix(m[2], "done: ") {
			out = append(out, m[2])
		}
	}
	exit, content := 0, "gone"
	if s == deaf || s == stubborn {
		exit, content = 5, "back" // rolled back
	}
	if o.exit != exit || o.content != content {
		o.failed("exit %d and content %s, not %d and %s", o.exit, o.content, exit, content)
	}
	if len(o.wrong) > 0 || len(out) == 0 {
		return nil, 0, fmt.Errorf("undisturbed, %s: %q\n%s", s, o.wrong, short(o.said))
	}
	fmt.Printf("   undisturbed, %s: exit %d, content %s, %.1f s, %d calls: %s\n", s, o.exit, o.content, took.Seconds(), len(out), strings.Join(out, ", "))
	return out, took, nil
}
