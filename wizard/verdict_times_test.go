package wizard

import (
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestNowAndBeforeAreKeptApart(t *testing.T) {
	open := func(id, host string) Seen { return proven(walk(id, host, "path.open", checks.Pass, true, "direct")) }
	silent := walk("f7", "c", "tcp.dropped", checks.Fail, true, "direct")
	slow := proven(walk("f8", "d", "path.too_slow", checks.Warn, true, "direct"))
	line := func(id string, code checks.Code, st checks.Status, last string, more ...string) Seen {
		return said(id, code, st, last, append([]string{"fresh", "yes", "is", "failing", "state", "nothing after it in that log says that it recovered"}, more...)...)
	}
	recent := other("f20", "cache", "cache.recent", checks.Note, "until", "14:00")
	swings := other("f21", "logs", "logs.comes_and_goes", checks.Note, "lost", "4", "times", "10:00, 11:00", "state", "it is back since 12:00")
	for name, tt := range map[string]struct {
		found   []Seen
		now     string   // a piece of it
		then    []string // ids, the newest first
		differs string
	}{
		"an open line is not told":                      {[]Seen{open("f1", "a"), open("f2", "b")}, "Both addresses of Product that were tried answer.", nil, ""},
		"one address is many":                           {[]Seen{open("f1", "a")}, "The address of Product that was tried answers.", nil, ""},
		"the silent one is not named":                   {[]Seen{open("f1", "a"), open("f2", "b"), silent}, "Of 3 addresses of Product that were tried, c does not answer", nil, ""},
		"a slow answer is a good one":                   {[]Seen{open("f1", "a"), slow}, "slower than the product waits: 1", nil, ""},
		"a way that is not the product's counts":        {[]Seen{walk("f1", "a", "path.open", checks.Note, false, proxyURL)}, "No address of Product was tried on its own way.", nil, ""},
		"old failures are of now":                       {[]Seen{open("f1", "a"), line("f9", "logs.timeout", checks.Warn, noon), line("f10", "logs.tls", checks.Warn, after), recent}, "The address", []string{"f10", "f9"}, DiffersCache},
		"an alert that outlived its cause is of now":    {[]Seen{open("f1", "a"), line("f9", "logs.disconnected", checks.Warn, noon, "alert", "yes")}, "The address", []string{"f9"}, DiffersAlert},
		"a fault that comes and goes is none":           {[]Seen{open("f1", "a"), swings}, "The address", []string{"f21"}, DiffersComes},
		"what stands is told as a difference":           {[]Seen{silent, line("f9", "logs.connect_timeout", checks.Warn, noon)}, "c, does not answer", []string{"f9"}, ""},
		"a line without a failure is a thing of before": {[]Seen{open("f1", "a"), said("f9", "logs.connected", checks.Pass, noon)}, "The address", nil, ""},
	} {
		v := judged(t, Product{Name: "p", Title: "Product"}, append(slices.Clone(tt.found), looked...)...)
		var then []string
		for _, p := range v.Times.Then {
			then = append(then, p.Evidence...)
			if p.What == "" || p.Profile != "p" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if tt.differs == DiffersComes && !strings.Contains(v.Headline, "lost 4 times") {
			t.Errorf("%s: %s", name, v.Headline)
		}
		if !strings.Contains(v.Times.Now, tt.now) || !slices.Equal(then, tt.then) || v.Times.Differs != tt.differs {
			t.Errorf("%s: %+v, by %s %v", name, v.Times, v.Status, v.Causes)
		}
	}
}

func TestLogsAloneSayNothingOfNow(t *testing.T) {
	v := judged(t, Product{Name: "p", Title: "Product"}, said("f1", "logs.timeout", checks.Warn, noon, "is", "failing", "state", "it goes on"), asOf(end))
	if v.Times.Now != "" || len(v.Times.Then) != 1 || v.Times.Then[0].At != "2021-11-12T12:00:00.000Z" {
		t.Errorf("%+v", v.Times)
	}
}

func TestThePastIsBounded(t *testing.T) {
	var found []Seen
	for range 100 {
		found = append(found, said("f1", "logs.timeout", checks.Warn, noon, "is", "failing", "state", "it goes on"))
	}
	if n := len(judged(t, Product{Name: "p", Title: "Product"}, found...).Times.Then); n != pastMax {
		t.Errorf("%d things of the past", n)
	}
}

// What is told of now and before, and what nothing explains, is in words in every form that people read.
func TestPeopleReadOfNowAndBeforeAndOfWhatIsNotExplained(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	found := append([]Seen{proven(walk("f1", "a", "path.open", checks.Pass, true, "direct")), other("f2", "x", "x.strange", checks.Fail),
		said("f3", "logs.timeout", checks.Warn, noon, "is", "failing", "state", "it goes on", "fresh", "yes")}, looked...)
	r := Report{Run: RunInfo{Started: "2026-11-22T10:00:00.000Z"}, Profiles: []ProfileInfo{{Name: "p", Product: "Product"}}}
	for _, f := range found {
		f.View = "you"
		w := write(f)
		if f.ID == "f2" {
			w.Summary = "A strange thing was seen."
		}
		r.Checks = append(r.Checks, CheckReport{ID: f.Check, Profile: "p", Status: f.Status, Findings: []FindingReport{w}})
	}
	r = r.Rejudge(rules)
	for _, format := range []string{"text", "markdown"} {
		var b strings.Builder
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Not explained: f2 A strange thing was seen.", "Now: The address of Product that was tried answers.", "Before: "} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s lacks %q:\n%s", format, want, b.String())
			}
		}
	}
}
