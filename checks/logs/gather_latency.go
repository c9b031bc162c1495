package logs

import (
	"math/bits"

	"linecheck/assets"
	"linecheck/checks"
)

const (
	maxQueries = 4 // kinds of them
	// fine is up to which number of milliseconds every one is told apart; above it 64 steps to each doubling, so that a
	// value is off by at most 1.6 percent.
	fine  = 4096
	steps = 64
	topMS = 1 << 30
)

// query is one kind of query: of which connection, and whether the lines tell of slow answers or of failures.
type query struct {
	topic string
	slow  bool
}

// latencies are how long queries took.
type latencies struct {
	all  map[query]*durations
	last query
	at   *durations
}

// durations is a histogram: the same ones give the same result in any order.
type durations struct {
	n     int
	bins  map[int32]*bin
	worst sight
	most  int   // ms
	least bool  // the worst one was given up: it would have taken longer
	last  sight // the newest line
}

// bin is one step of the scale.
type bin struct {
	n, least int // how many; of them given up
	max      int // the longest in it, ms
}

// gaveUp: after these the product stopped waiting, so the query would have taken at least that long.
func gaveUp(code checks.Code) bool {
	switch code {
	case Timeout, ConnectTimeout, DNSTimeout, Stalled, ProxyNoAnswer:
		return true
	}
	return false
}

// note counts the duration that a line names; false where it names none. code and topic are those of the event.
func (p *latencies) note(code checks.Code, topic string, e *Entry) bool {
	text := e.Found.Get("ms")
	if text == "" {
		return false
	}
	ms := 0
	for i := range len(text) {
		if c := text[i] - '0'; c > 9 {
			return false
		} else if ms = ms*10 + int(c); ms > topMS {
			ms = topMS
		}
	}
	k := query{topic, e.Effect == assets.Slows}
	if p.at == nil || p.last != k {
		p.last, p.at = k, p.of(k)
	}
	p.at.add(ms, gaveUp(code), e.sight())
	return true
}

func (p *latencies) of(k query) *durations {
	t, ok := p.all[k]
	if !ok && len(p.all) >= maxQueries {
		k.topic = "others"
		t, ok = p.all[k]
	}
	if !ok {
		t = &durations{bins: map[int32]*bin{}}
		if p.all == nil {
			p.all = map[query]*durations{}
		}
		p.all[k] = t
	}
	return t
}

func (t *durations) add(ms int, least bool, s sight) {
	b := t.bins[step(ms)]
	if b == nil {
		b = &bin{}
		t.bins[step(ms)] = b
	}
	b.n++
	b.max = max(b.max, ms)
	if least {
		b.least++
	}
	t.longest(ms, least, s)
	if t.n == 0 || s.newer(&t.last) {
		t.last = s
	}
	t.n++
}

// longest keeps the longest one, and the newest line that tells of such a one.
func (t *durations) longest(ms int, least bool, s sight) {
	switch {
	case t.n == 0 || ms > t.most:
		t.most, t.least, t.worst = ms, least, s
	case ms == t.most:
		t.least = t.least || least
		if s.newer(&t.worst) {
			t.worst = s
		}
	}
}

// step is where a duration stands on the scale.
func step(ms int) int32 {
	if ms < fine {
		return int32(ms)
	}
	n := bits.Len(uint(ms)) - 1 // 12 for fine
	return int32(fine + (n-12)*steps + (ms>>(n-6))&(steps-1))
}

func (p *latencies) merge(o *latencies) {
	for k, from := range o.all {
		t := p.of(k)
		for s, b := range from.bins {
			at := t.bins[s]
			if at == nil {
				at = &bin{}
				t.bins[s] = at
			}
			at.n, at.least, at.max = at.n+b.n, at.least+b.least, max(at.max, b.max)
		}
		t.longest(from.most, from.least, from.worst)
		if t.n == 0 || from.last.newer(&t.last) {
			t.last = from.last
		}
		t.n += from.n
	}
	p.at = nil
}
