package wizard

import (
	"context"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func TestGatheredLines(t *testing.T) {
	for title, told := range map[string][]int{
		"nothing is dropped where there is room":              {1, tailGathers - 1},
		"as many as there is room for":                        {tailGathers},
		"one more than there is room for":                     {tailGathers + 1},
		"the newest are kept however many there are":          {3*tailGathers + 7},
		"a look after many lines begins again":                {5 * tailGathers, 10, tailGathers + 1},
		"a look that comes when the ring is just full again":  {2 * tailGathers, 2 * tailGathers},
		"a look at nothing but the end of what was told once": {tailGathers + 1, 1},
	} {
		t.Run(title, func(t *testing.T) {
			r := NewRunner(t.Context(), checks.Env{Profile: &assets.Profile{}}, host.Hands{})
			k := Key{"logs", "p"}
			n := 0
			for _, count := range told {
				first := n + 1
				for range count {
					n++
					r.event(k, checks.Line{Number: n})
				}
				want := min(count, tailGathers)
				for _, c := range r.Next(context.Background()) {
					seen, ok := c.(EventsSeen)
					if !ok {
						continue
					}
					if len(seen.Lines) != want || seen.Dropped != count-want {
						t.Fatalf("of %d lines %d are told and %d dropped", count, len(seen.Lines), seen.Dropped)
					}
					for i, l := range seen.Lines {
						if l.Number != first+seen.Dropped+i {
							t.Fatalf("line %d stands in place %d behind %d dropped ones", l.Number, i, seen.Dropped)
						}
					}
				}
			}
		})
	}
}

// A run that tells lines for a long time without a look costs no memory for those that are dropped.
func TestGatheringManyLinesIsFlat(t *testing.T) {
	r := NewRunner(t.Context(), checks.Env{Profile: &assets.Profile{}}, host.Hands{})
	k := Key{"logs", "p"}
	for range tailGathers {
		r.event(k, checks.Line{})
	}
	var e checks.Event = checks.Line{}
	if n := testing.AllocsPerRun(10_000, func() { r.event(k, e) }); n > 0 {
		t.Errorf("%v allocations for a line that takes another one's place", n)
	}
}
