package domain

import (
	"testing"
	"testing/synctest"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

func shownPanel(t *testing.T, kit tui.Kit, found []checks.Finding) tui.Panel {
	t.Helper()
	p, _, _ := newModel(check{}.Spec(), kit).Update(tui.RunsMsg{Runs: []tui.Run{{Findings: found}}})
	return p
}

// The panel says above the list which server is used, by what rule and whether it answers, whatever is selected.
func TestPanel(t *testing.T) {
	var found []checks.Finding
	synctest.Test(t, func(t *testing.T) { // its clock begins at a fixed time
		env, f := agent(t, map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, closed(assets.GlobalServer))
		f.Pings["192.0.2.10"] = noEcho
		res, err := check{}.Run(t.Context(), env, func(checks.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		found = res.Findings
		for _, row := range found[1].Table.Rows { // the zone is the machine's
			row[0] = "10:00:00"
		}
	})
	tuitest.Screens(t, "off-domain", func(kit tui.Kit) tui.Panel { return shownPanel(t, kit, found) })
	tuitest.Screens(t, "replay", func(kit tui.Kit) tui.Panel {
		p, _ := tuitest.Keys(shownPanel(t, kit, found), "down")
		return p
	})
	tuitest.Spoken(t, "off-domain", func(kit tui.Kit) tui.Panel { return shownPanel(t, kit, found) })
	tuitest.Walk(t, func() tui.Panel { return shownPanel(t, tuitest.Kit(false), found) })
	tuitest.Fits(t, shownPanel(t, tuitest.Kit(false), found).View, shownPanel(t, tuitest.Kit(true), found).View)
	if p := shownPanel(t, tuitest.Kit(false), nil); p.View(80, 18) == "" {
		t.Error("an empty panel says nothing")
	}
}
