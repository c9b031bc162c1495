package logs

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/logs/lines"
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
	Found   assets.Captures

	kinds []string  // of its signature
	on    string    // " on pc01": at the end of Topic, where a file has the events of several computers
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

// date gives e the time of another line of its event, where it has none itself.
func (e *Entry) date(others []Entry) {
	for i := range others {
		if e.At.IsZero() && !others[i].At.IsZero() {
			e.At = others[i].At
			e.When = e.At
		}
	}
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
	matcher  *lines.Matcher // its literals are those of sigs
}

// books are those that were opened, by their kinds.
var books sync.Map

// open returns the signatures of the given kinds; all of them where no kind is given or one is not known, since a line
// read with too many signatures is still read right.
func open(kinds []string) (*book, error) {
	key := strings.Join(kinds, "\n")
	if b, ok := books.Load(key); ok {
		return b.(*book), nil
	}
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
	var literals []string
	for i := range sigs {
		s := &sigs[i]
		if all || slices.ContainsFunc(s.Kinds, func(k string) bool { return slices.Contains(kinds, k) }) {
			b.sigs = append(b.sigs, s)
			literals = append(literals, s.Literal)
		}
	}
	if b.matcher, err = lines.NewMatcher(literals); err != nil {
		return nil, err
	}
	books.Store(key, b)
	return b, nil
}

// entry makes an entry of what a signature read in a line.
func (b *book) entry(e *Entry, s *assets.Signature, r *assets.Said, line string, clock *assets.Clock) {
	e.Subject, e.Topic, e.Effect, e.Role, e.Mark, e.Remedy, e.Found, e.kinds = r.Subject, r.Topic, r.Effect, s.Role, r.Mark, r.Remedy, r.Captures, s.Kinds
	e.Meaning, e.Code, e.Ref, e.Status = r.Meaning, checks.Code(r.Code), r.Ref, standing(r.Effect, r.Mark)
	if e.Text = line; len(line) > shown {
		e.Text = strings.Clone(short([]byte(line[:shown+1])))
	}
	for i := range b.grammars {
		if f, ok := b.grammars[i].Read(line, clock); ok {
			e.At, e.Thread = f.Time, f.Thread
			break
		}
	}
}

// stamp is the time at the beginning of a line; more may follow behind its line feed.
func (b *book) stamp(line []byte, clock *assets.Clock) (time.Time, bool) {
	line = line[:min(len(line), stampMax)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if !stamped(line) {
		return time.Time{}, false
	}
	f, ok := b.plain.Read(string(bytes.TrimPrefix(bytes.TrimSuffix(line, []byte{'\r'}), timeField)), clock)
	return f.Time, ok && !f.Time.IsZero()
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

// timeField is what an event that somebody copied has before its time.
var timeField = []byte("Time: ")

// stamped reports whether a line begins like one with a time, without reading it.
func stamped(line []byte) bool {
	if len(line) < 19 {
		return false
	}
	switch c := line[0]; {
	case c == '[' || c == ' ':
		line = line[1:]
	case c == 'T' && len(line) >= len(timeField)+19 && bytes.HasPrefix(line, timeField):
		line = line[len(timeField):]
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
