package wizard

import (
	"slices"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestATrustedInspectionIsAFaultByTheProductsOwnWordOnly(t *testing.T) {
	opened := func(s checks.Status, args ...string) Seen {
		f := walk("f1", "a", "tls.intercepted", s, true, "direct")
		for i := 0; i < len(args); i += 2 {
			f.Finding = f.With(args[i], args[i+1])
		}
		return f
	}
	works := opened(checks.Warn, "works", "yes", "content", "verified")
	complaint := func(mark assets.Mark, fresh string) Seen {
		f := other("f2", "logs", "logs.tls", checks.Warn, "fresh", fresh)
		f.Mark = mark
		return f
	}
	for name, tt := range map[string]struct {
		found            []Seen
		status, how, who string
	}{
		"an inspection that lets the vendor's answer through is a fault":         {[]Seen{works}, Warning, "possible", "tls.intercepted"},
		"a product that refuses the inspection is no more than warned of":        {[]Seen{works, complaint(assets.Seed, "yes")}, Fault, "certain", "tls.intercepted"},
		"a line of last week is a refusal":                                       {[]Seen{works, complaint(assets.Seed, "no")}, Warning, "possible", "tls.intercepted"},
		"a line whose meaning is concluded makes a fault":                        {[]Seen{works, complaint(assets.Inferred, "yes")}, Warning, "possible", "tls.intercepted"},
		"an inspection behind which nothing was proven leaves a line that works": {[]Seen{opened(checks.Warn, "works", "yes")}, Inconclusive, "possible", "tls.intercepted"},
		"an inspector that this machine does not trust is only warned of":        {[]Seen{opened(checks.Fail)}, Fault, "likely", "tls.intercepted"},
	} {
		v := judged(t, Product{Name: "p", Title: "Product"}, append(slices.Clone(tt.found), looked...)...)
		if v.Status != tt.status || len(v.Causes) != 1 || v.Causes[0].ID != tt.who || v.Causes[0].Confidence != tt.how {
			t.Errorf("%s: %s %+v", name, v.Status, v.Causes)
		}
	}
}
