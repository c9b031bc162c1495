package proxy

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// choice is what one source, or several asked in turn, say about the way to one address.
type choice struct {
	set       bool // something is chosen there; false with known: nothing, so the next source is asked
	known     bool // it could be read and understood
	ways      []*url.URL
	from      int        // index of the deciding source, -1: none
	asked     []string   // the sources that said nothing, where none decides
	script    *script    // the PAC file that gave the ways, or failed to
	barred    []*url.URL // proxies that the product cannot use, where another way is left
	excepted  bool       // a list of exceptions sends the address directly
	concluded string     // what is our conclusion and nobody's word: "" where there is none
	reason    string     // why it is not known
}

// first is the way that is tried first; nil: direct.
func (c choice) first() *url.URL {
	if len(c.ways) == 0 {
		return nil
	}
	return c.ways[0]
}

// key is equal for two choices that lead the same way.
func (c choice) key() string {
	if !c.known {
		return "not known: " + c.reason
	}
	return written(c.ways)
}

// through goes through the sources of each step in turn. The first that chooses something decides; one that cannot be
// read ends the search, because it might have decided.
func (r *run) through(e *assets.Endpoint, able func(string) bool, steps ...step) choice {
	var asked []string
	concluded := ""
	seen := map[int]bool{}
	for _, step := range steps {
		for i, s := range r.sources {
			if !step(s) || seen[i] {
				continue
			}
			seen[i] = true
			c := r.says(s, e, able)
			if c.from = i; !c.known || c.set {
				return c.within(able)
			}
			asked = append(asked, name(s))
			concluded = cmp.Or(concluded, c.concluded)
		}
	}
	return choice{known: true, from: -1, asked: asked, ways: []*url.URL{nil}, concluded: concluded}
}

// within leaves out the proxies of a kind that is out of the question, where another way is left.
func (c choice) within(able func(string) bool) choice {
	if able == nil || !c.known {
		return c
	}
	var in, out []*url.URL
	for _, u := range c.ways {
		if u == nil || able(kindOf(u)) {
			in = append(in, u)
		} else {
			out = append(out, u)
		}
	}
	if len(in) > 0 && len(out) > 0 {
		c.ways, c.barred = in, out
	}
	return c
}

// says is what one source says about an address; e is nil where there is none. able tells which kinds of proxy are out
// of the question, nil: none is.
func (r *run) says(s source, e *assets.Endpoint, able func(string) bool) choice {
	switch {
	case s.Err != nil && errors.Is(s.Err, host.ErrUnsupported) && s.Source != unitEnvironment:
		return choice{known: true} // this system has no such thing
	case s.Err != nil:
		return choice{reason: name(s) + " could not be read: " + reason(s.Err)}
	case s.bad != nil:
		return choice{set: true, reason: "what stands in " + name(s) + " is no proxy: " + s.bad.Error()}
	}
	c := choice{known: true, ways: []*url.URL{nil}}
	for _, m := range s.Modes {
		switch m {
		case host.Direct:
			c.set = true // a policy that wants no proxy, whatever others say
			return c
		case host.Auto, host.PAC:
			p := r.script(s, m)
			if p == nil || !p.found {
				continue // nothing found counts as nothing set
			}
			if m == host.Auto && p.fails() {
				c.script, c.concluded = p, "a search that ends at no usable script counts as one that finds nothing"
				continue
			}
			c.set, c.script = true, p
			if able != nil && !able(string(host.PAC)) {
				c.concluded = "the product cannot run a PAC file, so it goes as if there were none"
				continue
			}
			if done := c.obey(p, e); done {
				return c
			}
		case host.Manual:
			c.set = true
			list := s.listed(e)
			switch {
			case len(list) == 0:
			case e != nil && s.excepts(e):
				c.excepted = true
			default:
				if list = slices.DeleteFunc(list, func(u *url.URL) bool { return !carries(u, e) }); len(list) > 0 {
					c.ways = list
				}
			}
			return c
		}
	}
	return c
}

// obey takes what a script gives for an address. It is false where the next mode of the source is to be asked, which is
// what WinINET, WinHTTP and Chromium do where a script cannot be had (Chromium, net/docs/proxy.md, "fallback").
func (c *choice) obey(p *script, e *assets.Endpoint) bool {
	fail := func(reason string) bool {
		*c = choice{set: true, script: p, reason: reason}
		return true
	}
	switch {
	case p.failure == checks.Cancelled && !p.fetched:
		return fail("the PAC file was not read to its end")
	case !p.fetched:
		c.concluded = "a PAC file that cannot be fetched counts as none"
		return false
	case p.fault != nil:
		c.concluded = "a PAC file that cannot be run counts as none"
		return false
	case p.notRun != "":
		return fail("a PAC file decides, and " + p.notRun)
	case e == nil:
		return fail("a PAC file decides, and the profile names no address to ask it for")
	case schemeOf(e) == "tcp":
		return true // a script is asked about addresses of the web
	}
	a, ok := p.given[asked(e)]
	switch {
	case !ok:
		return fail("the PAC file was not asked for it")
	case a.fault != nil && a.fault.Fault == host.ScriptUnclear:
		return fail("a PAC file decides, and the engine does not say what it gives")
	case a.fault != nil:
		c.concluded = "where a PAC file fails, programs go directly"
	default:
		c.ways = a.ways
	}
	return true
}

// listed are the proxies that a source names for an address in the order in which they are tried. Where several are
// written for one scheme, Chromium tries them in turn (net/docs/proxy.md); of others that is not documented, so the first
// counts.
func (s source) listed(e *assets.Endpoint) (out []*url.URL) {
	head := pick(s.entries, schemeOf(e))
	if head == nil {
		return nil
	}
	for _, n := range s.entries {
		if len(out) > 0 && s.reads != asChromium {
			break
		}
		if n.For == head.For && !slices.ContainsFunc(out, func(u *url.URL) bool { return key(u) == key(n.URL) }) {
			out = append(out, n.URL)
		}
	}
	return out
}

// schemeOf is the scheme that a list of proxies is picked by.
func schemeOf(e *assets.Endpoint) string {
	if e == nil || e.Scheme == "" {
		return "https"
	}
	return strings.ToLower(e.Scheme)
}

// carries reports whether a way can lead to an address at all: plain TCP goes directly or through SOCKS.
func carries(u *url.URL, e *assets.Endpoint) bool {
	return u == nil || schemeOf(e) != "tcp" || kindOf(u) == "socks4" || kindOf(u) == "socks5"
}

// kindOf is a proxy's kind in the words of a profile.
func kindOf(u *url.URL) string {
	switch u.Scheme {
	case "socks", "socks4", "socks4a":
		return "socks4"
	case "socks5", "socks5h":
		return "socks5"
	}
	return u.Scheme
}

// able reports whether the product can use a kind of proxy, as far as its documents say. What is only inferred takes
// nothing away.
func (r *run) able(kind string) bool {
	p := r.env.Profile.Proxy
	return len(p.Schemes) == 0 || slices.Contains(p.Schemes, kind) || p.Mark.Hint()
}

// script is the PAC file that a mode of a source leads to.
func (r *run) script(s source, m host.Mode) *script {
	switch m {
	case host.PAC:
		return r.pacs[s.PACURL]
	case host.Auto:
		return r.pacs[bySearch]
	}
	return nil
}

// scripts are all PAC files of a source.
func (r *run) scripts(s source) []*script {
	var out []*script
	for _, m := range s.Modes {
		if p := r.script(s, m); p != nil && s.Err == nil {
			out = append(out, p)
		}
	}
	return out
}
