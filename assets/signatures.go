package assets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed signatures/*.yaml
var signatureFiles embed.FS

// Effect is what a log line says about the connection to the cloud.
type Effect string

// The effects. A line that says nothing about the connection has Neither.
const (
	Fails    Effect = "fails"
	Slows    Effect = "slows"
	Recovers Effect = "recovers"
	Neither  Effect = "neither"
)

// Role is how a line stands to the lines around it that tell of the same event, so that one event counts once.
type Role string

// The roles.
const (
	Main  Role = ""      // tells of an event by itself
	Lead  Role = "lead"  // comes before the line that says more; counts only where that one does not come
	Label Role = "label" // comes before too, and never counts by itself
	Echo  Role = "echo"  // comes after, and says the same once more; counts only where nothing came before
)

// Signature knows one kind of log line. Strings with {name} are filled from what the pattern captured; where the name
// is that of a code table, {curl.meaning}, {curl.name} and {curl.text} say what that number means.
type Signature struct {
	ID      string   `yaml:"id"`
	Kinds   []string `yaml:"kinds"`   // the kinds of log that have such lines; what a profile's log names
	Literal string   `yaml:"literal"` // stands in every such line as it is; looked for before the pattern
	Regexp  string   `yaml:"regexp"`
	Known   string   `yaml:"known"` // a capture whose number its code table must have; "" where not asked
	Role    Role     `yaml:"role"`
	Outcome `yaml:",inline"`
	Cases   []Case   `yaml:"cases"` // the first that fits refines the outcome
	Use     []string `yaml:"use"`   // shared cases, tried after its own
	Samples []Sample `yaml:"samples"`
	Not     []string `yaml:"not"` // lines that must not match

	pattern *regexp.Regexp
	names   []string
	tries   []Case
}

// Outcome is what a line means. In a case, an empty member leaves what was there before.
type Outcome struct {
	Code    string `yaml:"code"`    // the finding: "logs.timeout"
	Meaning string `yaml:"meaning"` // in plain words
	Ref     string `yaml:"ref"`     // the number in it: "curl {curl}"
	Effect  Effect `yaml:"effect"`
	Subject string `yaml:"subject"` // what it is about: "{host}"
	Topic   string `yaml:"topic"`   // which connection: a recovery ends the failures of its topic; "": that of its log file
	Mark    Mark   `yaml:"mark"`    // how well the reading is known
}

// Case refines an outcome where every named capture fits its pattern; their own groups are captures too.
type Case struct {
	When    map[string]string `yaml:"when"`
	Outcome `yaml:",inline"`

	tests []test
}

type test struct {
	capture string
	pattern *regexp.Regexp
}

// Sample is a line that the signature must know, and what it must read in it.
type Sample struct {
	Line     string            `yaml:"line"`
	Code     string            `yaml:"code"`
	Effect   Effect            `yaml:"effect"`
	Subject  string            `yaml:"subject"`
	Ref      string            `yaml:"ref"`
	Topic    string            `yaml:"topic"`
	Captures map[string]string `yaml:"captures"`
	Made     bool              `yaml:"made"` // written by hand from a description, not seen in a log
}

type signatureFile struct {
	Grammars   []Grammar         `yaml:"grammars"`
	Cases      map[string][]Case `yaml:"cases"`
	Signatures []Signature       `yaml:"signatures"`
}

var signatureData = sync.OnceValues(func() (signatureFile, error) { return readSignatures(signatureFiles) })

// Signatures returns every known kind of line, in the order in which they are tried. The result is shared and must not
// be changed. The error says what is wrong in the program's own data.
func Signatures() ([]Signature, error) {
	f, err := signatureData()
	return f.Signatures, err
}

// Grammars returns the forms that a log line can have, in the order in which they are tried; the last fits every line.
func Grammars() ([]Grammar, error) {
	f, err := signatureData()
	return f.Grammars, err
}

func readSignatures(files fs.FS) (signatureFile, error) {
	var all signatureFile
	names, err := fs.Glob(files, "signatures/*.yaml")
	if err != nil {
		return all, err
	}
	all.Cases = map[string][]Case{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return all, err
		}
		var f signatureFile
		if err := strict(b, &f); err != nil {
			return all, fmt.Errorf("%s: %w", name, err)
		}
		all.Grammars = append(all.Grammars, f.Grammars...)
		all.Signatures = append(all.Signatures, f.Signatures...)
		for k, v := range f.Cases {
			if _, ok := all.Cases[k]; ok {
				return all, fmt.Errorf("%s: cases %q are there twice", name, k)
			}
			all.Cases[k] = v
		}
	}
	return all, all.prepare()
}

func (f *signatureFile) prepare() error {
	for i := range f.Grammars {
		if err := f.Grammars[i].prepare(); err != nil {
			return fmt.Errorf("grammar %s: %w", f.Grammars[i].Name, err)
		}
	}
	for name, cases := range f.Cases {
		if err := prepareCases(cases); err != nil {
			return fmt.Errorf("cases %s: %w", name, err)
		}
	}
	seen := map[string]bool{}
	for i := range f.Signatures {
		s := &f.Signatures[i]
		if seen[s.ID] {
			return fmt.Errorf("signature %s is there twice", s.ID)
		}
		seen[s.ID] = true
		if err := s.prepare(f.Cases); err != nil {
			return fmt.Errorf("signature %s: %w", s.ID, err)
		}
	}
	return nil
}

func (s *Signature) prepare(shared map[string][]Case) (err error) {
	if s.Effect == "" {
		s.Effect = Fails
	}
	switch {
	case s.ID == "" || s.Literal == "" || len(s.Kinds) == 0:
		return errors.New("needs an id, kinds and a literal")
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
	if s.pattern, err = regexp.Compile(s.Regexp); err != nil {
		return err
	}
	s.names = s.pattern.SubexpNames()
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
	return nil
}

func (o Outcome) check() error {
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
			re, err := regexp.Compile(pattern)
			if err != nil {
				return fmt.Errorf("case %d: %w", i+1, err)
			}
			c.tests = append(c.tests, test{name, re})
		}
		slices.SortFunc(c.tests, func(a, b test) int { return strings.Compare(a.capture, b.capture) })
	}
	return nil
}
