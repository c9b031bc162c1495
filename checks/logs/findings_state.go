package logs

import (
	"strings"
	"time"

	"linecheck/assets"
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

// silence is the line since which failures like these are no longer written; nil where they are. Once they are written
// again the product has counted anew: it counts failures in a row, so a query worked, or it was started anew.
func (t topic) silence(at *group) *Entry {
	switch hush := t.hushed; {
	case hush == nil, !kin(hush.kinds, at.last.kinds):
	case t.spoke != nil && t.spoke.after(hush), at.last.Effect == assets.Slows && at.last.after(hush):
	default:
		return hush
	}
	return nil
}

// stand is the present state of one kind of failure.
type stand struct {
	old    bool // its last line is older than the look goes back
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
	s := stand{old: old, loc: loc}
	shown, recovered := shownAs(servers, at), g.recovery(at)
	nobody := recovered != nil && recovered.Found.Get("host") == ""
	if nobody && (shown.condition == suspect || shown.condition == disconnected) {
		recovered = nil // it is another server's
	}
	switch {
	case recovered == nil:
		s.since = at.since(time.Time{})
	case !recovered.after(&at.last):
		s.since = at.since(recovered.moment())
	case nobody && shown.condition == unsure && shown.service != webReputation:
		s.unclear(recovered.instant(), "a server is connected again since "+recovered.instant().in(loc)+", and no event says which")
		return s
	case g.far && zonesApart(recovered, &at.last):
		s.unclear(at.since(time.Time{}), "another log says that it recovered, at "+recovered.instant().in(loc)+
			"; only one of the two names its time zone, so which came last is not known")
		return s
	default:
		s.recover(recovered)
		return s
	}
	if shown.condition != "" {
		s.since = shown.since
	}
	s.last(at, topics[at.topic].silence(at), now)
	return s
}

// unclear: something recovered, and whether it was this the lines do not tell.
func (s *stand) unclear(since instant, state string) {
	s.status, s.is, s.since, s.state = checks.Warn, "unknown", since, state
	if s.old {
		s.status = checks.Note
	}
}

func (s *stand) recover(by *Entry) {
	s.status, s.is, s.back, s.since = checks.Note, "recovered", by, by.instant()
	s.state = "it recovered later"
	if by.Mark.Hint() {
		s.state = "it seems to have recovered later"
	}
	if !by.When.IsZero() {
		s.state += ", at " + by.instant().in(s.loc)
	}
}

// last: nothing says that it recovered. hush is the line since which the product is silent about it; nil: it is not.
func (s *stand) last(at *group, hush *Entry, now time.Time) {
	suppressed := checks.Code(at.code) == Suppressed
	switch {
	case hush != nil:
		s.status, s.is, s.since = checks.Warn, "silent", hush.instant()
		s.state = "silent since " + hush.instant().in(s.loc) + ": the product writes no more of them, which is no recovery"
		if s.old && (!suppressed || hush.moment().Before(now.Add(-silentFor))) {
			s.status = checks.Note
		}
	case suppressed:
		s.status, s.is, s.state = checks.Note, "failing", "failures were written again after it"
	case s.old:
		s.status, s.is, s.state = checks.Note, "unknown", "that is longer ago than this look goes back"
	case mayBeBack(at, now):
		s.status, s.is = checks.Warn, "unknown"
		s.state = "the vendor's article says that no event tells of the return for Web Reputation, so whether it is still so is not known"
	default:
		s.status, s.is, s.state = checks.Warn, "failing", "nothing after it in that log says that it recovered"
		if at.last.When.IsZero() {
			s.is = "unknown"
		}
	}
}

func (s stand) put(f *checks.Finding) {
	f.Status, f.Args["state"], f.Args["is"] = s.status, s.state, s.is
	if !s.since.at.IsZero() {
		f.Args["since"] = s.since.in(s.loc)
	}
	if s.back != nil {
		f.Args["recovered"], f.Args["by"] = s.back.instant().in(s.loc), s.back.Meaning
		f.Args["seems"] = checks.YesNo(s.back.Mark.Hint())
		at := s.back.sight()
		f.Evidence = append(f.Evidence, at.evidence())
	}
}

// mayBeBack: Web Reputation says that it lost its server again and again while it asks, and perhaps never that it is back.
func mayBeBack(at *group, now time.Time) bool {
	service := serviceOf(strings.TrimSuffix(at.topic, at.last.on))
	return checks.Code(at.code) == Disconnected && service == webReputation && now.Sub(at.last.moment()) > patience(assets.Retry{})
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
