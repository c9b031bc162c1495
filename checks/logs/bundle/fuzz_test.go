package bundle

import (
	"archive/tar"
	"io"
	"strings"
	"testing"
	"unicode"
)

// Whatever the bytes are, a walk ends, reads no more than its bounds, and calls everything by a name that does nothing.
func FuzzArchive(f *testing.F) {
	log := "2026-11-22 14:03:01 a line\n"
	in := zipped(f, file{name: "a.log", text: log})
	for _, seed := range []string{
		in, zipped(f, file{name: "in.zip", text: in, as: whole}, file{name: "../b\x1b[2J", text: log}), gzipped(f, log),
		tarred(f, entry("a", log), tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "x"}, entry("in", in)),
		gzipped(f, tarred(f, entry("a", log))), zipped(f, file{name: "t", text: gzipped(f, tarred(f, entry("a", log)))}), quilt(f, 3, log),
		flagged(in, 1), method(in, 9), method(in, 12), cut(in, 40), cut(in, -30), damaged(in, 40), damaged(gzipped(f, log), -8),
		"7z\xbc\xaf\x27\x1c", "BZh91AY&SY" + strings.Repeat("\x00", 40), "BZh9\x17\x72\x45\x38\x50\x90\x00\x00\x00\x00", "plain",
	} {
		f.Add([]byte(seed))
	}
	small := limits{total: 1 << 20, member: 1 << 18, members: 20, inner: 1 << 16, refused: 5, ratio: 100, from: 1 << 16}
	f.Fuzz(func(t *testing.T, archive []byte) {
		n := 0
		rep, err := walk(t.Context(), strings.NewReader(string(archive)), int64(len(archive)), func(m Member) error {
			if n++; strings.ContainsFunc(m.Name, unicode.IsControl) || len(m.Name) > 2*nameMax+10 || strings.HasPrefix(m.Name, "/") || strings.Contains("/"+m.Name+"/", "/../") {
				t.Errorf("a member is called %q", m.Name)
			}
			got, _ := io.Copy(io.Discard, m.Read)
			if got > small.member+1<<17 {
				t.Errorf("%d bytes of %q", got, m.Name)
			}
			return nil
		}, small)
		if err != nil && err != ErrNone {
			t.Error(err)
		}
		if n > small.members || rep.Members < n || len(rep.Refused) > small.refused || rep.Bytes > small.total+1<<17 {
			t.Errorf("%d handed out of %+v", n, rep)
		}
		for _, r := range rep.Refused {
			if strings.ContainsFunc(r.Name+r.Why+r.Do, unicode.IsControl) {
				t.Errorf("refused %q", r)
			}
		}
	})
}
