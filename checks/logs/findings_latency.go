package logs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// quantile is the duration that share percent of the queries did not exceed; least: some of those were given up, so it
// is that or more.
func (t *durations) quantile(share int) (ms int, least bool) {
	rank := (t.n*share + 99) / 100
	for _, s := range slices.Sorted(maps.Keys(t.bins)) {
		b := t.bins[s]
		rank -= b.n
		least = least || b.least > 0
		if rank <= 0 {
			return b.max, least
		}
	}
	return t.most, t.least
}

// over counts the queries that took longer than limit, those that were given up at it too.
func (t *durations) over(limit int) (n int) {
	for _, b := range t.bins {
		switch {
		case b.max > limit:
			n += b.n
		case b.max == limit:
			n += b.least
		}
	}
	return n
}

func (g *gather) latencyFindings(p *assets.Profile, now time.Time, since time.Duration, loc *time.Location) []checks.Finding {
	keys := slices.SortedFunc(maps.Keys(g.latencies.all), func(a, b query) int {
		return strings.Compare(a.topic+checks.YesNo(a.slow), b.topic+checks.YesNo(b.slow))
	})
	var out []checks.Finding
	for _, k := range keys {
		out = append(out, g.latency(k, g.latencies.all[k], p, now, since, loc))
	}
	return out
}

func (g *gather) latency(k query, t *durations, p *assets.Profile, now time.Time, since time.Duration, loc *time.Location) checks.Finding {
	f := checks.Finding{Code: Latency, Status: checks.Note, Subject: k.topic, View: view, At: t.last.instant().own(), Evidence: []checks.Evidence{t.worst.evidence()}}
	limit, whose := budget(p)
	over := 0
	switch {
	case k.slow: // where the product draws the line is its own, and not the one for a single query
		limit, over = 0, t.n
	case limit > 0:
		over, f.Mark = t.over(limit), p.Budget.Mark
	}
	median, half := t.quantile(50)
	p95, most := t.quantile(95)
	f.Args = map[string]string{"n": strconv.Itoa(t.n), "median": took(median, half), "p95": took(p95, most), "worst": took(t.most, t.least),
		"median_ms": strconv.Itoa(median), "p95_ms": strconv.Itoa(p95), "worst_ms": strconv.Itoa(t.most), "exceeded": strconv.Itoa(over),
		"last": t.last.instant().in(loc), "over": "how long the product waits for an answer is not known"}
	if limit > 0 {
		f.Args["budget"] = took(limit, false)
		f.Args["over"] = fmt.Sprintf("%d of %d reached or passed %s, %s", over, t.n, took(limit, false), whose)
	}
	verb := "after"
	f.Args["summary"] = "one query failed after " + took(t.most, t.least)
	if k.slow {
		verb, f.Args["over"] = "took", "the product calls them slow; where it draws the line is not known"
		f.Args["summary"] = "one query took " + took(t.most, t.least)
	}
	if t.n > 1 && !k.slow && limit > 0 && over == 0 {
		f.Args["summary"] = fmt.Sprintf("%d queries failed, the slowest of them after %s", t.n, took(t.most, t.least))
		f.Args["over"] = fmt.Sprintf("none reached %s, %s, so slowness was not the reason", took(limit, false), whose)
	} else if t.n > 1 {
		f.Args["summary"] = fmt.Sprintf("%d queries %s: half %s %s or more, one in twenty %s %s or more, the slowest %s %s", t.n,
			map[bool]string{true: "were slow", false: "failed"}[k.slow], verb, took(median, false), verb, took(p95, false), verb, took(t.most, t.least))
	}
	recent := !isOld(t.last.at, now, since)
	back := false
	for w, e := range g.recovered {
		s := e.sight()
		back = back || w.topic == k.topic && w.host == "" && (s.from == t.last.from && s.newer(&t.last) || s.from != t.last.from && s.at.After(t.last.at))
	}
	if over > 0 && recent && !back {
		f.Status = checks.Warn
	}
	return f
}

// budget is how long the product waits for an answer, in milliseconds, and whose number that is; 0: not known.
func budget(p *assets.Profile) (ms int, whose string) {
	switch b := p.Budget; {
	case b.AnswerMS > 0:
		ms, whose = b.AnswerMS, "the time that the product allows for an answer"
	case b.ConnectMS > 0:
		ms, whose = b.ConnectMS, "the time that the product allows for a connection; how long it waits for the answer is not known"
	default:
		return 0, ""
	}
	switch p.Budget.Mark {
	case assets.Seed:
		whose += " by the vendor's article"
	case assets.Source:
		whose += " by the vendor's documents"
	case assets.ThirdParty:
		whose += " by what others report"
	case assets.Inferred:
		whose += " as concluded from its log lines"
	}
	return ms, whose
}

func took(ms int, least bool) string {
	s := fmt.Sprintf("%d ms", ms)
	if ms >= 10_000 {
		s = fmt.Sprintf("%.1f s", float64(ms)/1000)
	}
	if least {
		s = "at least " + s
	}
	return s
}

func clockIn(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return "a time the log does not name"
	}
	return t.In(loc).Format(clockForm)
}
