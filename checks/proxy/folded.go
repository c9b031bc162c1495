package proxy

import (
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// folded is a table with a row for each address in which equal rows become one.
type folded struct {
	head []string
	rows []*foldedRow
	all  int
}

type foldedRow struct {
	cells []string
	about []string // addresses
}

func (t *folded) add(e *assets.Endpoint, cells ...string) {
	t.all++
	for _, row := range t.rows {
		if slices.Equal(row.cells, cells) {
			row.about = append(row.about, stem(e))
			return
		}
	}
	t.rows = append(t.rows, &foldedRow{cells, []string{stem(e)}})
}

// label names the addresses of a row.
func (t *folded) label(row *foldedRow) string {
	switch n := len(row.about); {
	case n == 1:
		return row.about[0]
	case n == t.all && n == 2:
		return "both addresses"
	case n == t.all:
		return "all " + strconv.Itoa(n) + " addresses"
	case n <= 3:
		return strings.Join(row.about, ", ")
	default:
		return strconv.Itoa(n) + " addresses, such as " + row.about[0]
	}
}

func (t *folded) table() *checks.Table {
	out := &checks.Table{Head: t.head}
	for _, row := range t.rows {
		out.Rows = append(out.Rows, append([]string{t.label(row)}, row.cells...))
	}
	return out
}

// evidence lists the addresses of rows that stand for more than three.
func (t *folded) evidence() (out []checks.Evidence) {
	for _, row := range t.rows {
		if len(row.about) > 3 {
			out = append(out, checks.Evidence{Source: t.label(row), Text: clean(strings.Join(row.about, "\n"), 4000)})
		}
	}
	return out
}

// summary is one column in a line: what most rows say comes as it stands in the table.
func (t *folded) summary(column int) string {
	var out []string
	for _, row := range t.rows {
		if len(t.rows) == 1 {
			return row.cells[column-1]
		}
		out = append(out, t.label(row)+": "+row.cells[column-1])
	}
	return strings.Join(out, "; ")
}

// saying is who says what, each saying once, in the order in which it was first heard.
type saying struct {
	who  map[string][]string
	what []string
}

func (s *saying) add(who, what string) {
	if s.who == nil {
		s.who = map[string][]string{}
	}
	if s.who[what] == nil {
		s.what = append(s.what, what)
	}
	s.who[what] = append(s.who[what], who)
}

func (s *saying) String() string {
	out := make([]string, 0, len(s.what))
	for _, w := range s.what {
		out = append(out, strings.Join(s.who[w], " and ")+": "+w)
	}
	return strings.Join(out, "; ")
}
