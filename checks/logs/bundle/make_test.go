package bundle

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"
)

// file is a member to be made.
type file struct {
	name, text string
	as         func(*zip.FileHeader)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func zipped(t testing.TB, files ...file) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		if f.as != nil {
			f.as(h)
		}
		w, err := z.CreateHeader(h)
		must(t, err)
		_, err = io.WriteString(w, f.text)
		must(t, err)
	}
	must(t, z.Close())
	return b.String()
}

func whole(h *zip.FileHeader) { h.Method = zip.Store }

func tarred(t testing.TB, headers ...tar.Header) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		text := h.Linkname
		if h.Typeflag == 0 {
			h.Typeflag, h.Linkname, h.Size, h.Mode = tar.TypeReg, "", int64(len(text)), 0o644
		}
		must(t, w.WriteHeader(&h))
		if h.Typeflag == tar.TypeReg {
			_, err := io.WriteString(w, text)
			must(t, err)
		}
	}
	must(t, w.Close())
	return b.String()
}

// entry is a regular file of a tar.
func entry(name, text string) tar.Header { return tar.Header{Name: name, Linkname: text} }

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	must(t, err)
	must(t, z.Close())
	return b.String()
}

// quilt is a zip in which many members are the same packed bytes.
func quilt(t testing.TB, members int, text string) string {
	t.Helper()
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, 9)
	must(t, err)
	_, err = io.WriteString(f, text)
	must(t, err)
	must(t, f.Close())
	le := binary.LittleEndian
	common := func(b []byte) []byte {
		b = le.AppendUint16(append(b, 20, 0, 0, 0), 8)
		b = le.AppendUint32(append(b, 0, 0, 0, 0), crc32.ChecksumIEEE([]byte(text)))
		b = le.AppendUint32(b, uint32(packed.Len()))
		b = le.AppendUint32(b, uint32(len(text)))
		return le.AppendUint16(le.AppendUint16(b, 5), 0)
	}
	out := append(common([]byte("PK\x03\x04")), "a.log"...)
	out = append(out, packed.Bytes()...)
	at := len(out)
	for range members {
		out = common(append(out, "PK\x01\x02\x14\x00"...))
		out = append(append(out, make([]byte, 14)...), "a.log"...)
	}
	size := len(out) - at
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	out = le.AppendUint16(le.AppendUint16(out, uint16(members)), uint16(members))
	out = le.AppendUint32(le.AppendUint32(out, uint32(size)), uint32(at))
	return string(append(out, 0, 0))
}

// seen is what a walk handed out: "name=text", with bounds that a test can reach.
func seen(t testing.TB, archive string, most limits) ([]string, Report) {
	t.Helper()
	var got []string
	rep, err := walk(t.Context(), strings.NewReader(archive), int64(len(archive)), func(m Member) error {
		b, _ := io.ReadAll(m.Read)
		if len(b) > 40 {
			b = append(b[:20], "..."...)
		}
		got = append(got, m.Name+"="+string(b))
		return nil
	}, most)
	must(t, err)
	return got, rep
}

func TestAWalkEnds(t *testing.T) {
	archive := zipped(t, file{name: "a", text: "1"}, file{name: "b", text: "2"})
	own := errors.New("enough")
	for title, c := range map[string]struct {
		archive string
		ctx     func() context.Context
		want    error
	}{
		"when the visitor has enough":        {archive, t.Context, own},
		"when its time is over":              {archive, ended, context.Canceled},
		"when what is read is no archive":    {"2026-11-22 14:03:01 plain words", t.Context, ErrNone},
		"when there is nothing at all":       {"", t.Context, ErrNone},
		"when its time is over within a tar": {gzipped(t, tarred(t, entry("a", "1"))), ended, context.Canceled},
	} {
		t.Run(title, func(t *testing.T) {
			n := 0
			_, err := Walk(c.ctx(), strings.NewReader(c.archive), int64(len(c.archive)), func(Member) error { n++; return own })
			if !errors.Is(err, c.want) || n > 1 {
				t.Errorf("got %v after %d members, want %v", err, n, c.want)
			}
		})
	}
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestTheTimeOfAMemberIsToldWhereTheZoneIsKnown(t *testing.T) {
	when := time.Date(2026, 11, 22, 14, 3, 2, 0, time.UTC)
	archive := zipped(t, file{name: "a", as: func(h *zip.FileHeader) { h.Modified = when }},
		file{name: "b"})
	var got []time.Time
	_, err := Walk(t.Context(), strings.NewReader(archive), int64(len(archive)), func(m Member) error { got = append(got, m.Changed); return nil })
	must(t, err)
	if len(got) != 2 || !got[0].Equal(when) || !got[1].IsZero() {
		t.Errorf("got %v", got)
	}
}
