package wizard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// everyChange is one of each kind of change, with all that it can hold.
func everyChange(at time.Time) []Change {
	k := Key{"allowlist", "withsecure"}
	path := checks.Path{Target: "a.example:443", URL: "https://a.example/", Route: "direct", Family: "ipv4", Address: "192.0.2.1", Product: true, Required: true,
		Stages: []checks.Stage{{Name: checks.Resolve, Status: checks.Pass, Took: 3 * time.Millisecond, Note: "192.0.2.1"}, {Name: checks.Connect, Status: checks.Fail, Failure: checks.Dropped, Error: "i/o timeout"}}}
	f := checks.Finding{Code: "tcp.dropped", Status: checks.Fail, Subject: "a.example", View: "you, direct", Args: map[string]string{"port": "443"},
		Evidence: []checks.Evidence{{Source: "TCP", Text: "i/o timeout"}}, At: at, Took: 5 * time.Second, Mark: assets.Seed, Path: &path, Table: &checks.Table{Head: []string{"a"}, Rows: [][]string{{"b"}}}}
	a := checks.Action{ID: "cache.clean", Title: "Clean?", Why: "w", Steps: []string{"1"}, Effect: "e", Takes: "5 s", Undo: "u", Confirm: "clean", Ask: "may I?",
		Commands: []string{"rm"}, Blocked: "b", Again: []checks.ID{"allowlist"}}
	r := checks.Result{Findings: []checks.Finding{f}, Facts: []checks.Fact{{Name: checks.FactRoute}}, Actions: []checks.Action{a}, Reason: "r",
		Changes: []checks.Change{{What: "w", When: at, Result: "done", Undo: "none"}}}
	return []Change{
		RunStarted{Key: k, At: at, Follow: true},
		EventsSeen{Key: k, At: at, Progress: &checks.Progress{Done: 1, Total: 3, Waiting: "a.example", Back: true}, Steps: []checks.Progress{{Done: 1}},
			Found: []checks.Finding{f}, Learned: []checks.Fact{{Name: checks.FactRoute}}, Walking: []checks.Path{path}, Dropped: 2,
			Lines: []checks.Line{{File: "a.log", Path: "/var/a.log", Number: 7, At: at, Text: "curl 28", Meaning: "silent", Code: "logs.x", Ref: "curl 28", Status: checks.Fail, Fix: "f", Own: true}}},
		RunFinished{Key: k, At: at, Result: r, Err: errors.New("stopped"), Follow: true},
		RerunAsked{Keys: []Key{k}},
		StepSkipped{Check: "cache"},
		RoleChosen{Role: Guided},
		Moved{To: 3},
		FixStarted{Key: k, Action: a, Approved: Approval{at, InLines, Agreed}},
		FixFinished{Key: k, At: at, Result: r, Err: errors.New("stopped")},
		Interrupted{},
	}
}

// TestARecordGivesBackEveryChange fails for a member of a change that a record forgets: none of them is zero here.
func TestARecordGivesBackEveryChange(t *testing.T) {
	at := time.Date(2026, 11, 23, 7, 8, 9, 123456789, time.UTC)
	for i := range everyChange(at) {
		c := everyChange(at)[i] // a copy of its own, for deep
		t.Run(fmt.Sprintf("%T", c), func(t *testing.T) {
			if v := reflect.ValueOf(c); v.NumField() > 0 {
				for i := range v.NumField() {
					if v.Field(i).IsZero() {
						t.Errorf("%s is not tried", v.Type().Field(i).Name)
					}
				}
			}
			got, err := entryOf(c).change()
			if err != nil {
				t.Fatal(err)
			}
			if a, b := fmt.Sprintf("%+v", deep(c)), fmt.Sprintf("%+v", deep(got)); a != b {
				t.Errorf("written\n%s\nread\n%s", a, b)
			}
		})
	}
}

// deep shows what pointers lead to; a finding's time is written to the millisecond.
func deep(c Change) any {
	out := []any{c}
	found := func(list []checks.Finding) {
		for i, f := range list {
			out = append(out, *f.Path, *f.Table)
			list[i].Path, list[i].Table, list[i].At = nil, nil, f.At.Truncate(time.Millisecond)
		}
	}
	switch c := c.(type) {
	case EventsSeen:
		out = append(out, *c.Progress)
		found(c.Found)
		c.Progress = nil
		out[0] = c
	case RunFinished:
		found(c.Result.Findings)
	case FixFinished:
		found(c.Result.Findings)
	}
	return out
}

// recordOf writes a record of these changes and reads it back.
func recordOf(t *testing.T, o Options, s Session, list ...Change) (Record, string) {
	t.Helper()
	s.Recorded = true
	for _, c := range list {
		s = s.Apply(c)
	}
	var b bytes.Buffer
	if err := o.WriteRecord(&b, s, "id"); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	rec, err := ReadRecord(&b, "session.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return rec, text
}

func recordOptions(t *testing.T) Options {
	t.Helper()
	o := optionsOf(t, "t-provider", "t-early")
	o.Place.Machine = host.Machine{Identity: host.Identity{Host: "FIN-PC-0231", User: "jane.doe"}}
	return o
}

func TestARecordIsRedactedLikeAReport(t *testing.T) {
	o := recordOptions(t)
	k := Key{"t-provider", "p"}
	line := checks.Line{File: "a.log", Text: `C:\Users\jane.doe\x opened by FIN-PC-0231, Proxy-Authorization: Basic amFuZTpzM2NyZXQ=`}
	_, text := recordOf(t, o, o.New(o.Profiles, Self, time.Now()), RunStarted{Key: k, At: time.Now()},
		EventsSeen{Key: k, At: time.Now(), Lines: []checks.Line{line}, Learned: []checks.Fact{{Name: checks.FactRoute, Value: "http://jane.doe:s3cret@proxy:3128"}}})
	for _, not := range []string{"jane.doe", "FIN-PC-0231", "amFuZTpzM2NyZXQ", "s3cret"} {
		if strings.Contains(text, not) {
			t.Errorf("%s stands in the record:\n%s", not, text)
		}
	}
	if !strings.Contains(text, "<user-1>") {
		t.Errorf("the person has no stand-in:\n%s", text)
	}
}

func TestAnEndlessTailLeavesABoundedRecord(t *testing.T) {
	s := Session{Recorded: true}
	const each = 500
	for range 3 * historyKeeps / each {
		s = s.Apply(EventsSeen{Lines: make([]checks.Line, each)})
	}
	kept, dropped := 0, 0
	for _, c := range s.History() {
		kept, dropped = kept+len(c.(EventsSeen).Lines), dropped+c.(EventsSeen).Dropped
	}
	if kept != historyKeeps || kept+dropped != 3*historyKeeps {
		t.Errorf("%d lines are kept and %d counted", kept, dropped)
	}
	for range 1000 { // of two products by turns, for hours
		for _, profile := range []string{"a", "b"} {
			s = s.Apply(EventsSeen{Key: Key{"logs", profile}, Lines: make([]checks.Line, 2), Dropped: 1})
		}
	}
	list := s.History()
	if n := len(list); n > historyKeeps/each+3 {
		t.Errorf("%d changes are kept of a tail of which nothing is", n)
	}
	for _, c := range list[len(list)-2:] {
		if n := c.(EventsSeen).Dropped; n != 3000 {
			t.Errorf("%d lines are counted", n)
		}
	}
}

func TestARecordThatIsTooLargeIsToldSoAndNotAsABrokenLine(t *testing.T) {
	head := `{"schema":"linecheck.session/1","profiles":[{"name":"p"}],"checks":["t-provider"]}` + "\n"
	line := `{"change":"interrupted","error":"` + strings.Repeat("x", recordLine/2) + `"}` + "\n"
	in := []io.Reader{strings.NewReader(head)}
	for range RecordLimit/len(line) + 1 {
		in = append(in, strings.NewReader(line))
	}
	if _, err := ReadRecord(io.MultiReader(in...), "x"); err == nil || !strings.Contains(err.Error(), "x is larger than 64 MB") {
		t.Errorf("%v", err)
	}
}

// TestARecordOfThePracticeNetworkSaysSo: the first screen offers it, when the options of the call are those of this machine.
func TestARecordOfThePracticeNetworkSaysSo(t *testing.T) {
	o := recordOptions(t)
	o.Redact = RedactOff
	inside := o
	inside.Place = Place{Machine: host.Machine{Identity: host.Identity{Host: "LAB-PC"}}, Practice: practiceScene, Close: func() {}}
	rec, text := recordOf(t, o, inside.New(o.Profiles, Self, time.Now()))
	if rec.Run.Practice != practiceScene || rec.Run.Host != "LAB-PC" || strings.Contains(text, "FIN-PC-0231") {
		t.Errorf("%+v", rec.Run)
	}
}

// TestARecordOfLogsThatAPersonNamedHoldsWhatTheySay: the look is over before the session stands on the screen.
func TestARecordOfLogsThatAPersonNamedHoldsWhatTheySay(t *testing.T) {
	o := recordOptions(t)
	now := time.Now()
	s, ok := Looked{Profiles: o.Profiles, Results: []checks.Result{{Findings: []checks.Finding{{Code: "logs.timeout", Status: checks.Warn, Subject: "a.log"}}}}}.Session(Self, now, now)
	if !ok {
		t.Skip("there is no check of logs here")
	}
	rec, _ := recordOf(t, o, s)
	if found := rec.Play("").Seen(); len(found) != 1 || found[0].Subject != "a.log" {
		t.Errorf("%+v", found)
	}
}

// ran counts the runs of a check that only stands in a record.
var ran atomic.Int32

func init() {
	checks.Register(fake{spec("t-recorded", time.Minute), func(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
		ran.Add(1)
		return passing()
	}})
}

// TestAReplayWalksTheSessionAndRunsNothing lets the whole screen walk a record in virtual time: the wait for an answer of
// an hour is cut short, what the session ended with is shown, and no check begins.
func TestAReplayWalksTheSessionAndRunsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := recordOptions(t)
		recorded, _ := checks.Lookup("t-recorded")
		o.Checks = append(o.Checks[:1:1], recorded)
		began := time.Now()
		var list []Change
		for _, id := range []checks.ID{"t-provider", "t-recorded"} {
			k := Key{id, "p"}
			list = append(list, RunStarted{Key: k, At: began}, RunFinished{Key: k, At: began.Add(time.Hour), Result: checks.Result{Findings: []checks.Finding{{Code: "t.ok", Status: checks.Pass, Subject: "a replayed thing"}}}})
		}
		list = append(list, Moved{To: 1})
		rec, _ := recordOf(t, o, o.New(o.Profiles, Self, began), list...)
		o.Replay = &rec
		a := launch(t, 80, 24, o)
		a.run(time.Second)
		if a.m.session.Settled() {
			t.Error("what took an hour is over in a second")
		}
		a.run(10 * time.Second)
		if !a.m.session.Settled() || a.m.session.At != 1 {
			t.Errorf("settled %v, at step %d", a.m.session.Settled(), a.m.session.At)
		}
		a.press(char('r'))
		a.run(time.Second)
		if n := ran.Load(); n != 0 || !a.m.session.Settled() {
			t.Errorf("a check ran %d times in a replay", n)
		}
	})
}

func TestARecordThatIsNoneIsRefusedWithItsLine(t *testing.T) {
	head := `{"schema":"linecheck.session/1","profiles":[{"name":"p"}],"checks":["t-provider"]}` + "\n"
	for name, in := range map[string]struct{ text, want string }{
		"an empty file":             {"", "empty"},
		"a report":                  {`{"schema":"linecheck.report/1"}`, "x:1: its schema"},
		"a text":                    {"hello", "x:1: it is no session record"},
		"a check that nobody knows": {`{"schema":"linecheck.session/1","profiles":[{"name":"p"}],"checks":["no-such"]}`, `x:1: `},
		"a check twice":             {`{"schema":"linecheck.session/1","profiles":[{"name":"p"}],"checks":["t-provider","t-provider"]}`, `x:1: `},
		"no product":                {`{"schema":"linecheck.session/1","checks":["t-provider"]}`, "x:1: it names no product"},
		"an unknown change":         {head + `{"change":"format_disk"}`, `x:2: there is no change "format_disk"`},
		"a broken line":             {head + "\n" + `{"change":`, "x:3: "},
		"a time that is none":       {head + `{"change":"run_started","at":"yesterday"}`, "x:2: "},
		"a fix without an action":   {head + `{"change":"fix_started"}`, "x:2: "},
		"a line without an end":     {head + strings.Repeat("x", recordLine+1), "x:2: the line is longer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadRecord(strings.NewReader(in.text), "x")
			if err == nil || !strings.Contains(err.Error(), in.want) {
				t.Errorf("%v, want %q", err, in.want)
			}
		})
	}
}

// FuzzRecord walks a file from anywhere to its end: nothing in it makes the session, its verdict or its report break down.
func FuzzRecord(f *testing.F) {
	rules, err := assets.LoadRules()
	if err != nil {
		f.Fatal(err)
	}
	o := Options{Rules: rules, Redact: RedactOff, Place: Place{Close: func() {}}}
	s := New(Self, []*assets.Profile{{Name: "withsecure"}}, checks.All(), time.Now())
	s.Recorded = true
	for _, c := range everyChange(time.Now()) {
		s = s.Apply(c)
	}
	var b bytes.Buffer
	if err := o.WriteRecord(&b, s, "id"); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := ReadRecord(bytes.NewReader(b), "x")
		if err != nil {
			return
		}
		s := rec.Play("")
		o := o
		o.Replay = &rec
		for _, format := range []string{"json", "text"} {
			var out bytes.Buffer
			if err := o.Report(s, "id").Write(&out, format); err != nil {
				t.Fatal(err)
			}
			tame(t, format, out.Bytes())
		}
	})
}
