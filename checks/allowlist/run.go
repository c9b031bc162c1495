package allowlist

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// run is one run of the check. Everything but mu's members belongs to the goroutine of Run; walks tell it news.
type run struct {
	env     checks.Env
	emit    func(checks.Event)
	names   *probe.Names
	route   checks.Route
	ways    []*way // the product's own first
	missing map[string][]assets.Endpoint
	queue   []*leg
	open    map[*leg]bool // under way
	load    int           // turns that they may need at once
	room    int           // how many that may be
	news    chan func()
	firsts  int  // addresses whose first try on the product's way has not ended
	large   bool // somebody is asked for a large greeting
	found   []checks.Finding
	absent  map[string][]checks.Finding // by family: walks that met a machine without a route in it
	spared  bool                        // nothing is compared any more, because the product's way is sound

	mu           sync.Mutex
	total, ended int
	waits        map[*leg]string // what each leg under way waits for
	order        []*leg          // of waits, oldest first
}

// loop keeps as many legs going as there are turns until all are done or the time is over. It returns when none is under
// way.
func (r *run) loop(ctx context.Context) {
	tick := time.NewTicker(patience / 6)
	defer tick.Stop()
	beside, spare := context.WithCancel(ctx)
	defer spare()
	for {
		for l := r.next(ctx); l != nil; l = r.next(ctx) {
			if l.way.product {
				r.begin(ctx, l)
			} else {
				r.begin(beside, l)
			}
		}
		if len(r.open) == 0 {
			break
		}
		select {
		case f := <-r.news:
			f()
			if !r.spared && r.sound() {
				spare()
				r.spare()
			}
		case <-tick.C:
			r.overdue()
		}
	}
	for _, l := range r.queue {
		if l.tries > 0 { // the time was over before its next try
			r.close(l)
		}
	}
}

// next takes from the queue what is to be walked now; nil: nothing is, or there is no room.
func (r *run) next(ctx context.Context) *leg {
	if ctx.Err() != nil {
		return nil
	}
	best := -1
	for i := 0; i < len(r.queue); i++ {
		l := r.queue[i]
		if l.tries > 0 && !fits(ctx, l) { // it waited for its turn for too long to be tried again
			r.queue = slices.Delete(r.queue, i, i+1)
			i--
			r.close(l)
			continue
		}
		crowded := !l.way.product && l.way.proxy != nil && l.way.going >= polite
		if r.load+cost(l.routes[0]) <= r.room && !crowded && (best < 0 || urgency(l) < urgency(r.queue[best])) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	l := r.queue[best]
	r.queue = slices.Delete(r.queue, best, best+1)
	return l
}

// urgency orders the queue: what the product needs, then what tells whether a comparison is worth its time, then the
// product's own patience, then the rest.
func urgency(l *leg) int {
	switch {
	case l.way.product && l.tries == 0:
		return 0
	case l.scout:
		return 1
	case l.way.product:
		return 2
	}
	return 3
}

func (r *run) begin(ctx context.Context, l *leg) {
	r.open[l] = true
	l.way.going++
	l.load = cost(l.routes[0])
	r.load += l.load
	go func() {
		trips, won, took := r.walk(ctx, l)
		r.news <- func() { r.back(ctx, l, trips, won, took) }
	}()
}

// back takes in what a leg's try has brought.
func (r *run) back(ctx context.Context, l *leg, trips []trip, won int, took time.Duration) {
	delete(r.open, l)
	l.way.going--
	r.load -= l.load
	l.load = 0
	if r.spared && !l.way.product {
		r.end(l)
		return
	}
	switch t := trips[won]; {
	case l.tries > 0 && t.fate() == checks.Cancelled: // the time was over in the middle: what the earlier try saw stands
	default:
		if l.tries > 0 {
			l.earlier = append(l.earlier, l.summary())
		}
		l.trips, l.won, l.took, l.tries = trips, won, took, l.tries+1
	}
	if !l.way.product {
		r.close(l)
		return
	}
	if !l.first {
		l.first = true
		if r.firsts--; r.firsts == 0 {
			r.emit(checks.Learned{Fact: r.answers()})
		}
	}
	failed := l.fate() != checks.NoFailure && l.fate() != checks.Cancelled
	if failed || r.late(l) || l.borrowed() {
		r.compare(l, l.tried())
	}
	if failed && r.again(ctx, l) {
		r.queue = append(r.queue, l)
		return
	}
	r.close(l)
}

// close ends a leg: nothing more of it is to come.
func (r *run) close(l *leg) {
	r.judge(l)
	r.end(l)
	if l.scout {
		r.scouted(l)
	}
}

// answers is what was seen on the product's way so far.
func (r *run) answers() checks.Fact {
	out := []probe.Answer{}
	for _, l := range r.ways[0].legs {
		for _, t := range l.trips {
			for _, f := range t.families {
				out = append(out, t.got[f])
			}
		}
	}
	return checks.Fact{Name: probe.FactAnswers, Value: out}
}

func (r *run) end(l *leg) {
	r.mu.Lock()
	delete(r.waits, l)
	r.order = slices.DeleteFunc(r.order, func(o *leg) bool { return o == l })
	r.ended++
	r.emit(r.progress()) // under the lock, so that nobody is told an older count after a newer one
	r.mu.Unlock()
}

func (r *run) grow() {
	r.mu.Lock()
	r.total++
	r.mu.Unlock()
}

// waiting notes what a walk waits for; the oldest one's is shown.
func (r *run) waiting(l *leg, p checks.Path) {
	i := slices.IndexFunc(p.Stages, func(s checks.Stage) bool { return strings.HasPrefix(s.Note, probe.Waiting) })
	if i < 0 {
		return
	}
	r.mu.Lock()
	if p.Stages[i].Note == probe.WaitingTurn {
		delete(l.since, p.Family)
	} else if l.since[p.Family].IsZero() {
		l.since[p.Family] = time.Now()
	}
	if _, ok := r.waits[l]; !ok {
		r.order = append(r.order, l)
	}
	r.waits[l] = l.endpoint.Host + ": " + p.Stages[i].Note
	r.emit(r.progress())
	r.mu.Unlock()
}

func (r *run) progress() checks.Progress {
	p := checks.Progress{Done: r.ended, Total: r.total}
	if len(r.order) > 0 {
		p.Waiting = r.waits[r.order[0]]
	}
	return p
}
