package logs

import (
	"regexp"
	"slices"
	"strings"

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

// serverKey is a server in the eyes of one service of one computer. Each may not be known.
type serverKey struct{ service, host, on string }

// serverLog is what the logs say of Smart Protection Servers.
type serverLog struct {
	runs    []*serverEvent
	open    map[serverKey]*serverEvent
	earlier int // events before those that are kept
}

// note takes the lines of one event: the one that says most, and those before it.
func (l *serverLog) note(e *Entry, leads []Entry) {
	if e.Code != Disconnected && e.Code != Connected && e.Code != Event && strings.TrimSuffix(e.Topic, e.on) != smartScan {
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
		if k.service == ev.service && k.on == ev.on && (k.host == "") != (ev.host == "") {
			delete(l.open, k)
		}
	}
	kept := ev
	if len(l.open) < maxNames || l.open[ev.serverKey] != nil {
		l.open[ev.serverKey] = &kept
	}
	l.add(&kept)
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
	ev.service, ev.on = serviceOf(strings.TrimSuffix(e.Topic, e.on)), e.on
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
		ev.number = e.Found.Get("event")
		for i := range leads {
			if n := leads[i].Found.Get("event"); n != "" {
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
	ev.server, ev.why = e.Found.Get("server"), e.Found.Get("text")
	if ev.host = bare(e.Found.Get("host")); ev.server == "" {
		ev.server = ev.host
	}
	ev.last = ev.first
	known := ev.service != "" || ev.turn != noTurn && ev.server != "" && e.Found.Get("server") != ""
	return ev, ev.turn != noTurn && known
}

func serviceOf(s string) string {
	switch s = strings.TrimSpace(s); s {
	case smartScan, webReputation:
		return s
	}
	return ""
}
