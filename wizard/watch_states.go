package wizard

import (
	"fmt"
	"slices"
	"strings"

	"linecheck/checks"
)

// state is what was last seen of one address, or of one setting that the way depends on.
type state struct {
	subject string
	words   string
	status  checks.Status
}

func (s state) bad() bool { return s.status != checks.Pass && s.status != checks.Note }

// spot names a state: a profile and a URL, or a code of the proxy check.
type spot struct{ profile, what string }

const proxyPlace = "proxy "

// statesOf is what a session says of the line: of every address on the product's own way, and what is not well with
// the proxies.
func statesOf(s Session) map[spot]state {
	out := map[spot]state{}
	walks := map[spot][]checks.Finding{}
	for _, f := range s.Seen() {
		switch {
		case f.Check == "allowlist" && f.Path != nil && f.Path.Product:
			k := spot{f.Profile, f.Path.URL}
			walks[k] = append(walks[k], f.Finding)
		case f.Check == "proxy" && f.Path == nil && (f.Status == checks.Fail || f.Status == checks.Warn):
			t := checks.TextOf(f.Check, f.Finding)
			out[spot{f.Profile, proxyPlace + string(f.Code) + " " + f.Subject}] = state{f.Subject, lower(t.Title), f.Status}
		}
	}
	for k, list := range walks {
		out[k] = stateOf(list)
	}
	return out
}

// stateOf is one address in words; where IPv4 and IPv6 differ, each has its own.
func stateOf(walks []checks.Finding) state {
	st := state{subject: strings.TrimSuffix(walks[0].Path.Target, ":443"), status: checks.Overall(walks)}
	var parts []string
	for _, f := range walks {
		words := "answers"
		if f.Status != checks.Pass && f.Status != checks.Note {
			words = lower(checks.TextOf("allowlist", f).Title)
		}
		if slices.ContainsFunc(walks, func(o checks.Finding) bool { return o.Path.Family != f.Path.Family && o.Code != f.Code }) {
			words += " over " + f.Path.FamilyName()
		}
		if !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
	}
	slices.Sort(parts)
	st.words = strings.Join(parts, ", ")
	return st
}

// lower begins a title in small letters, unless it begins with an abbreviation.
func lower(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' || len(s) > 1 && s[1] == ' ' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// Line is the turn as a line for people.
func (t Turn) Line(several bool) string {
	who := t.Subject
	if several {
		who = t.Profile + ", " + who
	}
	if t.Was == "" {
		return fmt.Sprintf("%s %s: %s", t.At.Format("15:04:05"), who, t.Now)
	}
	return fmt.Sprintf("%s %s: now %s (was: %s)", t.At.Format("15:04:05"), who, t.Now, t.Was)
}
