package wizard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

const (
	// logClock is how findings of logs write times.
	logClock = "2006-01-02 15:04:05"
	// soon is how long after an answer that is only concluded a new failure counts as the old one going on, and how much
	// later another failure has to be to show that an older one is over.
	soon = time.Hour
)

// told puts the newest finding first and gives every one what the texts of causes want to say of it.
func told(rules assets.LogsRules, mine []Seen) []Seen {
	out := slices.Clone(mine)
	for i, f := range out {
		f.Finding = f.With("number", numberOf(f))
		f.Args["name"] = nameOf(f)
		if f.Subject == f.Args["file"] {
			f.Subject = lang.T("verdict.logs.addresses") // a file is nothing that anybody could allow
		}
		f.Args["there"] = cmp.Or(f.Args["name"], lang.T("verdict.logs.its_cloud"))
		if f.Status == checks.Warn && f.Code == "logs.suppressed" {
			f.Args["silent"], f.Args["hushed"] = f.Args["last"], cmp.Or(f.Args["file"], lang.T("verdict.logs.its_log"))
		}
		out[i] = f
	}
	for i, f := range out {
		switch {
		case f.Status == checks.Note && failsAgain(f, mine):
			f.Args["unsure"], f.Args["again"] = "yes", f.Args["recovered"]
		case f.Status == checks.Warn && f.Code == "logs.disconnected" && f.Args["is"] == "unknown" && strings.HasPrefix(f.Args["topic"], "Web Reputation"):
			out[i].Status = checks.Unknown // for want of an event, not known to be lost and not known to be back
		case f.Status == checks.Warn && overtaken(rules, f, mine):
			out[i].Status = checks.Note
		}
	}
	slices.SortStableFunc(out, func(a, b Seen) int { return b.At.Truncate(time.Millisecond).Compare(a.At.Truncate(time.Millisecond)) })
	return out
}

func numberOf(f Seen) string {
	if f.Args["ref"] == "" {
		return ""
	}
	return "(" + f.Args["ref"] + ")"
}

// nameOf is the host or proxy that a finding is about; "" where its subject is a file or stands for many.
func nameOf(f Seen) string {
	if n := cmp.Or(f.Args["proxy"], f.Args["host"]); n != "" {
		return n
	}
	if f.Subject == f.Args["file"] || f.Subject == "others" || !strings.Contains(f.Subject, ".") {
		return ""
	}
	return f.Subject
}

// failsAgain: a connection recovered, as far as can be concluded, and by the last word of the logs fails again soon after.
func failsAgain(f Seen, mine []Seen) bool {
	back, ok := logTime(f.Args["recovered"])
	if !ok {
		return false
	}
	return slices.ContainsFunc(mine, func(o Seen) bool {
		at, ok := logTime(o.Args["last"])
		return ok && o.Status == checks.Warn && o.Args["topic"] == f.Args["topic"] && !at.Before(back) && at.Sub(back) < soon
	})
}

// overtaken: the same connection failed at another hop long after, so that this failure was over by then.
func overtaken(rules assets.LogsRules, f Seen, mine []Seen) bool {
	at, ok := logTime(f.Args["last"])
	if !ok || !slices.Contains(rules.Hops, string(f.Code)) {
		return false
	}
	return slices.ContainsFunc(mine, func(o Seen) bool {
		later, ok := logTime(o.Args["last"])
		return ok && o.Status == checks.Warn && o.Code != f.Code && slices.Contains(rules.Hops, string(o.Code)) &&
			o.Args["topic"] == f.Args["topic"] && later.Sub(at) > soon
	})
}

// logTime reads a time as findings of logs write it, whether it is exact or "or later".
func logTime(s string) (time.Time, bool) {
	t, err := time.Parse(logClock, s[:min(len(s), len(logClock))])
	return t, err == nil
}
