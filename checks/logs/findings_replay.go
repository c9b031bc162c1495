package logs

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets"
)

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
	since     instant
	alert     bool // the manager raised one, and nobody but an administrator clears it
	events    []serverEvent
	after     []condition // the state after each event
}

// replay goes through the events in the order of their times, whatever the order in which they were read, and tells the
// state that the manager shows as of now.
func replay(runs []*serverEvent, rule assets.Retry, now time.Time) []*serverState {
	states := map[serverKey]*serverState{}
	at := func(k serverKey) *serverState {
		if states[k] == nil {
			states[k] = &serverState{serverKey: k}
		}
		return states[k]
	}
	points := inOrder(runs)
	named := map[serverKey][]string{} // the servers that a service's events name
	for i := range points {
		if p := &points[i]; p.host != "" && !slices.Contains(named[p.anyHost()], p.host) {
			named[p.anyHost()] = append(named[p.anyHost()], p.host)
		}
	}
	for i := range points {
		p := &points[i]
		meant := []*serverState{}
		if p.host == "" && p.turn == back {
			meant = waiting(states, p.anyHost())
		}
		switch hosts := named[p.anyHost()]; {
		case len(meant) > 0:
		case p.host == "" && len(hosts) == 1:
			meant = append(meant, at(serverKey{p.service, hosts[0], p.on}))
		default:
			meant = append(meant, at(p.serverKey))
		}
		for _, s := range meant {
			s.take(p, len(meant) > 1)
		}
	}
	var out []*serverState
	for _, s := range states {
		s.settle(rule, now)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *serverState) int {
		return strings.Compare(a.service+"\x00"+a.host+"\x00"+a.on, b.service+"\x00"+b.host+"\x00"+b.on)
	})
	return out
}

// anyHost is the service of that computer, whatever its server.
func (k serverKey) anyHost() serverKey { return serverKey{service: k.service, on: k.on} }

// waiting are the servers that an event without a name may be about when it says that one is connected again: those that
// were reported as lost, else those that are suspect.
func waiting(states map[serverKey]*serverState, service serverKey) []*serverState {
	var gone, doubted []*serverState
	for k, s := range states {
		switch {
		case k.anyHost() != service:
		case s.condition == disconnected || s.condition == unsure:
			gone = append(gone, s)
		case s.condition == suspect:
			doubted = append(doubted, s)
		}
	}
	if len(gone) > 0 {
		return gone
	}
	return doubted
}

// take moves the state on. others: the event does not name its server, and it may be another one's.
func (s *serverState) take(p *serverEvent, others bool) {
	before := s.condition
	switch {
	case p.turn == failed && (before == "" || before == connected || before == unsure):
		s.condition = suspect
	case p.turn == lost:
		s.condition, s.alert = disconnected, true
	case p.turn == back && others:
		s.condition = unsure
	case p.turn == back:
		s.condition = connected
	}
	if s.condition != before {
		s.since = p.first.instant()
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
	last := s.events[len(s.events)-1].last.instant()
	if now.Sub(last.at) > patience(rule) {
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
			return o.anyHost() == r.anyHost() && (o.host == r.host || o.host == "" || r.host == "") && o.turn != r.turn &&
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
