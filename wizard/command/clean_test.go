package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	_ "linecheck/checks/all"
	"linecheck/checks/host"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

// cleanedUp is what one call of clean in the practice network said and left behind.
type cleanedUp struct {
	code     int
	err      error
	out, log string
	report   wizard.Report
}

// stiff is a service manager whose services do not stop.
type stiff struct{ host.Controller }

func (stiff) Stop(context.Context, string) error { return errors.New("it says no") }

// cleanIn calls clean in a scene of the practice network; change may turn its options.
func cleanIn(ctx context.Context, t *testing.T, scene string, f cleanFlags, format string, change func(*wizard.Options)) cleanedUp {
	t.Helper()
	scenes, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(scenes, func(s lab.Scene) bool { return s.Name == scene })
	p, err := assets.LoadProfile("withsecure", nil)
	if err != nil || at < 0 {
		t.Fatal(err, at)
	}
	l, err := lab.Start(scenes[at], []*assets.Profile{p})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	list, err := withWhatItNeeds("cache")
	if err != nil {
		t.Fatal(err)
	}
	o := wizard.Options{Profiles: []*assets.Profile{p}, Checks: list, Role: wizard.Helpdesk, Since: 24 * time.Hour, Redact: wizard.RedactStandard, Rules: rules,
		Place: wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Practice: scene, Close: func() {}}}
	if change != nil {
		change(&o)
	}
	var out, log bytes.Buffer
	a := &app{io: streams{strings.NewReader(""), &out, &log}, flags: flags{format: format}}
	c := cleanedUp{err: a.clean(ctx, o, f), code: a.code, out: out.String(), log: log.String()}
	if format == "json" {
		if err := json.Unmarshal(out.Bytes(), &c.report); err != nil {
			t.Fatalf("%v:\n%s", err, out.String())
		}
	}
	if svc, err := o.Place.Machine.Services.Query(t.Context(), "fsulnethoster"); err != nil || svc.State != host.Running {
		t.Errorf("the service is left %q, %v", svc.State, err)
	}
	if open, err := o.Place.Hands.Journal.Open(); err != nil || len(open) > 0 {
		t.Errorf("promises left: %v, %v", open, err)
	}
	return c
}

func TestClean(t *testing.T) {
	for name, c := range map[string]struct {
		scene  string
		f      cleanFlags
		change func(*wizard.Options)
		code   int
		says   []string
		not    []string
	}{
		"the plan alone changes something": {"cache.stale_failures", cleanFlags{}, nil, 0,
			[]string{"Clean the product's cache?", "1. ", "It takes ", "Undo: ", "The same by hand", "net stop fsulnethoster", "Nothing was changed. To carry this out, type the same command with --yes"},
			[]string{": done", "To say"}},
		"the plan does not say what the customer is asked": {"cache.stale_failures", cleanFlags{}, func(o *wizard.Options) { o.Role = wizard.Guided }, 0,
			[]string{"To say: \"May I ", "with --yes --agreed, once the customer has agreed"}, []string{": done"}},
		"a cleanup does not tell before and after": {"cache.stale_failures", cleanFlags{yes: true}, nil, 0,
			[]string{"stop fsulnethoster: done", "Clean the product's cache: done", "by linecheck clean --yes, helpdesk", "Before: warning: The line is open now", "Now: ok: Every address"},
			[]string{"Nothing was changed", "customer"}},
		"a customer's yes is lost": {"cache.stale_failures", cleanFlags{yes: true, agreed: true}, func(o *wizard.Options) { o.Role = wizard.Guided }, 0,
			[]string{"guided; the customer agreed", "What to do: Look at the product again", "To say: \"The old answers are gone."}, nil},
		"without rights something is tried": {"limited-rights", cleanFlags{yes: true}, nil, 3,
			[]string{"It cannot be done from here: needs administrator rights", "net stop fsulnethoster", "del /q", "net start fsulnethoster", "Nothing was changed."}, []string{": done", "with --yes"}},
		"a service that does not stop is no trouble": {"cache.stale_failures", cleanFlags{yes: true},
			func(o *wizard.Options) { o.Place.Hands.Services = stiff{o.Place.Hands.Services} }, 5,
			[]string{"it says no", "Clean the product's cache: rolled back: ", "What to do: "}, []string{"cache: done"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := cleanIn(t.Context(), t, c.scene, c.f, "", c.change)
			if got.err != nil || got.code != c.code {
				t.Errorf("%v, exit code %d, want %d", got.err, got.code, c.code)
			}
			all := got.out + got.log
			for _, s := range c.says {
				if !strings.Contains(all, s) {
					t.Errorf("it does not say %q", s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(got.out, s) {
					t.Errorf("it says %q", s)
				}
			}
			if t.Failed() {
				t.Log(all)
			}
		})
	}
}

// leaving is a service manager whose services do not stop, and whose person presses Ctrl+C meanwhile.
type leaving struct {
	host.Controller
	cancel func()
}

func (l leaving) Stop(context.Context, string) error { l.cancel(); return errors.New("it says no") }

func TestARepairThatFailedIsNotHiddenByCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	got := cleanIn(ctx, t, "cache.stale_failures", cleanFlags{yes: true}, "", func(o *wizard.Options) {
		o.Place.Hands.Services = leaving{o.Place.Hands.Services, cancel}
	})
	if got.err != nil || got.code != 5 {
		t.Errorf("%v, exit code %d", got.err, got.code)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if got := cleanIn(ctx, t, "cache.stale_failures", cleanFlags{yes: true}, "", nil); !errors.Is(got.err, context.Canceled) || strings.Contains(got.out, ": done") {
		t.Errorf("stopped before it began: %v\n%s", got.err, got.out)
	}
}

func TestTheReportOfACleanupHoldsBothSides(t *testing.T) {
	got := cleanIn(t.Context(), t, "cache.stale_failures", cleanFlags{yes: true}, "json", nil)
	if len(got.report.Repairs) != 1 || got.report.Verdict.Status != wizard.Healthy {
		t.Fatalf("%d repairs, %s", len(got.report.Repairs), got.report.Verdict.Headline)
	}
	r := got.report.Repairs[0]
	if r.Result != "done" || r.Before.Verdict.Status != wizard.Warning || r.Before.Verdict.Causes[0].ID != "cache.stale_failures" || len(r.Plan) == 0 || r.Approved.How != wizard.ByFlag {
		t.Errorf("%+v", r)
	}
	var after []checks.ID
	for _, c := range got.report.Checks {
		after = append(after, c.ID)
		if c.ID == "logs" && c.Started < r.Ended {
			t.Error("the logs were not read again")
		}
	}
	if !slices.Equal(after, []checks.ID{"product", "proxy", "allowlist", "cache", "logs"}) {
		t.Errorf("%v", after)
	}
	if len(got.report.Changes) == 0 || strings.Contains(got.out, "step ") || !strings.Contains(got.log, "step ") {
		t.Errorf("changes %v; steps told:\n%s", got.report.Changes, got.log)
	}
}

func TestACustomerIsAskedBeforeTheFlagCounts(t *testing.T) {
	var out, log bytes.Buffer
	p := Program{Machine: host.Local, Hands: host.LocalHands}
	code := p.Run(t.Context(), []string{"clean", "--yes", "--role", "guided"}, strings.NewReader(""), io.Discard, &log)
	if code != 2 || !strings.Contains(log.String(), "add --agreed") {
		t.Errorf("exit code %d: %s%s", code, out.String(), log.String())
	}
}

func TestWhatAnEarlierRunLeftIsToldAndReported(t *testing.T) {
	kept := func(context.Context, host.Machine, host.Hands) ([]checks.Change, error) {
		return []checks.Change{{What: "start fsulnethoster", When: time.Now(), Result: "done", Undo: "net stop"}}, errors.New("one\ntwo")
	}
	var out, log bytes.Buffer
	p := Program{Machine: host.Local, Hands: host.LocalHands, KeepPromises: kept}
	p.Run(t.Context(), []string{"run", "--checks", "clock", "--timeout", "1ms", "--profile", "withsecure", "--format", "json"}, strings.NewReader(""), &out, &log)
	var r wizard.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || len(r.Changes) != 1 || r.Changes[0].What != "start fsulnethoster" {
		t.Errorf("%v: %+v", err, r.Changes)
	}
	for _, want := range []string{"did not come to its end: start fsulnethoster: done", "about an earlier linecheck: one\n", "about an earlier linecheck: two\n"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in\n%s", want, log.String())
		}
	}
}
