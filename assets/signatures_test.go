package assets

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestSignatureSamples(t *testing.T) {
	sigs, err := Signatures()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sigs {
		t.Run(s.ID, func(t *testing.T) {
			if len(s.Samples) == 0 || len(s.Not) == 0 {
				t.Error("needs a line that it knows and one that it must not know")
			}
			for _, want := range s.Samples {
				if !oneOf(sigs, s.ID, want.Line) {
					t.Errorf("%s\nhas none of its literals", want.Line)
				}
				got, ok := s.Read(want.Line)
				if !ok {
					t.Errorf("%s\nis not known", want.Line)
					continue
				}
				for name, pair := range map[string][2]string{
					"code": {got.Code, want.Code}, "effect": {string(got.Effect), string(want.Effect)},
					"subject": {got.Subject, want.Subject}, "ref": {got.Ref, want.Ref},
				} {
					if pair[0] != pair[1] {
						t.Errorf("%s\n%s is %q, want %q", want.Line, name, pair[0], pair[1])
					}
				}
				if want.Topic != "" && got.Topic != want.Topic {
					t.Errorf("%s\ntopic is %q, want %q", want.Line, got.Topic, want.Topic)
				}
				for name, v := range want.Captures {
					if got.Captures[name] != v {
						t.Errorf("%s\ncapture %s is %q, want %q", want.Line, name, got.Captures[name], v)
					}
				}
				if got.Meaning == "" || strings.ContainsAny(got.Meaning+got.Remedy+got.Ref+got.Subject, "{}") {
					t.Errorf("%s\nmeans %q, to do %q, ref %q, about %q", want.Line, got.Meaning, got.Remedy, got.Ref, got.Subject)
				}
				if said := remedyForm.MatchString(got.Remedy) && len(got.Remedy) <= 160; said != (got.Effect == Fails || got.Effect == Slows) {
					t.Errorf("%s\nremedy %q: every failure has one sentence that names who acts, and only a failure", want.Line, got.Remedy)
				}
			}
			for _, line := range s.Not {
				if _, ok := s.Read(line); ok && oneOf(sigs, s.ID, line) {
					t.Errorf("%s\nmust not be known", line)
				}
			}
		})
	}
}

// remedyForm is one sentence that says who acts.
var remedyForm = regexp.MustCompile(`^[A-Z][^.]*(?:[a-z0-9]\.[a-z0-9][^.]*)*(?:administrator|who runs|vendor|support|[Yy]ourself|user)\b(?:[^.]|\.[a-z0-9])*\.$`)

// oneOf reports whether the line has one of the literals of a signature, so that a search for these finds it.
func oneOf(sigs []Signature, id, line string) bool {
	return slices.ContainsFunc(sigs, func(s Signature) bool { return s.ID == id && strings.Contains(line, s.Literal) })
}

// A search for a literal is quick where it is long and cannot be met in a line that has nothing to do with it.
func TestLiteralsAreLongEnoughToBeFoundQuickly(t *testing.T) {
	sigs, _ := Signatures()
	for _, s := range sigs {
		if len(s.Literal) < 8 || strings.TrimSpace(s.Literal) == "" || strings.ContainsAny(s.Literal, "\r\n") {
			t.Errorf("%s: literal %q", s.ID, s.Literal)
		}
	}
}

// A sample must be read by its own signature, not by one that is tried before it.
func TestFirstSignatureThatKnowsASample(t *testing.T) {
	sigs, _ := Signatures()
	for _, s := range sigs {
		for _, sample := range s.Samples {
			i := slices.IndexFunc(sigs, func(o Signature) bool {
				_, ok := o.Read(sample.Line)
				return ok && strings.Contains(sample.Line, o.Literal)
			})
			if sigs[i].ID != s.ID {
				t.Errorf("%s\nis read by %s, want %s", sample.Line, sigs[i].ID, s.ID)
			}
		}
	}
}

func TestGrammarSamples(t *testing.T) {
	grammars, err := Grammars()
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("here", 2*3600)
	for gi, g := range grammars {
		t.Run(g.Name, func(t *testing.T) {
			if len(g.Samples) == 0 {
				t.Error("has no sample")
			}
			for _, want := range g.Samples {
				first := slices.IndexFunc(grammars, func(o Grammar) bool { _, ok := o.Split(want.Line, zone); return ok })
				if first != gi {
					t.Errorf("%s\nis taken by %s before", want.Line, grammars[first].Name)
				}
				got, _ := g.Split(want.Line, zone)
				if got.Level != want.Level || got.Thread != want.Thread || got.Message != want.Message {
					t.Errorf("%s\nlevel %q thread %q message %q, want %q %q %q", want.Line,
						got.Level, got.Thread, got.Message, want.Level, want.Thread, want.Message)
				}
				var at time.Time
				if want.At != "" {
					if at, err = time.Parse(time.RFC3339Nano, want.At); err != nil {
						if at, err = time.ParseInLocation("2006-01-02T15:04:05.999999999", want.At, zone); err != nil {
							t.Fatal(err)
						}
					}
				}
				if !got.Time.Equal(at) {
					t.Errorf("%s\nis of %s, want %s", want.Line, got.Time, at)
				}
			}
		})
	}
}

func TestReadingHoldsNoControlCharacters(t *testing.T) {
	sigs, _ := Signatures()
	i := slices.IndexFunc(sigs, func(s Signature) bool { return s.ID == "fsscor.query" })
	line := ".W: CurlQuery::completeWithStatus: failure on handle 0 5 Could not resolve proxy: \x1b[31mred\u202e" + strings.Repeat("é", 4000)
	r, ok := sigs[i].Read(line)
	if !ok {
		t.Fatal("the line is not known")
	}
	if strings.ContainsAny(r.Meaning+r.Subject, "\x1b\u202e") || !strings.Contains(r.Meaning, "?[31mred?") {
		t.Errorf("meaning %.60q subject %.60q", r.Meaning, r.Subject)
	}
	if len(r.Subject) > cleanMax {
		t.Errorf("the subject has %d bytes", len(r.Subject))
	}
}

func TestSignaturesAreReadStrictly(t *testing.T) {
	const good = "signatures:\n- {id: a, kinds: [k], literal: xxxxxxxx, regexp: 'x', code: logs.x, meaning: m, remedy: r, mark: seed"
	for title, text := range map[string]string{
		"a key that nobody reads":     good + ", hint: h}",
		"a failure with no remedy":    strings.Replace(good, ", remedy: r", "", 1) + "}",
		"a case of a failure without": strings.Replace(good, ", remedy: r", ", effect: neither, cases: [{when: {a: b}, effect: fails}]", 1) + "}",
		"a literal that is too short": strings.Replace(good, "xxxxxxxx", "xxxxxxx", 1) + "}",
		"a text of two lines":         strings.Replace(good, "meaning: m", `meaning: "m\n\nm"`, 1) + "}",
		"a text that paints":          strings.Replace(good, "meaning: m", `meaning: "\e[31m"`, 1) + "}",
		"no literal at all":           strings.Replace(good, "literal: xxxxxxxx, ", "", 1) + "}",
		"a pattern that is too long":  strings.Replace(good, "'x'", "'"+strings.Repeat("x", maxPattern+1)+"'", 1) + "}",
		"a literal without a line":    good + ", literals: ['']}",
		"nothing":                     "",
		"a list that is text":         "signatures: text",
		"a pattern that cannot be":    strings.Replace(good, "'x'", "'('", 1) + "}",
		"an effect that is none":      good + ", effect: breaks}",
		"a role that is none":         good + ", role: chorus}",
		"cases that are nowhere":      good + ", use: [none]}",
		"a code of another check":     strings.Replace(good, "logs.x", "proxy.x", 1) + "}",
		"no mark":                     strings.Replace(good, ", mark: seed", "", 1) + "}",
		"an id twice":                 good + "}\n" + strings.TrimPrefix(good, "signatures:\n") + "}",
		"a grammar without a message": "grammars:\n- {name: g, pattern: 'x', mark: seed}",
	} {
		t.Run(title, func(t *testing.T) {
			_, err := readSignatures(fstest.MapFS{"signatures/x.yaml": {Data: []byte(text)}})
			var p Problems
			if !errors.As(err, &p) || p[0].File != "signatures/x.yaml" || p[0].Line == 0 || p[0].Remedy == "" {
				t.Errorf("the error names no file, line and remedy: %v", err)
			}
		})
	}
	if _, err := readSignatures(fstest.MapFS{"signatures/x.yaml": {Data: []byte(good + "}")}}); err != nil {
		t.Errorf("a good one was not: %v", err)
	}
}
