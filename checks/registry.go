package checks

import (
	"cmp"
	"fmt"
	"slices"
)

var registered = map[ID]Check{}

// Register adds a check to the program; a check calls it from init. It panics where the program is put together wrongly:
// an ID twice, or a code without a text.
func Register(c Check) {
	s := c.Spec()
	if _, ok := registered[s.ID]; ok {
		panic(fmt.Sprintf("checks: %q is registered twice", s.ID))
	}
	t, err := ParseTexts(string(s.ID)+"/texts.yaml", s.Texts)
	if err != nil {
		panic("checks: " + err.Error())
	}
	for _, code := range s.Codes {
		if _, ok := t[code]; !ok {
			panic(fmt.Sprintf("checks: %s can report %s but has no text for it", s.ID, code))
		}
	}
	registered[s.ID] = c
	texts[s.ID] = t
}

// All returns the registered checks in the order of their steps.
func All() []Check {
	out := make([]Check, 0, len(registered))
	for _, c := range registered {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Check) int {
		x, y := a.Spec(), b.Spec()
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// Lookup returns the check of that name.
func Lookup(id ID) (Check, bool) {
	c, ok := registered[id]
	return c, ok
}
