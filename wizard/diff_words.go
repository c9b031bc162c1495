package wizard

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"linecheck/assets/lang"
)

// DiffFormats are the forms of a comparison.
var DiffFormats = []string{"text", "markdown", "json"}

// Write writes the comparison in one of DiffFormats.
func (c Comparison) Write(w io.Writer, format string) error {
	var b strings.Builder
	switch format {
	case "json":
		e := json.NewEncoder(steerless{w})
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(c)
	case "text":
		for _, p := range c.paragraphs() {
			b.WriteString(wrapped(strings.Repeat(" ", p.margin)+p.text, ticketWidth) + "\n")
		}
	case "markdown":
		for _, p := range c.paragraphs() {
			switch {
			case p.margin > 0:
				b.WriteString("- " + escape(p.text) + "\n")
			case p.head:
				b.WriteString("## " + escape(p.text) + "\n\n")
			default:
				b.WriteString(escape(p.text) + "\n")
			}
		}
	default:
		return fmt.Errorf("no format %q for a comparison: one of %s", format, strings.Join(DiffFormats, ", "))
	}
	_, err := io.WriteString(w, Printable(b.String()))
	return err
}

// paragraphs are the comparison for a person: the sentence first, then what became of the causes, then what else.
func (c Comparison) paragraphs() []paragraph {
	out := []paragraph{{text: c.Summary, head: true}}
	put := func(head string, list []string) {
		if len(list) == 0 {
			return
		}
		out = append(out, paragraph{}, paragraph{text: head, head: true})
		for _, s := range list {
			out = append(out, paragraph{margin: 2, text: flat(s)})
		}
	}
	out = append(out, paragraph{text: lang.T("diff.compared", "old", c.Old.words(), "new", c.New.words())})
	if c.Swapped {
		out = append(out, paragraph{text: lang.T("diff.swapped")})
	}
	causes := func(now string) []string {
		var list []string
		for _, x := range c.Causes {
			if x.Now == now {
				list = append(list, lang.T("diff.cause", "cause", x.Text, "id", x.ID))
			}
		}
		return list
	}
	put(lang.T("diff.head.new"), causes(Fresh))
	put(lang.T("diff.head.gone"), causes(Gone))
	put(lang.T("diff.head.still"), causes(Still))
	put(lang.T("diff.head.not_looked"), causes(Apart))
	var changes []string
	for _, d := range c.Changes {
		changes = append(changes, d.words())
	}
	put(lang.T("diff.head.changes"), changes)
	put(lang.T("diff.head.apart"), c.Apart)
	return out
}

// words say of a difference first whether it is one for the worse or the better.
func (d Difference) words() string {
	switch d.Trend {
	case Worse:
		return lang.T("diff.trend.worse", "what", d.Text)
	case Better:
		return lang.T("diff.trend.better", "what", d.Text)
	}
	return d.Text
}

// words are a run's time and computer.
func (c Compared) words() string {
	s := clock(c.Started)
	if c.Practice != "" {
		return lang.T("diff.run_practice", "at", s, "scene", c.Practice)
	}
	if c.Host != "" && !nameless(c.Host) {
		s = lang.T("diff.run_on", "at", s, "host", c.Host)
	}
	return s
}

// Lines is the comparison as lines of at most w cells.
func (c Comparison) Lines(w int) []string { return linesOf(c.paragraphs(), w) }
