package wizard

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

const (
	tableRows  = 40  // of a table in a report for people; the JSON report has them all
	tableWidth = 100 // of a table in a text report
)

// tables are the comparisons worth reading, each below its heading.
func (r Report) tables(st style) []string {
	var out []string
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			t := saidTable(f.Detail.Table)
			if !telling(f) {
				continue
			}
			name := c.Title
			if len(r.Profiles) > 1 {
				name += ", " + c.Profile
			}
			text := st.head(lang.T("report.table", "name", name, "title", titleOf(c.ID, f), "id", f.ID)) + "\n\n"
			if f.Code != "proxy.choices" { // its sentence is the table's first row
				text += st.item(f.Summary) + "\n\n"
			}
			if over := len(t.Rows) - tableRows; over > 0 {
				t = &checks.Table{Head: t.Head, Rows: t.Rows[:tableRows]}
				text += st.table(t) + "\n" + st.item(lang.T("report.rows_more", "n", lang.Count(over)))
			} else {
				text += st.table(t)
			}
			out = append(out, strings.TrimRight(text, "\n"))
		}
	}
	return out
}

// titleOf is a finding's title, or what it says where this version knows no title for it.
func titleOf(id checks.ID, f FindingReport) string {
	t := checks.TextOf(id, checks.Finding{Code: f.Code, Subject: f.Subject, View: f.View, Args: f.Detail.Args})
	if t.Title == string(f.Code) {
		return f.Summary
	}
	return t.Title
}

// telling: a single row that says the same of everybody compares nothing.
func telling(f FindingReport) bool {
	t := f.Detail.Table
	switch {
	case t == nil || len(t.Head) == 0 || len(t.Rows) == 0:
		return false
	case len(t.Rows) > 1 || f.Status == checks.Fail || f.Status == checks.Warn || f.Status == checks.Unknown:
		return true
	}
	cells := t.Rows[0][min(1, len(t.Rows[0])):]
	return len(slices.Compact(slices.Clone(cells))) > 1
}

// alignedTable is a table for text: two blanks before each line.
func alignedTable(t *checks.Table) string {
	head, body := tui.Grid(t, tableWidth-2)
	return strings.Join(tui.Indent(append(head, body...), 2), "\n")
}

// markdownTable gives every row the cells of the head; a line break in a cell would end its row.
func markdownTable(t *checks.Table) string {
	row := func(cells []string) string {
		out := make([]string, len(t.Head))
		for i := range min(len(cells), len(out)) {
			out[i] = escape(strings.Join(strings.Fields(cells[i]), " "))
		}
		return "| " + strings.Join(out, " | ") + " |"
	}
	lines := []string{row(t.Head), "|" + strings.Repeat(" --- |", len(t.Head))}
	for _, r := range t.Rows {
		lines = append(lines, row(r))
	}
	return strings.Join(lines, "\n")
}

// spokenTable is a table for whoever hears it: a line for each row, every value behind the name of its column.
func spokenTable(t *checks.Table) []string {
	t = saidTable(t)
	var out []string
	for _, r := range t.Rows[:min(len(t.Rows), tableRows)] {
		var parts []string
		for i := 1; i < min(len(r), len(t.Head)); i++ {
			if r[i] != "" {
				parts = append(parts, t.Head[i]+" "+r[i])
			}
		}
		if len(r) > 0 {
			out = append(out, tui.Clean(strings.TrimPrefix(r[0]+": ", ": ")+strings.Join(parts, "; ")))
		}
	}
	if over := len(t.Rows) - tableRows; over > 0 {
		out = append(out, lang.T("report.spoken_more", "n", lang.Count(over)))
	}
	return out
}

// saidTable is a table in the language that is spoken: an engine recorded it in English.
func saidTable(t *checks.Table) *checks.Table {
	if t == nil || lang.Code() == lang.English {
		return t
	}
	out := &checks.Table{}
	for _, h := range t.Head {
		out.Head = append(out.Head, lang.Phrase(h))
	}
	for _, r := range t.Rows {
		row := make([]string, len(r))
		for i, cell := range r {
			row[i] = lang.Phrase(cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
