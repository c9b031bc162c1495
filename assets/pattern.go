package assets

import (
	"fmt"
	"math/bits"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// pattern is a regular expression that is matched by hand where it can be: several times as fast as package regexp on
// the short lines of a log, with the same result. What it cannot do itself it leaves to package regexp: letters beyond
// ASCII, repeated groups, and lines on which it would have to try too much.
type pattern struct {
	re    *regexp.Regexp
	names []string

	steps  []step
	begin  int
	prefix string // every match begins with it
	edge   bool   // it matches at the beginning of the text alone
}

type op uint8

const (
	opAccept op = iota
	opText
	opRun   // so many letters of a set, greedy or lazy
	opFixed // a letter of each of several sets
	opMark  // the edge of a group
	opEither
	opStart
	opEnd
	opWord   // a word boundary
	opNoWord // none
)

// step is one step. They are made from the last to the first, so next is always known.
type step struct {
	op    op
	lazy  bool
	sure  bool // what follows cannot begin with a letter of the set: nothing is ever given back
	text  string
	set   set
	sets  []set
	stop  byte // the only ASCII letter that is not in set, where only says so
	only  bool
	lead  byte // the only letter that the next step can begin with, where sole says so
	sole  bool
	first set // what a match from here on can begin with, where the text has not ended
	min   int
	max   int // -1: no bound
	next  int
	other int // of opEither: tried where next does not match
	mark  int
}

// set is a set of ASCII letters.
type set [2]uint64

func (s *set) has(c byte) bool { return c < 128 && s[c>>6]&(1<<(c&63)) != 0 }
func (s *set) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s set) and(o set) set    { return set{s[0] & o[0], s[1] & o[1]} }
func (s set) or(o set) set     { return set{s[0] | o[0], s[1] | o[1]} }

// single is the only letter of a set; false where it has none or several.
func (s set) single() (byte, bool) {
	if bits.OnesCount64(s[0])+bits.OnesCount64(s[1]) != 1 {
		return 0, false
	}
	if s[0] != 0 {
		return byte(bits.TrailingZeros64(s[0])), true
	}
	return byte(64 + bits.TrailingZeros64(s[1])), true
}

var everything = set{^uint64(0), ^uint64(0)}

// maxGroups is how many groups a pattern may have, the whole match being one.
const maxGroups = 16

func newPattern(text string) (*pattern, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	p := &pattern{re: re, names: re.SubexpNames()}
	if len(p.names) > maxGroups {
		return nil, fmt.Errorf("has %d groups, at most %d", len(p.names)-1, maxGroups-1)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	c := &compiler{steps: []step{{op: opAccept, first: everything}}}
	if p.begin = c.add(tree, 0); !c.failed {
		p.steps = c.steps
		p.prefix, _ = re.LiteralPrefix()
		p.edge = p.steps[p.begin].op == opStart
	}
	return p, nil
}

type compiler struct {
	steps  []step
	failed bool
}

func (c *compiler) put(n step) int {
	c.steps = append(c.steps, n)
	return len(c.steps) - 1
}

// add puts the steps of a tree before the step next, and returns the first of them.
func (c *compiler) add(t *syntax.Regexp, next int) int {
	after := c.steps[next].first
	switch t.Op {
	case syntax.OpEmptyMatch:
		return next
	case syntax.OpLiteral:
		return c.literal(t, next)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return c.run(t, 1, 1, false, next)
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat, syntax.OpQuest:
		low, high := t.Min, t.Max
		switch t.Op {
		case syntax.OpStar:
			low, high = 0, -1
		case syntax.OpPlus:
			low, high = 1, -1
		case syntax.OpQuest:
			low, high = 0, 1
		}
		lazy := t.Flags&syntax.NonGreedy != 0
		if _, ok := class(t.Sub[0]); ok {
			return c.run(t.Sub[0], low, high, lazy, next)
		}
		if t.Op == syntax.OpQuest {
			one, two := c.add(t.Sub[0], next), next
			if lazy {
				one, two = two, one
			}
			return c.either(one, two)
		}
	case syntax.OpCapture:
		end := c.put(step{op: opMark, mark: 2*t.Cap + 1, next: next, first: after})
		inner := c.add(t.Sub[0], end)
		return c.put(step{op: opMark, mark: 2 * t.Cap, next: inner, first: c.steps[inner].first})
	case syntax.OpConcat:
		for i := len(t.Sub) - 1; i >= 0; i-- {
			next = c.add(t.Sub[i], next)
		}
		return next
	case syntax.OpAlternate:
		at := c.add(t.Sub[len(t.Sub)-1], next)
		for i := len(t.Sub) - 2; i >= 0; i-- {
			at = c.either(c.add(t.Sub[i], next), at)
		}
		return at
	case syntax.OpBeginText:
		return c.put(step{op: opStart, next: next, first: after})
	case syntax.OpEndText:
		return c.put(step{op: opEnd, next: next})
	case syntax.OpWordBoundary:
		return c.put(step{op: opWord, next: next, first: after})
	case syntax.OpNoWordBoundary:
		return c.put(step{op: opNoWord, next: next, first: after})
	}
	c.failed = true
	return next
}

func (c *compiler) either(one, two int) int {
	return c.put(step{op: opEither, next: one, other: two, first: c.steps[one].first.or(c.steps[two].first)})
}

func (c *compiler) literal(t *syntax.Regexp, next int) int {
	if _, one := class(t); one && t.Flags&syntax.FoldCase != 0 {
		return c.run(t, 1, 1, false, next)
	}
	if t.Flags&syntax.FoldCase != 0 {
		if len(t.Rune) == 1 { // beyond ASCII: taking it apart again would never end
			c.failed = true
			return next
		}
		for i := len(t.Rune) - 1; i >= 0; i-- {
			next = c.literal(&syntax.Regexp{Op: syntax.OpLiteral, Flags: t.Flags, Rune: t.Rune[i : i+1]}, next)
		}
		return next
	}
	text := string(t.Rune)
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 128 }) {
		c.failed = true
		return next
	}
	if len(text) < shortText {
		var sets []set
		for i := range len(text) {
			var s set
			s.add(text[i])
			sets = append(sets, s)
		}
		return c.fixed(sets, next)
	}
	var first set
	first.add(text[0])
	return c.put(step{op: opText, text: text, next: next, first: first})
}

func (c *compiler) run(t *syntax.Regexp, low, high int, lazy bool, next int) int {
	s, ok := class(t)
	if !ok {
		c.failed = true
		return next
	}
	if low == high && low > 0 && low <= fixedMax {
		return c.fixed(slices.Repeat([]set{s}, low), next)
	}
	after := c.steps[next].first
	n := step{op: opRun, set: s, min: low, max: high, lazy: lazy, next: next, first: s}
	if low == 0 {
		n.first = s.or(after)
	}
	// Where the end accepts whatever comes, the longest run is the one that is asked for.
	n.stop, n.only = set{^s[0], ^s[1]}.single()
	n.lead, n.sole = after.single()
	n.sure = !lazy && (s.and(after) == set{} || c.accepts(next))
	return c.put(n)
}

const (
	fixedMax = 16
	// shortText is compared letter by letter, together with what stands beside it.
	shortText = 4
)

// fixed puts single letters, together with those that come next: a time is one step.
func (c *compiler) fixed(sets []set, next int) int {
	if n := &c.steps[next]; n.op == opFixed {
		sets, next = slices.Concat(sets, n.sets), n.next
	}
	return c.put(step{op: opFixed, sets: sets, next: next, first: sets[0]})
}

// accepts reports whether nothing but the edges of groups comes before the end.
func (c *compiler) accepts(at int) bool {
	for c.steps[at].op == opMark {
		at = c.steps[at].next
	}
	return c.steps[at].op == opAccept
}

// class is the set of a tree that stands for a single letter. Letters beyond ASCII are left out: texts with such are
// not matched by hand.
func class(t *syntax.Regexp) (s set, ok bool) {
	switch t.Op {
	case syntax.OpAnyChar:
		return everything, true
	case syntax.OpAnyCharNotNL:
		s = everything
		s[0] &^= 1 << '\n'
		return s, true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(t.Rune); i += 2 {
			for r := t.Rune[i]; r <= t.Rune[i+1] && r < 128; r++ {
				s.add(byte(r))
			}
		}
		return s, true
	case syntax.OpLiteral:
		if len(t.Rune) != 1 || t.Rune[0] >= 128 {
			return s, false
		}
		r := byte(t.Rune[0])
		s.add(r)
		if low := r | 0x20; t.Flags&syntax.FoldCase != 0 && low >= 'a' && low <= 'z' {
			s.add(low)
			s.add(low &^ 0x20)
		}
		return s, true
	}
	return s, false
}
