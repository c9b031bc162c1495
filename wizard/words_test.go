package wizard

import (
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

func judged(t *testing.T, p Product, found ...Seen) Verdict {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return Judge(rules, []Product{p}, found)
}

func TestACauseThatLeavesTheCloudInReachCostsNoFeature(t *testing.T) {
	p := Product{Name: "p", Title: "Product", Impact: []assets.Impact{{Feature: "f", Effect: "stops"}}}
	v := judged(t, p, Seen{ID: "f1", Check: "domain", Profile: "p", Finding: checks.Finding{Code: "domain.icmp_filtered", Status: checks.Fail}})
	if v.Status != Fault || len(v.Impact) != 0 {
		t.Errorf("%s, lost: %v", v.Status, v.Impact)
	}
}

func TestAProfileWithoutWildcardsNamesTheAddressInstead(t *testing.T) {
	f := walk("f1", "host.example:443", "tcp.dropped", checks.Fail, true, "direct")
	f.Subject = "host.example"
	v := judged(t, Product{Name: "p", Title: "Product"}, f)
	if len(v.Causes) == 0 || !strings.Contains(strings.Join(v.Causes[0].Fix, " "), "reach host.example") {
		t.Errorf("what is to be allowed is not said: %v", v.Causes)
	}
}

func TestAnInconclusiveHeadlineNamesTheProductOnce(t *testing.T) {
	if v := judged(t, Product{Name: "p", Title: "Product"}); strings.Count(v.Headline, "Product") != 1 {
		t.Error(v.Headline)
	}
}

func TestOneFaultAtManyAddressesIsOneLine(t *testing.T) {
	var found []FindingReport
	for _, host := range []string{"a.example:443", "b.example:443", "c.example:443"} {
		found = append(found, FindingReport{ID: "f", Code: "tcp.dropped", Status: checks.Fail, Summary: "silent", Detail: Detail{Target: host}})
	}
	if got := notable(found); len(got) != 1 || !strings.Contains(got[0], "c.example") {
		t.Error(got)
	}
}

func TestAStepThatHasToWaitSaysForWhat(t *testing.T) {
	provider, _ := checks.Lookup("t-provider")
	needy, _ := checks.Lookup("t-needy")
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{provider, needy}, time.Now())
	if got := s.PanelRuns(1)[0].Reason; got != "it waits for what the step t-provider finds" {
		t.Error(got)
	}
}

func TestTheLineModeTellsABreakBehindManyGoodThings(t *testing.T) {
	var found []checks.Finding
	for range 20 {
		found = append(found, checks.Finding{Code: "x.y", Status: checks.Pass, Subject: "s" + string(rune('a'+len(found)))})
	}
	found = append(found, checks.Finding{Code: "x.z", Status: checks.Fail})
	if got := brief(found, false); got[0].Status != checks.Fail || len(got) != 7 {
		t.Errorf("%d told, the first is %s", len(got), got[0].Status)
	}
}
