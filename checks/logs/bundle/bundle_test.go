package bundle

import (
	"archive/tar"
	"archive/zip"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestWalk(t *testing.T) {
	log := "the log's only line\n"
	inner := zipped(t, file{name: "deep.log", text: log})
	garbage := make([]byte, 4096)
	rand.NewChaCha8([32]byte{1}).Read(garbage)
	for title, c := range map[string]struct {
		archive string
		want    []string // name=text
		refused []string // "name: a part of why"
		links   int
	}{
		"a zip's members are read, its folders are not": {
			archive: zipped(t, file{name: "diag/"}, file{name: "diag/ds_agent.log", text: log}, file{name: "empty.txt"}),
			want:    []string{"diag/ds_agent.log=" + log, "empty.txt="}},
		"an empty zip has nothing": {archive: zipped(t)},
		"a tar is known without a name, and so is a packed one": {
			archive: gzipped(t, tarred(t, entry("var/opt/a.log", log), tar.Header{Name: "d/", Typeflag: tar.TypeDir})), want: []string{"var/opt/a.log=" + log}},
		"a tar that is not packed":                         {archive: tarred(t, entry("a.log", log)), want: []string{"a.log=" + log}},
		"a packed log is a file by itself":                 {archive: gzipped(t, log), want: []string{"=" + log}},
		"a packed log in a zip":                            {archive: zipped(t, file{name: "a.log.1.gz", text: gzipped(t, log)}), want: []string{"a.log.1.gz=" + log}},
		"a zip in a zip":                                   {archive: zipped(t, file{name: "in.zip", text: inner}), want: []string{"in.zip > deep.log=" + log}},
		"a zip that lies in a zip as it is":                {archive: zipped(t, file{name: "in.zip", text: inner, as: whole}), want: []string{"in.zip > deep.log=" + log}},
		"a packed tar in a zip":                            {archive: zipped(t, file{name: "in.tgz", text: gzipped(t, tarred(t, entry("a.log", log)))}), want: []string{"in.tgz > a.log=" + log}},
		"a zip in a packed tar":                            {archive: gzipped(t, tarred(t, entry("in", inner), entry("b", log))), want: []string{"in > deep.log=" + log, "b=" + log}},
		"a packed log in a tar in a zip":                   {archive: zipped(t, file{name: "t", text: tarred(t, entry("a.gz", gzipped(t, log)))}), want: []string{"t > a.gz=" + log}},
		"a zip in a zip in a zip is told":                  {archive: zipped(t, file{name: "1", text: zipped(t, file{name: "2", text: inner}, file{name: "x", text: log})}), want: []string{"1 > x=" + log}, refused: []string{"1 > 2: deeper than one archive"}},
		"the same where nothing is packed":                 {archive: zipped(t, file{name: "1", as: whole, text: zipped(t, file{name: "2", as: whole, text: inner})}), refused: []string{"1 > 2: deeper than one archive"}},
		"a tar in a zip in a tar is told":                  {archive: tarred(t, entry("1", zipped(t, file{name: "2", text: gzipped(t, tarred(t, entry("a", log)))}))), refused: []string{"1 > 2: deeper than one archive"}},
		"what is packed twice is told":                     {archive: zipped(t, file{name: "a.gz.gz", text: gzipped(t, gzipped(t, log))}), refused: []string{"a.gz.gz: packed twice"}},
		"names lead nowhere and do nothing":                {archive: zipped(t, file{name: `..\..\C:\x`, text: "1"}, file{name: "/etc/passwd", text: "2"}, file{name: `C:\a.log`, text: "3"}, file{name: "a\x1b[2J\x00\u202eb\xff", text: "4"}, file{name: "../..", text: "5"}), want: []string{"x=1", "etc/passwd=2", "a.log=3", "a?[2J??b?=4", "(a member without a name)=5"}},
		"a very long name loses its middle":                {archive: zipped(t, file{name: strings.Repeat("é", 5000) + "/ds_agent.log", text: "1"}), want: []string{strings.Repeat("é", 50) + "..." + strings.Repeat("é", 93) + "/ds_agent.log=1"}},
		"links and devices are passed over":                {archive: tarred(t, tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/shadow"}, tar.Header{Name: "h", Typeflag: tar.TypeLink, Linkname: "x"}, tar.Header{Name: "d", Typeflag: tar.TypeBlock}, tar.Header{Name: "f", Typeflag: tar.TypeFifo}, entry("a", log)), want: []string{"a=" + log}, links: 4},
		"a link in a zip is passed over":                   {archive: zipped(t, file{name: "l", text: "/etc/shadow", as: func(h *zip.FileHeader) { h.SetMode(0o777 | 1<<27) }}), links: 1},
		"an encrypted member is told":                      {archive: flagged(zipped(t, file{name: "a", text: "1"}, file{name: "b", text: "2"}), 1), refused: []string{"a: encrypted", "b: encrypted"}},
		"another packing is told":                          {archive: method(zipped(t, file{name: "a", text: "1"}), 9), refused: []string{"a: Deflate64"}},
		"a packing nobody knows is told":                   {archive: method(zipped(t, file{name: "a", text: "1"}), 77), refused: []string{"a: method 77"}},
		"other archives are told":                          {archive: zipped(t, file{name: "a", text: "7z\xbc\xaf\x27\x1c..."}, file{name: "b", text: "Rar!\x1a\x07\x00"}, file{name: "c", text: "\xfd7zXZ\x00"}, file{name: "d", text: "ElfFile\x00"}, file{name: "e", text: "MSCF\x00\x00\x00\x00"}, file{name: "f", text: "\x28\xb5\x2f\xfd"}), refused: []string{"a: 7z", "b: RAR", "c: xz", "d: Event Viewer", "e: cabinet", "f: zstd"}},
		"another archive by itself is told":                {archive: "7z\xbc\xaf\x27\x1c...", refused: []string{": 7z"}},
		"a wrong checksum is told":                         {archive: strings.ReplaceAll(zipped(t, file{name: "a", text: log, as: whole}), "only", "lone"), want: []string{"a=the log's lone line\n"}, refused: []string{"a: checksum"}},
		"a wrong checksum of gzip is told":                 {archive: damaged(gzipped(t, log), -8), want: []string{"=" + log}, refused: []string{": checksum"}},
		"a zip that was cut off is read":                   {archive: cut(zipped(t, file{name: "a", text: log}, file{name: "b", text: log, as: whole}, file{name: "c", text: string(garbage)}), 2000), want: []string{"a=" + log, "c=" + string(garbage[:20]) + "..."}, refused: []string{"b: stood in the directory", "c: ends too early", ": was cut off"}},
		"a zip without its directory":                      {archive: cut(zipped(t, file{name: "a", text: log}, file{name: "d/"}, file{name: "in", text: inner}), -10), want: []string{"a=" + log, "in > deep.log=" + log}, refused: []string{": was cut off"}},
		"what lies in a member of such a zip is no member": {archive: cut(zipped(t, file{name: "a", text: string(garbage) + inner + string(garbage)}, file{name: "b", text: log}), -10), want: []string{"a=" + string(garbage[:20]) + "...", "b=" + log}, refused: []string{": was cut off"}},
		"a zip with a directory of ten megabytes":          {archive: quilt(t, 200_000, log), refused: []string{": its directory is larger"}},
		"a zip with nothing but its mark":                  {archive: "PK\x03\x04", refused: []string{": nothing in it can be read"}},
		"a packed tar that was cut off":                    {archive: cut(gzipped(t, tarred(t, entry("a", log), entry("b", string(garbage)))), 3000), want: []string{"a=" + log, "b=" + string(garbage[:20]) + "..."}, refused: []string{"b: ends too early", ": ends too early"}},
		"a damaged member spares the others":               {archive: damaged(zipped(t, file{name: "a", text: log}, file{name: "b", text: log}), 31), want: []string{"b=" + log}, refused: []string{"a: damaged"}},
		"members over one another":                         {archive: quilt(t, 50, log), refused: []string{": 50 of its members lie over one another"}},
	} {
		t.Run(title, func(t *testing.T) {
			got, rep := seen(t, c.archive, usual)
			if !slices.Equal(got, c.want) {
				t.Errorf("read %q, want %q", got, c.want)
			}
			told(t, rep, c.refused)
			if rep.Links != c.links {
				t.Errorf("passed over %d links, want %d", rep.Links, c.links)
			}
		})
	}
}

func told(t *testing.T, rep Report, want []string) {
	t.Helper()
	if len(rep.Refused) != len(want) {
		t.Fatalf("refused %q, want %q", rep.Refused, want)
	}
	for i, r := range rep.Refused {
		name, part, _ := strings.Cut(want[i], ": ")
		if r.Name != name || !strings.Contains(r.Why+r.Do, part) {
			t.Errorf("refused %q, want %q", r, want[i])
		}
	}
}

func TestBounds(t *testing.T) {
	small := limits{total: 5000, member: 1000, members: 5, inner: 300, refused: 3, ratio: 12, from: 600}
	lines := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%x line %d\n", i*7919, i*104729)
		}
		return b.String()
	}
	many := func(n int, f file) (out []file) {
		for i := range n {
			f.name = fmt.Sprint("m", i)
			out = append(out, f)
		}
		return out
	}
	noise := make([]byte, 500)
	rand.NewChaCha8([32]byte{2}).Read(noise)
	for title, c := range map[string]struct {
		archive string
		read    int
		refused []string
		more    int
	}{
		"a long member is read in part":               {zipped(t, file{name: "a", text: lines(100)}, file{name: "b"}), 2, []string{"a: only its beginning"}, 0},
		"what packs too well is a bomb":               {zipped(t, file{name: "a", text: strings.Repeat("0", 900)}, file{name: "b"}), 2, []string{"a: made to do harm"}, 0},
		"a packed log that packs too well is one":     {gzipped(t, strings.Repeat("0", 900)), 1, []string{": made to do harm"}, 0},
		"a tar that packs too well ends":              {gzipped(t, tarred(t, entry("a", strings.Repeat("0", 900)), entry("b", ""))), 1, []string{": made to do harm"}, 0},
		"what packs well and is short is none":        {zipped(t, file{name: "a", text: strings.Repeat("0", 500)}), 1, nil, 0},
		"the whole is too long":                       {gzipped(t, tarred(t, entry("a", lines(50)), entry("b", lines(50)), entry("c", lines(50)), entry("d", lines(50)), entry("e", lines(50)))), 3, []string{"d: more than linecheck reads of one archive"}, 0},
		"there are too many members":                  {zipped(t, many(6, file{text: "1"})...), 5, []string{": more than 5 members"}, 0},
		"there are too many members of a tar":         {tarred(t, entry("a", ""), entry("b", ""), entry("c", ""), entry("d", ""), entry("e", ""), entry("f", "")), 5, []string{": more than 5 members"}, 0},
		"an archive in it is too large":               {zipped(t, file{name: "a", text: zipped(t, file{name: "b", text: string(noise)})}), 0, []string{"a: large archive"}, 0},
		"a packed one, whose size nobody claims, too": {tarred(t, entry("a", gzipped(t, zipped(t, file{name: "b", text: string(noise)}))), entry("b", "")), 1, []string{"a: large archive"}, 0},
		"one that lies in it as it is may be large":   {zipped(t, file{name: "a", text: zipped(t, file{name: "b", text: string(noise)}), as: whole}), 1, nil, 0},
		"more are refused than are told":              {flagged(zipped(t, many(5, file{text: "1"})...), 1), 0, []string{"m0: encrypted", "m1: encrypted", "m2: encrypted"}, 2},
	} {
		t.Run(title, func(t *testing.T) {
			got, rep := seen(t, c.archive, small)
			if len(got) != c.read || rep.More != c.more {
				t.Errorf("read %q and refused %d more, want %d and %d", got, rep.More, c.read, c.more)
			}
			told(t, rep, c.refused)
			if rep.Bytes > small.total+64<<10 {
				t.Errorf("unpacked %d bytes", rep.Bytes)
			}
		})
	}
}

// A real log packs well. It has to pass the bounds, however long it is.
func TestALogOfOneLineRepeatedIsNoBomb(t *testing.T) {
	pr, n := newLines(40 << 20)
	archive := zipstream(t, pr)
	rep, got := Report{}, int64(0)
	rep, err := Walk(t.Context(), strings.NewReader(archive), int64(len(archive)), func(m Member) error {
		got = drain(t, m.Read)
		return nil
	})
	must(t, err)
	t.Logf("packed %d to 1", n/int64(len(archive)))
	if got != n || len(rep.Refused) > 0 {
		t.Errorf("read %d of %d bytes, refused %q", got, n, rep.Refused)
	}
}
