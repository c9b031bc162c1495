package wizard

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"linecheck/checks/host"
	"linecheck/tui"
)

// TicketFormats are the forms of a ticket.
var TicketFormats = []string{"text", "markdown"}

// lead says in a few sentences what this ticket wants, or that it wants nothing and why.
func (r Report) lead(products []string, from string, hosts int, soft bool) []string {
	if nameless(from) {
		from = "a computer"
	}
	what, seen, cloud := strings.Join(products, " and "), clock(r.Run.Started), "its cloud"
	if len(products) > 1 {
		cloud = "their clouds"
	}
	logs, named := r.namedLogs()
	switch {
	case named && len(products) > 0:
		return []string{fmt.Sprintf("Please look at the following: by its logs, %s on %s did not reach %s as it should (%s).", what, from, cloud, logs)}
	case hosts == 0 && len(products) > 0:
		return []string{fmt.Sprintf("Please look at the following: with it, %s on %s might not reach its cloud as it should (seen on %s).", what, from, seen)}
	case hosts > 0 && soft:
		return []string{fmt.Sprintf("Please look at the way from %s to %s: tried on %s, it was not in order, for the reasons below.", from, of(hosts, what), seen)}
	case hosts > 0:
		return []string{
			fmt.Sprintf("Please open the way from %s to %s: tried on %s, it did not work, for the reasons below.", from, of(hosts, what), seen),
			"The addresses behind these names may change, so please allow names rather than addresses where that is possible.",
		}
	}
	out := []string{"There is nothing here for the team that runs firewall, proxy and DNS."}
	switch {
	case len(r.Verdict.Causes) == 0 && r.Verdict.Status == Healthy:
		return append(out, r.Verdict.Headline)
	case len(r.Verdict.Causes) == 0:
		return append(out, "No address was seen to be blocked on the product's own way. "+r.Verdict.Headline)
	}
	for _, c := range r.Verdict.Causes {
		if !forNetwork(c) {
			out = append(out, "For "+whoFor(c)+": "+c.Headline)
		}
	}
	return out
}

func of(hosts int, products string) string {
	if hosts == 1 {
		return "an address of " + products
	}
	return fmt.Sprintf("%d addresses of %s", hosts, products)
}

// kinds are what was replaced, each kind with how many different values: "user 2".
func (r Redaction) kinds() []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r.Replaced)) {
		if n := r.Replaced[k]; n > 0 {
			out = append(out, fmt.Sprintf("%s %d", k, n))
		}
	}
	return out
}

func (r Report) madeBy() string {
	left := map[RedactLevel]string{
		RedactOff:      "nothing was left out on purpose; logins never stand in a ticket",
		RedactStandard: "people and logins are left out; this computer's name and addresses stand here, because without them nothing can be allowed",
		RedactStrict:   "people, logins, this computer's name and private addresses are left out",
	}[r.Redaction.Level]
	if r.Redaction.Level == RedactStandard && strings.HasPrefix(r.Run.Host, "<") {
		left = "people and logins are left out; this computer's name was left out too when the report was saved"
	}
	if _, named := r.namedLogs(); named && r.Redaction.Level == RedactStandard {
		left = "people and logins are left out; what else the logs name stands here, because without it nothing can be allowed"
	}
	return fmt.Sprintf("linecheck %s, run %s of %s. Redaction %s: %s.", r.Tool.Version, r.Run.ID, clock(r.Run.Started), r.Redaction.Level, left)
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
		put(0, "Practice network, scene "+t.Practice+": nothing of this is real.", "")
	}
	put(0, t.Lead...)
	for i, a := range t.Asks {
		put(0, "", fmt.Sprintf("%d. %s", i+1, a.Ask))
		put(3, "For: "+a.Product, "What happened: "+a.Happened)
		if a.Where != "" {
			put(3, "Where: "+a.Where)
		}
		if a.From != "" {
			put(3, "From: "+a.From)
		}
		for _, h := range a.Hosts {
			put(3, "", h.Host+" port "+h.Port)
			for _, f := range h.Facts {
				put(5, f[0]+": "+f[1])
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
		put(0, "", "What the vendor says:")
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
		p("**%s**\n", escape("Practice network, scene "+t.Practice+": nothing of this is real."))
	}
	for _, l := range t.Lead {
		p("%s\n", escape(flat(l)))
	}
	for i, a := range t.Asks {
		p("### %d. %s\n", i+1, escape(flat(a.Ask)))
		p("- For: %s", escape(flat(a.Product)))
		p("- What happened: %s", escape(flat(a.Happened)))
		if a.Where != "" {
			p("- Where: %s", escape(flat(a.Where)))
		}
		if a.From != "" {
			p("- From: %s", escape(flat(a.From)))
		}
		p("")
		for _, h := range a.Hosts {
			p("- %s", markdownCode(h.Host+" port "+h.Port))
			for _, f := range h.Facts {
				p("  - %s: %s", f[0], escape(flat(f[1])))
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
		p("What the vendor says:\n")
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
