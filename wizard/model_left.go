package wizard

import (
	"slices"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// remains is how long the checks may still take. about: it follows from how far they came; else it is the longest they may
// take. ok is false where nobody can tell, or nothing runs.
func (s Session) remains(now time.Time) (left time.Duration, about, ok bool) {
	if !s.Busy() {
		return 0, false, false
	}
	about, ok = true, true
	var guess time.Duration
	for i := range s.Steps {
		for j, r := range s.Steps[i].Runs {
			if r.State == Done && !r.Fixing || r.State == Skipped {
				continue
			}
			most, known := s.longest(i, j, now, 0)
			ok, left = ok && known, max(left, most)
			p, took := r.Progress, now.Sub(r.Started)
			if r.State != Running || p.Done <= 0 || p.Total <= p.Done || took < time.Second {
				about = false
				continue
			}
			guess = max(guess, took*time.Duration(p.Total-p.Done)/time.Duration(p.Done))
		}
	}
	if about && guess < left {
		return guess, true, ok
	}
	return left, false, ok
}

// longest is how long a run may still take: its own limit, after that of whom it waits for.
func (s Session) longest(step, profile int, now time.Time, deep int) (time.Duration, bool) {
	st := s.Steps[step]
	r, limit := st.Runs[profile], st.Spec.Timeout
	switch {
	case r.Fixing || limit <= 0 || deep > len(s.Steps):
		return 0, false
	case r.State == Running:
		return max(0, r.Started.Add(limit).Sub(now)), true
	case r.State != Waiting:
		return 0, true
	}
	var before time.Duration
	for i, o := range s.Steps {
		if i == step || !slices.ContainsFunc(o.Spec.Provides, func(f checks.FactName) bool { return slices.Contains(st.Spec.Needs, f) }) {
			continue
		}
		most, known := s.longest(i, profile, now, deep+1)
		if !known {
			return 0, false
		}
		before = max(before, most)
	}
	return before + limit, true
}

// leftWords say that time in a few words; "" where it is not known. They go in steps, so that a far terminal is not sent a new number
// all the time.
func (s Session) leftWords(now time.Time) string {
	left, about, ok := s.remains(now)
	n := int((left + time.Second - 1) / time.Second)
	switch {
	case !ok || n <= 0:
		return ""
	case about:
		return lang.T("screen.about_seconds", "n", n)
	case n > 90:
		return lang.T("screen.most_minutes", "n", (n+59)/60)
	}
	return lang.T("screen.most_seconds", "n", (n+4)/5*5)
}

// doneWords are how many of the steps have ended; "" where all have.
func (s Session) doneWords() string {
	n := 0
	for _, st := range s.Steps {
		if !slices.ContainsFunc(st.Runs, func(r Run) bool { return r.State == Waiting || r.State == Running || r.Fixing }) {
			n++
		}
	}
	if n == len(s.Steps) || !s.Busy() {
		return ""
	}
	return lang.T("screen.done_of", "n", n, "total", len(s.Steps))
}
