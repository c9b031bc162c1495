package host

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxTerms is how many comparisons go into one query: the service takes few (others met a limit of 32, less in some
// versions). What does not fit is compared here instead.
const maxTerms = 20

// xpath is the query for the event log service: its own subset of XPath 1.0
// (learn.microsoft.com/windows/win32/wes/consuming-events). It may let more through than is asked for; see fits.
func (q EventQuery) xpath() string {
	var and []string
	if terms, ok := quoted(q.Providers); ok {
		and = append(and, "Provider["+strings.Join(terms, " or ")+"]")
	}
	if n := len(q.IDs); n > 0 && n+len(q.Providers) <= maxTerms {
		terms := make([]string, n)
		for i, id := range q.IDs {
			terms[i] = fmt.Sprintf("EventID=%d", id)
		}
		and = append(and, "("+strings.Join(terms, " or ")+")")
	}
	if !q.Since.IsZero() {
		and = append(and, "TimeCreated[@SystemTime>='"+q.Since.UTC().Format("2006-01-02T15:04:05.000Z")+"']")
	}
	if len(and) == 0 {
		return "*"
	}
	return "*[System[" + strings.Join(and, " and ") + "]]"
}

// quoted are the comparisons with names; false where there are none, too many, or one that cannot be written: this
// XPath knows no escapes.
func quoted(names []string) ([]string, bool) {
	if len(names) == 0 || len(names) > maxTerms {
		return nil, false
	}
	var out []string
	for _, name := range names {
		mark := "'"
		if strings.Contains(name, mark) {
			mark = `"`
		}
		if strings.Contains(name, mark) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
			return nil, false
		}
		out = append(out, "@Name="+mark+name+mark)
	}
	return out, true
}

// fits compares what xpath may have left out.
func (q EventQuery) fits(e EventRecord) bool {
	return (len(q.Providers) == 0 || slices.ContainsFunc(q.Providers, func(p string) bool { return strings.EqualFold(p, e.Provider) })) &&
		(len(q.IDs) == 0 || slices.Contains(q.IDs, e.ID)) && !e.At.Before(q.Since.Truncate(time.Millisecond))
}
