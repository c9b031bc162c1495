package wizard

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks/host"
	"linecheck/tui"
)

// TicketFormats are the forms of a ticket.
var TicketFormats = []string{"text", "markdown"}

// lead says in a few sentences what this ticket wants, or that it wants nothing and why.
func (r Report) lead(products []string, from string, hosts int, soft bool) []string {
	if nameless(from) {
		from = lang.T("ticket.a_computer")
	}
	what, seen, cloud := lang.List(products), clock(r.Run.Started), lang.T("ticket.its_cloud")
	if len(products) > 1 {
		cloud = lang.T("ticket.their_clouds")
	}
	of := lang.N("ticket.of", hosts, "products", what)
	logs, named := r.namedLogs()
	switch {
	case named && len(products) > 0:
		return []string{lang.T("ticket.lead.logs", "what", what, "from", from, "cloud", cloud, "logs", logs)}
	case hosts == 0 && len(products) > 0:
		return []string{lang.T("ticket.lead.might", "what", what, "from", from, "seen", seen)}
	case hosts > 0 && soft:
		return []string{lang.T("ticket.lead.soft", "from", from, "of", of, "seen", seen)}
	case hosts > 0:
		return []string{
			lang.T("ticket.lead.open", "from", from, "of", of, "seen", seen),
			lang.T("ticket.lead.names"),
		}
	}
	out := []string{lang.T("ticket.lead.nothing")}
	switch {
	case len(r.Verdict.Causes) == 0 && r.Verdict.Status == Healthy:
		return append(out, r.Verdict.Headline)
	case len(r.Verdict.Causes) == 0:
		return append(out, lang.T("ticket.lead.not_blocked", "headline", r.Verdict.Headline))
	}
	for _, c := range r.Verdict.Causes {
		if !forNetwork(c) {
			out = append(out, lang.T("ticket.lead.for_whom", "who", whoFor(c), "headline", c.Headline))
		}
	}
	return out
}

// kinds are what was replaced, each kind with how many different values: "user 2".
func (r Redaction) kinds() []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r.Replaced)) {
		if n := r.Replaced[k]; n > 0 {
			out = append(out, lang.T("ticket.replaced", "kind", k, "n", n))
		}
	}
	return out
}

func (r Report) madeBy() string {
	left := ""
	if slices.Contains([]RedactLevel{RedactOff, RedactStandard, RedactStrict}, r.Redaction.Level) {
		left = lang.T("ticket.left." + string(r.Redaction.Level))
	}
	if r.Redaction.Level == RedactStandard && strings.HasPrefix(r.Run.Host, "<") {
		left = lang.T("ticket.left.nameless")
	}
	if _, named := r.namedLogs(); named && r.Redaction.Level == RedactStandard {
		left = lang.T("ticket.left.logs")
	}
	return lang.T("ticket.made", "version", r.Tool.Version, "id", r.Run.ID, "at", clock(r.Run.Started), "level", r.Redaction.Level, "left", left)
}

// TicketRedact takes out of a report what must not stand in a ticket. A ticket goes to one's own network team, who can
// allow nothing without the names and addresses: unlike a report it keeps this computer's name and the domain unless the
// level is strict. Logins go at every level.
func (r Report) TicketRedact(level RedactLevel, who host.Identity) Report {
	was := r.Redaction.Level
	switch level {
	case RedactOff:
		r = r.redact(RedactStandard, host.Identity{}, false)
	case RedactStandard:
		_, user, domain := strings.Cut(who.User, `\`)
		if !domain {
			user = who.User
		}
		r = r.redact(RedactStandard, host.Identity{User: user}, false)
	default:
		level = RedactStrict
		r = r.Redact(level, who)
	}
	r.Redaction.Level = level
	if was == RedactStrict || was == RedactStandard && level == RedactOff {
		r.Redaction.Level = was // what a saved report lacks does not come back
	}
	return r
}

// Write writes the ticket in one of TicketFormats.
func (t Ticket) Write(w io.Writer, format string) error {
	var b strings.Builder
	switch format {
	case "text":
		t.text(&b)
	case "markdown":
		t.markdown(&b)
	default:
		return fmt.Errorf("no format %q for a ticket: one of %s", format, strings.Join(TicketFormats, ", "))
	}
	_, err := io.WriteString(w, Printable(b.String()))
	return err
}

// paragraph is one of a ticket as text; an empty one is an empty line.
type paragraph struct {
	margin int
	text   string
	head   bool // of a comparison: a heading
	raw    bool // as it was seen: never folded in a file
}

func (t Ticket) paragraphs() []paragraph {
	var out []paragraph
	put := func(margin int, texts ...string) {
		for _, s := range texts {
			out = append(out, paragraph{margin: margin, text: flat(s)})
		}
	}
	if t.Practice != "" {
		put(0, lang.T("ticket.practice", "scene", t.Practice), "")
	}
	put(0, t.Lead...)
	for i, a := range t.Asks {
		put(0, "", lang.T("ticket.ask", "n", i+1, "what", a.Ask))
		put(3, lang.T("ticket.for", "product", a.Product), lang.T("ticket.happened", "what", a.Happened))
		if a.Where != "" {
			put(3, lang.T("ticket.asked_where", "where", a.Where))
		}
		if a.From != "" {
			put(3, lang.T("ticket.from", "from", a.From))
		}
		for _, h := range a.Hosts {
			put(3, "", lang.T("ticket.host", "host", h.Host, "port", h.Port))
			for _, f := range h.Facts {
				put(5, lang.T("ticket.fact_is", "name", f[0], "value", f[1]))
			}
		}
	}
	for _, part := range t.Parts {
		put(0, "", part.Title)
		for _, i := range part.Items {
			put(2, i.Text)
			put(4, i.Sub...)
			for _, raw := range i.Raw {
				out = append(out, paragraph{margin: 4, text: flat(raw), raw: true})
			}
		}
	}
	if len(t.Help) > 0 {
		put(0, "", lang.T("ticket.vendor_says"))
		put(2, t.Help...)
	}
	put(0, "", t.Made)
	return out
}

// Lines is the ticket as lines of at most w cells.
func (t Ticket) Lines(w int) []string { return linesOf(t.paragraphs(), w) }

func linesOf(list []paragraph, w int) []string {
	var out []string
	for _, p := range list {
		lines := tui.Indent(tui.Wrap(tui.Clean(p.text), w-p.margin), p.margin)
		if p.text == "" {
			lines = []string{""}
		}
		out = append(out, lines...)
	}
	return out
}

// ticketWidth is that of a pasted mail.
const ticketWidth = 78

// text breaks no word, so that a link and a long name can be clicked and copied.
func (t Ticket) text(b *strings.Builder) {
	for _, p := range t.paragraphs() {
		line := strings.Repeat(" ", p.margin) + p.text
		if !p.raw {
			line = wrapped(line, ticketWidth)
		}
		b.WriteString(line + "\n")
	}
}

func (t Ticket) markdown(b *strings.Builder) {
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	if t.Practice != "" {
		p("**%s**\n", escape(lang.T("ticket.practice", "scene", t.Practice)))
	}
	for _, l := range t.Lead {
		p("%s\n", escape(flat(l)))
	}
	for i, a := range t.Asks {
		p("### %s\n", lang.T("ticket.ask", "n", i+1, "what", escape(flat(a.Ask))))
		p("- %s", lang.T("ticket.for", "product", escape(flat(a.Product))))
		p("- %s", lang.T("ticket.happened", "what", escape(flat(a.Happened))))
		if a.Where != "" {
			p("- %s", lang.T("ticket.asked_where", "where", escape(flat(a.Where))))
		}
		if a.From != "" {
			p("- %s", lang.T("ticket.from", "from", escape(flat(a.From))))
		}
		p("")
		for _, h := range a.Hosts {
			p("- %s", markdownCode(lang.T("ticket.host", "host", h.Host, "port", h.Port)))
			for _, f := range h.Facts {
				p("  - %s", lang.T("ticket.fact_is", "name", f[0], "value", escape(flat(f[1]))))
			}
		}
		p("")
	}
	for _, part := range t.Parts {
		p("### %s\n", escape(flat(part.Title)))
		for _, i := range part.Items {
			p("- %s", escape(flat(i.Text)))
			for _, s := range i.Sub {
				p("  - %s", escape(flat(s)))
			}
			for _, s := range i.Raw {
				p("  - %s", markdownCode(s))
			}
		}
		p("")
	}
	if len(t.Help) > 0 {
		p("%s\n", lang.T("ticket.vendor_says"))
		for _, h := range t.Help {
			p("- %s", escape(flat(h)))
		}
		p("")
	}
	p("%s", escape(flat(t.Made)))
}

// flat keeps text from outside on its line, where a second one could become a heading.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func markdownCode(s string) string { return "`" + strings.ReplaceAll(flat(s), "`", "'") + "`" }
