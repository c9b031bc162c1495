package allowlist

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

func TestATryThatIsCalledOffTakesNothingFromTheOneBefore(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration
		want  string
		tries string
	}{
		"in the first try nothing is known":  {2 * time.Second, "unknown path.not_tried h00 direct ipv4", "1"},
		"in the second the first one stands": {7 * time.Second, "fail tcp.dropped h00 direct ipv4", "1"},
		"in the third the second one stands": {12 * time.Second, "fail tcp.dropped h00 direct ipv4", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				p.Retry = assets.Retry{Tries: 3, WaitMS: 5000}
				w.only4(0)
				w.each(0, silent{}, nil)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(c.after, cancel)
				start := time.Now()
				f := look(t, ctx, env(p, w, direct)).Findings[0]
				if brief(f) != c.want || f.Arg("tries") != c.tries {
					t.Errorf("%s after %s tries, want %s after %s", brief(f), f.Arg("tries"), c.want, c.tries)
				}
				if took := time.Since(start); took != c.after {
					t.Errorf("it ended after %s, called off after %s", took, c.after)
				}
			})
		})
	}
}

func TestALateComerIsNotWalkedWhereTheScoutsDied(t *testing.T) {
	p, w := product(3)
	r := newRun(env(p, w, viaGW), func(checks.Event) {})
	legs := r.ways[0].legs
	for _, l := range legs[:2] {
		r.compare(l, l.routes)
	}
	other := r.ways[1]
	for _, l := range other.legs {
		l.trips = []trip{{families: []string{"ip4"}, got: map[string]probe.Answer{"ip4": {Failure: checks.Dropped, Failed: checks.Connect}}}}
		r.scouted(l)
	}
	before := len(r.queue)
	r.compare(legs[2], legs[2].routes)
	if len(r.queue) != before || len(other.left) != 1 {
		t.Errorf("%d legs were queued, %d are left out", len(r.queue)-before, len(other.left))
	}
}
