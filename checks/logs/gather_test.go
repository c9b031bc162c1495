package logs

import (
	"fmt"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// failure is a known line as the stream tells it.
func failure(from *int, place int, at time.Time) Entry {
	return Entry{Line: checks.Line{At: at, File: "fsscorplug.log", Path: `C:\Log\fsscorplug.log`, Number: place + 1, Code: Timeout, Ref: "curl 28",
		Meaning: "no answer in 1006 ms", Text: "a line"}, When: at, Topic: "fsscorplug", Effect: assets.Fails, Mark: assets.Seed, Thread: "15c0.1d1c",
		Found: assets.Named(map[string]string{"ms": "1006", "curl": "28", "host": "doorman.sc.fsapi.com"}), from: from, place: place, kinds: []string{"fsscorplug"}}
}

func BenchmarkGather(b *testing.B) {
	start, from := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC), new(int)
	e := failure(from, 0, start)
	echo := failure(from, 0, start)
	echo.Role, echo.Ref = assets.Echo, "fserr 201, curl 28"
	for name, line := range map[string][]Entry{"one line": {e}, "a line and its echo": {e, echo}} {
		b.Run(name, func(b *testing.B) {
			g := newGather(time.Time{})
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				e := line[n%len(line)]
				e.place, e.When = n, start.Add(time.Duration(n)*time.Millisecond)
				e.At = e.When
				g.add(&e)
				n++
			}
		})
	}
}

// Four million failing lines of four months leave no more behind than some thousands.
func TestWhatIsKeptIsBounded(t *testing.T) {
	g, start, from := newGather(time.Time{}), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), new(int)
	const lines = 400_000
	for i := range lines {
		e := failure(from, i, start.Add(time.Duration(i)*26*time.Second))
		e.Found = assets.Named(map[string]string{"ms": fmt.Sprint(i % 100_000), "host": fmt.Sprintf("h%d.example", i%5000)})
		e.Subject = e.Found.Get("host")
		g.add(&e)
	}
	g.settle()
	f := g.hourFindings(start.Add(1000*time.Hour), time.UTC)[0]
	if n := len(g.hours.quarters); n != maxQuarters {
		t.Errorf("%d quarters are kept", n)
	}
	if n := len(g.groups); n > maxGroups+1 {
		t.Errorf("%d groups are kept", n)
	}
	if n := len(g.names.hosts); n > maxNames {
		t.Errorf("%d hosts are kept", n)
	}
	for k, at := range g.latencies.all {
		if len(at.bins) > fine+steps*20 || at.n != lines {
			t.Errorf("%v: %d bins for %d lines", k, len(at.bins), at.n)
		}
	}
	if f.Args["failures"] != fmt.Sprint(lines) || len(f.Table.Rows) != maxHours+1 {
		t.Errorf("%s failures in %d rows", f.Args["failures"], len(f.Table.Rows))
	}
}
