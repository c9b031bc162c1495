package wizard

import (
	"regexp"
	"sync"
)

// shape is a pattern that is compiled when it is first asked for: compiling all of them takes longer than the rest of a
// start, and most starts hide nothing before somebody presses a key.
type shape func() *regexp.Regexp

func shaped(expr string) shape {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
