package wizard

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

var (
	enter, esc, tab = tea.Key{Code: tea.KeyEnter}, tea.Key{Code: tea.KeyEscape}, tea.Key{Code: tea.KeyTab}
	down            = tea.Key{Code: tea.KeyDown}
)

func TestARoleChangesNoResult(t *testing.T) {
	atHome(t)
	reports := map[Role]string{}
	for _, r := range append(roles, "changed") {
		synctest.Test(t, func(t *testing.T) {
			o := optionsOf(t, "t-provider", "t-needy", "t-hangs")
			if o.Role = r; r == "changed" {
				o.Role = Helpdesk
			}
			a := launch(t, 80, 24, o)
			a.run(5 * time.Second)
			if r == "changed" {
				a.press(char('w'), char('2'))
				if a.m.session.Role != Guided {
					t.Fatalf("after w and 2 the role is %s", a.m.session.Role)
				}
			}
			rep := o.Report(a.m.session, "id")
			if want := map[bool]Role{true: Guided, false: r}[r == "changed"]; rep.Run.Role != want {
				t.Errorf("the report says role %s, want %s", rep.Run.Role, want)
			}
			rep.Run.Role, rep.Run.Finished, rep.Run.DurationMS = "", "", 0
			b, err := json.Marshal(rep)
			if err != nil {
				t.Fatal(err)
			}
			reports[r] = string(b)
		})
	}
	for r, b := range reports {
		if b != reports[Self] {
			t.Errorf("%s and self differ:\n%s\n%s", r, b, reports[Self])
		}
	}
}

func TestTheRoleIsAskedOnceAndRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept []Role
		o := optionsOf(t, "t-provider")
		o.Role, o.Ask = Helpdesk, true
		o.Remember = func(r Role) error { kept = append(kept, r); return nil }
		a := launch(t, 80, 24, o)
		a.run(time.Second)
		a.shows("How do you work?")
		a.press(tab, enter)
		a.run(5 * time.Second)
		if len(kept) != 1 || kept[0] != Guided || a.m.session.Role != Guided {
			t.Fatalf("remembered %v, works as %s", kept, a.m.session.Role)
		}
		a.shows("linecheck remembers it")
		a.press(char('w'), char('2')) // the same once more is no news
		if len(kept) != 1 {
			t.Errorf("remembered %v", kept)
		}
		a.press(char('w'), down, enter)
		if len(kept) != 2 || kept[1] != Self || a.m.session.Role != Self {
			t.Errorf("remembered %v, works as %s", kept, a.m.session.Role)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t, "t-provider")
		o.Role, o.RoleKnown, o.Ask = Guided, true, true
		o.Remember = func(r Role) error { t.Errorf("%s is remembered again", r); return nil }
		a := launch(t, 80, 24, o)
		a.run(time.Second)
		if strings.Contains(a.plain(), "How do you work?") {
			t.Errorf("it is asked again:\n%s", a.plain())
		}
		a.shows("How you work: guided")
		a.press(enter)
		a.run(5 * time.Second)
	})
}

func TestARoleThatCannotBeRememberedIsTakenAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t, "t-provider")
		o.Remember = func(Role) error { return errors.New("the disk is full") }
		a := launch(t, 80, 24, o)
		a.run(5 * time.Second)
		a.press(char('w'), char('1'))
		a.shows("It could not be remembered: the disk is full")
		if a.m.session.Role != Helpdesk {
			t.Errorf("works as %s", a.m.session.Role)
		}
	})
}

// drawn is a screen without a program around it, as it is after every check has ended.
func drawn(t *testing.T, role Role, ascii bool, found ...checks.Finding) *Model {
	t.Helper()
	m := &Model{kit: tui.Kit{Theme: tui.NewTheme(colorprofile.NoTTY), Glyphs: tui.GlyphsFor(ascii)}, began: true, w: 80, h: 24}
	p := &assets.Profile{Name: "p", Vendor: "V", Title: "Product"}
	m.session = Session{Role: role, Started: time.Now(), Profiles: []*assets.Profile{p}}
	for i, id := range []checks.ID{"product", "clock", "proxy", "allowlist", "cache", "domain", "logs"} {
		spec := checks.Spec{ID: id, Title: lang.T("step." + string(id) + ".title"), Question: lang.T("step." + string(id) + ".question"), Order: i}
		r := Run{Check: id, State: Done, Result: checks.Result{Findings: found}}
		m.session.Steps = append(m.session.Steps, Step{Spec: spec, Runs: []Run{r}})
		m.panels = append(m.panels, tui.NewFindings(spec, m.kit))
	}
	for i := range m.session.Steps {
		m.show(i)
	}
	return m
}

func TestTheRolesPartLeavesTheEvidenceInSight(t *testing.T) {
	broken := checks.Finding{Code: "x.broken", Status: checks.Fail, Subject: "gw.example.intern:3128"}
	for _, code := range lang.Known() {
		if err := lang.Use(code); err != nil {
			t.Fatal(err)
		}
		for _, r := range roles {
			m := drawn(t, r, false, broken)
			for at := range m.session.Steps {
				m.session.At = at
				for size, most := range map[[2]int]int{{80, 18}: 6, {120, 34}: 11, {40, 6}: 1, {40, 4}: 0, {10, 10}: 0, {200, 54}: 18} {
					if n := len(m.roleLines(size[0], size[1])); n > most {
						t.Errorf("%s, %s, step %d, %v: %d rows, want at most %d", code, r, at, size, n, most)
					}
					for _, l := range m.roleLines(size[0], size[1]) {
						if tui.Width(l) > size[0] {
							t.Errorf("%s, %s, %v: %q is too wide", code, r, size, l)
						}
					}
				}
			}
		}
	}
	if err := lang.Use(lang.English); err != nil {
		t.Fatal(err)
	}
}

func TestGuidedHasTwoPartsAndAWay(t *testing.T) {
	m := drawn(t, Guided, false, checks.Finding{Code: "x.broken", Status: checks.Fail})
	m.session.At = 2
	for _, want := range []string{"   Do   ", "   Say  \"", " Step 3 of 7 ●────────●────────●────────○"} {
		if !strings.Contains(m.screen(), want) {
			t.Errorf("%q is not in\n%s", want, m.screen())
		}
	}
	m.h, m.w = 12, 40
	if s := m.screen(); !strings.Contains(s, " Do ") || strings.Contains(s, "Say") {
		t.Errorf("at 40x12\n%s", s)
	}
	if m = drawn(t, Guided, true); !strings.Contains(m.screen(), "Step 1 of 7 *--------o--------o") {
		t.Errorf("in ASCII\n%s", m.screen())
	}
}

func TestEveryStepHasWordsForEveryRole(t *testing.T) {
	for _, code := range []string{"en", "de"} {
		words, err := lang.All(code)
		if err != nil {
			t.Fatal(err)
		}
		steps := 0
		for key := range words {
			id, title := strings.CutSuffix(strings.TrimPrefix(key, "step."), ".title")
			if !strings.HasPrefix(key, "step.") || !title {
				continue
			}
			steps++
			for _, part := range []string{"guided.%s.do", "guided.%s.say", "self.%s.why", "self.%s.try"} {
				if words["role."+fmt.Sprintf(part, id)] == "" {
					t.Errorf("%s: nothing for "+part, code, id)
				}
			}
		}
		if steps < 7 {
			t.Errorf("%s: %d steps", code, steps)
		}
	}
}
