package wizard

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"linecheck/assets"
	"linecheck/checks"
)

// Formats are the forms that a report can be written in.
var Formats = []string{"text", "json", "ndjson", "markdown", "html", "junit", "prometheus"}

// Write writes the report in one of Formats.
func (r Report) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(steerless{w})
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case "ndjson":
		return r.ndjson(w)
	case "markdown":
		return r.prose(w, markdown)
	case "text":
		return r.prose(w, plain)
	case "html":
		return r.html(w)
	case "junit":
		return r.junit(w)
	case "prometheus":
		return r.prometheus(w)
	}
	return fmt.Errorf("no format %q here: one of %s", format, strings.Join(Formats, ", "))
}

// ndjson writes one object a line: the run, each finding, each change and repair, the verdict.
func (r Report) ndjson(w io.Writer) error {
	e := json.NewEncoder(steerless{w})
	e.SetEscapeHTML(false)
	line := func(kind string, v any) error { return e.Encode(map[string]any{"kind": kind, kind: v}) }
	if err := line("run", r.Run); err != nil {
		return err
	}
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if err := e.Encode(map[string]any{"kind": "finding", "check": c.ID, "profile": c.Profile, "finding": f}); err != nil {
				return err
			}
		}
	}
	for _, c := range r.Changes {
		if err := line("change", c); err != nil {
			return err
		}
	}
	for _, rep := range r.Repairs {
		if err := line("repair", rep); err != nil {
			return err
		}
	}
	return line("verdict", r.Verdict)
}

// style is how prose is marked up.
type style struct {
	head, item, code func(string) string
	table            func(*checks.Table) string
}

var (
	plain = style{head: func(s string) string { return s }, item: func(s string) string { return "  " + s },
		code: func(s string) string { return s }, table: alignedTable}
	markdown = style{head: func(s string) string { return "## " + escape(flat(s)) }, item: func(s string) string { return "- " + escape(flat(s)) },
		code: func(s string) string {
			return "`" + strings.NewReplacer("`", "'", "\r", " ", "\n", " ").Replace(s) + "`"
		}, table: markdownTable}
)

// escape keeps text from outside from becoming markup.
func escape(s string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "|", `\|`, "`", "'").Replace(s)
}

// prose writes the report for people: the sentence first, then what to do, then how we know.
func (r Report) prose(w io.Writer, st style) error {
	b := &strings.Builder{}
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	if r.Run.Practice != "" {
		p("%s\n", st.head("Practice network, scene "+r.Run.Practice+": nothing of this is real"))
	}
	b.WriteString(r.causesIn(st) + r.times(st) + r.repairsIn(st) + r.losses(st))
	p("%s", st.head("What was checked"))
	for _, c := range r.Checks {
		reason := ""
		if c.Reason != "" {
			reason = " (" + firstLine(c.Reason) + ")"
		}
		for _, f := range c.Findings {
			if w := wayOut(f.Code, f.Status, f.Detail.Args); w != "" {
				reason += "; the product goes out " + w
			}
		}
		name := c.Title
		if len(r.Profiles) > 1 {
			name += ", " + c.Profile
		}
		p("%s", st.item(fmt.Sprintf("%s: %s%s", name, c.Status, reason)))
		for _, f := range notable(c.Findings) {
			p("  %s", st.item(f))
		}
	}
	for _, t := range r.tables(st) {
		p("\n%s", t)
	}
	if len(r.Changes) > 0 {
		p("\n%s", st.head("What was changed on this computer"))
	}
	for _, c := range r.Changes {
		when := c.When.Format(time.DateTime)
		if strings.HasPrefix(r.Run.Started, when[:10]) {
			when = when[11:]
		}
		p("%s", st.item(when+" "+c.What+": "+c.Result))
	}
	p("\n%s", st.item(fmt.Sprintf("linecheck %s on %s, %s, %d ms, run %s. Not affiliated with any vendor named here.",
		r.Tool.Version, r.Run.Host, r.Run.Started, r.Run.DurationMS, r.Run.ID)))
	_, err := io.WriteString(w, Printable(b.String()))
	return err
}

// headline is the verdict's status and sentence as prose begins with them.
func (r Report) headline() string { return headlineOf(r.Verdict) }

func headlineOf(v Verdict) string {
	mark := map[string]string{Healthy: "ok", Warning: "warning", Fault: "fault", Inconclusive: "cannot tell"}[v.Status]
	return mark + ": " + v.Headline
}

// causesIn is the verdict in prose: the sentence, what to do, and how sure that is.
func (r Report) causesIn(st style) string {
	b := &strings.Builder{}
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	p("%s\n", st.head(r.headline()))
	for i, c := range r.Verdict.Causes {
		if i > 0 {
			p("%s", st.head("Also: "+c.Headline))
		}
		p("%s", st.item(c.Explanation))
		for _, f := range c.Fix {
			p("%s", st.item("To do ("+doer(c)+"): "+f))
		}
		p("%s", st.item(fmt.Sprintf("How sure: %s · %s · evidence %s", c.Confidence, c.ID, strings.Join(first(c.Evidence, 6), " "))))
		for _, s := range c.Sources {
			p("%s", st.item("What the vendor says of it: "+s.String()))
		}
		if len(c.Hides) > 0 {
			p("%s", st.item("It also explains: "+strings.Join(titlesOf(c.Hides), ", ")))
		}
		p("")
	}
	if r.Verdict.Status == Inconclusive && len(r.Verdict.Missing) > 1 {
		for _, m := range r.Verdict.Missing[1:] { // the headline says the first
			p("%s", st.item("Not known: "+m))
		}
		p("")
	}
	if fix := r.Verdict.toLearn(recorded(r.Checks)); fix != "" {
		p("%s\n", st.item("To do: "+fix))
	}
	return b.String() + r.unexplained(st)
}

// losses is what a lost connection means, in prose; "" where nothing is lost.
func (r Report) losses(st style) string {
	if len(r.Verdict.Impact) == 0 {
		return ""
	}
	b := &strings.Builder{}
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	p("%s", st.head(until(r.Verdict.Impact)))
	for _, e := range r.Verdict.Impact {
		p("%s", st.item(e.Feature+": "+e.Effect))
	}
	for _, s := range sourcesOf(r.Verdict.Impact) {
		p("%s", st.item("This is from: "+s.String()))
	}
	p("")
	return b.String()
}

// until is the heading above what a lost connection means.
func until(impact []Effect) string {
	if mayMean(impact) {
		return "What it may mean while the connection is lost"
	}
	return "Until then"
}

func mayMean(impact []Effect) bool {
	return slices.ContainsFunc(impact, func(e Effect) bool { return e.May })
}

// titlesOf names causes in words; one that this version does not know keeps its id.
func titlesOf(ids []string) []string {
	rules, _ := assets.LoadRules()
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if rule, ok := rules.Cause(id); ok {
			id = lower(rule.Title) + " (" + id + ")"
		}
		out = append(out, id)
	}
	return out
}

// doer is who does what is to do. Where only the vendor can mend it, somebody else waits, looks and asks.
func doer(c Cause) string {
	if c.Who == "vendor" {
		return "only the vendor can mend it"
	}
	return whoFor(c)
}

func whoFor(c Cause) string { return Mender(c.ID, c.Who) }

// Mender says in words who can mend a cause of that id: the administrator of a computer is seldom the one of the product's
// policy.
func Mender(id, who string) string {
	area, _, _ := strings.Cut(id, ".")
	if who == "admin" && slices.Contains([]string{"proxy", "product"}, area) || id == "domain.not_joined" || id == "domain.option_as_failover" {
		return "the administrator of the product's policy"
	}
	return whoWords[who]
}

var whoWords = map[string]string{"user": "whoever sits at the computer", "admin": "an administrator of this computer", "network": "the network team",
	"proxy": "whoever runs the proxy or filter", "vendor": "the vendor"}

func viewOf(f FindingReport) string {
	if f.View == "" {
		return ""
	}
	return "[seen by " + f.View + "]"
}

// notable are lines about what is not well. What is the same for many addresses is said once, of the first of them, so
// that one thing wrong does not read like many.
func notable(found []FindingReport) []string {
	var out []string
	said := map[checks.Code]int{}
	also := map[int][]string{}
	for _, f := range found {
		if f.Status == checks.Pass || f.Status == checks.Note || f.Status == checks.Skip {
			continue
		}
		if at, ok := said[f.Code]; ok && f.Detail.Target != "" {
			also[at] = append(also[at], strings.TrimSpace(f.ID+" "+strings.TrimSuffix(f.Detail.Target, ":443")+" "+
				map[string]string{"ipv6": "IPv6"}[f.Detail.Family]))
			continue
		}
		said[f.Code] = len(out)
		out = append(out, strings.TrimSpace(f.ID+" "+f.Status.String()+": "+f.Summary+" "+viewOf(f)))
	}
	for at, list := range also {
		out[at] += " The same: " + strings.Join(list, ", ") + "."
	}
	return out
}

// Printable takes out control characters and direction overrides, so that text from outside cannot steer a terminal.
func Printable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069, c == 0x200e, c == 0x200f, c == unicode.ReplacementChar:
			return '·'
		}
		return c
	}, s)
}
