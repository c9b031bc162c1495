package events

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"linecheck/checks/host"
)

const (
	// anXML is a remedy.
	anXML = "export the events again: in Event Viewer, Save All Events As, XML"
	chunk = 32 << 10
)

var (
	opens  = []byte("<Event")
	closes = []byte("</Event>")
)

// xml reads one <Event> element after the other, whatever stands around them: wevtutil writes them without a root, so
// that the whole is no XML document.
func (in *input) xml() error {
	w := window{in: in, line: 1}
	for {
		element, at, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := host.ParseEvent(element)
		if err != nil {
			in.problem(at, err.Error(), anXML)
			w.drop(last(element, len(element)))
			continue
		}
		w.drop(len(element))
		if err := in.dates.hand(e, at); err != nil {
			return err
		}
	}
}

// window is the part of the text that is looked at; line is where it begins.
type window struct {
	in   *input
	buf  []byte
	line int
	over bool // nothing more is to be read
}

// next moves the window to the next element and returns it whole.
func (w *window) next() ([]byte, int, error) {
	for {
		start := w.start()
		if start < 0 {
			w.drop(max(0, len(w.buf)-len(opens)))
			if err := w.more(); err != nil {
				return nil, 0, err
			}
			continue
		}
		w.drop(start)
		for seen := 0; ; {
			if i := bytes.Index(w.buf[seen:], closes); i >= 0 && seen+i+len(closes) <= maxRecord {
				return w.buf[:seen+i+len(closes)], w.line, nil
			}
			if len(w.buf) > maxRecord {
				w.in.problem(w.line, fmt.Sprintf("an <Event> has no end within %d bytes", maxRecord), anXML)
				break
			}
			seen = max(0, len(w.buf)-len(closes))
			if err := w.more(); err != nil {
				if errors.Is(err, io.EOF) {
					w.in.problem(w.line, "the file ends inside an <Event>", anXML)
				}
				return nil, 0, err
			}
		}
		w.drop(last(w.buf, len(opens)))
	}
}

// last is where the last event begins in a piece that begins with one and is none; else otherwise. Events do not stand
// in one another, so an end belongs to the last beginning before it.
func last(b []byte, otherwise int) int {
	for end := len(b); ; {
		i := bytes.LastIndex(b[:end], opens)
		if i <= 0 {
			return otherwise
		}
		if begins(b, i) {
			return i
		}
		end = i
	}
}

// begins reports whether the name of an element ends after <Event; one that the piece cuts off may be.
func begins(b []byte, i int) bool {
	i += len(opens)
	return i >= len(b) || bytes.IndexByte([]byte("> \t\r\n"), b[i]) >= 0
}

// start is where an <Event> begins, which is no <Events>; -1: nowhere yet.
func (w *window) start() int {
	for from := 0; ; {
		i := bytes.Index(w.buf[from:], opens)
		if i < 0 || from+i+len(opens) >= len(w.buf) {
			return -1
		}
		if begins(w.buf, from+i) {
			return from + i
		}
		from += i + len(opens)
	}
}

func (w *window) drop(n int) {
	w.line += bytes.Count(w.buf[:n], []byte("\n"))
	w.buf = w.buf[n:]
}

func (w *window) more() error {
	if err := w.in.ctx.Err(); err != nil {
		return err
	}
	if w.over {
		return io.EOF
	}
	had := len(w.buf)
	buf := make([]byte, had+chunk)
	copy(buf, w.buf)
	n, err := io.ReadFull(w.in.r, buf[had:])
	w.buf = buf[:had+n]
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		w.over = true
		if n == 0 {
			return io.EOF
		}
	default:
		return err
	}
	return nil
}
