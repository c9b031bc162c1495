package logs

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// sorter tells whose a log or a line is.
type sorter struct {
	profiles []*assets.Profile
	kinds    map[string][]int // which profiles have such lines
	forms    []assets.Grammar // those of a product
}

// newSorter asks the profiles for the kinds of their logs. A kind that no profile names, and that signatures name
// beside kinds of one profile alone, is that profile's: the text of an event, for one.
func newSorter(profiles []*assets.Profile) (*sorter, error) {
	sigs, err := assets.Signatures()
	if err != nil {
		return nil, err
	}
	forms, err := assets.Grammars()
	if err != nil {
		return nil, err
	}
	s := &sorter{profiles: profiles, kinds: map[string][]int{}, forms: forms[:len(forms)-1]} // the last one fits any line
	for i, p := range profiles {
		for _, log := range p.Logs {
			for _, k := range log.Signatures {
				if !slices.Contains(s.kinds[k], i) {
					s.kinds[k] = append(s.kinds[k], i)
				}
			}
		}
	}
	beside := map[string][]int{}
	for i := range sigs {
		owners := s.owners(sigs[i].Kinds)
		for _, k := range sigs[i].Kinds {
			if len(s.kinds[k]) == 0 && k != anyKind {
				beside[k] = append(beside[k], owners...)
			}
		}
	}
	for k, owners := range beside {
		slices.Sort(owners)
		if owners = slices.Compact(owners); len(owners) == 1 {
			s.kinds[k] = owners
		}
	}
	return s, nil
}

// anyKind are lines that any log may have.
const anyKind = "plain"

// owners are the profiles that have lines of one of these kinds; none: anybody may have them.
func (s *sorter) owners(kinds []string) []int {
	var out []int
	for _, k := range kinds {
		for _, i := range s.kinds[k] {
			if !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

// source is a log by its path. One whose name a profile knows has the profile's name for it, as in the live look, so
// that what one rotated file says is ended by the next.
func (s *sorter) source(at string) source {
	src := source{path: at, family: family(leaf(at))}
	if _, log := s.named(at); log != nil {
		src.family = log.Name
	}
	return src
}

// named is the first profile that has a log of this name, wherever it lies; nil: none.
func (s *sorter) named(at string) (int, *assets.Log) {
	name := strings.ToLower(leaf(at))
	name = strings.TrimSuffix(name, ".gz")
	for i, p := range s.profiles {
		var best *assets.Log
		long := 0
		for j := range p.Logs {
			for _, pattern := range p.Logs[j].Files {
				pattern = strings.ToLower(base(pattern))
				// The longest pattern fits best: ds_am-icrc*.log* before ds_am*.log*.
				if ok, err := path.Match(pattern, name); ok && err == nil && len(pattern) > long && distinct(pattern) {
					best, long = &p.Logs[j], len(pattern)
				}
			}
		}
		if best != nil {
			return i, best
		}
	}
	return -1, nil
}

// knows reports whether a profile knows a log of this name.
func (s *sorter) knows(at string) bool {
	_, log := s.named(at)
	return log != nil
}

// likely reports whether a text that begins so is a log of a known form, or has a line that a signature knows.
func (s *sorter) likely(ctx context.Context, head []byte) bool {
	found := false
	c, err := newCursor(source{}, time.Local, true, func(e *Entry) { found = found || e.Meaning != "" || s.formed(e.Text) })
	return err == nil && c.pour(ctx, bytes.NewReader(head)) == nil && found
}

// formed reports whether a line has the form of one product's logs.
func (s *sorter) formed(line string) bool {
	return slices.ContainsFunc(s.forms, func(g assets.Grammar) bool {
		f, ok := g.Split(line, time.UTC)
		return ok && !f.Time.IsZero()
	})
}

// distinct reports whether a pattern says more than that a file is a log.
func distinct(pattern string) bool { return len(pattern) > 0 && pattern[0] != '*' && pattern[0] != '?' }

// reading is what one log said, to each profile.
type reading struct {
	sorter *sorter
	named  int               // the profile that knows the log by name; -1: none
	owned  []bool            // profiles that have lines of their own in it
	each   []*gather         // their own lines and those of nobody
	rest   []*gather         // those of nobody, as each profile takes them
	others bool              // there are lines of nobody
	owners map[*string][]int // by a signature's first kind: those of its lines
	from   time.Time
}

func newReading(s *sorter, src source) *reading {
	r := &reading{sorter: s, owned: make([]bool, len(s.profiles))}
	if r.named, _ = s.named(src.path); r.named >= 0 {
		r.owned[r.named] = true
	}
	for range s.profiles {
		r.each, r.rest = append(r.each, newGather(src.changed)), append(r.rest, newGather(src.changed))
	}
	return r
}

func (r *reading) add(e *Entry) {
	if !e.When.IsZero() && (r.from.IsZero() || e.When.Before(r.from)) {
		r.from = e.When
	}
	owners := r.ownersOf(e.kinds)
	for _, i := range owners {
		if r.named >= 0 && i != r.named {
			continue // one product's log that has the line of another quotes it
		}
		r.owned[i] = true
		r.each[i].add(e)
	}
	if len(owners) == 0 {
		r.others = true
		for i, p := range r.sorter.profiles {
			e := strangers(p, *e)
			r.rest[i].add(&e)
			r.each[i].add(&e)
		}
	}
}

// ownersOf is the profiles that have lines with a signature of these kinds.
func (r *reading) ownersOf(kinds []string) []int {
	if len(kinds) == 0 {
		return nil
	}
	out, ok := r.owners[&kinds[0]]
	if !ok && len(r.owners) < maxNames {
		if r.owners == nil {
			r.owners = map[*string][]int{}
		}
		out = r.sorter.owners(kinds)
		r.owners[&kinds[0]] = out
	}
	return out
}

// strangers is a line of nobody as a profile takes it: a host that is not of its cloud failed somebody else, so that
// the line is told and says nothing of the product.
func strangers(p *assets.Profile, e Entry) Entry {
	if e.Found.Get("host") == "" {
		return e
	}
	if found := e.Found.Map(); !concerns(p, assets.AboutHost, found) {
		delete(found, "host")
		e.Found = assets.Named(found)
		e.Effect, e.Remedy, e.Status = assets.Neither, "", checks.Note
	}
	return e
}

// knows reports whether the log is one that linecheck knows, by name or by a line.
func (r *reading) knows() bool { return r.others || slices.Contains(r.owned, true) }

// share hands over what was read. Lines that may be anybody's go to those who have others in the same log; where nobody
// has, to all who have other lines anywhere.
func (r *reading) share(c *cursor, shares, rest []*share) {
	if c.stream.place == 0 {
		return // an empty log says nothing, not even that all is well
	}
	for i, own := range r.owned {
		if own {
			shares[i].take(c, r.each[i])
		}
	}
	if r.others && !slices.Contains(r.owned, true) {
		for i := range rest {
			rest[i].take(c, r.rest[i])
		}
	}
}

// share is what all logs together said to one profile.
type share struct {
	*scanned
}

func newShare() *share { return &share{&scanned{total: newGather(time.Time{})}} }

// take adds a log, and keeps of it only what is told of the look.
func (s *share) take(c *cursor, g *gather) {
	g.settle()
	g.jumped(c.path, c.jumps, c.stream.back > c.stream.onward)
	s.total.merge(g)
	s.lines += c.stream.place
	s.cut += c.stream.cut
	if t := c.stream.newest; t.After(s.newest) {
		s.newest = t
	}
	kept := *c
	if kept.touched.IsZero() {
		kept.touched = c.changed
	}
	if kept.touched.IsZero() {
		kept.touched = c.stream.newest
	}
	kept.stream = &stream{path: c.path, family: c.family, place: c.stream.place, cut: c.stream.cut, newest: c.stream.newest}
	kept.got, kept.tell, kept.id, kept.head = nil, nil, nil, nil // tell holds all that was gathered
	s.cursors = append(s.cursors, &kept)
}

// with is two shares as one; neither is changed.
func (s *share) with(o *share) *scanned {
	out := &scanned{total: newGather(time.Time{}), cursors: slices.Concat(s.cursors, o.cursors), lines: s.lines + o.lines,
		cut: s.cut + o.cut, newest: s.newest}
	// A file that is nobody's log tells of the product until its last line that says something of it.
	for _, at := range o.total.groups {
		if t := at.last.At; at.last.Effect != assets.Neither && t.After(out.newest) {
			out.newest = t
		}
	}
	out.total.merge(s.total)
	out.total.merge(o.total)
	return out
}
