package logs

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/logs/bundle"
	"linecheck/checks/logs/lines"
)

const (
	// headLook is how much of a file tells what it is.
	headLook = 64 << 10
	// smallText: texts up to this size are read whatever they begin with, longer ones where they look like a log.
	smallText = 16 << 20
)

// leaf is the last part of a path, of a member's in an archive too.
func leaf(path string) string {
	if i := strings.LastIndex(path, bundle.Inside); i >= 0 {
		path = path[i+len(bundle.Inside):]
	}
	return base(path)
}

// open reads one file of this machine, whatever it is. asked: it was named itself, so it is read if it can be.
func (l *looker) open(ctx context.Context, path string, asked bool) error {
	f, err := l.files.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	head := make([]byte, min(headLook, max(info.Size(), 0)))
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	kind := bundle.KindOf(head)
	if kind == bundle.Evtx {
		if done, err := l.native(ctx, path); done {
			return err
		}
	}
	if kind != bundle.None {
		return l.archive(ctx, f, info.Size(), path)
	}
	src := l.sorter.source(path)
	src.changed = info.ModTime()
	known := l.sorter.knows(path)
	switch {
	case known, asked && isText(head):
	case asked:
		return errors.New(printable(path) + ": this is no text; name a log, a folder or an archive")
	case !l.wanted(ctx, head, info.Size()):
		l.Passed++
		return nil
	}
	if done, err := l.exported(ctx, src, head, io.NewSectionReader(f, 0, info.Size())); done {
		return err
	}
	return l.log(src, func(c *cursor) error {
		if l.since > 0 && info.Size() > wholeMax {
			if newest := l.newest(ctx, src, f, info.Size(), head); !newest.IsZero() {
				c.start = newest.Add(-l.since)
			}
		}
		return c.look(ctx, l.files)
	})
}

// newest is the time of a long log's last lines; zero where they have none. What is too old as of them is too old as of
// anything that is read.
func (l *looker) newest(ctx context.Context, src source, f host.File, size int64, head []byte) time.Time {
	enc, _ := lines.Sniff(head)
	at, err := lines.Next(f, size, size-headLook, enc)
	if err != nil {
		return time.Time{}
	}
	c, err := newCursor(src, time.Local, false, nil)
	if err != nil {
		return time.Time{}
	}
	c.stream.text.Enc, c.stream.begun, c.pool = enc, true, l.pool
	if c.pour(ctx, io.NewSectionReader(f, at, size-at)) != nil {
		return time.Time{}
	}
	return c.stream.newest
}

// archive reads the logs in an archive. What is refused is no error: it is told by name.
func (l *looker) archive(ctx context.Context, f host.File, size int64, path string) error {
	shown := printable(base(path))
	rep, err := bundle.Walk(ctx, f, size, func(m bundle.Member) error {
		l.member(ctx, m, shown, path)
		return ctx.Err()
	})
	l.Passed += rep.Links
	for _, r := range rep.Refused {
		l.refuse(shown, r)
	}
	l.moreRefused += rep.More
	return err
}

func (l *looker) refuse(archive string, r bundle.Refused) {
	if r.Name != "" {
		archive += bundle.Inside + r.Name
	}
	l.refused = append(l.refused, bundle.Refused{Name: archive, Why: r.Why, Do: r.Do})
}

// member reads one member where it is a log. What keeps it from being read to its end is in the walk's report.
func (l *looker) member(ctx context.Context, m bundle.Member, archive, path string) {
	shown := path
	if m.Name != "" {
		shown = archive + bundle.Inside + m.Name
	}
	if l.buf == nil {
		l.buf = bufio.NewReaderSize(nil, headLook)
	}
	l.buf.Reset(m.Read)
	head, err := l.buf.Peek(headLook)
	size := m.Size
	if errors.Is(err, io.EOF) {
		size = int64(len(head))
	}
	if !l.sorter.knows(shown) && (m.Name != "" || !isText(head)) && !l.wanted(ctx, head, size) {
		l.Passed++
		return
	}
	src := l.sorter.source(shown)
	src.changed = m.Changed
	if done, _ := l.exported(ctx, src, head, l.buf); done {
		return
	}
	l.log(src, func(c *cursor) error { return c.pour(ctx, l.buf) })
}

// wanted reports whether a file that nobody knows by name is to be read; size is negative where it is not known.
func (l *looker) wanted(ctx context.Context, head []byte, size int64) bool {
	switch {
	case !isText(head):
		return false
	case size >= 0 && size <= smallText:
		return true
	}
	return l.sorter.likely(ctx, head)
}

// isText reports whether a file begins like a text, in UTF-8, Latin-1 or UTF-16.
func isText(head []byte) bool {
	step, at := 1, 0
	switch enc, mark := lines.Sniff(head); enc {
	case lines.UTF16LE:
		step, at = 2, mark
	case lines.UTF16BE:
		step, at = 2, mark+1
	}
	total, odd := 0, 0
	for ; at < len(head); at += step {
		total++
		if c := head[at]; c < ' ' && (c < '\a' || c > '\r') && c != '\x1b' || c == 0x7f {
			odd++
		}
	}
	return odd*25 <= total // of random bytes, one in nine is no letter
}
