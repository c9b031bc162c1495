package assets

import (
	"strings"
	"testing"
)

// The first and the last would take minutes if every beginning of a match cost as much as the line is long.
func TestALongLineTakesTimeOfItsLength(t *testing.T) {
	const long = 1 << 20
	for title, c := range map[string]struct{ pattern, text string }{
		"figures, of which each may be the first":            {`(\d+) failed`, strings.Repeat("7", long)},
		"words to the end of the line behind each beginning": {`query (?P<host>.*) failed`, strings.Repeat("query ", long/6)},
		"the same where the shortest match is asked for":     {`query (?P<host>.*?) failed`, strings.Repeat("query ", long/6)},
		"a short run before a letter that stands nowhere":    {`q[a-z]{0,3}?!`, strings.Repeat("query ", long/6)},
		"runs in runs": {`(\w+) (\w+) (\w+)=(\w+)!`, strings.Repeat("query ", long/6)},
		"a run up to a letter, where only that letter is out": {`([^!]*)!([^!]*)!x`, strings.Repeat("a", long)},
	} {
		t.Run(title, func(t *testing.T) {
			p, err := newPattern(c.pattern)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, p, c.text)
			agree(t, p, c.text+" failed")
		})
	}
}
