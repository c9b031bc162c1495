package wizard

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
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
	out = append(out, paragraph{text: fmt.Sprintf("Compared: the run of %s with that of %s.", c.Old.words(), c.New.words())})
	if c.Swapped {
		out = append(out, paragraph{text: "The newer one was named first; what is told goes from the older to the newer."})
	}
	causes := func(now string) []string {
		var list []string
		for _, x := range c.Causes {
			if x.Now == now {
				list = append(list, x.Text+" ("+x.ID+")")
			}
		}
		return list
	}
	put("New since then", causes(Fresh))
	put("Gone since then", causes(Gone))
	put("Still there", causes(Still))
	put("Looked at in one of the two runs only", causes(Apart))
	var changes []string
	for _, d := range c.Changes {
		changes = append(changes, trendSigns[d.Trend]+d.Text)
	}
	put("What is different", changes)
	put("What could not be compared, or only in part", c.Apart)
	return out
}

var trendSigns = map[string]string{Worse: "worse: ", Better: "better: "}

// words are a run's time and computer.
func (c Compared) words() string {
	s := clock(c.Started)
	if c.Practice != "" {
		return s + " (practice network, scene " + c.Practice + ")"
	}
	if c.Host != "" && !nameless(c.Host) {
		s += " on " + c.Host
	}
	return s
}

// Lines is the comparison as lines of at most w cells.
func (c Comparison) Lines(w int) []string { return linesOf(c.paragraphs(), w) }
