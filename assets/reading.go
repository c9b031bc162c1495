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
	var at found
	if !s.pattern.find(line, &at) {
		return Reading{}, false
	}
	return s.read(line, &at)
}

// read makes out what a line means in which the pattern was found.
func (s *Signature) read(line string, at *found) (Reading, bool) {
	r := Reading{Outcome: s.Outcome, Captures: map[string]string{}}
	s.pattern.keep(r.Captures, line, at)
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
	for _, text := range []*string{&r.Meaning, &r.Subject, &r.Topic, &r.Remedy} {
		*text = fill(*text, r.Captures)
	}
	r.Ref = refOf(r.Ref, r.Captures)
	return r, true
}

func (c *Case) fits(captures map[string]string) bool {
	at, texts := make([]found, len(c.tests)), make([]string, len(c.tests))
	for i, t := range c.tests {
		v, ok := captures[t.capture]
		if !ok || !t.pattern.find(v, &at[i]) {
			return false
		}
		texts[i] = v
	}
	for i, t := range c.tests {
		t.pattern.keep(captures, texts[i], &at[i])
	}
	return true
}

// keep puts what the named groups hold into captures.
func (p *pattern) keep(captures map[string]string, text string, at *found) {
	for i, name := range p.names {
		if v := at.group(text, i); name != "" && v != "" {
			captures[name] = clean(v)
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

var blank = regexp.MustCompile(`\{([a-z_]+)(?:\.[a-z]+)?\}`)

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

// refOf fills the numbers of a line. One that the line does not have is left out together with its table's name.
func refOf(s string, captures map[string]string) string {
	var out []string
	for part := range strings.SplitSeq(s, ", ") {
		if name := blank.FindString(part); name == "" || value(strings.Trim(name, "{}"), captures) != "" {
			out = append(out, fill(part, captures))
		}
	}
	return strings.Join(out, ", ")
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
	case !ok && member == "do":
		return ""
	case !ok:
		return "linecheck does not know " + table + " " + captures[table]
	case member == "meaning":
		return strings.TrimSuffix(c.Meaning, ".")
	case member == "name":
		return c.Name
	case member == "do":
		return c.Do
	}
	return c.Text
}

// cleanMax is how much of a captured value is kept: longer than any host name or address that a product logs.
const cleanMax = 300

// clean takes out what a terminal or a report could act on.
func clean(s string) string {
	if len(s) <= cleanMax && harmless(s) {
		return s
	}
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

// harmless reports whether a text has nothing but ASCII letters that print.
func harmless(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
