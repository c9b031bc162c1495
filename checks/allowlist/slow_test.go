package allowlist

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

func TestOneSlowAnswerIsNotASlowLine(t *testing.T) {
	for name, c := range map[string]struct {
		slow  int32 // that many answers come late
		code  checks.Code
		tries string
	}{
		"every answer in time":  {0, "path.open", "1"},
		"one answer late":       {1, "path.open", "2"},
		"every answer too late": {9, "path.too_slow", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				p.Budget = assets.Budget{AnswerMS: 1000, Mark: assets.Seed}
				delete(w.names, "ip6 "+p.Endpoints[0].Host)
				var asked atomic.Int32
				w.each(0, func(conn net.Conn) {
					if asked.Add(1) <= c.slow {
						time.Sleep(1500 * time.Millisecond)
					}
					okay(conn)
				}, silent{})
				walked := 0
				for _, f := range look(t, t.Context(), env(p, w, direct)).Findings {
					if f.Path == nil || !f.Path.Product {
						continue
					}
					walked++
					if f.Code != c.code || f.Arg("tries") != c.tries {
						t.Errorf("%s after %s tries, want %s after %s", brief(f), f.Arg("tries"), c.code, c.tries)
					}
				}
				if walked != 1 {
					t.Errorf("%d walks", walked)
				}
			})
		})
	}
}

func TestAHealthyRunDoesNotWaitForComparisonsOfASlowMoment(t *testing.T) {
	for name, c := range map[string]struct {
		sick bool // the last address answers wrongly
		took time.Duration
		rest int // findings of other ways
	}{
		"all got through":                      {false, 700 * time.Millisecond, 0},
		"one did not, so others are looked at": {true, patience + checks.ConnectWait, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(2)
				for i := range 2 {
					w.each(i, func(conn net.Conn) {
						time.Sleep(700 * time.Millisecond)
						if c.sick && i == 1 {
							return
						}
						okay(conn)
					}, nil)
					w.only4(i)
				}
				w.gate(silent{})
				start := time.Now()
				found := look(t, t.Context(), env(p, w, beside)).Findings
				rest := 0
				for _, f := range found {
					if f.Path != nil && !f.Path.Product {
						rest++
					}
				}
				if took := time.Since(start); rest != c.rest || took.Round(100*time.Millisecond) != c.took.Round(100*time.Millisecond) {
					t.Errorf("%d findings of other ways, want %d; it took %s, want %s:\n%s", rest, c.rest, took, c.took, strings.Join(briefs(found), "\n"))
				}
			})
		})
	}
}
