package assets

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSystemEventSamples(t *testing.T) {
	all, err := SystemEvents()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		e := &all[i]
		t.Run(e.ID, func(t *testing.T) {
			if len(e.Samples) == 0 || len(e.Not) == 0 {
				t.Error("needs an event that it knows and one that it must not know")
			}
			for _, s := range e.Samples {
				r, ok := e.Read(e.Provider, s.Number, s.Message, s.Data)
				if !ok {
					t.Errorf("%+v is not known", s)
					continue
				}
				if r.Subject != s.Subject || r.Effect != s.Effect || s.Meaning != "" && r.Meaning != s.Meaning {
					t.Errorf("%d: %q, %s, %q", s.Number, r.Subject, r.Effect, r.Meaning)
				}
				if strings.ContainsAny(r.Meaning+r.Subject+r.Topic+r.Remedy+r.Ref, "{}") {
					t.Errorf("%d: %q %q %q %q", s.Number, r.Meaning, r.Topic, r.Remedy, r.Ref)
				}
				if said := remedyForm.MatchString(r.Remedy) && len(r.Remedy) <= 200; said != (r.Effect == Fails || r.Effect == Slows) {
					t.Errorf("%d: remedy %q: every failure has one sentence that names who acts, and only a failure", s.Number, r.Remedy)
				}
				if e.About == AboutMachine && r.Effect != Neither {
					t.Errorf("%d: an event of the whole machine proves nothing about the product's line", s.Number)
				}
			}
			for _, s := range e.Not {
				if r, ok := e.Read(e.Provider, s.Number, s.Message, s.Data); ok {
					t.Errorf("%+v must not be known: %+v", s, r)
				}
			}
			if _, ok := e.Read("Nobody", e.Numbers[0], e.Samples[0].Message, e.Samples[0].Data); ok {
				t.Error("another provider's event of the same number is known")
			}
		})
	}
}

// Screens leave out the front of Microsoft's names, in any case.
func TestProvidersAreKnownByTheNamesOfScreens(t *testing.T) {
	all, _ := SystemEvents()
	for _, name := range []string{"Microsoft-Windows-DNS-Client", "DNS-Client", "DNS Client Events", "dns client events"} {
		if !slices.ContainsFunc(all, func(e SystemEvent) bool {
			_, ok := e.Read(name, 1014, "", map[string]string{"QueryName": "a.example"})
			return ok
		}) {
			t.Errorf("%s is not known", name)
		}
	}
}

func TestEveryNumberOfAProviderIsReadByOneKindOfEvent(t *testing.T) {
	all, _ := SystemEvents()
	type key struct {
		provider string
		number   int
	}
	seen := map[key]string{}
	for _, e := range all {
		for _, n := range e.Numbers {
			if o := seen[key{e.Provider, n}]; o != "" {
				t.Errorf("%s %d is in %s and %s", e.Provider, n, o, e.ID)
			}
			seen[key{e.Provider, n}] = e.ID
		}
	}
	channels, err := EventChannels()
	if err != nil || !slices.ContainsFunc(channels, func(c EventSource) bool {
		return c.Channel == "System" && slices.Contains(c.IDs, 7036) && slices.Contains(c.Providers, "Schannel")
	}) {
		t.Errorf("%+v, %v", channels, err)
	}
}

func TestBrokenEventDataIsRefused(t *testing.T) {
	const right = "events:\n- {id: x, provider: P, ids: [1], about: machine, effect: neither, meaning: m, mark: source}\n"
	for name, c := range map[string][2]string{
		"no mark":             {"mark: source", "mark: sure"},
		"no effect":           {"effect: neither, ", ""},
		"nothing it is about": {"about: machine", "about: weather"},
		"an unknown key":      {"id: x", "id: x, colour: red"},
		"a number too large":  {"[1]", "[70000]"},
		"a broken pattern":    {"id: x", "id: x, message: '('"},
		"twice the same":      {"events:\n", right},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(right, c[0], c[1], 1)
			if _, err := readEvents(fstest.MapFS{"events/a.yaml": {Data: []byte(text)}}); err == nil {
				t.Errorf("taken:\n%s", text)
			}
		})
	}
	if _, err := readEvents(fstest.MapFS{"events/a.yaml": {Data: []byte(right)}}); err != nil {
		t.Error(err)
	}
}

func TestWindowsEventsAreExplained(t *testing.T) {
	for query, want := range map[string]string{
		"winevent:5719":  "NETLOGON",
		"winevent 36882": "Schannel",
		"winevent:7036":  "Service Control Manager",
	} {
		got := Explain(query)
		if len(got) != 1 || got[0].Name != want || strings.ContainsAny(got[0].Meaning+got[0].Do, "{}") {
			t.Errorf("%s: %+v", query, got)
		}
	}
	if c, ok := FindCode("winevent", "36882"); !ok || !strings.Contains(c.Meaning, "TLS inspection") {
		t.Errorf("36882 means %q", c.Meaning)
	}
}
