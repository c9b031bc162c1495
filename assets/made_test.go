package assets

import (
	"slices"
	"testing"
)

func TestAnAddressSaysWhatItWasMadeWith(t *testing.T) {
	raw := &Profile{
		Vars: map[string]Var{"version": {Default: "20"}, "region": {}},
		Endpoints: []Endpoint{
			{Host: "ds${version}.vendor.example"}, {Host: "plain.vendor.example"}, {Host: "r.vendor.example", When: "region"},
			{Host: "${region}.vendor.example", Path: "/${version}/${region}", When: "region"}},
	}
	fill := func(t *testing.T, vars map[string]string, from string) *Profile {
		p := *raw
		p.raw, p.Values, p.From = raw, map[string]string{"version": "20"}, map[string]string{"version": FromDefault}
		p.Endpoints = slices.Clone(raw.Endpoints)
		p.Endpoints[0].Host = "ds20.vendor.example"
		for k, v := range vars {
			p.Values[k], p.From[k] = v, from
		}
		return &p
	}
	for name, c := range map[string]struct {
		vars map[string]string
		from string
		at   int
		want []string
	}{
		"a default":                     {nil, "", 0, []string{"version = 20 (default)"}},
		"an argument":                   {map[string]string{"version": "12"}, FromArgument, 0, []string{"version = 12 (argument)"}},
		"found in a log":                {map[string]string{"region": "us-1"}, "found in ds_agent.log", 2, []string{"region = us-1 (found in ds_agent.log)"}},
		"no variable":                   {nil, "", 1, nil},
		"each variable is told once":    {map[string]string{"region": "us-1"}, FromArgument, 3, []string{"region = us-1 (argument)", "version = 20 (default)"}},
		"a variable without a value":    {nil, "", 2, nil},
		"a profile that was not filled": {nil, "raw", 0, nil},
		"an address of another profile": {nil, "", -1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, e := fill(t, c.vars, c.from), Endpoint{Host: "elsewhere.example"}
			if c.at >= 0 {
				e = p.Endpoints[c.at]
			}
			if c.from == "raw" {
				p = raw
			}
			if got := p.Made(e); !slices.Equal(got, c.want) {
				t.Errorf("made with %q, want %q", got, c.want)
			}
		})
	}
}
