package logs

import (
	"net/netip"
	"slices"
	"strings"
)

// names are those that other checks want: hosts and servers that belong to the product's cloud, and the proxies that
// do not.
type names struct {
	hosts   map[string]*named
	proxies map[string]bool
	servers map[string]*Entry // server URLs as the logs spell them, where each was seen first

	lastHost string // of the line before
	lastAt   *named
	now      *named // what the line that was noted last names; nil: none
}

// named is a host that lines name.
type named struct {
	fails int   // events of failure that name it
	last  sight // the newest line that names it
	first sight
	codes tally
}

func (n *names) note(e *Entry) {
	n.now = nil
	if e.Found.None() {
		return
	}
	if p := e.Found.Get("proxy"); p != "" {
		if n.proxies == nil {
			n.proxies = map[string]bool{}
		}
		if len(n.proxies) < maxNames {
			n.proxies[bare(p)] = true
		}
	}
	server := e.Found.Get("server")
	if server != "" {
		n.server(server, e)
	}
	h := e.Found.Get("host")
	if h == "" {
		return
	}
	// Through a proxy, libcurl names the proxy where it could not connect; only its port tells. The URL of a server is
	// no proxy's.
	if port := e.Found.Get("port"); port != "" && port != "443" && port != "80" && server == "" {
		return
	}
	s := e.sight()
	if n.lastAt == nil || n.lastHost != h {
		n.lastHost, n.lastAt = h, n.of(h, s)
	}
	n.now = n.lastAt
	switch at := n.now; {
	case at == nil:
	case !at.last.newer(&s):
		at.last = s
	case at.first.newer(&s):
		at.first = s
	}
}

// of is a host; nil where there are too many.
func (n *names) of(h string, s sight) *named {
	at, ok := n.hosts[h]
	if !ok && len(n.hosts) < maxNames {
		if n.hosts == nil {
			n.hosts = map[string]*named{}
		}
		at = &named{first: s, last: s}
		n.hosts[h] = at
	}
	return at
}

func (n *names) server(url string, e *Entry) {
	have, ok := n.servers[url]
	if ok && !have.newer(e) || !ok && len(n.servers) >= maxNames {
		return
	}
	if n.servers == nil {
		n.servers = map[string]*Entry{}
	}
	c := *e
	n.servers[url] = &c
}

// failed counts an event of failure to the host that its line names.
func (n *names) failed(e *Entry, noted bool) {
	at := n.now
	if !noted {
		at = n.hosts[e.Found.Get("host")]
	}
	if at != nil {
		at.fails++
		at.codes.add(e.Code, 1)
	}
}

func (n *names) merge(o *names) {
	for h, from := range o.hosts {
		at, ok := n.hosts[h]
		if !ok {
			if n.hosts == nil {
				n.hosts = map[string]*named{}
			}
			c := *from
			c.codes = slices.Clone(from.codes)
			n.hosts[h] = &c
			continue
		}
		at.fails += from.fails
		at.codes.merge(from.codes)
		if from.last.newer(&at.last) {
			at.last = from.last
		}
		if at.first.newer(&from.first) {
			at.first = from.first
		}
	}
	for p := range o.proxies {
		if n.proxies == nil {
			n.proxies = map[string]bool{}
		}
		n.proxies[p] = true
	}
	for s, e := range o.servers {
		n.server(s, e)
	}
}

// bare is a host's name as names are compared: small letters, no closing dot, no brackets, no port.
func bare(h string) string {
	h = strings.ToLower(h)
	if _, rest, ok := strings.Cut(h, "://"); ok {
		h = rest
	}
	if i := strings.LastIndexByte(h, ':'); i > 0 && strings.IndexByte(h, ':') == i && !strings.HasSuffix(h, "]") {
		h = h[:i]
	}
	return strings.TrimSuffix(strings.Trim(h, "[]"), ".")
}

// isAddress reports whether a bare host is no name but an address.
func isAddress(h string) bool {
	_, err := netip.ParseAddr(h)
	return err == nil
}

// isName reports whether a bare host can be a name in DNS that leads out of this machine: what stands in a log may be
// anything.
func isName(h string) bool {
	if h == "" || len(h) > 253 || h == "localhost" || isAddress(h) {
		return false
	}
	letter := false
	for label := range strings.SplitSeq(h, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if c >= 'a' && c <= 'z' {
				letter = true
			} else if c != '-' && c != '_' && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return letter
}
