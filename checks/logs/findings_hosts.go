package logs

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// hostFacts are the names of the cloud's hosts that the lines name; proxies are none of them, and addresses are no names.
func (g *gather) hostFacts(route checks.Route) []string {
	var out []string
	for h := range g.names.hosts {
		if h = bare(h); isName(h) && !g.names.proxy(h, route) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// proxy reports whether a bare host is a proxy, by the lines or by the product's way.
func (n *names) proxy(h string, route checks.Route) bool {
	return n.proxies[h] || route.Proxy != nil && strings.EqualFold(route.Proxy.Hostname(), h)
}

func (g *gather) serverFacts() []string { return slices.Sorted(maps.Keys(g.names.servers)) }

// misspelt are the server URLs in the lines that are one of the profile's but for upper and lower case. The vendor
// says that its server's URL is case-sensitive.
func (g *gather) misspelt(p *assets.Profile) []checks.Finding {
	var out []checks.Finding
	for _, seen := range g.serverFacts() {
		right := ""
		for _, e := range p.Endpoints {
			want := address(endpointURL(e))
			if got := address(seen); got == want {
				right = ""
				break
			} else if strings.EqualFold(got, want) {
				right = endpointURL(e)
			}
		}
		if right == "" {
			continue
		}
		e := g.names.servers[seen].sight()
		out = append(out, checks.Finding{Code: URLCase, Status: checks.Warn, Subject: seen, View: view, At: g.names.servers[seen].When, Mark: assets.Seed,
			Args: map[string]string{"expected": right, "file": base(e.path)}, Evidence: []checks.Evidence{e.evidence()}})
	}
	return out
}

func endpointURL(e assets.Endpoint) string {
	scheme, hostname := e.Scheme, e.Host
	if usual := map[string]int{"https": 443, "http": 80}[scheme]; e.Port != 0 && e.Port != usual {
		hostname = net.JoinHostPort(hostname, strconv.Itoa(e.Port))
	}
	path, _, _ := strings.Cut(e.Path, "?")
	return scheme + "://" + hostname + path
}

// address is a URL without what may differ and still be the same place: the query, a closing slash, the usual port.
func address(s string) string {
	s, _, _ = strings.Cut(s, "?")
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	host, path, _ := strings.Cut(rest, "/")
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		host = host[:strings.LastIndexByte(host, ':')]
	}
	return strings.TrimSuffix(scheme+"://"+host+"/"+path, "/")
}

// hostFindings says which hosts the lines name and which of them fail how often; nothing where none is named.
func (g *gather) hostFindings(p *assets.Profile, route checks.Route, loc *time.Location) []checks.Finding {
	hosts := g.hosts()
	if len(hosts) == 0 {
		return nil
	}
	slices.SortFunc(hosts, func(a, b hostSeen) int {
		return cmp.Or(cmp.Compare(b.fails, a.fails), strings.Compare(a.name, b.name))
	})
	f := checks.Finding{Code: Hosts, Status: checks.Note, Subject: fmt.Sprintf("%d hosts", len(hosts)), View: view,
		Table: &checks.Table{Head: []string{"Host", "Failures", "Last named", "Where", "What it is"}}}
	if len(hosts) == 1 {
		f.Subject = hosts[0].name
	}
	failing := 0
	for i := range hosts {
		h := &hosts[i]
		if h.fails > 0 {
			failing++
		}
		if t := h.last.instant().own(); t.After(f.At) {
			f.At = t
		}
		if i < maxShownHosts {
			where := base(h.last.path)
			if h.last.number > 0 {
				where += ":" + strconv.Itoa(h.last.number)
			}
			f.Table.Rows = append(f.Table.Rows, []string{h.name, strconv.Itoa(h.fails), h.last.instant().in(loc), where, g.names.kindOf(h.name, p, route)})
		}
		if i < maxEvidence {
			f.Evidence = append(f.Evidence, h.last.evidence())
		}
	}
	f.Args = map[string]string{"hosts": strconv.Itoa(len(hosts)), "failing": strconv.Itoa(failing), "worst": "no failure names one of them",
		"summary": fmt.Sprintf("%d hosts, %d of them in failures", len(hosts), failing)}
	if len(hosts) == 1 {
		f.Args["summary"] = "one host, " + hosts[0].name
	}
	if w := &hosts[0]; w.fails > 0 {
		f.Args["worst"] = fmt.Sprintf("most failures name %s (%d, %s)", w.name, w.fails, w.codes.words())
	}
	return []checks.Finding{f}
}

// maxShownHosts is how many rows the table of hosts has.
const maxShownHosts = 40

type hostSeen struct {
	name string
	named
}

// hosts are the hosts that the lines name, however they are spelt; what can be neither name nor address is none.
func (g *gather) hosts() []hostSeen {
	merged := names{}
	for h, at := range g.names.hosts {
		if h = bare(h); isName(h) || isAddress(h) {
			merged.merge(&names{hosts: map[string]*named{h: at}})
		}
	}
	var out []hostSeen
	for h, at := range merged.hosts {
		out = append(out, hostSeen{h, *at})
	}
	return out
}

// kindOf says how a host stands to the profile: whether linecheck tries it.
func (n *names) kindOf(h string, p *assets.Profile, route checks.Route) string {
	switch {
	case n.proxy(h, route):
		return "a proxy"
	case slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return bare(e.Host) == h }):
		return "in the profile"
	}
	for _, w := range p.Wildcards {
		if covers(strings.ToLower(w), h) {
			return "of " + w
		}
	}
	if isAddress(h) {
		return "an address, not in the profile"
	}
	return "not in the profile"
}
