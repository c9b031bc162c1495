package logs

import (
	"linecheck/assets"
	"strings"
	"time"

	"linecheck/checks"
)

// silentFor is how long a product that stopped writing failures is taken to keep silent. A younger one warns, however
// far back the look goes. After a week the product has most likely been started anew, which would have begun the count
// of failures anew, and it would have written them again.
const silentFor = 7 * 24 * time.Hour

// topic is what all lines of one connection say together.
type topic struct {
	failed *Entry // the last failure
	hushed *Entry // the last line that says that failures are no longer written
	spoke  *Entry // the last failure in the same kind of log that is no such line; a slow answer is none
}

func (g *gather) topics() map[string]topic {
	out := map[string]topic{}
	newest := func(a, b *Entry) *Entry {
		if a == nil || b.newer(a) {
			return b
		}
		return a
	}
	for _, at := range g.groups {
		if !fails(at) {
			continue
		}
		t := out[at.topic]
		t.failed = newest(t.failed, &at.last)
		if checks.Code(at.code) == Suppressed {
			t.hushed = newest(t.hushed, &at.last)
		}
		out[at.topic] = t
	}
	for _, at := range g.groups {
		t := out[at.topic]
		if t.hushed != nil && fails(at) && checks.Code(at.code) != Suppressed && at.last.Effect == assets.Fails && kin(at.last.kinds, t.hushed.kinds) {
			t.spoke = newest(t.spoke, &at.last)
			out[at.topic] = t
		}
	}
	return out
}

// standing is the present state of one kind of failure.
type stand struct {
	status checks.Status
	is     string // failing, recovered, silent, unknown
	state  string // the same as part of a sentence
	since  instant
	back   *Entry // the recovery; nil: none
	loc    *time.Location
}

// standing judges one kind of failure. Only a line that says so ends it, written later and about the same connection;
// where both name a host, about the same host. A recovery in one product's part says nothing about another part: each
// has its own way of asking, its own cache and its own patience. Silence ends nothing.
func (g *gather) standing(at *group, topics map[string]topic, servers []*serverState, old bool, now time.Time, loc *time.Location) stand {
	s := stand{is: "failing", loc: loc}
	recovered := g.recovery(at)
	shown := shownAs(servers, at)
	if recovered != nil && recovered.Found.Get("host") == "" && (shown.condition == suspect || shown.condition == disconnected) {
		recovered = nil // it is another server's
	}
	if recovered != nil && recovered.after(&at.last) && recovered.Found.Get("host") == "" && shown.condition == unsure && shown.service != webReputation {
		s.status, s.is, s.since = checks.Warn, "unknown", recovered.instant()
		s.state = "a server is connected again since " + recovered.instant().in(loc) + ", and no event says which"
		if old {
			s.status = checks.Note
		}
		return s
	}
	if recovered != nil && recovered.after(&at.last) && g.far && zonesApart(recovered, &at.last) {
		s.status, s.is, s.since = checks.Warn, "unknown", at.since(time.Time{})
		s.state = "another log says that it recovered, at " + recovered.instant().in(loc) + "; only one of the two names its time zone, so which came last is not known"
		if old {
			s.status = checks.Note
		}
		return s
	}
	if recovered != nil && recovered.after(&at.last) {
		s.status, s.is, s.back, s.since = checks.Note, "recovered", recovered, recovered.instant()
		s.state = "it recovered later"
		if recovered.Mark.Hint() {
			s.state = "it seems to have recovered later"
		}
		if !recovered.When.IsZero() {
			s.state += ", at " + recovered.instant().in(loc)
		}
		return s
	}
	switch {
	case shown.condition != "":
		s.since = shown.since
	case recovered != nil:
		s.since = at.since(recovered.moment())
	default:
		s.since = at.since(time.Time{})
	}
	t := topics[at.topic]
	hush := t.hushed
	if hush != nil && !kin(hush.kinds, at.last.kinds) {
		hush = nil
	}
	if hush != nil && (t.spoke != nil && t.spoke.after(hush) || at.last.Effect == assets.Slows && at.last.after(hush)) {
		hush = nil // written again: the product counts failures in a row, so one of its queries worked, or it was started anew
	}
	if hush != nil {
		s.is, s.since = "silent", hush.instant()
	}
	silent := "silent since " + clockOf(hush, loc) + ": the product writes no more of them, which is no recovery"
	switch {
	case checks.Code(at.code) == Suppressed && hush == nil:
		s.status, s.state = checks.Note, "failures were written again after it"
	case checks.Code(at.code) == Suppressed:
		s.status, s.state = checks.Warn, silent
		if old && hush.moment().Before(now.Add(-silentFor)) {
			s.status = checks.Note
		}
	case hush != nil && old:
		s.status, s.state = checks.Note, silent
	case hush != nil:
		s.status, s.state = checks.Warn, silent
	case old:
		s.status, s.is, s.state = checks.Note, "unknown", "that is longer ago than this look goes back"
	default:
		s.status, s.state = checks.Warn, "nothing after it says that it recovered"
		if at.last.When.IsZero() {
			s.is = "unknown"
		}
	}
	return s
}

func (s stand) put(f *checks.Finding) {
	f.Status, f.Args["state"], f.Args["is"] = s.status, s.state, s.is
	if !s.since.at.IsZero() {
		f.Args["since"] = s.since.in(s.loc)
	}
	if s.back != nil {
		f.Args["recovered"], f.Args["by"] = s.back.instant().in(s.loc), s.back.Meaning
		at := s.back.sight()
		f.Evidence = append(f.Evidence, at.evidence())
	}
}

// zonesApart reports whether the times of lines of two logs may be less far apart than their zones are.
func zonesApart(a, b *Entry) bool {
	x, xok := zoned(a.Text)
	y, yok := zoned(b.Text)
	return a.from != b.from && xok && yok && x != y && a.moment().Sub(b.moment()).Abs() < zoneMost
}

// zoned reports whether a line that begins with a time names its zone; !ok: it begins with none.
func zoned(line string) (zone, ok bool) {
	if !stamped([]byte(line[:min(len(line), stampMax)])) {
		return false, false
	}
	rest := strings.TrimLeft(line[min(len(line), len(clockForm)):], "0123456789.,:")
	rest = strings.TrimLeft(rest, " [")
	return len(rest) > 0 && (rest[0] == 'Z' || len(rest) > 4 && (rest[0] == '+' || rest[0] == '-') && rest[1]-'0' <= 9 && rest[2]-'0' <= 9), true
}

func clockOf(e *Entry, loc *time.Location) string {
	if e == nil {
		return ""
	}
	return e.instant().in(loc)
}

// recovery is the last one that is about the same connection.
func (g *gather) recovery(at *group) *Entry {
	host := strings.ToLower(at.last.Found.Get("host"))
	var out *Entry
	for w, e := range g.recovered {
		if w.topic == at.topic && kin(e.kinds, at.last.kinds) && (w.host == "" || host == "" || w.host == host) && (out == nil || e.newer(out)) {
			out = e
		}
	}
	return out
}

// shownAs is how the manager shows the Smart Protection Server that failures name; the zero state where they name none.
func shownAs(servers []*serverState, at *group) serverState {
	host := bare(at.last.Found.Get("host"))
	for _, s := range servers {
		if host != "" && s.host == host && s.on == at.last.on && s.service == serviceOf(strings.TrimSuffix(at.topic, at.last.on)) {
			return *s
		}
	}
	return serverState{}
}
