package allowlist

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("allowlist", newModel) }

// model draws every walk as a ribbon of hops, the broken ones first, and explains the selected one below.
type model struct {
	*tui.Findings
	compare bool            // walks that the product would not make are shown too
	rank    map[string]int  // gravity of the product's own walk to each address
	alike   map[string]bool // walks over IPv4 whose twins over IPv6 say the same
	several map[int]bool    // runs in which the product goes more than one way
}

func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	m := &model{Findings: tui.List(spec, kit)}
	m.Keep = func(it tui.Item) bool { return m.compare || !comparison(it.Finding) && !m.twin(it) }
	m.About = func(it tui.Item, w int) []string {
		p := it.Finding.Path
		if p == nil {
			return nil
		}
		way := "directly"
		if p.Route != "direct" && p.Route != "" {
			way = "through"
		}
		if !m.compare && p.Family == "ipv4" && m.alike[sameWalk(it.Run, it.Finding)] {
			way += "_both"
		}
		text := lang.T("ribbon."+way, "address", p.Target, "proxy", strings.TrimPrefix(p.Route, "http://"))
		return []string{kit.Theme.Dim.Render(kit.Glyphs.Fit(tui.Cell(text), w))}
	}
	m.Order = func(a, b tui.Item) int {
		return cmp.Or(
			cmp.Compare(m.rank[target(a.Finding)], m.rank[target(b.Finding)]),
			cmp.Compare(btoi(required(b.Finding)), btoi(required(a.Finding))),
			cmp.Compare(target(a.Finding), target(b.Finding)),
			cmp.Compare(btoi(comparison(a.Finding)), btoi(comparison(b.Finding))))
	}
	return m
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func comparison(f checks.Finding) bool { return f.Path != nil && !f.Path.Product }

func required(f checks.Finding) bool { return f.Path != nil && f.Path.Required }

// target is what the walks to one address have in common, whatever way they take.
func target(f checks.Finding) string {
	if f.Path != nil && f.Path.URL != "" {
		return f.Path.URL
	}
	return f.Subject
}

// Update implements [tui.Panel].
func (m *model) Update(msg tea.Msg) (tui.Panel, tui.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tui.RunsMsg:
		m.weigh(msg.Runs)
	case tea.KeyPressMsg:
		if msg.String() == "d" && m.Reader.Depth == tui.AtList {
			m.compare = !m.compare
			m.Sort()
			return m, nil, nil
		}
	}
	intent := m.Handle(msg)
	return m, intent, nil
}

// weigh puts the addresses in order: broken, slow, not known, open, and last what cannot be tested.
func (m *model) weigh(runs []tui.Run) {
	order := map[checks.Status]int{checks.Fail: 0, checks.Warn: 1, checks.Unknown: 2, checks.Pass: 3, checks.Note: 4, checks.Skip: 5}
	m.rank, m.alike, m.several = map[string]int{}, map[string]bool{}, map[int]bool{}
	for i, r := range runs {
		way := ""
		for _, f := range r.Findings {
			if f.Path != nil && f.Path.Product && f.Path.Route != way {
				m.several[i] = way != ""
				way = f.Path.Route
			}
			if m.several[i] {
				break
			}
		}
		four := map[string]bool{}
		for _, f := range r.Findings {
			four[sameWalk(i, f)] = four[sameWalk(i, f)] || f.Path != nil && f.Path.Family == "ipv4"
		}
		for _, f := range r.Findings {
			if k := sameWalk(i, f); four[k] && f.Path != nil && f.Path.Family == "ipv6" {
				m.alike[k] = true
			}
		}
		for _, f := range r.Findings {
			at, seen := m.rank[target(f)]
			if n := order[f.Status]; !comparison(f) && (!seen || n < at) {
				m.rank[target(f)] = n
			}
		}
	}
}

// sameWalk is what two walks share that differ in nothing but the family: run, address, way and what came of it.
func sameWalk(run int, f checks.Finding) string {
	route := ""
	if f.Path != nil {
		route = f.Path.Route
	}
	return strings.Join([]string{strconv.Itoa(run), target(f), route, string(f.Code), f.Status.String()}, " ")
}

// twin: the walk over IPv6 says what the one over IPv4 says already.
func (m *model) twin(it tui.Item) bool {
	return it.Finding.Path != nil && it.Finding.Path.Family == "ipv6" && m.alike[sameWalk(it.Run, it.Finding)]
}

// Keys implements [tui.Panel].
func (m *model) Keys() []key.Binding {
	out := m.Findings.Keys()
	if m.Reader.Depth == tui.AtList && m.compared()+len(m.alike) > 0 {
		does := lang.T("ribbon.key.all")
		if m.compared() == 0 {
			does = lang.T("ribbon.key.ipv6")
		}
		if m.compare {
			does = lang.T("ribbon.key.fewer")
		}
		out = append(out, tui.Bind("d", does, "d"))
	}
	return out
}

// compared counts the walks over other ways.
func (m *model) compared() int {
	n := 0
	for _, r := range m.Runs {
		for _, f := range r.Findings {
			n += btoi(comparison(f))
		}
	}
	return n
}

// Tell implements [tui.Teller].
func (m *model) Tell() (left, right string) {
	left, _ = m.Findings.Tell()
	switch n := m.compared(); {
	case n > 0 && m.compare:
		right = lang.T("ribbon.tell.fewer")
	case n > 0:
		right = lang.T("ribbon.tell.all", "n", tui.Count(n))
	case len(m.alike) > 0 && !m.compare:
		right = lang.T("ribbon.tell.alike")
	}
	return left, right
}

// View implements [tui.Panel].
func (m *model) View(w, h int) string {
	if s, ok := m.Deep(w, h); ok {
		return s
	}
	r := m.ribbon()
	return m.Compose(nil, r.Height(), w, h, func(h int) []string { return r.View(w, h, &m.Win) })
}

func (m *model) ribbon() tui.Ribbon {
	r := tui.Ribbon{Kit: m.Kit, Cursor: -1}
	at := 0
	for i, run := range m.Runs {
		if len(m.Runs) > 1 {
			r.Walks = append(r.Walks, tui.Walk{Head: tui.Cell(tui.Title(run.Profile))})
		}
		for ; at < len(m.Items) && m.Items[at].Run == i; at++ {
			if at == m.Cursor {
				r.Cursor = len(r.Walks)
			}
			r.Walks = append(r.Walks, m.walk(m.Items[at].Finding, m.several[i]))
		}
		for _, p := range run.Walking {
			if m.compare || p.Product && !pairs(p, run.Walking) {
				r.Walks = append(r.Walks, tui.Walk{Name: family(address(p.Target), p), Path: &p, Live: true})
			}
		}
	}
	return r
}

// pairs: the walk over IPv4 to the same address is under way too, and its row is enough until one of them ends.
func pairs(p checks.Path, walking []checks.Path) bool {
	return p.Family == "ipv6" && slices.ContainsFunc(walking, func(o checks.Path) bool {
		return o.Family == "ipv4" && o.URL == p.URL && o.Route == p.Route
	})
}

// walk is a row. named adds the product's way to it, where that is not the same for every address.
func (m *model) walk(f checks.Finding, named bool) tui.Walk {
	w := tui.Walk{Name: address(f.Subject), Path: f.Path, Status: f.Status, Took: f.Took,
		Slow: f.Code == "path.too_slow", Words: words(m.Spec.ID, f)}
	if f.Path == nil {
		return w
	}
	if f.Path.Target != "" {
		w.Name = address(f.Path.Target)
	}
	w.Name = family(w.Name, *f.Path)
	way := lang.T("ribbon.direct")
	if f.Path.Route != "direct" {
		way = lang.T("ribbon.via", "proxy", strings.TrimPrefix(f.Path.Route, "http://"))
	}
	switch {
	case comparison(f):
		w.Name = tui.Cell("  " + m.Glyphs.Dot + " " + way)
	case named:
		w.Words = tui.Cell(w.Words + ", " + way)
	}
	return w
}

// family tells the second walk to an address from the first.
func family(name string, p checks.Path) string {
	if p.Family == "ipv6" {
		return lang.T("ribbon.ipv6", "address", name)
	}
	return name
}

// address leaves out the port that everybody expects.
func address(s string) string {
	return tui.Cell(strings.TrimSuffix(s, ":443"))
}
