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
	"linecheck/assets/lang"
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
		p("%s\n", st.head(lang.T("report.practice", "scene", r.Run.Practice)))
	}
	b.WriteString(r.causesIn(st) + r.times(st) + r.repairsIn(st) + r.losses(st))
	p("%s", st.head(lang.T("report.checked")))
	for _, c := range r.Checks {
		out := ""
		for _, f := range c.Findings {
			if w := wayOut(f.Code, f.Status, f.Detail.Args); w != "" {
				out += lang.T("report.goes_out", "way", w)
			}
		}
		name := c.Title
		if len(r.Profiles) > 1 {
			name += ", " + c.Profile
		}
		line := lang.T("report.check", "name", name, "status", resultWord(c.Status))
		if c.Reason != "" {
			line = lang.T("report.check_reason", "name", name, "status", resultWord(c.Status), "reason", lang.Phrase(firstLine(c.Reason)))
		}
		p("%s", st.item(line+out))
		for _, f := range notable(c.Findings) {
			p("  %s", st.item(f))
		}
	}
	for _, t := range r.tables(st) {
		p("\n%s", t)
	}
	if len(r.Changes) > 0 {
		p("\n%s", st.head(lang.T("report.changed")))
	}
	for _, c := range r.Changes {
		when := c.When.Format(time.DateTime)
		if strings.HasPrefix(r.Run.Started, when[:10]) {
			when = when[11:]
		}
		p("%s", st.item(when+" "+SaidChange(c)))
	}
	p("\n%s", st.item(lang.T("report.foot", "version", r.Tool.Version, "host", r.Run.Host, "started", r.Run.Started,
		"ms", r.Run.DurationMS, "id", r.Run.ID)))
	_, err := io.WriteString(w, Printable(b.String()))
	return err
}

// headline is the verdict's status and sentence as prose begins with them.
func (r Report) headline() string { return headlineOf(r.Verdict) }

func headlineOf(v Verdict) string {
	mark := ""
	if slices.Contains([]string{Healthy, Warning, Fault, Inconclusive}, v.Status) {
		mark = lang.T("report.status." + v.Status)
	}
	return lang.T("report.headline", "status", mark, "headline", v.Headline)
}

// causesIn is the verdict in prose: the sentence, what to do, and how sure that is.
func (r Report) causesIn(st style) string {
	b := &strings.Builder{}
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	p("%s\n", st.head(r.headline()))
	for i, c := range r.Verdict.Causes {
		if i > 0 {
			p("%s", st.head(lang.T("report.also", "what", c.Headline)))
		}
		p("%s", st.item(c.Explanation))
		for _, f := range c.Fix {
			p("%s", st.item(lang.T("report.todo_by", "who", doer(c), "what", f)))
		}
		p("%s", st.item(lang.T("report.how_sure", "sure", SureWord(c.Confidence), "id", c.ID, "evidence", strings.Join(first(c.Evidence, 6), " "))))
		for _, s := range c.Sources {
			p("%s", st.item(lang.T("report.vendor_says", "source", s)))
		}
		if len(c.Hides) > 0 {
			p("%s", st.item(lang.T("report.explains", "causes", strings.Join(titlesOf(c.Hides), ", "))))
		}
		p("")
	}
	if r.Verdict.Status == Inconclusive && len(r.Verdict.Missing) > 1 {
		for _, m := range r.Verdict.Missing[1:] { // the headline says the first
			p("%s", st.item(lang.T("report.unknown", "what", m)))
		}
		p("")
	}
	if fix := r.Verdict.toLearn(recorded(r.Checks)); fix != "" {
		p("%s\n", st.item(lang.T("report.todo", "what", fix)))
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
		p("%s", st.item(lang.T("report.from", "source", s)))
	}
	p("")
	return b.String()
}

// until is the heading above what a lost connection means.
func until(impact []Effect) string {
	if mayMean(impact) {
		return lang.T("report.may_lose")
	}
	return lang.T("report.lost")
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
		return lang.T("report.only_vendor")
	}
	return whoFor(c)
}

func whoFor(c Cause) string { return Mender(c.ID, c.Who) }

// Mender says in words who can mend a cause of that id: the administrator of a computer is seldom the one of the product's
// policy.
func Mender(id, who string) string {
	area, _, _ := strings.Cut(id, ".")
	if who == "admin" && slices.Contains([]string{"proxy", "product"}, area) || id == "domain.not_joined" || id == "domain.option_as_failover" {
		return lang.T("report.mender.policy")
	}
	return whoWord(who)
}

func viewOf(f FindingReport) string {
	if f.View == "" {
		return ""
	}
	return lang.T("report.seen_by", "who", lang.Phrase(f.View))
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
		out = append(out, strings.TrimSpace(f.ID+" "+resultWord(f.Status)+": "+f.Summary+" "+viewOf(f)))
	}
	for at, list := range also {
		out[at] += lang.T("report.same", "list", strings.Join(list, ", "))
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
