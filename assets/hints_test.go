package assets

import (
	"fmt"
	"slices"
	"testing"
)

func TestHintsNameWhatIsAllowedButWeak(t *testing.T) {
	p := parsed(t, small+`vars: {a: {}, b: {}, c: {}}
endpoints:
- {host: '${a}', purpose: p, required: true, when: b}
cache: {dir: /var/cache/x/y, service: x, ttl: 1h}
`)
	got := map[string]int{}
	for _, h := range p.Hints() {
		got[h.Key] = h.Line
		if h.File != "f.yaml" || h.Text == "" || h.Remedy == "" {
			t.Errorf("%+v", h)
		}
	}
	for key, line := range map[string]int{"detect": 1, "revision": 1, "endpoints[0].mark": 7, "endpoints[0].expect": 7, "cache.service": 8, "vars.c": 5} {
		if got[key] != line {
			t.Errorf("%s: line %d, want %d", key, got[key], line)
		}
		delete(got, key)
	}
	if len(got) > 0 {
		t.Errorf("too many: %v", got)
	}
}

func TestOwnProfilesNeedNoHintsButWhereTheAnswerIsNotKnown(t *testing.T) {
	list, err := Profiles()
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, parsed(t, string(NewProfile("new"))))
	for _, p := range list {
		for _, h := range p.Hints() {
			if !slices.ContainsFunc([]string{"agents.workload.${region}.cloudone.trendmicro.com", "${sps}"}, func(host string) bool {
				i := slices.IndexFunc(p.Endpoints, func(e Endpoint) bool { return e.Host == host && e.Required })
				return i >= 0 && h.Key == fmt.Sprintf("endpoints[%d].expect", i)
			}) {
				t.Errorf("%s: %v", p.Name, h)
			}
		}
	}
}
