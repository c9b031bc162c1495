package assets

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"
)

// Any file of signatures is refused with a place in it, or can be read with.
func FuzzSignatures(f *testing.F) {
	names, err := signatureFiles.ReadDir("signatures")
	if err != nil {
		f.Fatal(err)
	}
	for _, n := range names {
		b, err := signatureFiles.ReadFile("signatures/" + n.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, text := range []string{
		"signatures:\n- {id: a, kinds: [k], literal: xxxxxxxx, regexp: '(?P<curl>x+)', code: logs.x, meaning: '{curl.meaning}', remedy: r, mark: seed}",
		"signatures:\n- {id: a, kinds: [k], literals: [xxxxxxxx, yyyyyyyy], regexp: '', code: logs.x, meaning: m, effect: neither, mark: seed, use: [c]}\ncases:\n  c: [{when: {curl: '^(?P<curl>.)'}, code: logs.y}]",
		"signatures: &a [*a]", "a: &a {b: *a}", "signatures: [[[[", "grammars:\n- {name: g, pattern: '(?P<message>.*)', mark: seed}", "\x00", "--- a\n--- b",
		"signatures: [{id: a, <<: {kinds: [k]}}]", "signatures: [~]", "cases: {a: ~}", "cases: [a]", "- a", "signatures: {a: b}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := readSignatures(fstest.MapFS{"signatures/x.yaml": {Data: b}})
		if err != nil {
			var p Problems
			if !errors.As(err, &p) || p[0].File != "signatures/x.yaml" || p[0].Remedy == "" {
				t.Fatalf("the error names no file and remedy: %v", err)
			}
			if text := err.Error(); !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 2*maxPattern+1000 {
				t.Fatalf("the error cannot be shown: %.300q", text)
			}
			return
		}
		lines := []string{"", "xxxxxxxxyyyyyyyy", "2021-11-12 17:40:30.152 [15c0.1d1c] .W: curl: (28) Timeout was reached é\x00\xff"}
		for i := range all.Signatures {
			s := &all.Signatures[i]
			if len(s.Literal) < minLiteral || s.ID == "" || s.Code == "" {
				t.Fatalf("an unusable signature was taken: %+v", s)
			}
			for _, line := range lines {
				if r, ok := s.Read(line); ok {
					sane(t, &r)
				}
			}
		}
		for i := range all.Grammars {
			for _, line := range lines {
				all.Grammars[i].Split(line, time.UTC)
			}
		}
	})
}

// Any line can be taken apart and read by every grammar and signature: what comes out is bounded, clean and of a time
// that can be.
func FuzzGrammar(f *testing.F) {
	sigs, err := Signatures()
	if err != nil {
		f.Fatal(err)
	}
	grammars, _ := Grammars()
	for _, s := range sigs {
		for _, sample := range s.Samples {
			f.Add(sample.Line)
		}
		for _, line := range s.Not {
			f.Add(line)
		}
	}
	for _, g := range grammars {
		for _, sample := range g.Samples {
			f.Add(sample.Line)
		}
	}
	for _, line := range []string{"", "\x00", "\xff\xfe", "9999-99-99 99:99:99.999999 [0.0] I: x", "0000-00-00 00:00:00 x", "2026-02-30 25:61:61+9999 x",
		".W: fs::rs::WinSocket::Impl::connect: Conection timeout: \x1b[31m", strings.Repeat("curl: (6) ", 500)} {
		f.Add(line)
	}
	zone := time.FixedZone("here", 2*3600)
	f.Fuzz(func(t *testing.T, line string) {
		split := false
		for i := range grammars {
			got, ok := grammars[i].Split(line, zone)
			if !ok {
				continue
			}
			split = true
			if !strings.Contains(line, got.Message) || !strings.Contains(line, got.Thread) || !strings.Contains(line, got.Level) {
				t.Fatalf("%s made up what is not in %q: %+v", grammars[i].Name, line, got)
			}
			if y := got.Time.UTC().Year(); !got.Time.IsZero() && (y < -1 || y > 10000) {
				t.Fatalf("%q is of %s", line, got.Time)
			}
		}
		if !split && !strings.ContainsAny(line, "\n") {
			t.Fatalf("no grammar takes %q", line)
		}
		for i := range sigs {
			if r, ok := sigs[i].Read(line); ok {
				sane(t, &r)
				agree(t, sigs[i].pattern, line)
			}
		}
	})
}

// Whatever a person asks about, what comes back can be shown.
func FuzzExplain(f *testing.F) {
	for _, line := range samples() {
		f.Add(line)
	}
	for _, query := range []string{"curl:28", "curl 28", "28", "icrc:0x20000007", "-1", ":", "curl:", "0x", "Timeout was reached", "event 9012", strings.Repeat("9", 400), "winhttp:80072EFD"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if told, ok := Tell(query); ok && told.Signature != "" {
			sane(t, &told.Reading)
		}
		for _, c := range slices.Concat(Nearest(query), Explain(query)) {
			if c.Meaning == "" {
				t.Fatalf("%q is told as nothing", query)
			}
		}
	})
}

// sane holds what a reading may hold.
func sane(t *testing.T, r *Reading) {
	t.Helper()
	texts := []string{r.Meaning, r.Ref, r.Subject, r.Topic, r.Remedy}
	for _, v := range r.Captures {
		if len(v) > cleanMax {
			t.Fatalf("a capture has %d bytes", len(v))
		}
		texts = append(texts, v)
	}
	for _, text := range texts {
		if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) || len(text) > 100*cleanMax {
			t.Fatalf("%.300q (%d bytes) cannot be shown", text, len(text))
		}
	}
}
