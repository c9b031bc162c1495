package wizard

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Record is a session as it went, on this machine or on another one.
type Record struct {
	Run     RunInfo
	Tool    Tool
	Changes []Change
	hidden  Redaction
	file    string
	infos   []ProfileInfo
	list    []checks.Check
}

// RecordLimit, recordLine and recordChanges bound what is read: a session of a day stays far below them.
const (
	RecordLimit   = 64 << 20
	recordLine    = 8 << 20
	recordChanges = 200_000
)

// ReadRecord reads a session record; what names it in an error, with the line.
func ReadRecord(in io.Reader, what string) (Record, error) {
	rec := Record{file: what}
	limited := &io.LimitedReader{R: in, N: RecordLimit + 1}
	sc := bufio.NewScanner(limited)
	sc.Buffer(make([]byte, 0, 64<<10), recordLine)
	n := 0
	for sc.Scan() {
		n++
		line := bytes.TrimSpace(sc.Bytes())
		var err error
		switch {
		case n == 1:
			err = rec.head(line)
		case len(line) == 0:
		case len(rec.Changes) == recordChanges:
			err = fmt.Errorf("there are more than %d changes", recordChanges)
		default:
			err = rec.add(line)
		}
		if err != nil && limited.N > 0 { // else the line may be cut
			return rec, fmt.Errorf("%s:%d: %w", what, n, err)
		}
	}
	switch err := sc.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return rec, fmt.Errorf("%s:%d: the line is longer than %d MB", what, n+1, recordLine>>20)
	case err != nil:
		return rec, fmt.Errorf("%s: %w", what, err)
	case limited.N <= 0:
		return rec, fmt.Errorf("%s is larger than %d MB", what, RecordLimit>>20)
	case n == 0:
		return rec, fmt.Errorf("%s is empty; --record FILE writes such a file", what)
	}
	return rec, nil
}

func (rec *Record) head(line []byte) error {
	var h recordHead
	if err := json.Unmarshal(line, &h); err != nil {
		return fmt.Errorf("it is no session record of linecheck, which --record FILE writes: %w", err)
	}
	if h.Schema != RecordSchema {
		return fmt.Errorf("its schema is %q; this linecheck walks %s", h.Schema, RecordSchema)
	}
	h = copied(reflect.ValueOf(h), shortened).Interface().(recordHead)
	if len(h.Profiles) == 0 || len(h.Checks) == 0 {
		return fmt.Errorf("it names no product or no step")
	}
	rec.Run, rec.Tool, rec.hidden, rec.infos = h.Run, h.Tool, h.Redaction, h.Profiles
	for _, id := range h.Checks {
		c, ok := checks.Lookup(id)
		if !ok {
			return fmt.Errorf("this linecheck (version differs from %s?) has no check %q", h.Tool.Version, id)
		}
		if slices.ContainsFunc(rec.list, func(o checks.Check) bool { return o.Spec().ID == id }) {
			return fmt.Errorf("the check %q stands there twice", id)
		}
		rec.list = append(rec.list, c)
	}
	return nil
}

func (rec *Record) add(line []byte) error {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	c, err := copied(reflect.ValueOf(e), shortened).Interface().(entry).change()
	if err != nil {
		return err
	}
	rec.Changes = append(rec.Changes, c)
	return nil
}

// Session is the recorded session before its first change. Nothing can be run in it. role is the reader's; "": as it was.
func (rec Record) Session(role Role) Session {
	started, _ := time.Parse(time.RFC3339, rec.Run.Started)
	finished, _ := time.Parse(time.RFC3339, rec.Run.Finished)
	if role == "" {
		role = rec.Run.Role
	}
	var profiles []*assets.Profile
	for _, i := range rec.infos {
		profiles = append(profiles, i.profile())
	}
	s := New(role, profiles, rec.list, started)
	s.Past = &Looked{Paths: []string{rec.file}, AsOf: finished, Profiles: profiles, Replay: true}
	return s
}

// Identity is whose session it was, as the record tells.
func (rec Record) Identity() host.Identity {
	return host.Identity{User: rec.Run.User, Host: rec.Run.Host, Elevated: rec.Run.Elevated, Machine: rec.Run.Machine}
}

// Play is the recorded session as it was at its end.
func (rec Record) Play(role Role) Session {
	s := rec.Session(role)
	for _, c := range rec.Changes {
		s = s.Apply(c)
	}
	return s
}

// profile is what is told of a profile, without what only an engine needs.
func (i ProfileInfo) profile() *assets.Profile {
	p := &assets.Profile{Name: i.Name, Vendor: i.Vendor, Title: i.Product, Revision: i.Revision, Origin: i.Source, Wildcards: i.Wildcards,
		Help: i.Help, Values: i.Vars, From: i.VarsFrom}
	made := products([]ProfileInfo{i})[0]
	p.Impact, p.Articles = made.Impact, made.Articles
	return p
}

// replayPause is the longest that a replay waits for the next change: nobody wants to wait again for what was waited for.
const replayPause = 2 * time.Second

// Replay tells what happened in a recorded session, as a runner tells of its checks: in its order and, cut short, in its
// time. It returns at once.
func (r *Runner) Replay(rec Record) {
	r.wg.Go(func() {
		last, _ := time.Parse(time.RFC3339, rec.Run.Started)
		for _, c := range rec.Changes {
			pause := replayPause // a person's step
			if at := timeOf(c); !at.IsZero() {
				pause, last = min(max(0, at.Sub(last)), replayPause), at
			} else if _, moved := c.(Moved); !moved {
				pause = 0
			}
			t := time.NewTimer(pause)
			select {
			case <-t.C:
			case <-r.ctx.Done():
				t.Stop()
				return
			}
			r.mu.Lock()
			r.pending = append(r.pending, c)
			r.urgent = true
			r.signal()
			r.mu.Unlock()
		}
	})
}

func timeOf(c Change) time.Time {
	switch c := c.(type) {
	case RunStarted:
		return c.At
	case EventsSeen:
		return c.At
	case RunFinished:
		return c.At
	case FixStarted:
		return c.Approved.At
	case FixFinished:
		return c.At
	}
	return time.Time{}
}
