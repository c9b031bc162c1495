package logs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
)

func TestPaces(t *testing.T) {
	after := func(at string, ms int) string {
		return line(at, fmt.Sprintf(" [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after %d milliseconds with 0 bytes received\n", ms))
	}
	echo := func(at string, ms int) string {
		return line(at, fmt.Sprintf(" [15c0.1d1c] .W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 111 (5) for http task 0B, time %d ms\n", ms))
	}
	slow := func(at string, ms int) string {
		return line(at, fmt.Sprintf(" [1.2] .W: SecurityCloud::Query: ORSP query took %dms\n", ms))
	}
	for title, c := range map[string]struct {
		log, text, want, over string
	}{
		"a query that was given up would have taken longer": {"fsscorplug.log", after("11:00", 1006),
			"warn 1 at least 1006 ms, at least 1006 ms, at least 1006 ms; 1 over", "1 of 1 reached or passed 1000 ms, the time that the product allows for an answer as concluded from its log lines"},
		"one given up at the limit has reached it":          {"fsscorplug.log", after("11:00", 1000), "warn 1 at least 1000 ms, at least 1000 ms, at least 1000 ms; 1 over", ""},
		"one that failed at the limit has not passed it":    {"fsscorplug.log", line("11:00", curl5) + echo("11:00", 1000), "note 1 1000 ms, 1000 ms, 1000 ms; 0 over", ""},
		"both lines of one query are one":                   {"fsscorplug.log", after("11:00", 1006) + echo("11:00", 1006), "warn 1 at least 1006 ms, at least 1006 ms, at least 1006 ms; 1 over", ""},
		"the median of answers and of what was given up":    {"DeepGuard.log", slow("11:00", 3016) + slow("11:01", 3500) + slow("11:02", 12000), "warn 3 3500 ms, 12.0 s, 12.0 s; 3 over", ""},
		"queries that failed at once are told as slow ones": {"fsscorplug.log", line("11:00", curl5) + echo("11:00", 4) + line("11:01", curl5) + echo("11:01", 5), "note 2 4 ms, 5 ms, 5 ms; 0 over", "none reached 1000 ms, the time that the product allows for an answer as concluded from its log lines, so slowness was not the reason"},
		"of an older log nothing warns":                     {"fsscorplug.log", after("12 11:00", 1006), "note 1 at least 1006 ms, at least 1006 ms, at least 1006 ms; 1 over", ""},
		"of what recovered nothing warns":                   {"fsscorplug.log", after("11:00", 1006) + line("11:30", doorman), "note 1 at least 1006 ms, at least 1006 ms, at least 1006 ms; 1 over", ""},
	} {
		t.Run(title, func(t *testing.T) {
			parts := poured(t, map[string]string{c.log: c.text})
			p := &assets.Profile{Budget: assets.Budget{ConnectMS: 1000, AnswerMS: 1000, Mark: assets.Inferred}}
			found := merged(parts, sorted(parts)).latencyFindings(p, noon, 24*time.Hour, time.UTC)
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			a := found[0].Args
			got := fmt.Sprintf("%s %s %s, %s, %s; %s over", found[0].Status, a["n"], a["median"], a["p95"], a["worst"], a["exceeded"])
			if got != c.want || !strings.Contains(a["over"], c.over) {
				t.Errorf("%s (%s)\nwant %s", got, a["over"], c.want)
			}
			if len(found[0].Evidence) != 1 || found[0].Evidence[0].Line == 0 {
				t.Errorf("the slowest is not shown: %v", found[0].Evidence)
			}
		})
	}
}

// Up to four seconds every millisecond is told apart; above, a value is at most 1.6 percent off and one that was seen.
func TestQuantiles(t *testing.T) {
	var x durations
	x.bins = map[int32]*bin{}
	for ms := 1; ms <= 20_000; ms++ {
		x.add((ms*7919)%20_000+1, false, sight{place: ms})
	}
	for share, want := range map[int]int{10: 2000, 20: 4000, 50: 10_000, 95: 19_000, 100: 20_000} {
		got, _ := x.quantile(share)
		if got < want || got > want+want*16/1000 || want < fine && got != want {
			t.Errorf("%d%%: %d ms, want %d", share, got, want)
		}
	}
	if n := x.over(1000); n != 19_000 {
		t.Errorf("%d over a second", n)
	}
	last := int32(-1)
	for ms := 0; ms < 1<<22; ms++ {
		s := step(ms)
		if s < last || s > last+1 {
			t.Fatalf("the scale goes from %d to %d at %d ms", last, s, ms)
		}
		last = s
	}
}
