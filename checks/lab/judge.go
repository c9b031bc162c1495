package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

var causeID = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

// The words of a scene. An empty word always stands for the first.
var (
	wordsOS         = []string{"windows", "linux"}
	wordsStatus     = []string{"healthy", "fault", "warning", "inconclusive"}
	wordsConfidence = []string{"certain", "likely", "possible"}
	wordsDo         = []string{"clean"}
	wordsService    = []string{"running", "stopped", "disabled", "manual", "missing", "paused", "starting", "stopping", "wont_start", "wont_stop", "stuck", "denied"}
	wordsMode       = []string{"", "direct", "manual", "pac", "auto"}
	wordsJoin       = []string{"workgroup", "domain", "hybrid", "entra"}
	wordsRcode      = []string{"", "nxdomain", "servfail", "refused", "silent"}
	wordsCut        = []string{"by_tcp", "no_tcp"}
	wordsTCP        = []string{"open", "refuse", "drop", "no_route", "prohibited"}
	wordsFamily     = []string{"both", "ip4", "ip6"}
	wordsTLS        = []string{"ok", "silent", "large_silent", "reset", "reset_by_name", "untrusted", "expired", "not_yet_valid", "wrong_name", "intercepted", "tls10", "plain"}
	wordsProxy      = []string{"open", "auth", "deny", "echo", "silent", "refuse", "drop", "no_route", "bad_gateway", "reset", "garbage"}
	wordsKind       = []string{"http", "https", "socks4", "socks4a", "socks5"}
	wordsDirect     = []string{"open", "dropped", "refused", "prohibited"}
	wordsICMP       = []string{"yes", "no", "prohibited"}
	wordsRecords    = []string{"yes", "no"}
	wordsHeld       = []string{"move", "delete"}
	wordsLevel      = []string{"critical", "error", "warning", "information", "verbose"}
	wordsWay        = []string{"both", "out"}
	wordsListener   = []string{"open", "refuse", "drop"}
)

// judge gathers what is wrong in a scene.
type judge struct{ bad []error }

func (j *judge) wrong(format string, a ...any) { j.bad = append(j.bad, fmt.Errorf(format, a...)) }

func (j *judge) word(where, got string, known []string) {
	if got != "" && !slices.Contains(known, got) {
		j.wrong("%s: %q is none of %s", where, got, strings.Join(known, ", "))
	}
}

func (s Scene) check() error {
	j := &judge{}
	if s.Title == "" || s.Story == "" || s.Expect.Status == "" {
		j.wrong("title, story and expect.status must be told")
	}
	for _, c := range s.Expect.Causes {
		if !causeID.MatchString(c) {
			j.wrong("expect.causes: %q is no cause id", c)
		}
	}
	if n := len(s.Expect.Causes); s.Expect.Status == "healthy" && n > 0 || s.Expect.Status == "fault" && n == 0 {
		j.wrong("expect: a fault has a cause, and a healthy network has none")
	}
	j.word("expect.status", s.Expect.Status, wordsStatus)
	j.word("expect.confidence", s.Expect.Confidence, wordsConfidence)
	j.word("do", s.Do, wordsDo)
	j.machine(s.Machine)
	j.network(s.Network)
	return errors.Join(j.bad...)
}

func (j *judge) machine(m Machine) {
	j.word("machine.os", m.OS, wordsOS)
	j.word("machine.join", m.Join, wordsJoin)
	for name, state := range m.Services {
		j.word("machine.services."+name, state, wordsService)
	}
	for _, set := range m.Settings {
		j.word("machine.settings."+set.Source, set.Mode, wordsMode)
	}
	for key, values := range m.Registry {
		for name, v := range values {
			if _, err := registryValue(v); err != nil {
				j.wrong("machine.registry %s, %s: %w", key, name, err)
			}
		}
	}
	if m.Cache != nil {
		j.word("machine.cache.held", m.Cache.Held, wordsHeld)
	}
	for _, e := range m.Events {
		j.word("machine.events.level", e.Level, wordsLevel)
		if e.Provider == "" || e.ID == 0 || m.OS != "windows" {
			j.wrong("machine.events: an event needs a provider, an id and Windows")
		}
	}
	for _, at := range m.Denied {
		if assets.PathOS(at) != m.OS {
			j.wrong("machine.denied: %q is no path of %s", at, m.OS)
		}
	}
	for at := range m.Files {
		if assets.PathOS(at) != m.OS {
			j.wrong("machine.files: %q is no path of %s", at, m.OS)
		}
	}
}

func (j *judge) network(n Network) {
	j.word("network.direct", n.Direct, wordsDirect)
	j.names("network.names", n.Names)
	for _, r := range n.Resolvers {
		if a, err := netip.ParseAddr(r.Address); err != nil || !resolverNet.Contains(a) {
			j.wrong("network.resolvers: %q is no address of %s", r.Address, resolverNet)
		}
		j.names("network.resolvers."+r.Address, r.Names)
	}
	for at, fate := range n.Addresses {
		if _, err := netip.ParseAddr(at); err != nil {
			j.wrong("network.addresses: %q is no address", at)
		}
		j.word("network.addresses."+at, fate, wordsTCP)
	}
	for pattern, v := range n.Servers {
		j.pattern("network.servers", pattern)
		j.word("network.servers."+pattern+".tcp", v.TCP, wordsTCP)
		j.word("network.servers."+pattern+".family", v.Family, wordsFamily)
		j.word("network.servers."+pattern+".tls", v.TLS, wordsTLS)
		j.loss("network.servers."+pattern, v.Loss)
	}
	for at, p := range n.Proxies {
		j.word("network.proxies."+at, p.Mode, wordsProxy)
		j.word("network.proxies."+at+".kind", p.Kind, wordsKind)
		j.word("network.proxies."+at+".tls", p.TLS, wordsTLS)
		j.loss("network.proxies."+at, p.Loss)
		for _, pattern := range slices.Concat(p.Ask, p.Deny) {
			j.pattern("network.proxies."+at, pattern)
		}
		if _, _, err := net.SplitHostPort(at); err != nil {
			j.wrong("network.proxies: %q is not name:port", at)
		}
	}
	for at, p := range n.PAC {
		if u, err := url.Parse(at); err != nil || u.Scheme != "http" || u.Hostname() == "" {
			j.wrong("network.pac: %q is no http URL", at)
		}
		j.word("network.pac."+at+".tcp", p.TCP, wordsTCP)
	}
	for _, c := range n.Controllers {
		if c.Name == "" {
			j.wrong("network.controllers: a controller has no name")
		}
		j.word("network.controllers."+c.Name+".icmp", c.ICMP, wordsICMP)
		j.word("network.controllers."+c.Name+".records", c.Records, wordsRecords)
		j.word("network.controllers."+c.Name+".ldap", c.LDAP, wordsListener)
		j.word("network.controllers."+c.Name+".kerberos", c.Kerberos, wordsListener)
	}
}

func (j *judge) loss(where string, l Loss) {
	j.word(where+".large_way", l.LargeWay, wordsWay)
	if l.LargeLost != 0 && (l.LargeLost < host.SmallSegment || l.LargeLost >= segment) {
		j.wrong("%s.large_lost: %d is no number from %d to %d", where, l.LargeLost, host.SmallSegment, segment-1)
	}
}

func (j *judge) names(where string, names map[string]Name) {
	for pattern, n := range names {
		j.pattern(where, pattern)
		j.word(where+"."+pattern, n.Rcode, wordsRcode)
		j.word(where+"."+pattern+".cut", n.Cut, wordsCut)
		for _, a := range slices.Concat(n.A, n.AAAA) {
			if _, err := netip.ParseAddr(a); err != nil && a != "none" && a != "right" {
				j.wrong("%s.%s: %q is no address", where, pattern, a)
			}
		}
	}
}

// pattern refuses one that would fit nothing: a scene whose fault never comes about proves nothing.
func (j *judge) pattern(where, pattern string) {
	if strings.LastIndex(pattern, "*") > 0 {
		j.wrong("%s: %q has its star in the middle, and no host fits that", where, pattern)
	}
}
