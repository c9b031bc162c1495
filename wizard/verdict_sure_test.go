package wizard

import (
	"slices"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestConfidenceIsEarned(t *testing.T) {
	dropped := func(id, host string) Seen { return walk(id, host, "tcp.dropped", checks.Fail, true, "direct") }
	family := func(f Seen, name string) Seen {
		p := *f.Path
		p.Family = name
		f.Path = &p
		return f
	}
	seenBy := func(f Seen, view string) Seen { f.View = view; return f }
	log := func(mark assets.Mark) Seen {
		f := other("f9", "logs", "logs.connect_timeout", checks.Warn, "fresh", "yes")
		f.Mark = mark
		return f
	}
	for name, tt := range map[string]struct {
		found []Seen
		want  string
	}{
		"one address seen once is certain":                        {[]Seen{dropped("f1", "a")}, "likely"},
		"two addresses are no more than one":                      {[]Seen{dropped("f1", "a"), dropped("f2", "b")}, "certain"},
		"two families are no more than one":                       {[]Seen{family(dropped("f1", "a"), "ipv4"), family(dropped("f2", "a"), "ipv6")}, "certain"},
		"the product's own log adds nothing to a walk":            {[]Seen{dropped("f1", "a"), log(assets.Seed)}, "certain"},
		"a line whose meaning is concluded proves a walk":         {[]Seen{dropped("f1", "a"), log(assets.Inferred)}, "likely"},
		"one address looked at twice by others is two":            {[]Seen{dropped("f1", "a"), seenBy(dropped("f2", "a"), "you")}, "likely"},
		"an address that others told of makes a second one":       {[]Seen{dropped("f1", "a"), hint(dropped("f2", "b"))}, "likely"},
		"an address that only others know of is more than a hint": {[]Seen{hint(dropped("f1", "a"))}, "possible"},
		"many hints make a fact":                                  {[]Seen{hint(dropped("f1", "a")), hint(dropped("f2", "b")), hint(dropped("f3", "c"))}, "possible"},
	} {
		v := judged(t, Product{Name: "p", Title: "Product"}, append(slices.Clone(tt.found), looked...)...)
		if len(v.Causes) != 1 || v.Causes[0].Confidence != tt.want {
			t.Errorf("%s: %+v", name, v.Causes)
			continue
		}
		if (tt.want == "possible") == (v.Causes[0].Severity == Fault) {
			t.Errorf("%s: a %s", name, v.Causes[0].Severity)
		}
	}
}

func TestAFindingAtFaultThatIsOnlyAHintIsNoUnexplainedFault(t *testing.T) {
	strange := other("f5", "x", "x.strange", checks.Fail)
	open := proven(walk("f1", "a", "path.open", checks.Pass, true, "direct"))
	if v := judged(t, Product{Name: "p", Title: "Product"}, append([]Seen{open, guess(strange)}, looked...)...); v.Status != Healthy {
		t.Errorf("a hint: %s %s", v.Status, v.Headline)
	}
	if v := judged(t, Product{Name: "p", Title: "Product"}, append([]Seen{open, strange}, looked...)...); v.Status != Fault || !slices.Equal(v.Unexplained, []string{"f5"}) {
		t.Errorf("a fact: %s %v", v.Status, v.Unexplained)
	}
}

func TestThePageOfTheVendorStandsBehindWhatItSays(t *testing.T) {
	p := Product{Name: "p", Title: "Product", Impact: []assets.Impact{{Feature: "a", Effect: "stops", Article: "cloud"}, {Feature: "b", Effect: "slows"}},
		Articles: []assets.Article{{Key: "cloud", Title: "Article 1", URL: "https://vendor.example/1", Behind: []string{"tcp.*"}}, {Key: "other", Title: "Article 2", Behind: []string{"dns.sinkhole"}}}}
	v := judged(t, p, append([]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct")}, looked...)...)
	want := Source{"https://vendor.example/1", "Article 1"}
	if len(v.Causes) != 1 || !slices.Equal(v.Causes[0].Sources, []Source{want}) {
		t.Errorf("the cause: %+v", v.Causes)
	}
	if len(v.Impact) != 2 || v.Impact[0].Source != want || v.Impact[1].Source != (Source{}) {
		t.Errorf("the impact: %+v", v.Impact)
	}
}
