package logs

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
)

// Trend Micro's two services that ask a Smart Protection Server, as its events call them. The rule that is replayed here
// is that of the vendor's article on "Smart Protection Server disconnected".
const (
	smartScan     = "Smart Scan"
	webReputation = "Web Reputation"
)

// maxTurns is how many changes of the servers' states are kept; the newest ones are.
const maxTurns = 512

// turn is what an event says of a server.
type turn int

const (
	noTurn turn = iota
	failed      // the agent's own log: a query failed
	lost        // the manager is told that the server is disconnected
	back        // the manager is told that it is connected
)

// serverEvent is one event, or several of the same kind in a row.
type serverEvent struct {
	serverKey
	turn        turn
	number      string // "9012"; "" where none is named
	why         string
	server      string // as the event spells it
	first, last sight
	count       int
}

// serverKey is a server in the eyes of one service. Both may not be known.
type serverKey struct{ service, host string }

// serverLog is what the logs say of Smart Protection Servers.
type serverLog struct {
	runs    []*serverEvent
	open    map[serverKey]*serverEvent
	earlier int // events before those that are kept
}

// note takes the lines of one event: the one that says most, and those before it.
func (l *serverLog) note(e *Entry, leads []Entry) {
	if e.Code != Disconnected && e.Code != Connected && e.Code != Event && e.Topic != smartScan {
		return
	}
	if ev, ok := serverEventOf(e, leads); ok {
		l.take(ev)
	}
}

func (l *serverLog) take(ev serverEvent) {
	if at := l.open[ev.serverKey]; at != nil && at.turn == ev.turn && ev.last.newer(&at.last) && at.last.from == ev.last.from {
		at.last = ev.last
		at.count++
		return
	}
	if l.open == nil {
		l.open = map[serverKey]*serverEvent{}
	}
	for k := range l.open { // an event that names no server may be about each
		if k.service == ev.service && (k.host == "") != (ev.host == "") {
			delete(l.open, k)
		}
	}
	if len(l.open) < maxNames || l.open[ev.serverKey] != nil {
		l.open[ev.serverKey] = &ev
	}
	l.add(&ev)
}

func (l *serverLog) add(ev *serverEvent) {
	l.runs = append(l.runs, ev)
	if len(l.runs) >= 2*maxTurns {
		l.forget()
	}
}

// forget keeps the newest.
func (l *serverLog) forget() {
	slices.SortStableFunc(l.runs, func(a, b *serverEvent) int { return a.first.compare(&b.first) })
	gone := max(0, len(l.runs)-maxTurns)
	for _, r := range l.runs[:gone] {
		l.earlier += r.count
		if l.open[r.serverKey] == r {
			delete(l.open, r.serverKey)
		}
	}
	l.runs = slices.Clone(l.runs[gone:])
}

func (l *serverLog) merge(o *serverLog) {
	for _, r := range o.runs {
		c := *r
		l.add(&c)
	}
	l.earlier += o.earlier
}

// saysOfServer takes an event's title, as the vendor's lists have it, apart.
var saysOfServer = regexp.MustCompile(`^Smart Protection Server (Disconnected|Connected) for (.+)$`)

// serverEventOf reads what lines say of a server; false where they say nothing.
func serverEventOf(e *Entry, leads []Entry) (serverEvent, bool) {
	ev := serverEvent{first: e.sight(), count: 1}
	ev.service = serviceOf(e.Topic)
	numbered := false
	switch {
	case e.Code == Disconnected:
		ev.turn, numbered = lost, true
	case e.Code == Connected:
		ev.turn, numbered = back, true
	case e.Code == Event:
		numbered = true
	case e.Effect == assets.Fails && ev.service == smartScan:
		ev.turn = failed
	default:
		return ev, false
	}
	if numbered {
		ev.number = e.Found["event"]
		for i := range leads {
			if n := leads[i].Found["event"]; n != "" {
				ev.number = n
			}
		}
		if c, ok := assets.FindCode("event", ev.number); ok && ev.number != "" {
			if m := saysOfServer.FindStringSubmatch(c.Text); m != nil {
				if ev.service == "" {
					ev.service = serviceOf(m[2])
				}
				if ev.turn == noTurn {
					ev.turn = map[string]turn{"Disconnected": lost, "Connected": back}[m[1]]
				}
			}
		}
	}
	ev.server, ev.why = e.Found["server"], e.Found["text"]
	if ev.host = bare(e.Found["host"]); ev.server == "" {
		ev.server = ev.host
	}
	ev.last = ev.first
	known := ev.service != "" || ev.turn != noTurn && ev.server != "" && e.Found["server"] != ""
	return ev, ev.turn != noTurn && known
}

func serviceOf(s string) string {
	switch s = strings.TrimSpace(s); s {
	case smartScan, webReputation:
		return s
	}
	return ""
}

// condition is how the manager shows a server.
type condition string

const (
	suspect      condition = "suspect"
	disconnected condition = "disconnected"
	connected    condition = "connected again"
	unsure       condition = "not known"
)

// serverState is one server after all its events.
type serverState struct {
	serverKey
	server    string
	condition condition
	since     time.Time
	alert     bool // the manager raised one, and nobody but an administrator clears it
	events    []serverEvent
	after     []condition // the state after each event
}

// replay goes through the events in the order of their times, whatever the order in which they were read, and tells the
// state that the manager shows as of now.
func replay(runs []*serverEvent, rule assets.Retry, now time.Time) []serverState {
	var out []serverState
	points := inOrder(runs)
	for _, k := range servers(points) {
		s := serverState{serverKey: k}
		for i := range points {
			p := &points[i]
			if p.service != k.service || p.host != k.host && (p.host != "" || p.turn == lost && severalOf(points, k.service)) {
				continue
			}
			s.take(p, p.host == "" && k.host != "" && severalOf(points, k.service))
		}
		s.settle(rule, now)
		out = append(out, s)
	}
	return out
}

// take moves the state on. others: the event does not name its server, and it may be another one's.
func (s *serverState) take(p *serverEvent, others bool) {
	before := s.condition
	switch {
	case p.turn == failed && (before == "" || before == connected || before == unsure):
		s.condition = suspect
	case p.turn == lost:
		s.condition, s.alert = disconnected, true
	case p.turn == back && others && before == disconnected:
		s.condition = unsure
	case p.turn == back && !others:
		s.condition = connected
	}
	if s.condition != before {
		s.since = p.first.at
	}
	if p.server != "" {
		s.server = p.server
	}
	s.events, s.after = append(s.events, *p), append(s.after, s.condition)
}

// settle says what the last state is worth as of now. Web Reputation tells of a lost server only while it asks, and
// perhaps never of its return, so that nothing is known soon after its last event.
func (s *serverState) settle(rule assets.Retry, now time.Time) {
	if s.service != webReputation || s.condition != disconnected || len(s.events) == 0 {
		return
	}
	last := s.events[len(s.events)-1].last.at
	if now.Sub(last) > patience(rule) {
		s.condition, s.since = unsure, last
	}
}

// patience is how long a server that answers no more can go without an event: one round of tries.
func patience(rule assets.Retry) time.Duration {
	return every(rule) + time.Duration(rule.WaitMS*rule.Tries)*time.Millisecond
}

// inOrder puts events in the order of their times. One that stands in several files counts once, and several in a row
// are two where another event of the same server came between.
func inOrder(runs []*serverEvent) []serverEvent {
	var out []serverEvent
	for _, r := range runs {
		between := func(o *serverEvent) bool {
			return o.service == r.service && (o.host == r.host || o.host == "" || r.host == "") && o.turn != r.turn &&
				(o.first.at.After(r.first.at) && o.first.at.Before(r.last.at) || o.last.at.After(r.first.at) && o.last.at.Before(r.last.at))
		}
		if r.count == 1 || !slices.ContainsFunc(runs, between) {
			out = append(out, *r)
			continue
		}
		a, b := *r, *r
		a.last, a.count = a.first, r.count-1
		b.first, b.count = b.last, 1
		out = append(out, a, b)
	}
	slices.SortStableFunc(out, func(a, b serverEvent) int {
		if c := a.first.compare(&b.first); c != 0 {
			return c
		}
		return strings.Compare(a.server, b.server)
	})
	same := func(a, b serverEvent) bool {
		return a.serverKey == b.serverKey && a.turn == b.turn && a.number == b.number && a.count == b.count &&
			!a.first.at.IsZero() && a.first.path != b.first.path && a.first.at.Equal(b.first.at) && a.last.at.Equal(b.last.at)
	}
	return slices.CompactFunc(out, same)
}

// servers are those that events name, and for a service without any the one that none names.
func servers(points []serverEvent) []serverKey {
	var out []serverKey
	for i := range points {
		if k := points[i].serverKey; !slices.Contains(out, k) && (k.host != "" || !nameIn(points, k.service) || points[i].turn == lost && severalOf(points, k.service)) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b serverKey) int { return strings.Compare(a.service+"\x00"+a.host, b.service+"\x00"+b.host) })
	return out
}

// nameIn reports whether any event of a service names its server.
func nameIn(points []serverEvent, service string) bool {
	return slices.ContainsFunc(points, func(p serverEvent) bool { return p.service == service && p.host != "" })
}

// severalOf reports whether the events of a service name more than one server.
func severalOf(points []serverEvent, service string) bool {
	var host string
	for i := range points {
		if p := &points[i]; p.service == service && p.host != "" {
			if host != "" && host != p.host {
				return true
			}
			host = p.host
		}
	}
	return false
}
