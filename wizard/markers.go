package wizard

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	l := checks.Line{Own: true, At: f.At, Status: f.Status, Meaning: "linecheck asked " + strings.TrimSuffix(p.Target, ":443")}
	switch {
	case p.Product:
	case p.Route == "direct" || p.Route == "":
		l.Meaning += " directly"
	default:
		l.Meaning += " through " + p.Route
	}
	if p.Family == "ipv6" {
		l.Meaning += " over IPv6"
	}
	for _, st := range p.Stages {
		if st.Failure == checks.NoFailure || st.Failure == checks.TooSlow || st.Status == checks.Warn {
			continue
		}
		// On another way than the product's nothing is judged, and still it broke.
		l.Status, l.Text = checks.Fail, hopNames[st.Name]+": "+lower(checks.TextOf(id, checks.Finding{Code: checks.Code(st.Failure), Args: f.Args, Subject: f.Subject}).Title)
		if st.Took >= time.Second/2 {
			l.Text += " in " + tui.Took(st.Took)
		}
		return l
	}
	if l.Text = tui.Took(f.Took); f.Status != checks.Pass && f.Status != checks.Note {
		l.Text = strings.TrimSuffix(fmt.Sprintf("%s, %s", lower(checks.TextOf(id, f).Title), l.Text), ", ")
	} else if f.Status == checks.Note {
		l.Status = checks.Pass
	}
	return l
}

var hopNames = map[checks.StageName]string{checks.Resolve: "name", checks.Connect: "TCP", checks.Tunnel: "tunnel", checks.TLS: "TLS",
	checks.HTTP: "answer", checks.Content: "answer"}

// add takes lines as the newest.
func (t *Tail) add(lines []checks.Line, lost int) {
	all := append(slices.Clone(t.Lines), lines...)
	over := max(len(all)-tailKeeps, 0)
	t.Lines, t.Dropped, t.Lost = all[over:], t.Dropped+over, t.Lost+lost
}
