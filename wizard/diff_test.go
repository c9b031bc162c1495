package wizard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// runOf is a judged report of one product. at is the time at which the run began.
func runOf(t *testing.T, at string, list ...CheckReport) Report {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	r := Report{Schema: ReportSchema, Run: RunInfo{ID: at, Started: at, Finished: at, Host: "PC-1", Machine: "0011", User: `CORP\jane`}, Tool: Tool{Version: "1"},
		Profiles:  []ProfileInfo{{Name: "p", Product: "Product", Vendor: "Vendor", Revision: "1", Source: "embedded"}},
		Redaction: Redaction{Level: RedactOff}}
	for _, c := range list {
		c.Profile = "p"
		for _, f := range c.Findings {
			c.Status = max(c.Status, f.Status)
		}
		r.Checks = append(r.Checks, c)
	}
	return r.Rejudge(rules)
}

const (
	yesterday = "2026-11-22T17:00:00.000+02:00"
	today     = "2026-11-23T09:00:00.000+02:00"
)

// walked is a check of addresses.
func addressed(found ...FindingReport) CheckReport {
	return CheckReport{ID: "allowlist", Title: "Allowlist", Findings: found}
}

func openWalk(id, host string, took time.Duration) FindingReport {
	f := blockedWalk(id, host, "path.open", "", nil)
	f.Status, f.Detail.TookMS = checks.Pass, took.Milliseconds()
	f.Detail.Stages = f.Detail.Stages[:1]
	return f
}

func slowWalk(id, host string, took time.Duration) FindingReport {
	f := openWalk(id, host, took)
	f.Code, f.Status = "path.too_slow", checks.Warn
	return f
}

// route is how the product goes out, as the proxy check writes it down.
func route(way string) CheckReport {
	return CheckReport{ID: "proxy", Title: "Proxy", Findings: []FindingReport{{ID: "f90", Code: "proxy.route", Status: checks.Pass, Subject: "Product",
		Detail: Detail{Args: map[string]string{"way": way, "known": "known"}}}}}
}

func service(code checks.Code, st checks.Status) CheckReport {
	return CheckReport{ID: "product", Title: "Product", Findings: []FindingReport{{ID: "f80", Code: code, Status: st, Subject: "svc",
		Detail: Detail{Args: map[string]string{"title": "The Helper", "required": "no"}}}}}
}

func inWords(c Comparison) string {
	var b strings.Builder
	_ = c.Write(&b, "text")
	return strings.Join(strings.Fields(b.String()), " ") // sentences, wherever a line broke
}

func TestAComparisonTellsInWordsWhatChanged(t *testing.T) {
	silent := blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil)
	silent2 := blockedWalk("f2", "b.vendor.example", "tcp.dropped", checks.Connect, nil)
	refused := blockedWalk("f1", "a.vendor.example", "tcp.refused", checks.Connect, nil)
	open, open2 := openWalk("f1", "a.vendor.example", 182*time.Millisecond), openWalk("f2", "b.vendor.example", time.Millisecond)
	answered := open
	answered.Code = "path.answered"
	for name, tt := range map[string]struct {
		old, now []CheckReport
		want     []string
		lacks    []string
		trend    string
	}{
		"an address that answers again is not told": {[]CheckReport{addressed(silent)}, []CheckReport{addressed(open)},
			[]string{"better: a.vendor.example did not answer, and answers now.", "Gone since then Nothing comes back from a.vendor.example"}, []string{"Still there", "New since"}, Other},
		"two with the same fate are told twice": {[]CheckReport{addressed(silent, silent2)}, []CheckReport{addressed(open, open2)},
			[]string{"better: 2 addresses did not answer, and answer now: a.vendor.example, b.vendor.example."}, []string{"a.vendor.example did not"}, Other},
		"an address that went silent is not told": {[]CheckReport{addressed(open)}, []CheckReport{addressed(silent)},
			[]string{"worse: a.vendor.example answered, and now does not answer.", "New since then Nothing comes back"}, []string{"Gone", "Still"}, Other},
		"the same fault is called a change": {[]CheckReport{addressed(silent)}, []CheckReport{addressed(silent)},
			[]string{"It is as it was: Nothing comes back", "Still there Nothing comes back"}, []string{"What is different", "New since", "Gone since"}, Same},
		"another fault at the same address goes unnoticed": {[]CheckReport{addressed(silent)}, []CheckReport{addressed(refused)},
			[]string{"a.vendor.example did not answer, and now refuses the connection.", "(tcp.refused)", "Gone", "Something else than before is wrong now"}, []string{"better: a", "worse: a"}, Other},
		"a little slower is called a change": {[]CheckReport{addressed(openWalk("f1", "a.vendor.example", 10*time.Millisecond))},
			[]CheckReport{addressed(openWalk("f1", "a.vendor.example", 900*time.Millisecond))}, nil, []string{"What is different"}, ""},
		"slower than the product waits is not told": {[]CheckReport{addressed(open)}, []CheckReport{addressed(slowWalk("f1", "a.vendor.example", 1900*time.Millisecond))},
			[]string{"worse: a.vendor.example answered, and now answers too slowly for the product (1.9 s)."}, nil, ""},
		"in time again is not told": {[]CheckReport{addressed(slowWalk("f1", "a.vendor.example", 1900*time.Millisecond))}, []CheckReport{addressed(open)},
			[]string{"better: a.vendor.example answered too slowly for the product (1.9 s), and answers in time (182 ms) now."}, nil, ""},
		"how much an answer proves is called a change": {[]CheckReport{addressed(open)}, []CheckReport{addressed(answered)}, nil, []string{"What is different"}, ""},
		"another proxy goes unnoticed": {[]CheckReport{route("through http://old.corp:3128")}, []CheckReport{route("through http://gw.corp:8080")},
			[]string{"The proxy that Product uses changed from old.corp:3128 to gw.corp:8080."}, nil, ""},
		"a proxy where there was none goes unnoticed": {[]CheckReport{route("directly")}, []CheckReport{route("through http://gw.corp:8080")},
			[]string{"Product went out directly, and goes out through gw.corp:8080 now."}, nil, ""},
		"a service that stopped goes unnoticed": {[]CheckReport{service("service.running", checks.Pass)}, []CheckReport{service("service.stopped", checks.Warn)},
			[]string{"worse: The service The Helper (svc) ran, and does not run now."}, []string{"New: "}, ""},
		"an address that only one run tried is called a change": {[]CheckReport{addressed(open, open2)}, []CheckReport{addressed(open)},
			[]string{"Tried in the older run only: b.vendor.example."}, []string{"What is different"}, ""},
		"a check that only one run made is called a change": {[]CheckReport{addressed(open), route("directly")}, []CheckReport{addressed(open)},
			[]string{"Not part of the newer run: Proxy."}, []string{"What is different"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := Compare(runOf(t, yesterday, tt.old...), runOf(t, today, tt.now...))
			got := inWords(c)
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("no %q in\n%s", w, got)
				}
			}
			for _, w := range tt.lacks {
				if strings.Contains(got, w) {
					t.Errorf("%q in\n%s", w, got)
				}
			}
			if tt.trend != "" && c.Trend != tt.trend && tt.trend != Other {
				t.Errorf("the trend is %s, want %s", c.Trend, tt.trend)
			}
		})
	}
}

func TestACauseIsNotGoneWhereNobodyLooked(t *testing.T) {
	silent := addressed(blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil))
	elsewhere := addressed(openWalk("f1", "b.vendor.example", time.Millisecond))
	unknown := addressed(FindingReport{ID: "f1", Code: "path.not_tried", Status: checks.Unknown, Detail: Detail{Target: "a.vendor.example:443", Product: true}})
	for name, now := range map[string]Report{
		"a run without the check":          runOf(t, today, route("directly")),
		"a run that could not try":         runOf(t, today, unknown),
		"a run that tried another address": runOf(t, today, elsewhere),
	} {
		got := inWords(Compare(runOf(t, yesterday, silent), now))
		if strings.Contains(got, "Gone since then") || !strings.Contains(got, "The newer run did not look whether it still is so.") {
			t.Errorf("%s makes the cause go away:\n%s", name, got)
		}
		now.Run.Started, now.Run.ID = "2026-11-01T00:00:00.000Z", "old"
		if got := inWords(Compare(now, runOf(t, yesterday, silent))); strings.Contains(got, "New since then") || !strings.Contains(got, "The older run did not look at it.") {
			t.Errorf("%s makes the cause a new one:\n%s", name, got)
		}
	}
}

func TestReportsNamedInTheWrongOrderAreNoticedByTheirTimes(t *testing.T) {
	healed := runOf(t, today, addressed(openWalk("f1", "a.vendor.example", time.Millisecond)))
	broken := runOf(t, yesterday, addressed(blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil)))
	c := Compare(healed, broken)
	if got := inWords(c); !c.Swapped || !strings.Contains(got, "The newer one was named first") || !strings.Contains(got, "did not answer, and answers now") {
		t.Errorf("got\n%s", got)
	}
	if c.ExitCode() != healed.ExitCode() || c.New.Run != today {
		t.Errorf("exit code %d and newer run %s are not those of the newer report", c.ExitCode(), c.New.Run)
	}
	if Compare(broken, healed).Swapped {
		t.Error("the right order is taken for a wrong one")
	}
}

func TestTheExitCodeOfAReportIsThatOfItsRun(t *testing.T) {
	repaired := func(results ...string) (r Report) {
		r.Verdict.Status = Healthy
		for _, result := range results {
			r.Repairs = append(r.Repairs, RepairReport{Profile: "p", Action: "clean", Result: result})
		}
		return r
	}
	failed := Report{Checks: []CheckReport{{Findings: []FindingReport{{Code: repairFailed, Status: checks.Fail}}}}}
	for name, tt := range map[string]struct {
		r    Report
		want int
	}{
		"healthy":                                {Report{Verdict: Verdict{Status: Healthy}}, 0},
		"a fault":                                {Report{Verdict: Verdict{Status: Fault}}, 1},
		"inconclusive":                           {Report{Verdict: Verdict{Status: Inconclusive}}, 3},
		"a warning":                              {Report{Verdict: Verdict{Status: Warning}}, 4},
		"a repair that worked":                   {repaired("done"), 0},
		"a repair that was taken back":           {repaired("rolled back: it did not start"), 5},
		"a repair that worked the second time":   {repaired("failed: no", "done"), 0},
		"a repair that failed the second time":   {repaired("done", "failed: no"), 5},
		"a repair that is under way":             {repaired("under way"), 0},
		"a cleanup that left a service in doubt": {failed, 5},
	} {
		if got := tt.r.ExitCode(); got != tt.want {
			t.Errorf("%s gives %d, want %d", name, got, tt.want)
		}
		if got := Compare(Report{}, tt.r).ExitCode(); got != tt.want {
			t.Errorf("%s compared with another run gives %d, want %d", name, got, tt.want)
		}
	}
}

func TestWhatCannotBeComparedIsTold(t *testing.T) {
	open := addressed(openWalk("f1", "a.vendor.example", time.Millisecond))
	base := func(edit func(*Report)) Report {
		r := runOf(t, today, open)
		edit(&r)
		return r
	}
	for name, tt := range map[string]struct {
		now  Report
		want string
	}{
		"another computer":          {base(func(r *Report) { r.Run.Machine, r.Run.Host = "0022", "PC-2" }), "two different computers, PC-1 and PC-2"},
		"another computer by name":  {base(func(r *Report) { r.Run.Machine, r.Run.Host = "", "PC-2" }), "two different computers, PC-1 and PC-2"},
		"a computer without a name": {base(func(r *Report) { r.Run.Machine, r.Run.Host = "", "<host-1>" }), "is not known, because its name was replaced"},
		"another profile":           {base(func(r *Report) { r.Profiles[0].Name = "q" }), "Product was looked at in the older run only. Product was looked at in the newer run only."},
		"another revision":          {base(func(r *Report) { r.Profiles[0].Revision = "2" }), "The profile p is another one than before (1, embedded; now 2, embedded)"},
		"another redaction":         {base(func(r *Report) { r.Redaction.Level = RedactStrict }), `redacted "off" and the newer "strict"`},
		"another person":            {base(func(r *Report) { r.Run.User = `CORP\joe` }), `different people, CORP\jane and CORP\joe`},
		"more rights":               {base(func(r *Report) { r.Run.Elevated = true }), "The older run had no administrator's rights"},
		"another linecheck":         {base(func(r *Report) { r.Tool.Version = "2" }), "different versions of linecheck, 1 and 2"},
		"the practice network":      {base(func(r *Report) { r.Run.Practice = "healthy" }), "a real computer and healthy"},
	} {
		if got := inWords(Compare(runOf(t, yesterday, open), tt.now)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %q in\n%s", name, tt.want, got)
		}
	}
	if c := Compare(runOf(t, yesterday, open), runOf(t, today, open)); len(c.Apart) > 0 {
		t.Errorf("two runs of one kind are said not to be comparable: %q", c.Apart)
	}
}

func TestAStandInIsNoChange(t *testing.T) {
	for name, tt := range map[string]struct {
		a, b string
		want bool
	}{
		"the same text":                         {"gw.corp:3128", "gw.corp:3128", true},
		"another text":                          {"gw.corp:3128", "gw.corp:8080", false},
		"a stand-in and what it stands for":     {"through <host-1>:3128", "through gw.corp:3128", true},
		"the other way round":                   {"through gw.corp:3128", "through <host-1>:3128", true},
		"two stand-ins with other numbers":      {"<host-1> and <address-2>", "<host-7> and <address-1>", true},
		"a stand-in before another port":        {"<host-1>:3128", "gw.corp:8080", false},
		"a stand-in for nothing":                {"a<host-1>b", "ab", false},
		"two stand-ins, one text between them":  {"<a-1>x<b-1>", "1x2", true},
		"two stand-ins, another between them":   {"<a-1>x<b-1>", "1y2", false},
		"two stand-ins with nothing in between": {"<a-1><b-1>", "12", true},
		"nothing at all":                        {"", "<a-1>", false},
	} {
		if got := alike(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %q and %q: %v", name, tt.a, tt.b, got)
		}
	}
}

func TestAComparisonOfRedactedReportsTellsOfNoStandIn(t *testing.T) {
	old, now := runOf(t, yesterday, route("through http://<host-3>:3128")), runOf(t, today, route("through http://gw.corp:3128"))
	old.Redaction.Level = RedactStrict
	c := Compare(old, now)
	if got := inWords(c); strings.Contains(got, "changed from") || !strings.Contains(got, "Whether the proxy is the same one cannot be told") {
		t.Errorf("got\n%s", got)
	}
}

func TestAComparisonIsRedactedAfterItWasMade(t *testing.T) {
	old, now := runOf(t, yesterday, route("through http://10.1.1.1:3128")), runOf(t, today, route("through http://10.1.1.2:3128"))
	now.Run.Host = "PC-2"
	now.Run.Machine = "0022"
	c := Compare(old, now).Redact(RedactStrict)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"10.1.1.1", "10.1.1.2", "PC-1", "PC-2", "jane"} {
		if strings.Contains(string(b), secret) || strings.Contains(inWords(c), secret) {
			t.Errorf("%s stands in\n%s", secret, b)
		}
	}
	if !strings.Contains(inWords(c), "changed from <") {
		t.Errorf("a change of the proxy is not told any more: %s", inWords(c))
	}
}

func TestEveryCodeOfAWalkHasWordsInAComparison(t *testing.T) {
	texts, err := assets.LoadChange()
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := assets.LoadTicket()
	if err != nil {
		t.Fatal(err)
	}
	c, _ := checks.Lookup("allowlist")
	if c == nil {
		t.Skip("no check is registered in this test binary")
	}
	for _, code := range c.Spec().Codes {
		s := string(code)
		if strings.HasPrefix(s, "path.") && !slices.Contains([]string{"path.open", "path.answered", "path.too_slow", "path.mtu"}, s) {
			continue // no end of a walk
		}
		if _, ok := texts[s]; !ok {
			t.Errorf("%s has no words", s)
		}
	}
	for code := range ticket {
		if _, ok := texts[code]; !ok && code != "tls.private_authority" {
			t.Errorf("%s has a ticket and no words", code)
		}
	}
}

func TestTheSameRunIsNotComparedWithItself(t *testing.T) {
	r := runOf(t, yesterday, addressed(openWalk("f1", "a.vendor.example", time.Millisecond)))
	if c := Compare(r, r); c.Trend != Same || !strings.Contains(c.Summary, "one and the same run") {
		t.Errorf("%s: %s", c.Trend, c.Summary)
	}
}

func TestAReportOfAnySizeIsComparedInTime(t *testing.T) {
	var many []FindingReport
	for i := range 5000 {
		f := openWalk(fmt.Sprint("f", i), fmt.Sprintf("<host-%d>.vendor.example", i), time.Millisecond)
		many = append(many, f)
	}
	old, now := runOf(t, yesterday), runOf(t, today)
	for _, r := range []*Report{&old, &now} {
		c := addressed(many...)
		c.Profile, c.Title = "p", "Allowlist"
		r.Checks = []CheckReport{c}
	}
	if got := inWords(Compare(old, now)); !strings.Contains(got, "holds 5000 findings; the first 1000 were compared.") {
		t.Errorf("got\n%.2000s", got)
	}
	var b strings.Builder
	if err := now.TicketFor(ForVendor, RedactStandard, host.Identity{}).Write(&b, "text"); err != nil || b.Len() > 200_000 {
		t.Errorf("the ticket has %d bytes, %v", b.Len(), err)
	}
}

func FuzzAlike(f *testing.F) {
	f.Add("through <host-1>:3128", "through gw.corp:3128")
	f.Add("<a-1><b-2>", "<a-1>x")
	f.Fuzz(func(t *testing.T, a, b string) {
		if alike(a, b) != alike(b, a) {
			t.Errorf("%q and %q are alike one way only", a, b)
		}
		if !hidden(a) && !hidden(b) && alike(a, b) != (a == b) {
			t.Errorf("%q and %q", a, b)
		}
	})
}
