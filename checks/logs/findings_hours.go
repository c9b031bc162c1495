package logs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
)

// maxHours is how many hours a table shows; the newest ones.
const maxHours = 24

// hourRow is one hour with failures.
type hourRow struct {
	begin  time.Time
	causes tally
}

// rows are the hours with failures as a clock in loc has them, newest first.
func (h *hours) rows(loc *time.Location) []hourRow {
	var out []hourRow
	for _, q := range slices.Backward(slices.Sorted(maps.Keys(h.quarters))) {
		t := time.Unix(q*int64(quarter/time.Second), 0).In(loc)
		t = t.Add(-time.Duration(t.Minute()) * time.Minute)
		if n := len(out); n == 0 || !out[n-1].begin.Equal(t) {
			out = append(out, hourRow{begin: t})
		}
		out[len(out)-1].causes.merge(*h.quarters[q])
	}
	return out
}

// hourFindings says when the failures were; nothing where there are not at least two.
func (g *gather) hourFindings(now time.Time, loc *time.Location) []checks.Finding {
	h := &g.hours
	h.forget()
	rows := h.rows(loc)
	n := h.earlier.sum()
	for _, r := range rows {
		n += r.causes.sum()
	}
	if n < 2 {
		return nil
	}
	f := checks.Finding{Code: Hours, Status: checks.Note, Subject: "failures by hour", View: view, At: h.last,
		Table: &checks.Table{Head: []string{"Hour", "Failures", "What"}}}
	before := h.earlier
	for i, r := range rows {
		if i >= maxHours {
			before = slices.Clone(before)
			before.merge(r.causes)
			continue
		}
		label := r.begin.Format("Mon 2006-01-02 15:04")
		if i > 0 && rows[i-1].begin.Format("2006-01-02 15") == r.begin.Format("2006-01-02 15") ||
			i+1 < len(rows) && rows[i+1].begin.Format("2006-01-02 15") == r.begin.Format("2006-01-02 15") {
			label += r.begin.Format(" MST") // the hour that comes twice when summer ends
		}
		f.Table.Rows = append(f.Table.Rows, []string{label, strconv.Itoa(r.causes.sum()), r.causes.words()})
	}
	if before.sum() > 0 {
		f.Table.Rows = append(f.Table.Rows, []string{"earlier", strconv.Itoa(before.sum()), before.words()})
	}
	if h.timeless.sum() > 0 {
		f.Table.Rows = append(f.Table.Rows, []string{"no time of their own", strconv.Itoa(h.timeless.sum()), h.timeless.words()})
	}
	f.Args = map[string]string{"failures": strconv.Itoa(n), "first": h.first.In(loc).Format(clockForm), "last": h.last.In(loc).Format(clockForm),
		"summary": h.summary(rows, n, now, loc)}
	return []checks.Finding{f}
}

// summary is what a person would say of it.
func (h *hours) summary(rows []hourRow, n int, now time.Time, loc *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d failures since %s", n, day(h.first.In(loc), now.In(loc)))
	// Of hours with as many, the newest.
	most := slices.MaxFunc(rows, func(a, b hourRow) int { return a.causes.sum() - b.causes.sum() })
	hour := fmt.Sprintf("between %s and %s", most.begin.Format("15:04"), most.begin.Add(time.Hour).Format("15:04"))
	if most.begin.Format(time.DateOnly) != h.first.In(loc).Format(time.DateOnly) || most.begin.Format(time.DateOnly) != h.last.In(loc).Format(time.DateOnly) {
		hour = "on " + most.begin.Format("Mon 2 Jan") + " " + hour
	}
	switch {
	case len(rows) == 1 && h.earlier.sum() == 0:
		fmt.Fprintf(&b, ", all %s", hour)
	case 2*most.causes.sum() > n:
		fmt.Fprintf(&b, ", most %s", hour)
	default:
		fmt.Fprintf(&b, ", at worst %d %s", most.causes.sum(), hour)
	}
	if more := h.timeless.sum(); more > 0 {
		fmt.Fprintf(&b, ", and %d more in lines without a time of their own", more)
	}
	quiet := now.Sub(h.last)
	switch {
	case quiet < 0:
		fmt.Fprintf(&b, "; the last is from %s, which is later than now", h.last.In(loc).Format(clockForm))
	case quiet >= 48*time.Hour:
		fmt.Fprintf(&b, "; none in the last %d days", quiet/(24*time.Hour))
	case quiet >= time.Hour && quiet < 2*time.Hour:
		b.WriteString("; none in the last hour")
	case quiet >= time.Hour:
		fmt.Fprintf(&b, "; none in the last %d h", quiet/time.Hour)
	default:
		fmt.Fprintf(&b, "; the last at %s", h.last.In(loc).Format("15:04:05"))
	}
	return b.String()
}

// day is a time as people say it near now.
func day(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d >= 0 && t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return t.Format("15:04")
	case d >= 0 && d < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// words names the causes, the most frequent first.
func (t tally) words() string {
	all := slices.SortedFunc(slices.Values(t), func(a, b caused) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return strings.Compare(string(a.code), string(b.code))
	})
	var out []string
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s %d", shortly(c.code), c.n))
	}
	return strings.Join(out, ", ")
}

// shortly is a cause in few words, for a cell of a table.
func shortly(c checks.Code) string {
	if s, ok := brief[c]; ok {
		return s
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(c), "logs."), "_", " ")
}

var brief = map[checks.Code]string{
	ProxyUnresolvable: "proxy name", HostUnresolvable: "host name", DNSTimeout: "DNS too slow", ConnectTimeout: "no connection",
	ConnectFailed: "refused", Timeout: "no answer", Stalled: "answer stopped", Reset: "cut", TLS: "encryption", ProxyRefused: "proxy says no",
	ProxyNoAnswer: "proxy silent", NetworkFailure: "network", QueryFailed: "feature without answer", Disconnected: "disconnected",
	ManagerUnreachable: "manager", FilterReply: "filter", Suppressed: "stopped writing", Slow: "slow", Other: "unknown number",
}
