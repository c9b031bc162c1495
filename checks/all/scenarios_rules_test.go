package all

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/lab"
)

// company says whom the checks may ask for and connect to in a scenario: the profile's addresses, whatever the machine
// itself names, and what the machine's domain leads to.
type company struct {
	names  []string // of the profile, and of the network's own pages
	told   string   // all that stands on the machine
	domain string
}

func newCompany(p *assets.Profile, sc lab.Scene, portals bool) company {
	c := company{told: strings.ToLower(fmt.Sprintf("%+v", sc.Machine)), domain: strings.ToLower(sc.Machine.Domain)}
	for _, e := range p.Endpoints {
		c.names = append(c.names, strings.ToLower(e.Host))
	}
	for at := range sc.Network.PAC { // a script names proxies, and may be behind a redirect
		c.told += strings.ToLower(fmt.Sprintf(" %s %+v", at, sc.Network.PAC[at]))
	}
	for _, controller := range sc.Network.Controllers {
		c.names = append(c.names, strings.ToLower(controller.Name))
	}
	if boxes, err := assets.LoadMiddleboxes(); err == nil && portals {
		for _, at := range boxes.Portals {
			c.names = append(c.names, at.Endpoint().Host)
		}
	}
	return c
}

// strangers are those that were asked for or connected to and are none of the product's or the company's business.
func (c company) strangers(asked, dialled []string) (out []string) {
	for _, q := range slices.Concat(asked, dialled) {
		f := strings.Fields(q)
		name := strings.ToLower(f[len(f)-1])
		if host, _, ok := strings.Cut(name, ":"); ok && f[0] == "proxy" {
			name = host
		}
		inside := c.domain != "" && strings.HasSuffix(name, "."+c.domain)
		address := strings.HasPrefix(f[0], "tcp") && len(f) == 2 // to where only DNS or the hosts file leads
		if !inside && !address && !slices.Contains(c.names, name) && !strings.Contains(c.told, name) {
			out = append(out, q)
		}
	}
	return out
}

// secrets are the words of the scenarios that stand for passwords, and the tokens of the practice machine's login.
var secrets = []string{"geheim", "falsch", "TlRMTVNTU", "NTLMSSP", "practice ticket", "cHJhY3RpY2Ugd"}

// leaks names the secrets in what a person gets to see.
func leaks(found []checks.Finding, events []string) (out []string) {
	look := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				out = append(out, s+" in "+where)
			}
		}
	}
	for _, f := range found {
		path, table := f.Path, f.Table
		f.Path, f.Table = nil, nil
		look("finding "+string(f.Code), fmt.Sprintf("%+v %+v %+v", f, path, table))
	}
	for _, e := range events {
		look("an event", e)
	}
	return out
}

func TestRunnerSeesWhatIsWrong(t *testing.T) {
	good := checks.Finding{Code: "a.b", Status: checks.Fail, Subject: "x.example", Args: map[string]string{"k": "value"},
		Evidence: []checks.Evidence{{Source: "DNS", Text: "raw"}}, Table: &checks.Table{Rows: [][]string{{"one", "two"}}}}
	for name, w := range map[string]wanted{
		"another code fits":       {Code: "a.c"},
		"another status fits":     {Code: "a.b", Status: "warn"},
		"another subject fits":    {Code: "a.b", Subject: "y.example"},
		"a missing argument fits": {Code: "a.b", Args: map[string]string{"l": ""}},
		"another argument fits":   {Code: "a.b", Args: map[string]string{"k": "other"}},
		"other evidence fits":     {Code: "a.b", Proof: "TCP"},
		"another table fits":      {Code: "a.b", Table: []string{"three"}},
	} {
		if w.fits(good) {
			t.Error(name)
		}
	}
	if w := (wanted{Code: "a.b", Status: "fail", Subject: "x.", Args: map[string]string{"k": "val"}, Proof: "DNS: raw", Table: []string{"one | two"}}); !w.fits(good) {
		t.Error("what is meant does not fit")
	}
	if got := leaks([]checks.Finding{{Code: "a.b", Path: &checks.Path{Target: "geheim"}}, {Table: &checks.Table{Rows: [][]string{{"falsch"}}}}}, []string{"x NTLMSSP"}); len(got) != 3 {
		t.Errorf("leaks %q", got)
	}
	c := company{names: []string{"x.example"}, domain: "corp.example", told: "http://proxy.intern:1"}
	asked := []string{"A x.example", "A dc.corp.example", "A proxy.intern", "A other.example"}
	dialled := []string{"tcp 192.0.2.1:443", "tcp 192.0.2.1:443 other.example", "proxy other.example:443", "proxy x.example:443"}
	if got := c.strangers(asked, dialled); len(got) != 3 {
		t.Errorf("strangers %q", got)
	}
}
