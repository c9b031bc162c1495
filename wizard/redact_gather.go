package wizard

import (
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// gather makes known what the report names where it says what a value is, before anything is replaced.
func (d *redactor) gather(r Report) {
	for _, p := range r.Profiles {
		d.public(p.Wildcards...)
		for _, h := range p.Help {
			if u, err := url.Parse(h); err == nil {
				d.public(u.Hostname())
			}
		}
	}
	d.endpoints(r)
	for _, p := range r.Profiles {
		for _, v := range p.Vars {
			d.own(v)
		}
	}
	for _, f := range allFindings(r) {
		d.finding(f)
	}
	copied(reflect.ValueOf(r), func(s string) string {
		d.learn(s)
		return s
	})
	d.learnSecrets(r)
}

// own is a value that somebody gave a profile: a server of their own, in strict reports a name like any other.
func (d *redactor) own(value string) {
	if d.level != RedactStrict {
		return
	}
	if u, err := url.Parse(value); err == nil && u.Hostname() != "" {
		value = u.Hostname()
	}
	if host, _, err := net.SplitHostPort(value); err == nil {
		value = host
	}
	if strings.Contains(value, ".") && !strings.ContainsAny(value, " /,") {
		d.know("host", value)
	}
}

// endpoints are the names that a profile of one's own requires; those that somebody filled in are none.
func (d *redactor) endpoints(r Report) {
	var given []string
	for _, p := range r.Profiles {
		for _, v := range p.Vars {
			if len(v) > 3 {
				given = append(given, strings.ToLower(v))
			}
		}
	}
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			host, _, err := net.SplitHostPort(f.Detail.Target)
			low := strings.ToLower(host)
			if err != nil || c.ID != "allowlist" || f.Mark == "" || !strings.Contains(low, ".") || slices.ContainsFunc(given, func(v string) bool { return strings.Contains(v, low) }) {
				continue
			}
			if _, err := netip.ParseAddr(low); err != nil {
				d.public(low)
			}
		}
	}
}

func allFindings(r Report) []FindingReport {
	var out []FindingReport
	all := slices.Clone(r.Checks)
	for _, rep := range r.Repairs {
		all = append(all, rep.Before.Checks...)
	}
	for _, c := range all {
		out = append(out, c.Findings...)
	}
	return out
}

// finding learns from the arguments whose names say what they are.
func (d *redactor) finding(f FindingReport) {
	if dom := f.Detail.Args["domain"]; dom != "" && strings.Contains(string(f.Code), "domain.") && !strings.ContainsAny(dom, " ,") {
		d.know("domain", dom)
	}
	for _, key := range []string{"forest", "netbios", "dns_domain"} {
		if v := f.Detail.Args[key]; v != "" && !strings.ContainsAny(v, " ,") {
			d.know("domain", v)
		}
	}
	if d.level != RedactStrict {
		return
	}
	if a := localAddress(f); a != "" {
		d.know("address", a)
	}
	for _, key := range []string{"controller", "controllers", "proxyhost", "host", "sni", "resolvers", "answered_by"} {
		for _, v := range strings.FieldsFunc(f.Detail.Args[key], func(c rune) bool { return c == ',' || c == ' ' }) {
			if _, err := netip.ParseAddr(v); err != nil && hostLike(v) {
				d.know("host", v)
			}
		}
	}
	for _, key := range []string{"issuer", "authority", "private"} {
		v := f.Detail.Args[key]
		for _, part := range append([]string{v}, strings.Split(v, ", ")...) {
			if len(part) > 2 && !publicIssuer(part) {
				d.know("name", part)
			}
		}
	}
	if site := f.Detail.Args["site"]; site != "Default-First-Site-Name" && !strings.ContainsAny(site, " ") {
		d.know("site", site)
	}
}

// learnSecrets makes secrets known that stand somewhere as such, so that they are found where nothing says what they are.
func (d *redactor) learnSecrets(r Report) {
	copied(reflect.ValueOf(r), func(s string) string {
		discreetly(s, func(kind, value string) string {
			if kind == "login" {
				_, value, _ = strings.Cut(value, ":")
			}
			if value = strings.Trim(value, ` ,;"'`); len(value) >= 6 && len(value) <= 200 && !strings.ContainsAny(value, " ") {
				d.know("secret", value)
			}
			return masked
		})
		return s
	})
}
