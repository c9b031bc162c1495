package wizard

import (
	"fmt"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// manyWalks are walks to so many addresses, each by the product's own way and by another one.
func manyWalks(n int) []Seen {
	var out []Seen
	add := func(code checks.Code, status checks.Status, p checks.Path) {
		out = append(out, Seen{ID: fmt.Sprintf("f%d", len(out)+1), Check: "allowlist", Profile: "elements",
			Finding: checks.Finding{Code: code, Status: status, Subject: p.Target, Path: &p}})
	}
	for i := range n {
		target := fmt.Sprintf("a%d.fsapi.com:443", i)
		add("tcp.dropped", checks.Fail, checks.Path{Target: target, Route: "direct", Family: "ipv4", Product: true, Required: true})
		add("path.open", checks.Pass, checks.Path{Target: target, Route: "http://proxy:3128", Family: "ipv4"})
	}
	return out
}

// TestVeryManyWalksAreJudgedAtOnce: a report that somebody sends may hold as many walks as fit into its file. Where each is
// compared with every other one, this test does not end.
func TestVeryManyWalksAreJudgedAtOnce(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	v := Judge(rules, []Product{{Name: "elements", Title: "Elements"}}, manyWalks(100_000))
	if v.Status != Fault || len(v.Causes) == 0 {
		t.Errorf("the verdict is %s by %d causes", v.Status, len(v.Causes))
	}
}
