package logs

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// Entry is one decoded line: what a screen shows, and what it takes to count and compare it.
type Entry struct {
	checks.Line
	When    time.Time // Line.At, else the time of the line before it; zero where no line had one yet
	Subject string
	Topic   string // which connection it is about
	Effect  assets.Effect
	Role    assets.Role
	Mark    assets.Mark
	Thread  string // "" where the line names none
	Remedy  string // what to do and who, one sentence; "" where the line tells of no failure
	Found   map[string]string

	kinds []string  // of its signature
	from  *int      // which reading of which file
	place int       // among the lines of that reading, from 0
	bound time.Time // it is not younger than this, where When is zero
}

// moment is when the line was written, at the latest.
func (e *Entry) moment() time.Time {
	if e.When.IsZero() {
		return e.bound
	}
	return e.When
}

// after reports whether e was written after o: by place in one file, else by time.
func (e *Entry) after(o *Entry) bool {
	if e.from == o.from {
		return e.place > o.place
	}
	return e.moment().After(o.moment())
}

// book is the part of the signatures that a log is read with.
type book struct {
	grammars []assets.Grammar
	plain    *assets.Grammar
	sigs     []*assets.Signature
	literals [][]byte
}

// open returns the signatures of the given kinds; all of them where no kind is given or one is not known, since a line
// read with too many signatures is still read right.
func open(kinds []string) (*book, error) {
	grammars, err := assets.Grammars()
	if err != nil {
		return nil, err
	}
	sigs, err := assets.Signatures()
	if err != nil {
		return nil, err
	}
	b := &book{grammars: grammars, plain: &grammars[len(grammars)-1]}
	all := len(kinds) == 0
	for _, k := range kinds {
		all = all || !slices.ContainsFunc(sigs, func(s assets.Signature) bool { return slices.Contains(s.Kinds, k) })
	}
	for i := range sigs {
		s := &sigs[i]
		if all || slices.ContainsFunc(s.Kinds, func(k string) bool { return slices.Contains(kinds, k) }) {
			b.sigs = append(b.sigs, s)
			b.literals = append(b.literals, []byte(s.Literal))
		}
	}
	return b, nil
}

// read decodes a line that a signature knows.
func (b *book) read(line []byte, loc *time.Location) (Entry, bool) {
	var whole string
	for i, literal := range b.literals {
		if !bytes.Contains(line, literal) {
			continue
		}
		if whole == "" {
			whole = string(line)
		}
		if r, ok := b.sigs[i].Read(whole); ok {
			return b.entry(b.sigs[i], r, whole, loc), true
		}
	}
	return Entry{}, false
}

func (b *book) entry(s *assets.Signature, r assets.Reading, line string, loc *time.Location) Entry {
	e := Entry{Subject: r.Subject, Topic: r.Topic, Effect: r.Effect, Role: s.Role, Mark: r.Mark, Remedy: r.Remedy, Found: r.Captures, kinds: s.Kinds}
	e.Meaning, e.Code, e.Ref, e.Status = r.Meaning, checks.Code(r.Code), r.Ref, standing(r.Effect, r.Mark)
	for i := range b.grammars {
		if f, ok := b.grammars[i].Split(line, loc); ok {
			e.At, e.Thread = f.Time, f.Thread
			break
		}
	}
	return e
}

// standing is how a line looks on a screen.
func standing(e assets.Effect, m assets.Mark) checks.Status {
	switch {
	case e == assets.Recovers:
		return checks.Pass
	case e == assets.Neither:
		return checks.Note
	case e == assets.Slows || m.Hint():
		return checks.Warn
	}
	return checks.Fail
}

// stamped reports whether a line begins like one with a time, without reading it.
func stamped(line []byte) bool {
	if len(line) < 19 {
		return false
	}
	if c := line[0]; c == '[' || c == ' ' {
		line = line[1:]
	}
	return line[0]-'0' <= 9 && line[3]-'0' <= 9 && (line[4] == '-' || line[4] == '/') && line[7] == line[4] && line[13] == ':'
}

// family is a log's name without folder, rotation number and extension: "fsscorplug" of C:\…\fsscorplug.log.1.
func family(path string) string {
	name := base(path)
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// base is the last part of a path of either system.
func base(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
