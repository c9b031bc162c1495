package tuitest

import (
	"strconv"
	"testing"

	"linecheck/tui"
)

// alike are keys that do the same wherever something is listed or read.
var alike = [][]string{{"down", "j"}, {"up", "k"}, {"home", "g"}, {"end", "G"}, {"pgdown", "ctrl+d", "ctrl+f"}, {"pgup", "ctrl+u", "ctrl+b"}}

// Walk holds what is the same in all panels: Enter opens the evidence, Enter again everything raw, Esc goes back the same
// way, and does not reach the wizard before; arrows and the letters of vi move alike. show makes the panel with enough rows
// to scroll, keys lead to where Enter opens something.
func Walk(t *testing.T, show func() tui.Panel, keys ...string) {
	t.Helper()
	p, _ := Keys(show(), keys...)
	held := tui.Holds(p, Key("esc"))
	views := []string{p.View(80, 18)}
	for i := range 2 {
		p, _ = Keys(p, "enter")
		if !tui.Holds(p, Key("esc")) {
			t.Errorf("after Enter %d times Esc leaves the step", i+1)
		}
		views = append(views, p.View(80, 18))
		if views[i] == views[i+1] {
			t.Errorf("Enter number %d shows nothing new:\n%s", i+1, views[i])
		}
	}
	for i := 1; i >= 0; i-- {
		p, _ = Keys(p, "esc")
		if s := p.View(80, 18); s != views[i] {
			t.Errorf("Esc does not lead back to\n%s\nbut to\n%s", views[i], s)
		}
	}
	if tui.Holds(p, Key("esc")) != held {
		t.Error("Esc is kept from the wizard although nothing is open")
	}
	for depth := range 3 {
		for _, group := range alike {
			want := ""
			for i, key := range group {
				p, _ := Keys(show(), keys...)
				for range depth {
					p, _ = Keys(p, "enter")
				}
				p.View(80, 18)
				if group[0] == "up" || group[0] == "pgup" {
					p, _ = Keys(p, "end")
				} else if group[0] == "home" {
					p, _ = Keys(p, "down", "down")
				}
				p, _ = Keys(p, key)
				if s := p.View(80, 18); i == 0 {
					want = s
				} else if s != want {
					t.Errorf("%s and %s differ at depth "+strconv.Itoa(depth), group[0], key)
				}
			}
		}
	}
}
