package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/logs/events"
)

// maxEvents is how many events of a Windows event log file are read: the newest.
const maxEvents = 50_000

// export is a file with events.
type export struct {
	path  string
	count int
}

// exported reads exported events; false where the text is none.
func (l *looker) exported(ctx context.Context, src source, head []byte, r io.Reader) (bool, error) {
	kind := events.Sniff(head)
	if kind == events.None {
		return false, nil
	}
	return true, l.records(ctx, src, func(ctx context.Context, each func(host.EventRecord, int) error) error {
		return events.Read(ctx, r, kind, printable(src.path), each)
	})
}

// native reads a Windows event log file through Windows; false where this is none that can.
func (l *looker) native(ctx context.Context, path string) (bool, error) {
	if l.events == nil {
		return false, nil
	}
	err := l.records(ctx, l.sorter.source(path), func(ctx context.Context, each func(host.EventRecord, int) error) error {
		more, err := l.events.Read(ctx, host.EventQuery{File: path, Most: maxEvents}, func(e host.EventRecord) error { return each(e, 0) })
		if more {
			l.note(fmt.Errorf("%s: only the newest %d events were read", printable(path), maxEvents))
		}
		return err
	})
	return !errors.Is(err, host.ErrUnsupported), err
}

// records reads events as a log.
func (l *looker) records(ctx context.Context, src source, read func(context.Context, func(host.EventRecord, int) error) error) error {
	count := 0
	err := l.log(src, func(c *cursor) (err error) {
		count, err = c.events(ctx, l.sorter.profiles, read)
		return err
	})
	var bad *events.Problems
	if errors.As(err, &bad) && len(bad.First) > 0 {
		p := bad.First[0]
		l.note(fmt.Errorf("%s: %s could not be read; the first, in line %d: %s; %s", printable(src.path), counted(bad.Count, "event", "events"), p.Line, printable(p.Text), p.Remedy))
		err = nil
	}
	if count > 0 || err == nil {
		l.exports = append(l.exports, export{src.path, count})
	}
	return err
}

// told says of each export that it was read.
func (l *Looked) told() (out []checks.Finding) {
	for i, e := range l.exports {
		f := checks.Finding{Code: Events, Status: checks.Note, Subject: e.path, View: eventView, At: l.AsOf,
			Args: map[string]string{"what": counted(e.count, "exported event", "exported events")}}
		if more := len(l.exports) - i; i == maxEvidence-1 && more > 1 {
			f.Subject, f.Args["what"] = strconv.Itoa(more)+" more files", "exported events too"
		}
		if i < maxEvidence {
			out = append(out, f)
		}
	}
	return out
}

// counted is a number of things, as a person says it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
