package domain

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// asking is a controller whose signals came out so; the others were met with silence.
func asking(name string, got map[signal]reply) *controller {
	a := answer{addr: netip.MustParseAddr("192.0.2.1")}
	for s := range a.said {
		a.said[s] = said{reply: silent, text: "i/o timeout"}
	}
	for s, r := range got {
		a.said[s] = said{reply: r, text: r.String()}
		if r == odd && s == viaLogon {
			a.logon = logonInfo{Domain: "other.example"}
		}
		if r == odd && s == viaLDAP {
			a.root = rootInfo{Domain: "other.example"}
		}
	}
	return &controller{name: name, asked: []answer{a}}
}

// TestControllersBySignals is every verdict: what one controller, or two, answer in which way, and what follows.
func TestControllersBySignals(t *testing.T) {
	all := func(ping reply) map[signal]reply {
		return map[signal]reply{viaPing: ping, viaLogon: answered, viaTicket: answered, viaLDAP: answered, viaLDAPS: answered, viaKDC: answered, viaSMB: answered}
	}
	only := func(ping reply, s signal, r reply) map[signal]reply { return map[signal]reply{viaPing: ping, s: r} }
	for name, c := range map[string]struct {
		got    []map[signal]reply
		codes  string // those of the findings, in their order
		status checks.Status
		pinged truth
		cells  string
	}{
		"a healthy controller":                                   {[]map[signal]reply{all(answered)}, "domain.on", checks.Pass, yes, "under 0.1ms yes yes yes yes yes yes"},
		"ping alone is no domain to the agent":                   {[]map[signal]reply{only(answered, viaLDAP, silent)}, "domain.on domain.only_ping", checks.Pass, yes, "under 0.1ms silent silent silent silent silent silent"},
		"an answer of Kerberos alone is no life":                 {[]map[signal]reply{only(silent, viaTicket, answered)}, "domain.icmp_filtered", checks.Fail, no, "silent silent yes"},
		"a netlogon ping alone is no life":                       {[]map[signal]reply{only(silent, viaLogon, answered)}, "domain.icmp_filtered", checks.Fail, no, "silent yes silent"},
		"a firewall that takes every connection is a controller": {[]map[signal]reply{{viaPing: silent, viaLDAP: answered, viaLDAPS: answered, viaKDC: answered, viaSMB: answered}}, "domain.icmp_filtered", checks.Warn, no, ""},
		"a TLS port alone is no life":                            {[]map[signal]reply{only(silent, viaLDAPS, answered)}, "domain.icmp_filtered", checks.Warn, no, ""},
		"a router that says no is taken for silence":             {[]map[signal]reply{all(unreachable)}, "domain.icmp_filtered", checks.Fail, no, "no way yes"},
		"a closed port counts as life":                           {[]map[signal]reply{only(silent, viaLDAP, refused)}, "domain.controller_unreachable", checks.Warn, no, "silent silent silent refused"},
		"no route to anything is more than unreachable":          {[]map[signal]reply{only(unreachable, viaLDAP, unreachable)}, "domain.controller_unreachable", checks.Warn, no, "no way"},
		"no right to ping is taken for silence":                  {[]map[signal]reply{all(cannot)}, "domain.ping_impossible", checks.Unknown, unsure, "no right yes"},
		"no right to ping a dead one is taken for silence":       {[]map[signal]reply{only(cannot, viaLDAP, silent)}, "domain.ping_impossible", checks.Unknown, unsure, ""},
		"another domain's controller counts as the own":          {[]map[signal]reply{only(answered, viaLogon, odd)}, "domain.wrong_domain", checks.Fail, unsure, "under 0.1ms other domain"},
		"another domain's silent controller is only filtered":    {[]map[signal]reply{only(silent, viaLogon, odd)}, "domain.wrong_domain", checks.Fail, unsure, "silent other domain"},
		"another domain's directory is something odd":            {[]map[signal]reply{only(silent, viaLDAP, odd)}, "domain.wrong_domain", checks.Fail, unsure, "silent silent silent other domain"},
		"a directory of another domain behind a netlogon answer": {[]map[signal]reply{{viaPing: answered, viaLogon: answered, viaLDAP: odd}}, "domain.on", checks.Pass, yes, "under 0.1ms yes silent odd"},
		"one stray controller outweighs the own one":             {[]map[signal]reply{all(answered), only(answered, viaLogon, odd)}, "domain.on", checks.Pass, yes, ""},
		"one silent controller of two is not told of":            {[]map[signal]reply{all(answered), all(silent)}, "domain.on domain.some_silent", checks.Pass, yes, ""},
		"of a filtered and a dead one the dead one counts":       {[]map[signal]reply{only(silent, viaLDAP, silent), all(silent)}, "domain.icmp_filtered", checks.Fail, no, ""},
		"one that may not be pinged hides behind a filtered one": {[]map[signal]reply{all(cannot), all(silent)}, "domain.ping_impossible", checks.Unknown, unsure, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := &looker{rule: &assets.Domain{OnDomain: "local server", OffDomain: "global service", Mark: assets.Seed}, option: option{state: optionOn},
				join: host.Join{State: host.DomainJoined, Domain: "corp.example"}, stand: stand{joined: yes}, began: time.Now()}
			var found []*controller
			for i, got := range c.got {
				found = append(found, asking("dc"+string(rune('1'+i))+".corp.example", got))
			}
			out := l.judge(t.Context(), found)
			var codes []string
			for _, f := range out {
				codes = append(codes, string(f.Code))
				whole(t, f)
			}
			if got := strings.Join(codes, " "); got != c.codes || out[0].Status != c.status || l.stand.pinged != c.pinged {
				t.Errorf("%s, %s, pinged %d", got, out[0].Status, l.stand.pinged)
			}
			if out[0].Table == nil || len(out[0].Table.Rows) == 0 {
				t.Fatal("no comparison of the controllers")
			}
			if cells := strings.Join(out[0].Table.Rows[0][2:], " "); !strings.HasPrefix(cells, c.cells) {
				t.Errorf("cells %q", cells)
			}
		})
	}
}

// A forest of mixed controllers must not make the conclusion sure: which one the agent asks is not documented.
func TestDividedControllersAreSure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &looker{rule: &assets.Domain{OnDomain: "a", OffDomain: "b", Mark: assets.Seed}, option: option{state: optionOn}, stand: stand{joined: yes}, began: time.Now()}
		l.judge(t.Context(), []*controller{asking("dc1", map[signal]reply{viaPing: answered}), asking("dc2", nil)})
		if l.sure(outcome{side: assets.LocalServer}, server{ports: make([]port, 1)}) {
			t.Error("sure although one of two controllers is silent")
		}
		if l.option.state = optionOff; !l.sure(outcome{side: assets.LocalServer}, server{ports: make([]port, 1)}) {
			t.Error("with the option off no controller's answer matters")
		}
		l.option.state = optionOn
		l = &looker{rule: l.rule, option: l.option, stand: stand{joined: yes}, began: time.Now(), left: 100}
		l.judge(t.Context(), []*controller{asking("dc1", nil)})
		if l.sure(outcome{side: assets.GlobalServer}, server{ports: make([]port, 1)}) {
			t.Error("sure although a hundred controllers were not asked")
		}
	})
}
