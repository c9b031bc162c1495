package tui

import "testing"

func TestADateIsNotBrokenAtItsHyphens(t *testing.T) {
	got := Wrap("seen at 2026-11-22 15:40", 18)
	if len(got) != 2 || got[0] != "seen at 2026-11-22" || got[1] != "15:40" {
		t.Errorf("%q", got)
	}
	if got := Wrap("seen last on 2026-11-22", 20); got[1] != "2026-11-22" {
		t.Errorf("%q", got)
	}
}
