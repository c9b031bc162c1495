package allowlist

import (
	"net"
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
