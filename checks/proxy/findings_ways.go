package proxy

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

// aboutWays are the findings about the product's lists of ways: what a script's proxies do, what stands first in a
// list, and what the product cannot use.
func (r *run) aboutWays() []checks.Finding {
	var out []checks.Finding
	seen := map[string]bool{}
	for _, e := range r.endpoints {
		c := r.way(e)
		if !c.known || c.from < 0 || c.concluded != "" {
			continue
		}
		for _, u := range c.ways {
			t := r.tries[key(u)]
			if u == nil || t == nil || seen[key(u)] || c.script == nil {
				continue // what a setting names by hand is told with it
			}
			seen[key(u)] = true
			if r.fails(u) {
				f := r.onWay(c, e, u)
				f.Code = Source
				out = append(out, r.judge(f, t, true, r.gravity(u)))
			}
		}
		list := written(c.ways)
		if seen[list] {
			continue
		}
		seen[list] = true
		if f, ok := r.firstDead(c, e); ok {
			out = append(out, f)
		}
		if len(c.ways) > 1 && c.first() == nil { // only a script can say so
			f := r.onWay(c, e, nil)
			f.Code, f.Status, f.Args["later"] = DirectHead, checks.Note, written(c.ways[1:])
			out = append(out, f)
		}
	}
	return append(out, r.unusable()...)
}

// onWay begins a finding about one way of the product to an address.
func (r *run) onWay(c choice, e *assets.Endpoint, u *url.URL) checks.Finding {
	s := r.sources[c.from]
	f := checks.Finding{Subject: shown(u), View: view(product, u), Mark: s.mark, Args: map[string]string{
		"source": s.Source, "whose": s.Whose, "where": s.Where, "raw": s.Raw, "used": "yes", "proxy": shown(u), "list": written(c.ways), "address": e.URL(), "to": stem(e),
	}, Evidence: []checks.Evidence{{Source: s.Where, Text: s.Raw}}}
	if u == nil {
		f.Subject = e.Host
	}
	if p := c.script; p != nil {
		f.Args["url"], f.Args["script"], f.Args["mode"] = mask(p.url), mask(p.url), string(host.PAC)
		if f.Args["source"] = "PAC file of " + s.Source; p.where != "" {
			f.Args["source"] = "PAC file found by " + s.Source
		}
		if a := p.given[asked(e)]; a.text != "" {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: "FindProxyForURL(" + asked(e) + ")", Text: mask(a.text)})
		}
	}
	return f
}

// felt is how long a detour must take to be worth a word.
const felt = 100 * time.Millisecond

// firstDead says that a list begins with a proxy that is dead while a later way is there.
func (r *run) firstDead(c choice, e *assets.Endpoint) (checks.Finding, bool) {
	reached := r.reached(c.ways)
	if len(reached) < 2 || c.first() == nil {
		return checks.Finding{}, false
	}
	first := r.tried(c.first())
	u := reached[len(reached)-1]
	asks := u != nil && r.tried(u) != nil && r.admits(r.tried(u))
	if u == nil || r.works(u) || asks {
		f := r.onWay(c, e, c.first())
		f.Code, f.Status = FirstDead, checks.Warn
		f.Args["first"], f.Args["firstfailure"], f.Args["lost"] = shown(c.first()), failures[first.verdict().failure], probe.Span(first.answer.Took)
		if first.answer.Took >= felt {
			f.Args["cost"] = "Finding that out took " + f.Args["lost"] + ", and the product may lose that time again and again."
		}
		f.Args["works"] = shown(u) + ", which works"
		switch {
		case u == nil:
			f.Args["works"] = "the direct way"
		case asks:
			f.Args["works"] = shown(u) + ", which wants a login"
		}
		f.Evidence = append(f.Evidence, first.answer.Evidence...)
		return f, true
	}
	return checks.Finding{}, false
}

// unusable are the kinds of proxy on the product's way that it cannot use by what is known of it. A script that the
// product cannot run is never more than a warning: it then goes as if there were none, and that way may be open.
func (r *run) unusable() []checks.Finding {
	rules := r.env.Profile.Proxy
	if len(rules.Schemes) == 0 {
		return nil
	}
	var out []checks.Finding
	seen := map[string]bool{}
	add := func(kind string, f checks.Finding, gravest checks.Status) {
		if slices.Contains(rules.Schemes, kind) || seen[kind] {
			return
		}
		seen[kind] = true
		f.Code, f.Status, f.Mark = Unusable, gravest, rules.Mark
		if rules.Mark.Hint() && gravest == checks.Fail {
			f.Status = checks.Warn
		}
		f.Args = maps.Clone(f.Args)
		f.Args["kind"], f.Args["can"] = kindWords[kind], strings.Join(kindNames(rules.Schemes), ", ")
		out = append(out, f)
	}
	for _, e := range r.endpoints {
		c := r.way(e)
		if c.from < 0 || !c.set {
			continue
		}
		if c.script != nil && c.script.found {
			f := r.onWay(c, e, nil)
			f.Subject, f.Args["proxy"] = mask(c.script.url), "the PAC file "+mask(c.script.url)
			add(string(host.PAC), f, checks.Warn)
		}
		for _, u := range slices.Concat(c.barred, c.ways) {
			if u == nil || !c.known {
				continue
			}
			gravest := checks.Warn
			if e.Required && !slices.ContainsFunc(c.ways, func(u *url.URL) bool { return u == nil || slices.Contains(rules.Schemes, kindOf(u)) }) {
				gravest = checks.Fail
			}
			f := r.onWay(c, e, u)
			if slices.ContainsFunc(c.barred, func(b *url.URL) bool { return key(b) == key(u) }) && r.opens(c.ways) {
				gravest = checks.Note // who cannot use an entry takes the next one, and that works
			}
			if r.plain != nil && judged(r.plain.answer).works {
				gravest = checks.Warn // nobody says what the product does then, and that way is open
				f.Args["instead"] = "The direct way is open from here; whether the product takes it is not known."
				f.Evidence = append(f.Evidence, r.plain.answer.Evidence...)
			}
			add(kindOf(u), f, gravest)
		}
	}
	return out
}

var kindWords = map[string]string{"http": "an HTTP proxy", "https": "a proxy that is spoken to in TLS", "pac": "a PAC file",
	"socks4": "a SOCKS 4 proxy", "socks5": "a SOCKS 5 proxy"}

func kindNames(kinds []string) []string {
	var out []string
	for _, k := range kinds {
		if w, ok := kindWords[k]; ok {
			k = w
		}
		out = append(out, k)
	}
	return out
}
