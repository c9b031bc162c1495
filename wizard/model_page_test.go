package wizard

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
)

func TestALowWindowScrollsPastNothingUnseen(t *testing.T) {
	for name, tt := range map[string]struct {
		key      string
		top, end int
	}{
		"PgDn leaves lines out":     {"pgdown", 0, 4},
		"PgUp leaves lines out":     {"pgup", 20, 16},
		"End leaves the page empty": {"end", 0, 24},
		"Home does not lead back":   {"home", 20, 0},
		"PgDn goes past the end":    {"pgdown", 23, 24},
	} {
		if got, moved := scroll(tt.key, tt.top, 30, 6); got != tt.end || !moved {
			t.Errorf("%s: at %d", name, got)
		}
	}
}

func TestOneProductWithoutACacheDoesNotSpeakForBoth(t *testing.T) {
	none := checks.Result{Reason: "the profile names no cache", Findings: []checks.Finding{{Code: "x.none", Status: checks.Skip}}}
	seen := checks.Result{Findings: []checks.Finding{{Code: "x.seen", Status: checks.Pass}}}
	m := &Model{kit: tui.Kit{Theme: tui.NewTheme(colorprofile.NoTTY), Glyphs: tui.GlyphsFor(true)}, session: Session{
		Profiles: []*assets.Profile{{Name: "a"}, {Name: "b"}},
		Steps:    []Step{{Spec: checks.Spec{ID: "x", Title: "Cache"}, Runs: []Run{{State: Done, Result: seen}, {State: Done, Result: none}}}}}}
	if got := strings.Join(verdictPage{}.calm(m, 80), "\n"); !strings.Contains(got, "1 ok") {
		t.Error(got)
	}
}

func TestARowDoesNotJumpWhileItsWalkGoesOn(t *testing.T) {
	at := func(target, address string) checks.Path { return checks.Path{Target: target, Address: address} }
	r := Run{State: Running}
	r.see(EventsSeen{Walking: []checks.Path{at("a", ""), at("b", "")}})
	before := r.Walking
	r.see(EventsSeen{Walking: []checks.Path{at("a", "192.0.2.1"), at("c", "")}})
	if len(r.Walking) != 3 || r.Walking[0].Address != "192.0.2.1" || r.Walking[2].Target != "c" {
		t.Errorf("%v", r.Walking)
	}
	if before[0].Address != "" {
		t.Error("the session before it was changed")
	}
}

func TestTheTicketOpensIsSavedAndCloses(t *testing.T) {
	t.Chdir(t.TempDir())
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider")
		a.run(5 * time.Second)
		a.press(char('t'))
		if a.m.dialog != nil {
			t.Fatal("a step that looks at no address has a ticket")
		}
		a.press(char('v'), char('t'))
		a.shows("There is nothing here for the team that runs firewall, proxy and DNS.")
		a.shows("save")
		a.press(char('s'))
		a.shows("Saved in ")
		a.press(tea.Key{Code: tea.KeyEscape})
		if a.m.dialog != nil || a.m.session.At != 1 {
			t.Errorf("Esc leaves the verdict, at step %d", a.m.session.At)
		}
	})
	if files, _ := filepath.Glob("linecheck-*-ticket.*"); len(files) != 2 {
		t.Errorf("saved %v", files)
	}
}
