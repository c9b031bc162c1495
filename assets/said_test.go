package assets

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linecheck/assets/lang"
)

var hole = regexp.MustCompile(`\{[a-z_.]+\}|<[a-z_]+>`)

// worded reports whether a text has words of its own and not only values.
func worded(text string) bool {
	return strings.ContainsFunc(hole.ReplaceAllString(text, ""), func(r rune) bool { return r > ' ' })
}

// englishOf are the texts of codes, signatures and events, by the keys of their German.
func englishOf(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	put := func(file string, texts ...string) {
		for _, text := range texts {
			if worded(text) {
				out[file+"."+text] = text
			}
		}
	}
	sigs, err := Signatures()
	if err != nil {
		t.Fatal(err)
	}
	for i := range sigs {
		for _, o := range append([]Case{{Outcome: sigs[i].Outcome}}, sigs[i].tries...) {
			put("signatures", o.Meaning, o.Remedy, o.Subject)
		}
	}
	events, err := SystemEvents()
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		for _, o := range append([]Case{{Outcome: events[i].Outcome}}, events[i].Cases...) {
			put("events", o.Meaning, o.Remedy, o.Subject)
		}
	}
	for _, table := range tables() {
		put("codes", table.Title, table.About)
		if table.Name == eventTable {
			put("codes", eventNote, eventNoteOff)
			continue // made of the events
		}
		for _, c := range slices.Concat(table.Codes, table.Phrases) {
			put("codes", c.Meaning, c.Note, c.Do)
		}
	}
	return out
}

func TestGermanSaysEveryCodeSignatureAndEvent(t *testing.T) {
	de, err := lang.All("de")
	if err != nil {
		t.Fatal(err)
	}
	en := englishOf(t)
	for _, key := range slices.Sorted(maps.Keys(en)) {
		said, ok := de[key]
		if !ok {
			t.Errorf("no German for %s", key)
			continue
		}
		if a, b := holes(en[key]), holes(said); !slices.Equal(a, b) {
			t.Errorf("%s: German fills %v, English %v", key, b, a)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(de)) {
		file, _, _ := strings.Cut(key, ".")
		if _, ok := en[key]; !ok && (file == "signatures" || file == "events" || file == "codes") {
			t.Errorf("German for what nobody says: %s", key)
		}
	}
}

func holes(s string) []string {
	out := hole.FindAllString(s, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

func german(t *testing.T) {
	t.Helper()
	if err := lang.Use("de"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lang.Use(lang.English); err != nil {
			t.Error(err)
		}
	})
}

// TestWhatALineMeansIsSaidInGerman reads every sample of a signature and of an event. The record stays English; what is told
// of it does not.
func TestWhatALineMeansIsSaidInGerman(t *testing.T) {
	german(t)
	said := func(id string, r Reading) {
		t.Helper()
		for _, text := range []string{r.Meaning, r.Remedy} {
			if got := lang.Phrase(text); text != "" && got == text {
				t.Errorf("%s: stays English: %q", id, text)
			}
			if strings.HasPrefix(text, "Bitten Sie") {
				t.Errorf("%s: the record is no longer English: %q", id, text)
			}
		}
	}
	sigs, err := Signatures()
	if err != nil {
		t.Fatal(err)
	}
	for i := range sigs {
		for _, sample := range sigs[i].Samples {
			if r, ok := sigs[i].Read(sample.Line); ok {
				said(sigs[i].ID, r)
			}
		}
	}
	events, err := SystemEvents()
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		for _, s := range events[i].Samples {
			if r, ok := events[i].Read(events[i].Provider, s.Number, s.Message, s.Data); ok {
				said(events[i].ID, r)
			}
		}
	}
}

func TestACodeIsExplainedInTheLanguageSpoken(t *testing.T) {
	german(t)
	for query, want := range map[string]string{
		"curl:28":                     "Keine Antwort in der Zeit, die das Produkt abwartet.",
		"curl 5":                      "Der Name des Proxys lässt sich nicht auflösen",
		"winsock:10061":               "Die Verbindung wurde sofort abgewiesen",
		"winevent:1014":               "Keiner der DNS-Server hat für den Namen <host> rechtzeitig geantwortet.",
		"Could not resolve proxy: gw": "Der angegebene Proxy lässt sich nicht auflösen.",
	} {
		codes := Explain(query)
		if len(codes) == 0 || !strings.HasPrefix(codes[0].Meaning, want) {
			t.Errorf("%s: %+v, want %q", query, codes, want)
		}
	}
	told, ok := Tell(".W: fs::rs::WinSocket::Impl::connect: Conection timeout: doorman.sc.fsapi.com")
	if want := "doorman.sc.fsapi.com hat die Verbindung nicht rechtzeitig angenommen"; !ok || told.Meaning != want {
		t.Errorf("told %q, want %q", told.Meaning, want)
	}
	for _, table := range Codes() {
		if en, ok := FindCode(table.Name, table.Codes[0].Number); !ok || table.Codes[0].Meaning == en.Meaning {
			t.Errorf("%s: %q is told as it is recorded", table.Name, en.Meaning)
		}
	}
	if err := lang.Use(lang.English); err != nil {
		t.Fatal(err)
	}
	if c := Explain("curl:28")[0]; !strings.HasPrefix(c.Meaning, "No answer in the time") {
		t.Errorf("in English again: %q", c.Meaning)
	}
}
