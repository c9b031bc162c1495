package lang

import "testing"

// TestWordsAreKnownInEveryPlaceOfASentence: engines put the same words in the middle of a sentence, at its beginning, or alone.
func TestWordsAreKnownInEveryPlaceOfASentence(t *testing.T) {
	p := &phrases{whole: map[string]string{"the file is not there": "die Datei ist nicht da", "your browser": "Ihr Browser", "direct": "direkt"}}
	for from, to := range map[string]string{
		"It leads to {target}.": "Das führt zu {target}.",
		"{way} ({state})":       "{way} ({state})",
		"{first}, then {next}":  "{first}, dann {next}",
		"{a}, {b}":              "{a}, {b}",
		"we conclude: {what}":   "wir schließen: {what}",
		"{a}: {b}":              "{a}: {b}",
		"{n} files":             "{n} Dateien",
		"{all}":                 "alles",
	} {
		p.add(from, to)
	}
	sortPatterns(p.patterns)
	for from, want := range map[string]string{
		"The file is not there.":                  "Die Datei ist nicht da.",
		"the file is not there":                   "die Datei ist nicht da",
		"Your browser":                            "Ihr Browser",
		"It leads to a.example":                   "Das führt zu a.example",
		"We conclude: the file is not there.":     "Wir schließen: die Datei ist nicht da.",
		"http://a:1 (works), then direct":         "http://a:1 (works), dann direkt",
		"your browser: direct, then http://b:1":   "Ihr Browser: direkt, dann http://b:1",
		"12 files":                                "12 Dateien",
		"no files":                                "no files",
		"an error of somebody else: no such file": "an error of somebody else: no such file",
	} {
		if got := p.say(from, depth); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}

func TestWhatLiesAroundAPhraseStays(t *testing.T) {
	defer Use(English)
	if err := Use("de"); err != nil {
		t.Fatal(err)
	}
	if got, want := Phrase(" you, direct"), " Sie, direkt"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := Phrase("the product's own setting"), "eigene Einstellung des Produkts"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for from, want := range map[string]string{"8.6 kB": "8,6 kB", "1ms": "1 ms", "1.5s": "1,5 s", "TLS 1.3": "TLS 1.3", "10.1.2.3": "10.1.2.3"} {
		if got := Phrase(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
	for _, s := range []string{"", " ", "x", "dial tcp 10.0.0.1:3128: i/o timeout", "C:\\Program Files\\a b"} {
		if got := Phrase(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}
