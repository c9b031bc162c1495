package wizard

import (
	"slices"
	"strings"
	"testing"

	"linecheck/checks"
)

func TestTheNewWaysOfAProxyBecomeCauses(t *testing.T) {
	open := walk("f1", "a", "path.open", checks.Pass, true, proxyURL)
	for name, tt := range map[string]struct {
		found  []Seen
		status string
		causes []string
		says   string // somewhere in the first cause
	}{
		"a login page is overlooked where everything is dropped": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), other("f2", "allowlist", "path.portal", checks.Warn, "location", "http://login.example")},
			Fault, []string{"http.captive_portal"}, "by a login page instead of its owner. It leads to http://login.example."},
		"a login page beside the product's proxy is blamed for the proxy": {
			[]Seen{walk("f1", "a", "proxy.denied", checks.Fail, true, proxyURL), other("f2", "allowlist", "path.portal", checks.Warn)},
			Fault, []string{"proxy.denied"}, ""},
		"a login page is blamed although the line is open": {
			[]Seen{proven(walk("f1", "a", "path.open", checks.Pass, true, "direct")), other("f2", "allowlist", "path.portal", checks.Warn)}, Healthy, nil, ""},
		"a login that the product cannot do is called one that is missing": {
			[]Seen{other("f1", "proxy", "proxy.auth_required", checks.Fail, "able", "no", "schemes", "ntlm", "auth", "basic", "proxy", proxyURL)},
			Fault, []string{"proxy.auth_scheme"}, "logins that the product can do are: basic"},
		"a walk's word that no login can be done does not count": {
			[]Seen{having(walk("f1", "a", "proxy.auth_required", checks.Fail, true, proxyURL), "can", "none")}, Fault, []string{"proxy.auth_scheme"}, ""},
		"a login that is missing is called one that cannot be done": {
			[]Seen{other("f1", "proxy", "proxy.auth_required", checks.Fail, "able", "yes"), other("f2", "proxy", "proxy.login_works", checks.Note, "how", "the login that was typed")},
			Fault, []string{"proxy.auth_required"}, "the login that was typed gets through"},
		"a dead first proxy is a fault although a later one works": {
			[]Seen{open, other("f2", "proxy", "proxy.first_dead", checks.Warn, "first", "http://a:1", "works", "http://b:1, which works")},
			Warning, []string{"proxy.first_dead"}, "After it comes http://b:1, which works."},
		"a kind of proxy that is not for the product is nobody's cause": {
			[]Seen{open, other("f2", "proxy", "proxy.kind_unusable", checks.Fail, "kind", "a SOCKS 4 proxy", "can", "an HTTP proxy")},
			Fault, []string{"proxy.kind_unusable"}, "cannot use a SOCKS 4 proxy"},
		"a refusal by ICMP is told like any other": {
			[]Seen{having(walk("f1", "a", "tcp.refused", checks.Fail, true, "direct"), "barred_by", "10.0.0.1")}, Fault, []string{"tcp.refused"}, "ICMP message from 10.0.0.1"},
		"who said no is made up where nobody did": {
			[]Seen{walk("f1", "a", "tcp.refused", checks.Fail, true, "direct")}, Fault, []string{"tcp.refused"}, "a firewall that rejects."},
		"why the browser works is not told": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), walk("f2", "a", "path.open", checks.Note, false, proxyURL),
				other("f3", "proxy", "proxy.identities_differ", checks.Note, "why", "Your browser works because it has a proxy.")},
			Fault, []string{"proxy.product_bypasses"}, "Your browser works because it has a proxy."},
		"encryption to the proxy that fails is nobody's cause": {
			[]Seen{other("f1", "proxy", "proxy.tls", checks.Fail, "proxy", "https://gw:443", "error", "it expired")}, Fault, []string{"proxy.tls"}, "it expired"},
		"a script that was not run counts as an answer": {
			[]Seen{other("f1", "proxy", "proxy.pac_not_run", checks.Unknown), other("f2", "proxy", "proxy.route", checks.Unknown)}, Inconclusive, nil, ""},
	} {
		v := judged(t, Product{Name: "p", Title: "Product"}, append(slices.Clone(looked), tt.found...)...)
		var ids []string
		text := ""
		for i, c := range v.Causes {
			if ids = append(ids, c.ID); i == 0 {
				text = c.Headline + " " + c.Explanation
			}
		}
		if v.Status != tt.status || !slices.Equal(ids, tt.causes) || !strings.Contains(text, tt.says) {
			t.Errorf("%s: %s %v: %s", name, v.Status, ids, text)
		}
	}
}

func having(f Seen, name, value string) Seen {
	f.Finding = f.With(name, value)
	return f
}

func proven(f Seen) Seen { return having(f, "proven", "tls") }
