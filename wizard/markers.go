package wizard

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// mark puts a line into every live tail of the profile for each walk that has ended, so that what linecheck asked and
// what the product wrote stand together. told are the walks that have their line already.
func (s Session) mark(k Key, found, told []checks.Finding) Session {
	var lines []checks.Line
	for _, f := range found {
		if f.Path == nil || f.Code == "path.not_tried" || slices.ContainsFunc(told, func(o checks.Finding) bool {
			return o.Path != nil && sameWalk(*o.Path, *f.Path)
		}) {
			continue
		}
		lines = append(lines, marker(k.Check, f))
	}
	if len(lines) == 0 {
		return s
	}
	for _, st := range s.Steps {
		s = s.edit(Key{st.Spec.ID, k.Profile}, func(r *Run) {
			if r.Tail.Running {
				r.Tail.add(lines, 0)
			}
		})
	}
	return s
}

// marker is the line of one walk: whom linecheck asked and on which way, and what came of it.
func marker(id checks.ID, f checks.Finding) checks.Line {
	p := f.Path
	way := "own"
	switch {
	case p.Product:
	case p.Route == "direct" || p.Route == "":
		way = "direct"
	default:
		way = "proxy"
	}
	if p.Family == "ipv6" {
		way += "_ipv6"
	}
	l := checks.Line{Own: true, At: f.At, Status: f.Status,
		Meaning: lang.T("report.asked."+way, "target", strings.TrimSuffix(p.Target, ":443"), "proxy", p.Route)}
	for _, st := range p.Stages {
		if st.Failure == checks.NoFailure || st.Failure == checks.TooSlow || st.Status == checks.Warn {
			continue
		}
		// On another way than the product's nothing is judged, and still it broke.
		what := lower(checks.TextOf(id, checks.Finding{Code: checks.Code(st.Failure), Args: f.Args, Subject: f.Subject}).Title)
		hop := lang.T("report.asked.hop." + string(st.Name))
		l.Status, l.Text = checks.Fail, lang.T("report.asked.failed", "hop", hop, "what", what)
		if st.Took >= time.Second/2 {
			l.Text = lang.T("report.asked.failed_in", "hop", hop, "what", what, "took", tui.Took(st.Took))
		}
		return l
	}
	if l.Text = tui.Took(f.Took); f.Status != checks.Pass && f.Status != checks.Note {
		l.Text = strings.TrimSuffix(lang.T("report.asked.odd", "what", lower(checks.TextOf(id, f).Title), "took", l.Text), ", ")
	} else if f.Status == checks.Note {
		l.Status = checks.Pass
	}
	return l
}

// add takes lines as the newest.
func (t *Tail) add(lines []checks.Line, lost int) {
	all := append(slices.Clone(t.Lines), lines...)
	over := max(len(all)-tailKeeps, 0)
	t.Lines, t.Dropped, t.Lost = all[over:], t.Dropped+over, t.Lost+lost
}
