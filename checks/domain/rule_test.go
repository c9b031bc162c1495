package domain

import (
	"testing"

	"linecheck/assets"
)

func TestRule(t *testing.T) {
	const local, global = assets.LocalServer, assets.GlobalServer
	for name, c := range map[string]struct {
		stand stand
		on    truth
		side  string
	}{
		"on domain with the option on, the global server is used":         {stand{optionOn, yes, yes}, yes, local},
		"a silent controller leaves the agent with the local server":      {stand{optionOn, yes, no}, no, global},
		"a workgroup with the option on uses the local server":            {stand{optionOn, no, unsure}, no, global},
		"without the option an agent leaves its server":                   {stand{optionOff, yes, no}, no, local},
		"without the option a workgroup uses the global server":           {stand{optionOff, no, unsure}, no, local},
		"without the option ping counts":                                  {stand{optionOff, yes, unsure}, unsure, local},
		"on domain the server depends on an option that is not known":     {stand{optionUnknown, yes, yes}, yes, local},
		"off domain an unknown option is guessed":                         {stand{optionUnknown, yes, no}, no, ""},
		"a workgroup with an unknown option is guessed":                   {stand{optionUnknown, no, unsure}, no, ""},
		"a ping that could not be sent counts as unanswered":              {stand{optionOn, yes, unsure}, unsure, ""},
		"a computer whose join is not known counts as in no domain":       {stand{optionOn, unsure, unsure}, unsure, ""},
		"a ping that was answered on a computer of no domain counts":      {stand{optionOn, no, yes}, no, global},
		"an answered ping counts less than a join that could not be read": {stand{optionOn, unsure, yes}, yes, local},
	} {
		got := c.stand.decide()
		if got.on != c.on || got.side != c.side || got.reason == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What would change is told by the same rule: every row differs from the stand in one thing.
func TestChanges(t *testing.T) {
	for _, option := range []string{optionOn, optionOff, optionUnknown} {
		for joined := unsure; joined <= no; joined++ {
			for pinged := unsure; pinged <= no; pinged++ {
				s := stand{option, joined, pinged}
				all := s.changes(true)
				if len(all) < 2 {
					t.Errorf("%+v: only %d changes", s, len(all))
				}
				seen := map[string]bool{}
				for _, c := range all {
					if seen[c.what] || c.then.reason == "" {
						t.Errorf("%+v: %q twice, or without a reason", s, c.what)
					}
					seen[c.what] = true
				}
				if i := telling(all, s.decide()); i < 0 || i >= len(all) {
					t.Errorf("%+v: the row that is told is %d of %d", s, i, len(all))
				}
			}
		}
	}
	filtered := stand{optionOn, yes, no}
	all := filtered.changes(true)
	if c := all[telling(all, filtered.decide())]; c.what != "the firewall let ping through to the controllers" || c.then.side != assets.LocalServer || c.then.on != yes {
		t.Errorf("with ping blocked the first to say is %+v", c)
	}
	for _, c := range (stand{optionOn, yes, unsure}).changes(true) {
		if c.what == "the firewall let ping through to the controllers" {
			t.Error("a firewall is blamed although nobody could ping")
		}
	}
	workgroup := stand{optionOn, no, unsure}
	all = workgroup.changes(false)
	if c := all[0]; c.what != "the option were off" || c.then.side != assets.LocalServer {
		t.Errorf("in a workgroup: %+v", all)
	}
}
