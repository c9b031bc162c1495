package assets

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a file of signatures; a real one stays far below.
const (
	maxSignatures = 1000
	maxPattern    = 2000 // bytes of one regular expression
	minLiteral    = 8    // bytes; shorter ones stand in too many lines to be looked for quickly
)

// readSignatures puts together the files signatures/*.yaml. The error is a [Problems] that holds the first mistake, with
// the line it stands in.
func readSignatures(files fs.FS) (signatureFile, error) {
	all := signatureFile{Cases: map[string][]Case{}}
	names, err := fs.Glob(files, "signatures/*.yaml")
	if err != nil {
		return all, err
	}
	var places []place
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return all, err
		}
		f, lines, err := parseSignatures(name, b)
		if err != nil {
			return all, err
		}
		for k := range f.Cases {
			if _, ok := all.Cases[k]; ok {
				return all, wrong(name, lines.cases[k], "cases."+k, "is there twice", "give one of them another name")
			}
			all.Cases[k] = f.Cases[k]
			if err := prepareCases(f.Cases[k]); err != nil {
				return all, wrong(name, lines.cases[k], "cases."+k, err.Error(), "mend this case")
			}
		}
		for i := range f.Grammars {
			if err := f.Grammars[i].prepare(); err != nil {
				return all, wrong(name, lines.grammars[i], "grammars."+f.Grammars[i].Name, err.Error(), "mend this grammar")
			}
		}
		all.Grammars = append(all.Grammars, f.Grammars...)
		all.Signatures = append(all.Signatures, f.Signatures...)
		for _, line := range lines.signatures {
			places = append(places, place{name, line})
		}
	}
	return all, all.prepare(places)
}

// place is where a signature stands.
type place struct {
	file string
	line int
}

// sigLines are the lines at which the entries of a file begin.
type sigLines struct {
	grammars, signatures []int
	cases                map[string]int
}

func parseSignatures(file string, b []byte) (f signatureFile, lines sigLines, err error) {
	if len(b) > MaxProfile {
		return f, lines, wrong(file, 0, "", fmt.Sprintf("the file has more than %d bytes", MaxProfile), "is this the right file?")
	}
	if err := strict(b, &f); errors.Is(err, io.EOF) {
		return f, lines, wrong(file, 1, "", "the file is empty", "begin with signatures:")
	} else if err != nil {
		text, line := err.Error(), 0
		if m := anyLine.FindStringSubmatchIndex(text); m != nil {
			line, _ = strconv.Atoi(text[m[2]:m[3]])
			text = text[m[1]:]
		}
		text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
		return f, lines, wrong(file, line, "", text, "look at this line and the one before it")
	}
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil || len(root.Content) == 0 {
		return f, lines, wrong(file, 1, "", "the file holds nothing", "begin with signatures:")
	}
	lines.cases = map[string]int{}
	top := root.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		to := top.Content[i+1]
		switch top.Content[i].Value {
		case "grammars":
			lines.grammars = begins(to)
		case "signatures":
			lines.signatures = begins(to)
		case "cases":
			for k := 0; k+1 < len(to.Content); k += 2 {
				lines.cases[to.Content[k].Value] = to.Content[k].Line
			}
		}
	}
	if len(f.Signatures) != len(lines.signatures) || len(f.Grammars) != len(lines.grammars) || len(f.Signatures) > maxSignatures {
		return f, lines, wrong(file, 1, "", "the lists are no plain lists, or too long", fmt.Sprintf("write at most %d entries, without aliases", maxSignatures))
	}
	return f, lines, nil
}

// anyLine is how the YAML library names a line, before what is wrong with it.
var anyLine = regexp.MustCompile(`line (\d+): `)

func begins(list *yaml.Node) []int {
	var out []int
	for _, item := range list.Content {
		out = append(out, item.Line)
	}
	return out
}

func wrong(file string, line int, key, text, remedy string) error {
	return Problems{{File: file, Line: line, Key: key, Text: text, Remedy: remedy}}
}

// prepare makes the signatures ready to read with, and writes one of several literals out into several signatures.
func (f *signatureFile) prepare(places []place) error {
	seen := map[string]place{}
	var out []Signature
	for i, s := range f.Signatures {
		at := places[i]
		if first, ok := seen[s.ID]; ok {
			return wrong(at.file, at.line, s.ID, fmt.Sprintf("is there twice, first in %s:%d", first.file, first.line), "give one of them another id")
		}
		seen[s.ID] = at
		literals := s.Literals
		if s.Literal != "" {
			literals = append(literals, s.Literal)
		}
		s.Literals = nil
		if err := s.prepare(literals, f.Cases); err != nil {
			return wrong(at.file, at.line, s.ID, err.Error(), "see the entries beside it for the form")
		}
		for _, literal := range literals {
			one := s
			one.Literal = literal
			out = append(out, one)
		}
	}
	f.Signatures = out
	return nil
}

func (s *Signature) prepare(literals []string, shared map[string][]Case) (err error) {
	if s.Effect == "" {
		s.Effect = Fails
	}
	switch {
	case s.ID == "" || len(literals) == 0 || len(s.Kinds) == 0:
		return errors.New("needs an id, kinds and a literal")
	case strings.ContainsFunc(s.ID, hidden):
		return errors.New("has a control character in its id")
	case slices.ContainsFunc(literals, func(l string) bool { return len(l) < minLiteral }):
		return fmt.Errorf("needs literals of at least %d bytes", minLiteral)
	case !slices.Contains([]Role{Main, Lead, Label, Echo}, s.Role):
		return fmt.Errorf("no role %q", s.Role)
	case !s.Mark.known():
		return fmt.Errorf("no mark %q", s.Mark)
	case !strings.HasPrefix(s.Code, "logs.") || s.Meaning == "":
		return errors.New("needs a code that begins with logs. and a meaning")
	}
	if err := s.Outcome.check(); err != nil {
		return err
	}
	if s.pattern, err = compile(s.Regexp); err != nil {
		return err
	}
	if err := prepareCases(s.Cases); err != nil {
		return err
	}
	s.tries = slices.Clone(s.Cases)
	for _, name := range s.Use {
		c, ok := shared[name]
		if !ok {
			return fmt.Errorf("no cases %q", name)
		}
		s.tries = append(s.tries, c...)
	}
	s.weigh()
	return s.remedied()
}

// remedied reports a line that fails and says nothing of what to do.
func (s *Signature) remedied() error {
	bad := func(e Effect) bool { return e == Fails || e == Slows }
	if s.Remedy != "" {
		return nil
	}
	if bad(s.Effect) {
		return errors.New("tells of a failure and has no remedy")
	}
	for _, c := range s.tries {
		if bad(c.Effect) && c.Remedy == "" {
			return errors.New("has a case that tells of a failure and no remedy")
		}
	}
	return nil
}

func (o Outcome) check() error {
	for _, text := range []string{o.Code, o.Meaning, o.Ref, o.Subject, o.Topic, o.Remedy} {
		switch {
		case strings.ContainsFunc(text, hidden):
			return fmt.Errorf("a text has a control character or a line break: %.40q", text)
		case len(text) > maxText:
			return fmt.Errorf("a text has %d bytes, at most %d", len(text), maxText)
		}
	}
	if o.Effect != "" && !slices.Contains([]Effect{Fails, Slows, Recovers, Neither}, o.Effect) {
		return fmt.Errorf("no effect %q", o.Effect)
	}
	if o.Code != "" && !strings.HasPrefix(o.Code, "logs.") {
		return fmt.Errorf("code %q is none of the area logs", o.Code)
	}
	if o.Mark != "" && !o.Mark.known() {
		return fmt.Errorf("no mark %q", o.Mark)
	}
	return nil
}

func prepareCases(cases []Case) error {
	for i := range cases {
		c := &cases[i]
		if err := c.check(); err != nil {
			return fmt.Errorf("case %d: %w", i+1, err)
		}
		for name, pattern := range c.When {
			re, err := compile(pattern)
			if err != nil {
				return fmt.Errorf("case %d: %w", i+1, err)
			}
			c.tests = append(c.tests, test{name, re})
		}
		slices.SortFunc(c.tests, func(a, b test) int { return strings.Compare(a.capture, b.capture) })
	}
	return nil
}

func compile(text string) (*pattern, error) {
	if len(text) > maxPattern {
		return nil, fmt.Errorf("a pattern has %d bytes, at most %d", len(text), maxPattern)
	}
	return newPattern(text)
}
