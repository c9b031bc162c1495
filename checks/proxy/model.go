package proxy

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("proxy", newModel) }

// model is the table of everything on this machine that names a proxy, the product's way marked, and below it the
// findings about all of them.
type model struct{ *tui.Findings }

func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Order = order
	return &model{f}
}

// Update implements [tui.Panel].
func (m *model) Update(msg tea.Msg) (tui.Panel, tui.Intent, tea.Cmd) {
	intent := m.Handle(msg)
	return m, intent, nil
}

// Tell explains the mark in the table.
func (m *model) Tell() (left, right string) {
	left, _ = m.Findings.Tell()
	for _, it := range m.Items {
		if isSource(it.Finding) && ours(it.Finding) == 1 {
			return left, m.Glyphs.Ours + " the product's way"
		}
	}
	return left, ""
}

// View implements [tui.Panel].
func (m *model) View(w, h int) string {
	if s, ok := m.Deep(w, h); ok {
		return s
	}
	t := m.table(w)
	return m.Compose(nil, t.Height(), w, h, func(h int) []string { return t.View(w, h, &m.Win) })
}

// order keeps the sources as they were asked, the product's way first, and puts what concerns all of them below.
func order(a, b tui.Item) int {
	if x, y := isSource(a.Finding), isSource(b.Finding); x != y {
		if x {
			return -1
		}
		return 1
	} else if !x {
		return tui.ByGravity(a, b)
	}
	return cmp.Compare(ours(b.Finding), ours(a.Finding))
}

// isSource: the finding is about one setting, not about all of them or about the file that a setting leads to.
func isSource(f checks.Finding) bool {
	return f.Arg("source") != "" && f.Code != "proxy.route" && f.Code != "proxy.sources_disagree" &&
		!strings.HasPrefix(string(f.Code), "proxy.pac_")
}

func ours(f checks.Finding) int {
	if f.Arg("used") == "yes" {
		return 1
	}
	return 0
}

// narrow is the width below which four columns say less than three.
const narrow = 56

// table lays the sources out; in a narrow window it leaves out whose they are, which the evidence says too.
func (m *model) table(w int) tui.Table {
	t := tui.Table{Kit: m.Kit, Cursor: -1, Columns: []tui.Column{
		{},
		{Title: "source", Min: 8, Flex: true},
		{Title: "whose", Min: 4, Max: 16, Flex: true},
		{Title: "proxy", Min: m.longest(w), Flex: true},
		{Title: "works", Min: 10, Max: 14},
	}}
	if w < narrow {
		t.Columns = slices.Delete(t.Columns, 2, 3)
	}
	var rows []func() tui.Row
	add := func(f func() tui.Row) { rows = append(rows, f) }
	for i, it := range m.Items {
		f := it.Finding
		source := isSource(f)
		switch {
		case len(m.Runs) > 1 && (i == 0 || m.Items[i-1].Run != it.Run):
			add(func() tui.Row {
				return tui.Row{Span: m.Theme.Title.Render(tui.Cell(tui.Title(m.Runs[it.Run].Profile)))}
			})
		case i > 0 && !source && isSource(m.Items[i-1].Finding):
			add(func() tui.Row { return tui.Row{} })
		}
		if i == m.Cursor {
			t.Cursor = len(rows)
		}
		if source {
			add(func() tui.Row { return m.source(f, w) })
		} else {
			add(func() tui.Row { return m.Row(f) })
		}
	}
	t.N, t.Row = len(rows), func(i int) tui.Row { return rows[i]() }
	return t
}

// source is the row of one setting.
func (m *model) source(f checks.Finding, w int) tui.Row {
	mark := " "
	if ours(f) == 1 {
		mark = m.Glyphs.Ours
	}
	cells := []string{mark, tui.Cell(setting(f.Arg("source"))), tui.Cell(f.Arg("whose")), names(f), m.works(f)}
	if w < narrow {
		cells = slices.Delete(cells, 2, 3)
	}
	return tui.Row{Cells: cells}
}

// setting is a source's name without what the column beside it says again.
func setting(source string) string {
	return strings.TrimPrefix(strings.TrimPrefix(source, "the product's "), "the ")
}

// longest is how wide the proxies want to be, the host and the port in one piece, within what the window can give.
func (m *model) longest(w int) int {
	n := 8
	for _, it := range m.Items {
		if w >= narrow && isSource(it.Finding) {
			n = max(n, tui.Width(names(it.Finding)))
		}
	}
	return min(n, w*2/5)
}

// names is what the setting says, in as few words as a column has.
func names(f checks.Finding) string {
	if p := f.Arg("proxy"); p != "" {
		return tui.Cell(strings.TrimSuffix(strings.TrimPrefix(p, "http://"), "/"))
	}
	if mode := f.Arg("mode"); mode != "" {
		return tui.Cell(mode)
	}
	return "none"
}

// short says in a word what is wrong with a proxy; the sentence stands below the table.
var short = map[checks.Code]string{
	"proxy.unresolvable":        "name",
	"proxy.unreachable":         "silent",
	"proxy.refused":             "refused",
	"proxy.auth_required":       "login",
	"proxy.no_answer":           "no answer",
	"proxy.denied":              "denied",
	"proxy.cannot_reach_target": "no way out",
	"proxy.not_a_proxy":         "no proxy",
	"proxy.tls":                 "TLS to it fails",
}

// works is shape and word. A broken proxy that the product does not use is a fact, not an alarm: it has the shape
// without the colour.
func (m *model) works(f checks.Finding) string {
	word, known := short[f.Code]
	switch {
	case f.Status == checks.Pass:
		took := tui.Took(f.Took)
		if took == "" {
			took = "ok"
		}
		return m.Glyph(checks.Pass) + " " + took
	case f.Status == checks.Unknown:
		if !known {
			word = "unread"
		}
		return m.Glyph(checks.Unknown) + " " + word
	case !known && (f.Status == checks.Note || f.Status == checks.Skip):
		return m.Theme.Dim.Render(m.Glyphs.Skip)
	case !known:
		return m.Mark(f.Status)
	case f.Status == checks.Note:
		return m.Glyphs.Bad + " " + word
	}
	return m.Theme.Of(f.Status).Render(m.Glyphs.Of(f.Status) + " " + word)
}
