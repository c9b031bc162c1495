package wizard

import (
	"cmp"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// advice is one part of what a role says at a step: a label and a sentence.
type advice struct {
	part string // do, say, seen, why, vendor, try
	text string
}

// label is the word before the sentence.
func (a advice) label() string { return lang.T("role.label." + a.part) }

// name is the role as a person would choose it.
func (r Role) name() string { return lang.T("role." + string(r) + ".name") }

// hint says what the role is like.
func (r Role) hint() string { return lang.T("role." + string(r) + ".hint") }

// told is a sentence of this role for a step; the step "step" has one for those that have none of their own.
func (r Role) told(step, part string, args ...any) string {
	if !lang.Has("role." + string(r) + "." + step + "." + part) {
		step = "step"
	}
	return lang.T("role."+string(r)+"."+step+"."+part, args...)
}

// handles are what sentences say of the screen: the key to the next step, and the shape of what is broken.
type handles struct {
	next, bad string
	of        map[checks.Status]string // shapes before what was seen; nil: there are none
}

func (n handles) args() []any { return []any{"next", n.next, "bad", n.bad} }

// advise is what the session's role says at the step that is looked at, the most important first; behind the last step it
// is that of the verdict.
func (s Session) advise(v Verdict, n handles) []advice {
	if s.At >= len(s.Steps) {
		return s.adviseVerdict(v, n)
	}
	st := s.Steps[s.At]
	id, worst := string(st.Spec.ID), s.gravest(s.At)
	switch state := s.stateOf(st); s.Role {
	case Guided:
		switch state {
		case "wait":
			return []advice{{"do", Guided.told("wait", "do")}, {"say", aloud(Guided.told(id, "say"))}}
		case "bad":
			say := Guided.told("bad", "say")
			if worst != nil {
				say = cmp.Or(checks.TextOf(st.Spec.ID, *worst).Say, say)
			}
			if worst != nil && n.of[worst.Status] != "" {
				n.bad = n.of[worst.Status]
			}
			return []advice{{"do", Guided.told(id, "do", n.args()...)}, {"say", aloud(say)}}
		}
		return []advice{{"do", Guided.told(state, "do", n.args()...)}, {"say", aloud(Guided.told(state, "say"))}}
	case Self:
		out := []advice{{"why", Self.told(id, "why")}}
		if state == "bad" {
			if s.Past == nil { // what was read from a file cannot be tried again
				out = append(out, advice{"try", Self.told(id, "try")}) // what the finding itself wants done stands beside it
			}
			if src := s.vendorSays(v, st.Spec.ID); src != "" {
				out = append(out, advice{"vendor", src})
			}
		}
		return out
	default:
		if state == "bad" && worst != nil {
			return []advice{{"seen", strings.TrimSpace(n.of[worst.Status] + " " + checks.TextOf(st.Spec.ID, *worst).Title + subjectOf(*worst))}}
		}
	}
	return nil
}

// adviseVerdict is what a role adds to the verdict. Who can mend it and what to do stands there for everybody.
func (s Session) adviseVerdict(v Verdict, n handles) []advice {
	switch s.Role {
	case Guided:
		state := "verdict"
		switch {
		case !s.Settled() && len(v.Causes) == 0:
			state = "wait"
		case v.Status == Healthy:
			state = "healthy"
		case len(v.Causes) == 0:
			state = "inconclusive"
		}
		say := Guided.told(state, "say")
		if s.mends(v) {
			state = "mend"
		}
		if len(v.Causes) > 0 {
			say = cmp.Or(v.Causes[0].Say, say)
		}
		return []advice{{"do", Guided.told(state, "do", n.args()...)}, {"say", aloud(say)}}
	case Self:
		if len(v.Causes) > 0 {
			out := []advice{{"why", Self.told("verdict", "why")}}
			if len(v.Causes[0].Sources) > 0 {
				out = append(out, advice{"vendor", v.Causes[0].Sources[0].String()})
			}
			return out
		}
	}
	return nil
}

// mends: the first cause can be mended from here, and nothing stands against it.
func (s Session) mends(v Verdict) bool {
	on, a, ok := s.Action()
	return ok && s.Past == nil && a.Blocked == "" && len(v.Causes) > 0 && v.Causes[0].Profile == on.Profile && strings.HasPrefix(v.Causes[0].ID, string(on.Check)+".")
}

// stateOf is how a step stands for whoever tells of it: wait, good, skipped, unknown or bad.
func (s Session) stateOf(st Step) string {
	if slices.ContainsFunc(st.Runs, func(r Run) bool { return r.State == Waiting || r.State == Running || r.Fixing }) && !s.Ended {
		return "wait"
	}
	switch st.Status() {
	case checks.Fail, checks.Warn:
		return "bad"
	case checks.Unknown:
		return "unknown"
	case checks.Skip:
		return "skipped"
	}
	return "good"
}

// gravest is the finding of a step that says most of what is wrong; nil where nothing is.
func (s Session) gravest(step int) *checks.Finding {
	var worst *checks.Finding
	for _, r := range s.Steps[step].Runs {
		for i, f := range r.Result.Findings {
			if (f.Status == checks.Fail || f.Status == checks.Warn) && (worst == nil || f.Status > worst.Status) {
				worst = &r.Result.Findings[i]
			}
		}
	}
	return worst
}

// vendorSays is the vendor's page behind a cause that this step saw, or the one that the profile names first.
func (s Session) vendorSays(v Verdict, id checks.ID) string {
	seen := map[string]bool{}
	for _, f := range s.Seen() {
		if f.Check == id {
			seen[f.ID] = true
		}
	}
	for _, c := range v.Causes {
		if len(c.Sources) > 0 && slices.ContainsFunc(c.Evidence, func(e string) bool { return seen[e] }) {
			return c.Sources[0].String()
		}
	}
	for _, p := range s.Profiles {
		for _, a := range p.Articles {
			if a.URL != "" {
				return Source{URL: a.URL, Title: a.Title}.String()
			}
		}
	}
	return ""
}

func subjectOf(f checks.Finding) string {
	if strings.TrimSpace(f.Subject) == "" {
		return ""
	}
	return ": " + lang.Phrase(f.Subject)
}

func aloud(s string) string { return lang.T("panel.quote", "text", s) }
