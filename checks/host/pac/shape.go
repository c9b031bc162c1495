package pac

import (
	"regexp"
	"strings"
)

// shapes are the patterns of shExpMatch, each made once.
type shapes map[string]*regexp.Regexp

// match is shExpMatch: * is any text and ? any character, dots and slashes among them. As in Firefox and Chromium the
// rest of a pattern is a regular expression, upon which scripts rely: "(*.a.example|*.b.example)", "10.[0-3].*". Go's
// need no backtracking, so that none is slow.
func (e *engine) match(a args, s, pattern string) bool {
	re, ok := e.shapes[pattern]
	if !ok {
		var err error
		re, err = regexp.Compile(`(?s)^(?:` + strings.NewReplacer(".", `\.`, "*", ".*", "?", ".").Replace(pattern) + `)$`)
		if err != nil {
			panic(a.vm.NewTypeError("shExpMatch: the pattern %q cannot be read", short(pattern)))
		}
		if e.shapes == nil || len(e.shapes) >= 4096 {
			e.shapes = shapes{}
		}
		e.shapes[pattern] = re
	}
	return re.MatchString(s)
}
