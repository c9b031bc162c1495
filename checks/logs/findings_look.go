package logs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
)

// look is what is said of the look itself: what could not be read, and that nothing was found.
func (s *scanned) look(f finds, found []checks.Finding, now time.Time, since time.Duration, loc *time.Location) []checks.Finding {
	var out []checks.Finding
	args := map[string]string{"files": strconv.Itoa(len(s.cursors)), "lines": strconv.Itoa(s.lines), "since": span(since), "within": within(since)}
	if !s.newest.IsZero() {
		args["newest"] = s.newest.In(loc).Format(clockForm)
	}
	problems := append(slices.Clone(f.problems), s.problems...)
	for i, p := range problems {
		u := checks.Finding{Code: Unreadable, Subject: p.path, View: disk, At: now, Args: map[string]string{"why": p.err.Error()},
			Evidence: []checks.Evidence{{Source: p.path, Text: p.err.Error()}}}
		if i == maxEvidence-1 && len(problems) > maxEvidence {
			u.Subject = fmt.Sprintf("%d more", len(problems)-i)
		}
		if i < maxEvidence {
			out = append(out, u)
		}
	}
	if s.unread > 0 {
		out = append(out, checks.Finding{Code: Unreadable, Subject: fmt.Sprintf("%d files", s.unread), View: disk, At: now,
			Args: map[string]string{"why": "the time for this look ran out"}})
	}
	switch {
	case len(s.cursors) == 0 && len(problems)+s.unread == 0:
		out = append(out, checks.Finding{Code: NoFiles, Status: checks.Note, Subject: strings.Join(f.patterns, ", "), View: disk, At: now, Args: args})
	case len(s.cursors) == 0:
	case since > 0 && s.newest.Before(now.Add(-since)):
		out = append(out, checks.Finding{Code: Silent, Status: checks.Note, Subject: s.cursors[0].path, View: view, At: s.newest, Args: args})
	case !slices.ContainsFunc(found, recent):
		q := checks.Finding{Code: Quiet, Status: checks.Pass, Subject: s.cursors[0].family, View: view, At: now, Args: args}
		for _, c := range s.cursors[:min(len(s.cursors), maxEvidence)] {
			text := fmt.Sprintf("%d lines read", c.stream.place)
			if !c.touched.IsZero() {
				text += ", last changed " + c.touched.In(loc).Format(clockForm)
			}
			q.Evidence = append(q.Evidence, checks.Evidence{Source: c.path, Text: text})
		}
		out = append(out, q)
	}
	if s.cut > 0 {
		out = append(out, s.partly(now))
	}
	return out
}

// partly says that some lines were not read whole.
func (s *scanned) partly(now time.Time) checks.Finding {
	f := checks.Finding{Code: LongLines, Status: checks.Note, View: disk, At: now, Args: map[string]string{"lines": counted(s.cut, "line was", "lines were")}}
	for _, c := range s.cursors {
		if c.stream.cut > 0 && len(f.Evidence) < maxEvidence {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: c.path, Text: fmt.Sprintf("%d of %d lines", c.stream.cut, c.stream.place)})
		}
	}
	if f.Subject = "the logs"; len(f.Evidence) > 0 {
		f.Subject = base(f.Evidence[0].Source)
	}
	return f
}

// recent: a failure line that is not older than the look goes back, recovered or not; or one after which the product
// keeps silent about failures.
func recent(f checks.Finding) bool {
	return f.Status == checks.Warn && f.Code != URLCase || f.Args["recovered"] != "" || f.Code == Suppressed
}

// within says where nothing was found.
func within(since time.Duration) string {
	if since == 0 {
		return "anywhere"
	}
	return "in the last " + span(since)
}

func span(d time.Duration) string {
	switch {
	case d == 0:
		return "all that the logs hold"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return d.String()
}
