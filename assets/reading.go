package assets

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reading is what a signature read in one line. Its strings hold no control characters; the line itself may.
type Reading struct {
	Outcome
	Captures map[string]string
}

// Read reads a line; false where it is none of its kind.
func (s *Signature) Read(line string) (Reading, bool) {
	m := s.pattern.FindStringSubmatch(line)
	if m == nil {
		return Reading{}, false
	}
	r := Reading{Outcome: s.Outcome, Captures: map[string]string{}}
	keep(r.Captures, s.names, m)
	if s.Known != "" {
		if _, ok := FindCode(s.Known, r.Captures[s.Known]); !ok {
			return Reading{}, false
		}
	}
	for i := range s.tries {
		if s.tries[i].fits(r.Captures) {
			r.refine(s.tries[i].Outcome)
			break
		}
	}
	if r.Effect != Fails && r.Effect != Slows {
		r.Remedy = "" // what to do belongs to a failure
	}
	for _, text := range []*string{&r.Meaning, &r.Ref, &r.Subject, &r.Topic, &r.Remedy} {
		*text = fill(*text, r.Captures)
	}
	return r, true
}

func (c *Case) fits(captures map[string]string) bool {
	found := make([][]string, len(c.tests))
	for i, t := range c.tests {
		v, ok := captures[t.capture]
		if !ok {
			return false
		}
		if found[i] = t.pattern.FindStringSubmatch(v); found[i] == nil {
			return false
		}
	}
	for i, t := range c.tests {
		keep(captures, t.pattern.SubexpNames(), found[i])
	}
	return true
}

func keep(captures map[string]string, names, m []string) {
	for i, name := range names {
		if name != "" && m[i] != "" {
			captures[name] = clean(m[i])
		}
	}
}

func (o *Outcome) refine(by Outcome) {
	for _, p := range [...]struct {
		to *string
		by string
	}{{&o.Code, by.Code}, {&o.Meaning, by.Meaning}, {&o.Ref, by.Ref}, {&o.Subject, by.Subject}, {&o.Topic, by.Topic},
		{&o.Remedy, by.Remedy}} {
		if p.by != "" {
			*p.to = p.by
		}
	}
	if by.Effect != "" {
		o.Effect = by.Effect
	}
	if by.Mark != "" {
		o.Mark = by.Mark
	}
}

var blank = regexp.MustCompile(`\{[a-z_]+(?:\.[a-z]+)?\}`)

// fill puts captures into a text. A name without a value goes together with the blank before it.
func fill(s string, captures map[string]string) string {
	var b strings.Builder
	at := 0
	for _, m := range blank.FindAllStringIndex(s, -1) {
		v := value(s[m[0]+1:m[1]-1], captures)
		before := s[at:m[0]]
		if v == "" {
			before = strings.TrimSuffix(before, " ")
		}
		b.WriteString(before)
		b.WriteString(v)
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String()
}

func value(name string, captures map[string]string) string {
	table, member, ok := strings.Cut(name, ".")
	if !ok {
		return captures[name]
	}
	c, ok := FindCode(table, captures[table])
	switch {
	case captures[table] == "":
		return ""
	case !ok:
		return "linecheck does not know " + table + " " + captures[table]
	case member == "meaning":
		return strings.TrimSuffix(c.Meaning, ".")
	case member == "name":
		return c.Name
	}
	return c.Text
}

// cleanMax is how much of a captured value is kept: longer than any host name or address that a product logs.
const cleanMax = 300

// clean takes out what a terminal or a report could act on.
func clean(s string) string {
	if len(s) > cleanMax {
		s = s[:cleanMax]
		for !utf8.ValidString(s) && len(s) > cleanMax-utf8.UTFMax {
			s = s[:len(s)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, s)
}
