package wizard

import (
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
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

// ofLine lists what the checks of the line found, and of others only what says which of two servers the product uses.
func ofLine(s Session, moot []assets.Moot) []Seen {
	return slices.DeleteFunc(s.Seen(), func(f Seen) bool {
		return f.Check != "allowlist" && f.Check != "proxy" && !slices.ContainsFunc(moot, func(m assets.Moot) bool { return fits(m.While, f) })
	})
}

// statesOf is what a session says of the line: of every address on the product's own way, and what is not well with
// the proxies.
func statesOf(s Session, moot []assets.Moot) map[spot]state {
	out := map[spot]state{}
	walks := map[spot][]Seen{}
	seen := ofLine(s, moot)
	needed := map[string]checks.Status{} // by finding: how much it matters
	for _, p := range s.Profiles {
		mine, _ := relevant(moot, slices.DeleteFunc(slices.Clone(seen), func(f Seen) bool { return f.Profile != p.Name }))
		for _, f := range mine {
			needed[f.ID] = f.Status
		}
	}
	for _, f := range seen {
		switch {
		case f.Check == "allowlist" && f.Path != nil && f.Path.Product:
			k := spot{f.Profile, f.Path.URL}
			walks[k] = append(walks[k], f)
		case f.Check == "proxy" && f.Path == nil && (f.Status == checks.Fail || f.Status == checks.Warn):
			t := checks.TextOf(f.Check, f.Finding)
			out[spot{f.Profile, proxyPlace + string(f.Code) + " " + f.Subject}] = state{lang.Phrase(f.Subject), lower(t.Title), f.Status}
		}
	}
	for k, list := range walks {
		out[k] = stateOf(list, needed)
	}
	return out
}

// stateOf is one address in words; where IPv4 and IPv6 differ, each has its own.
func stateOf(walks []Seen, needed map[string]checks.Status) state {
	st := state{subject: strings.TrimSuffix(walks[0].Path.Target, ":443")}
	var parts []string
	var weighed []checks.Finding
	for _, f := range walks {
		words := lang.T("watch.answers")
		if f.Status != checks.Pass && f.Status != checks.Note {
			words = lower(checks.TextOf("allowlist", f.Finding).Title)
			if needed[f.ID] == checks.Note {
				words = lang.T("watch.unused", "what", words)
			}
		}
		if f.Status == checks.Note || needed[f.ID] != checks.Note {
			weighed = append(weighed, checks.Finding{Status: needed[f.ID]})
		}
		if slices.ContainsFunc(walks, func(o Seen) bool { return o.Path.Family != f.Path.Family && o.Code != f.Code }) {
			words = lang.T("watch.over", "what", words, "family", f.Path.FamilyName())
		}
		if !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
	}
	if st.status = checks.Note; len(weighed) > 0 {
		st.status = checks.Overall(weighed)
	}
	slices.Sort(parts)
	st.words = strings.Join(parts, ", ")
	return st
}

// lower begins a title in small letters, unless it begins with an abbreviation.
func lower(s string) string {
	if lang.Code() != lang.English {
		return s // German nouns keep their capital, whatever stands before them
	}
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' || len(s) > 1 && s[1] == ' ' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// swingsLeast is how often an address has to fail again after it had answered before its fault is said to come and go.
const swingsLeast = 2

// swings says of the address that failed again most often that its fault comes and goes; "" where none does.
func (r *watching) swings() string {
	subject, most := "", 0
	for k, n := range r.fell {
		if s := r.seen[k].subject; n > most || n == most && s < subject {
			subject, most = s, n
		}
	}
	if most < swingsLeast {
		return ""
	}
	return lang.T("watch.swings", "address", subject, "n", lang.Count(most))
}

// Line is the turn as a line for people.
func (t Turn) Line(several bool) string {
	who := t.Subject
	if several {
		who = t.Profile + ", " + who
	}
	if t.Was == "" {
		return lang.T("watch.turn", "time", t.At.Format("15:04:05"), "who", who, "now", t.Now)
	}
	return lang.T("watch.turned", "time", t.At.Format("15:04:05"), "who", who, "now", t.Now, "was", t.Was)
}
