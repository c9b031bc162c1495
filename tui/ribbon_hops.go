package tui

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// hops are the columns of a ribbon in the order of the way.
var hops = [...]string{"proxy", "dns", "tcp", "tls", "http", "content"}

// kind is what is known of one hop.
type kind uint8

const (
	passes   kind = iota
	passesBy      // this walk has no such hop: the line goes through
	skipped
	unknown
	doubtful
	breaks
	waits
)

// mark is one hop of a walk as it is drawn.
type mark struct {
	kind  kind
	stage checks.Stage
}

// order is that of the stages of a walk.
var order = []checks.StageName{checks.Resolve, checks.Connect, checks.Tunnel, checks.TLS, checks.HTTP, checks.Content}

// marksOf tells hop by hop what is known of a walk. Through a proxy the name and the connection are the proxy's business:
// what is seen from here is whether it made them, which the tunnel says.
func marksOf(k Walk) [len(hops)]mark {
	var out [len(hops)]mark
	p := k.Path
	at := func(name checks.StageName) mark { return mark{kindOf(k, name), stageOf(p, name)} }
	out[3], out[4], out[5] = at(checks.TLS), at(checks.HTTP), at(checks.Content)
	if !proxied(p) {
		out[0].kind = passesBy
		out[1], out[2] = at(checks.Resolve), at(checks.Connect)
		return out
	}
	tunnel := at(checks.Tunnel)
	out[0] = gravest(at(checks.Resolve), at(checks.Connect), tunnel)
	out[1], out[2] = mark{kind: tunnel.kind}, mark{kind: tunnel.kind}
	if tunnel.kind == doubtful { // said once is enough
		out[1], out[2] = mark{}, mark{}
	}
	for _, m := range []mark{tunnel, out[4]} {
		if m.kind != breaks || !strings.HasPrefix(string(m.stage.Failure), "proxy.") {
			continue
		}
		if m.stage.Failure == checks.ProxyTarget { // it took the request, and could not get there
			out[0], out[1], out[2] = mark{}, mark{kind: unknown}, m
			break
		}
		out[0] = m
	}
	return out
}

// gravest is the mark that several hops have together.
func gravest(list ...mark) mark {
	worst := list[0]
	for _, m := range list[1:] {
		if m.kind == waits && worst.kind == breaks || m.kind == passesBy || m.kind == skipped {
			continue
		}
		if m.kind > worst.kind || worst.kind == passesBy || worst.kind == skipped {
			worst = m
		}
	}
	return worst
}

func kindOf(k Walk, name checks.StageName) kind {
	p := k.Path
	st, there := find(p, name)
	switch {
	case there && broken(st):
		return breaks
	case k.Live && (!there && !later(p, name) && on(p, name) || there && st.Status == checks.Unknown):
		return waits
	case !there && (!on(p, name) || later(p, name)):
		return passesBy
	case !there, st.Status == checks.Skip:
		return skipped
	case st.Status == checks.Unknown:
		return unknown
	case st.Status == checks.Warn:
		return doubtful
	}
	return passes
}

// waitsFor says in a line what a walk under way waits for.
func waitsFor(p checks.Path) string {
	text := strings.TrimSuffix(Clean(p.Target), ":443")
	for _, s := range p.Stages {
		if s.Status == checks.Unknown && s.Failure == checks.NoFailure {
			return lang.T("ribbon.waits", "address", text, "wait", Ribbon{}.waiting(s))
		}
	}
	return text
}

func find(p *checks.Path, name checks.StageName) (checks.Stage, bool) {
	for _, s := range p.Stages {
		if s.Name == name {
			return s, true
		}
	}
	return checks.Stage{Name: name}, false
}

func stageOf(p *checks.Path, name checks.StageName) checks.Stage {
	s, _ := find(p, name)
	return s
}

// broken: a hop that failed. A hop that only was slow, or that let through what it should not have opened, is no break.
func broken(s checks.Stage) bool {
	return s.Status == checks.Fail || s.Failure != checks.NoFailure && s.Failure != checks.TooSlow && s.Status != checks.Warn
}

// later reports whether the walk already has a hop behind this one, which means that it has no such hop at all.
func later(p *checks.Path, name checks.StageName) bool {
	at := slices.Index(order, name)
	return slices.ContainsFunc(p.Stages, func(s checks.Stage) bool { return slices.Index(order, s.Name) > at })
}

func proxied(p *checks.Path) bool { return p.Route != "direct" && p.Route != "" }

// on tells whether a walk of this kind passes such a hop: a tunnel only through a proxy, TLS only for https.
func on(p *checks.Path, name checks.StageName) bool {
	secure := !strings.HasPrefix(p.URL, "http:") && !strings.HasPrefix(p.URL, "tcp:")
	switch name {
	case checks.Tunnel:
		return proxied(p) && secure
	case checks.TLS:
		return secure
	}
	return true
}

// Stages lists the hops of one walk below each other, with the time and what was learned in each.
func (k Kit) Stages(p checks.Path, w int) []string {
	way := lang.T("panel.direct")
	if proxied(&p) {
		way = Clean(p.Route)
	}
	out := k.Paragraph(lang.T("panel.label.way"), both(way, both(Clean(p.Family), Clean(p.Address), " "), " "+k.Glyphs.Dot+" "), w)
	for _, s := range p.Stages {
		glyph := k.Glyph(s.Status)
		if broken(s) {
			glyph = k.Theme.Bad.Render(k.Glyphs.Bad)
		}
		why := s.Error
		if s.Failure == checks.Cancelled {
			why = lang.T("panel.stopped") // the raw view has the library's words
		}
		line := k.Theme.Dim.Render(k.Glyphs.Pad("  "+lang.T("ribbon.stage."+string(s.Name)), labels)) + glyph + " " +
			k.Glyphs.PadLeft(Took(s.Took), 7) + "  " + Clean(both(lang.Phrase(s.Note), why, " "+k.Glyphs.Dot+" "))
		out = append(out, k.Glyphs.Fit(line, w))
	}
	return out
}
