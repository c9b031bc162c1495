package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"testing"
	"time"
)

// headers calls f with each header of a zip that begins with mark.
func headers(archive, mark string, f func([]byte)) string {
	b := []byte(archive)
	for at := 0; ; at++ {
		i := bytes.Index(b[at:], []byte(mark))
		if i < 0 {
			return string(b)
		}
		at += i
		f(b[at:])
	}
}

// flagged sets a flag of every member.
func flagged(archive string, flag uint16) string {
	return headers(archive, "PK\x01\x02", func(h []byte) {
		binary.LittleEndian.PutUint16(h[8:], binary.LittleEndian.Uint16(h[8:])|flag)
	})
}

// method says of every member that it is packed in another way.
func method(archive string, n uint16) string {
	return headers(archive, "PK\x01\x02", func(h []byte) { binary.LittleEndian.PutUint16(h[10:], n) })
}

// damaged changes one byte; from the end where at is negative.
func damaged(archive string, at int) string {
	b := []byte(archive)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 0x55
	return string(b)
}

// cut leaves the first bytes; all but some where n is negative.
func cut(archive string, n int) string {
	if n < 0 {
		n += len(archive)
	}
	return archive[:n]
}

// lines are those of a product that says the same over and over, as it is made.
type lines struct {
	at   time.Time
	left int64
	rest []byte
}

func newLines(size int64) (*lines, int64) {
	l := &lines{at: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)}
	one := int64(len(l.line()))
	l.left = size / one * one
	return l, l.left
}

func (l *lines) line() []byte {
	l.at = l.at.Add(1013 * time.Millisecond)
	return fmt.Appendf(l.rest[:0], "%s [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after 1006 milliseconds with 0 bytes received\r\n", l.at.Format("2006-01-02 15:04:05.000"))
}

func (l *lines) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(l.rest) == 0 {
			if l.left <= 0 {
				return n, io.EOF
			}
			l.rest = l.line()
			l.left -= int64(len(l.rest))
		}
		c := copy(p[n:], l.rest)
		n, l.rest = n+c, l.rest[c:]
	}
	return n, nil
}

func zipstream(t testing.TB, r io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("fsscorplug.log")
	must(t, err)
	_, err = io.Copy(w, r)
	must(t, err)
	must(t, z.Close())
	return b.String()
}

func drain(t testing.TB, r io.Reader) int64 {
	t.Helper()
	n, err := io.Copy(io.Discard, r)
	must(t, err)
	return n
}
