package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"linecheck/checks"
	"linecheck/checks/logs/lines"
)

const (
	// behindMost is how much of a file may wait to be read. Where more does, the tail goes to the newest at once:
	// somebody who watches wants to know how it is now.
	behindMost = 32 << 20
	// keepMost is how much of the newest is read then.
	keepMost = 1 << 20
	// countMost is how much is looked through to count the lines that are passed over, a second's work.
	countMost = 1 << 30
)

// gap is a part of a file that was not read, because the file grew faster.
type gap struct {
	path  string
	bytes int64
	lines int // -1: not counted
}

// Error says it, for the place where the look itself is told of.
func (g gap) Error() string {
	many := "an unknown number of lines"
	if g.lines > 0 {
		many = counted(g.lines, "line", "lines")
	}
	return fmt.Sprintf("%.1f MB (%s) were passed over, since the file grew faster than it could be read", float64(g.bytes)/1e6, many)
}

// line is a gap as a screen shows it, among the lines.
func (g gap) line(at time.Time) checks.Line {
	return checks.Line{File: base(g.path), Path: g.path, At: at, Text: base(g.path) + ": " + g.Error(), Own: true}
}

// pass goes to the first whole line of the newest part and counts the lines before it.
func (g *glance) pass(ctx context.Context, h io.ReaderAt) error {
	enc := g.enc
	if enc == lines.Unknown {
		enc, _ = lines.Sniff(part(h, 0, headMax))
	}
	to := g.size - keepMost
	at, n := g.at, 0
	if to-at > countMost {
		at, n = to, -1
	}
	if enc != lines.UTF8 {
		at &^= 1
	}
	for buf := make([]byte, chunk); at < g.size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := h.ReadAt(buf[:min(chunk, g.size-at)], at)
		p := buf[:got]
		next := 0 // where the first line of the newest part begins in p
		if from := to - at; from < int64(got) {
			next = lines.After(p, int(max(from, 0)), enc)
		}
		if next > 0 {
			p = p[:next]
		}
		if n >= 0 {
			n += feeds(p, enc)
		}
		if at += int64(len(p)); next > 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if got == 0 {
			break // it was cut meanwhile
		}
	}
	g.passed = gap{g.path, at - g.at, n}
	g.at, g.mark, g.enc = at, part(h, max(at-markMax, 0), min(at, markMax)), enc
	return nil
}

// feeds counts the line feeds in p, which begins at an even place of its file.
func feeds(p []byte, enc lines.Encoding) (n int) {
	if enc == lines.UTF8 {
		return bytes.Count(p, []byte{'\n'})
	}
	for i := lines.After(p, 0, enc); i > 0; i = lines.After(p, i, enc) {
		n++
	}
	return n
}
