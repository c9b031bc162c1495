package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// View draws the list with an explanation of the selected finding, or what Enter opened.
func (f *Findings) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	if s, ok := f.Deep(w, h); ok {
		return s
	}
	var head []string
	if f.Head != nil && h > 6 {
		head = f.Head(w)
	}
	t := f.Table()
	return f.Compose(head, t.Height(), w, h, func(h int) []string { return t.View(w, h, &f.Win) })
}

// Deep draws the evidence or the raw members of the selected finding; false where the list is to be drawn.
func (f *Findings) Deep(w, h int) (string, bool) {
	it, ok := f.Selected()
	if !ok || f.Reader.Depth == AtList {
		return "", false
	}
	if f.text == nil || f.wide != w || f.deep != f.Reader.Depth {
		f.wide, f.deep = w, f.Reader.Depth
		if f.text = f.Evidence(f.Spec.ID, it.Finding, w); f.deep == AtRaw {
			f.text = f.Raw(it.Finding, w)
		}
	}
	return f.Reader.View(f.Kit, f.text, w, h), true
}

// Compose lays out a panel: head lines, the list of n lines drawn by list in as many as it is given, the explanation of
// the selected finding, and what is said of the runs. Where room is short the explanation takes at most half, or more for its
// sentences as long as [least] rows of the list stay.
func (f *Findings) Compose(head []string, n, w, h int, list func(h int) []string) string {
	foot := f.foot(w)
	if n == 0 {
		return Box(Join(head, f.empty(w), foot), w, h)
	}
	var about, seen []string
	if it, ok := f.Selected(); ok && w >= 30 {
		in := w - margin - 1
		if f.About != nil {
			about = f.About(it, in)
		}
		about = append(about, f.Explain(f.Spec.ID, it.Finding, in)...)
		var below []string
		if f.Below != nil {
			below = f.Below(it, in)
		}
		seen = f.Seen(it.Finding, in)
		about = Join(about, below, seen)
		about = Indent(about, margin)
	}
	room := h - len(foot) - btoi(len(foot) > 0 && h >= 8)
	if len(head) > 0 {
		room -= len(head) + 1
	}
	all := n
	n = max(0, min(n, room))
	if len(about) > 0 && h >= 8 {
		said := len(about) - len(seen) - btoi(len(seen) > 0)
		n = min(n, max(room-len(about)-1, min((room+1)/2, max(least, room-said-1))))
	}
	rows := list(n)
	left := room - len(rows) - 1
	if left < len(about) && left > 0 && h >= 8 {
		about = f.cut(about, len(seen), left)
	}
	if left <= 0 || h < 8 {
		about = nil
	}
	body := Join(head, rows)
	if len(about) > 0 {
		body = append(append(body, f.hidden(all-len(rows), w)), about...)
	}
	if len(foot) > 0 {
		for len(body) < h-len(foot) {
			body = append(body, "")
		}
		body = append(body[:max(0, h-len(foot))], foot...)
	}
	return Box(body, w, h)
}

// least is how many rows of the list stay where the explanation needs the room: enough to see where one is.
const least = 5

// cut takes an explanation's first rows. What is named at its end as seen stays whole or goes, and a sentence that is cut
// says so.
func (f *Findings) cut(about []string, seen, rows int) []string {
	if all := len(about) - seen; seen > 0 && rows >= all-1 {
		return about[:min(rows, all-1)]
	}
	about = slices.Clone(about[:rows])
	for len(about) > 1 && strings.TrimSpace(about[len(about)-1]) == "" {
		about = about[:len(about)-1]
	}
	if last := strings.TrimRight(ansi.Strip(about[len(about)-1]), " "); !strings.HasSuffix(last, ".") && !strings.HasSuffix(last, "。") {
		about[len(about)-1] += f.Glyphs.Cut
	}
	return about
}

// hidden stands between list and explanation and says how many rows the list has above and below what is in sight.
func (f *Findings) hidden(n, w int) string {
	if n <= 0 {
		return ""
	}
	above := min(f.Win.top, n)
	text := lang.T("panel.above_below", "above", Count(above), "below", Count(n-above))
	switch {
	case above <= 0:
		text = lang.T("panel.below", "n", Count(n))
	case above == n:
		text = lang.T("panel.above", "n", Count(n))
	}
	return f.Theme.Dim.Render(f.Glyphs.PadLeft(text, w-1))
}

// foot says what is true of the runs as a whole: under way, or no longer the whole truth.
func (f *Findings) foot(w int) []string {
	var out []string
	stale := false
	for _, r := range f.Runs {
		stale = stale || r.Stale && !r.Running
		if r.Running {
			p := r.Progress
			if p.Waiting == "" && len(r.Walking) > 0 {
				p.Waiting = waitsFor(r.Walking[0])
			}
			out = append(out, f.Progress(p, w))
		}
	}
	if stale {
		out = append(out, " "+f.Theme.Warn.Render(f.Glyphs.Warn+" "+lang.T("panel.stale")))
	}
	return out
}

// empty says why there is nothing to list.
func (f *Findings) empty(w int) []string {
	in := min(w-margin-1, prose)
	var out []string
	for _, r := range f.Runs {
		if r.Reason != "" && !r.Running {
			out = append(out, Wrap(f.Glyphs.Of(r.Status)+" "+Clean(f.reason(r)), in)...)
		}
	}
	if len(out) == 0 {
		out = Wrap(Clean(f.Spec.Summary), in)
		if len(f.Running()) == 0 {
			out = append(out, f.Theme.Dim.Render(lang.T("panel.not_yet")))
		}
	}
	return Indent(out, margin)
}

func (f *Findings) reason(r Run) string {
	if len(f.Runs) < 2 || Title(r.Profile) == "" {
		return lang.Phrase(r.Reason)
	}
	return lang.T("panel.reason", "product", Title(r.Profile), "reason", lang.Phrase(r.Reason))
}

// Table is the list as rows: shape, title, subject, and the code at the right end; where there are several profiles
// each has a heading.
func (f *Findings) Table() Table {
	const blank = -1 << 31
	var rows []int // an index into Items, ^run for a heading, or blank
	t := Table{Kit: f.Kit, Cursor: -1}
	for i, it := range f.Items {
		if len(f.Runs) > 1 && (i == 0 || f.Items[i-1].Run != it.Run) {
			if i > 0 {
				rows = append(rows, blank)
			}
			rows = append(rows, ^it.Run)
		}
		if i == f.Cursor {
			t.Cursor = len(rows)
		}
		rows = append(rows, i)
	}
	t.N = len(rows)
	t.Row = func(i int) Row {
		if rows[i] == blank {
			return Row{}
		}
		if rows[i] < 0 {
			return Row{Span: f.Theme.Title.Render(f.heading(^rows[i]))}
		}
		return f.Row(f.Items[rows[i]].Finding)
	}
	return t
}

// Row is the row of one finding over the whole width.
func (f *Findings) Row(x checks.Finding) Row {
	title := Cell(checks.TextOf(f.Spec.ID, x).Title)
	left := f.Glyph(x.Status) + " " + title
	if s := Cell(lang.Phrase(x.Subject)); s != "" && s != title {
		left += "  " + f.Theme.Dim.Render(s)
	}
	right := Clean(string(x.Code))
	if right == title {
		right = ""
	}
	return Row{Span: left, Right: f.Theme.Dim.Render(right)}
}
