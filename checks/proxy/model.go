package proxy

import (
	"cmp"
	"slices"
	"strings"

	keys "charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("proxy", newModel) }

// model is the table of everything on this machine that names a proxy, the product's way marked, and below it the
// findings about all of them. A key shows instead who goes which way.
type model struct {
	*tui.Findings
	all bool       // the places that name no proxy are listed too
	who tui.Reader // deeper than the list: who goes which way is shown

	text []string  // who goes which way; nil when it is to be made
	wide int       // the width it was made for
	deep tui.Depth // and the depth
}

func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	m := &model{Findings: tui.List(spec, kit)}
	m.Order = order
	m.Keep = func(it tui.Item) bool { return m.all || !nothing(it.Finding) }
	return m
}

func keyWho() keys.Binding { return tui.Bind("u", lang.T("panels.proxy.key.who"), "u") }
func keyAll() keys.Binding { return tui.Bind("o", lang.T("panels.proxy.key.all"), "o") }

// Update implements [tui.Panel].
func (m *model) Update(msg tea.Msg) (tui.Panel, tui.Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case m.who.Depth > tui.AtList && keys.Matches(k, keyWho()):
			m.who.Back()
			return m, nil, nil
		case m.who.Depth > tui.AtList:
			m.who.Key(k, true)
			return m, nil, nil
		case keys.Matches(k, keyWho()) && m.Reader.Depth == tui.AtList && m.compared():
			m.who = tui.Reader{Depth: tui.AtEvidence}
			return m, nil, nil
		case keys.Matches(k, keyAll()) && m.Reader.Depth == tui.AtList:
			m.all = !m.all
			m.Sort()
			return m, nil, nil
		}
	}
	if _, ok := msg.(tui.RunsMsg); ok {
		m.text = nil
	}
	intent := m.Handle(msg)
	return m, intent, nil
}

// Holds keeps Esc here while something deeper than the list is shown.
func (m *model) Holds(k tea.KeyPressMsg) bool {
	return k.String() == "esc" && m.who.Depth > tui.AtList || m.Findings.Holds(k)
}

// Keys implements [tui.Panel].
func (m *model) Keys() []keys.Binding {
	if m.who.Depth > tui.AtList {
		out := []keys.Binding{tui.Bind(m.Glyphs.UpDown, lang.T("panel.key.read"), "up", "down"), tui.Bind("u", lang.T("panels.proxy.key.settings"), "u"),
			tui.Bind("Esc", lang.T("panel.key.back"), "esc")}
		if m.who.Depth < tui.AtRaw {
			out = slices.Insert(out, 1, tui.Bind("Enter", lang.T("panel.key.raw"), "enter"))
		}
		return out
	}
	out := m.Findings.Keys()
	if m.Reader.Depth > tui.AtList {
		return out
	}
	if m.compared() {
		out = append(out, keyWho())
	}
	if n, _ := m.hidden(0); n > 0 || m.all {
		fold := keyAll()
		if m.all {
			fold.SetHelp("o", lang.T("panels.proxy.key.fewer"))
		}
		out = append(out, fold)
	}
	return out
}

// Tell explains the mark in the table.
func (m *model) Tell() (left, right string) {
	left, _ = m.Findings.Tell()
	if m.who.Depth > tui.AtList {
		return left, ""
	}
	for _, it := range m.Items {
		if isSource(it.Finding) && ours(it.Finding) == 1 {
			return left, m.Glyphs.Ours + " " + lang.T("panels.proxy.ours")
		}
	}
	return left, ""
}

// View implements [tui.Panel].
func (m *model) View(w, h int) string {
	if m.who.Depth > tui.AtList {
		return m.who.View(m.Kit, m.lines(w), w, h)
	}
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

// isSource: the finding is about one setting, or the file that a setting leads to, and not about all of them or about
// what a file gave.
func isSource(f checks.Finding) bool {
	return f.Arg("source") != "" && f.Arg("list") == "" && f.Code != RouteCode && f.Code != Disagree
}

// nothing: the finding is about a place that names no proxy and that the product does not keep for itself.
func nothing(f checks.Finding) bool {
	return isSource(f) && f.Code == Source && ours(f) == 0 && f.Arg("source") != ownStore &&
		(f.Status == checks.Skip || f.Status == checks.Note && f.Arg("state") != "" && (f.Arg("proxy") == "none" || f.Arg("proxy") == ""))
}

// hidden counts the places of a run that are not listed: those that name no proxy, and those that cannot be asked.
func (m *model) hidden(run int) (none, unasked int) {
	if m.all || run >= len(m.Runs) {
		return 0, 0
	}
	for _, f := range m.Runs[run].Findings {
		if nothing(f) {
			if none++; f.Status == checks.Skip {
				none, unasked = none-1, unasked+1
			}
		}
	}
	return none, unasked
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
		{Title: lang.T("panels.proxy.column.source"), Min: 8, Flex: true},
		{Title: lang.T("panels.proxy.column.whose"), Min: 4, Max: 16, Flex: true},
		{Title: lang.T("panels.proxy.column.proxy"), Min: m.longest(w), Flex: true},
		{Title: lang.T("panels.proxy.column.works"), Min: 10, Max: 14},
	}}
	if w < narrow {
		t.Columns = slices.Delete(t.Columns, 2, 3)
	}
	var rows []func() tui.Row
	add := func(f func() tui.Row) { rows = append(rows, f) }
	for i, it := range m.Items {
		f := it.Finding
		source := isSource(f)
		first := i == 0 || m.Items[i-1].Run != it.Run
		if len(m.Runs) > 1 && first {
			add(func() tui.Row {
				return tui.Row{Span: m.Theme.Title.Render(tui.Cell(tui.Title(m.Runs[it.Run].Profile)))}
			})
		}
		if !source && (first || isSource(m.Items[i-1].Finding)) {
			rest := m.rest(it.Run)
			if rest != "" {
				add(func() tui.Row { return tui.Row{Span: m.Theme.Dim.Render(rest)} })
			}
			if !first || rest != "" {
				add(func() tui.Row { return tui.Row{} })
			}
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

// rest says how many places are not listed.
func (m *model) rest(run int) string {
	none, unasked := m.hidden(run)
	switch {
	case none > 0 && unasked > 0:
		return "  " + lang.N("panels.proxy.others_unasked", none, "unasked", tui.Count(unasked))
	case none > 0:
		return "  " + lang.N("panels.proxy.others", none)
	case unasked > 0:
		return "  " + lang.T("panels.proxy.unasked", "n", tui.Count(unasked))
	}
	return ""
}

// source is the row of one setting.
func (m *model) source(f checks.Finding, w int) tui.Row {
	mark := " "
	if ours(f) == 1 {
		mark = m.Glyphs.Ours
	}
	cells := []string{mark, tui.Cell(setting(f.Arg("source"))), tui.Cell(lang.Phrase(f.Arg("whose"))), names(f), m.works(f)}
	if w < narrow {
		cells = slices.Delete(cells, 2, 3)
	}
	return tui.Row{Cells: cells}
}

// setting is a source's name without what the column beside it says again.
func setting(source string) string {
	if said := lang.Phrase(source); said != source {
		return said
	}
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
	if isScript(f) {
		if p, _, _ := strings.Cut(f.Arg("proxy"), ", then "); p != "" && p != "unknown" {
			return tui.Cell(lang.T("panels.proxy.pac", "proxy", strings.TrimPrefix(p, "http://")))
		}
		return lang.T("panels.proxy.pac_file")
	}
	if p := f.Arg("proxy"); p == "none" {
		return lang.T("panels.proxy.none")
	} else if p != "" {
		return tui.Cell(lang.Phrase(strings.TrimSuffix(strings.TrimPrefix(p, "http://"), "/")))
	}
	if mode := f.Arg("mode"); mode != "" {
		return tui.Cell(lang.Phrase(mode))
	}
	return lang.T("panels.proxy.none")
}

// isScript: the finding is about a PAC file.
func isScript(f checks.Finding) bool { return strings.HasPrefix(string(f.Code), "proxy.pac_") }

// short says in a word what is wrong with a proxy; the sentence stands below the table.
func short(code checks.Code) (string, bool) {
	if !lang.Has("panels.proxy.word." + string(code)) {
		return "", false
	}
	return lang.T("panels.proxy.word." + string(code)), true
}

// works is shape and word. A broken proxy that the product does not use is a fact, not an alarm: it has the shape
// without the colour.
func (m *model) works(f checks.Finding) string {
	word, known := short(f.Code)
	switch {
	case f.Code == PACAnswer:
		return m.state(f.Arg("state"))
	case f.Status == checks.Pass:
		took := tui.Took(f.Took)
		if took == "" {
			took = lang.T("panels.proxy.word.ok")
		}
		return m.Glyph(checks.Pass) + " " + took
	case f.Status == checks.Unknown:
		if !known {
			word = lang.T("panels.proxy.unread")
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
