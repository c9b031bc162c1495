package command

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/wizard"
)

// asked puts words together that belong together: a table and its number, or a line of a log that was handed over
// without quotes. Else each word is a question of its own.
func asked(args []string) []string {
	args = slices.Clone(args)
	for i, a := range args {
		args[i] = wizard.Discreet(a) // what is told back may be a line of a log
	}
	if len(args) < 2 || slices.ContainsFunc(args, func(s string) bool { return strings.ContainsAny(s, " \t") }) {
		return args
	}
	whole := strings.Join(args, " ")
	if told, ok := assets.Tell(whole); ok && told.Signature != "" || len(assets.Explain(whole)) > 0 {
		return []string{whole}
	}
	return args
}

// explain prints what is known of a code, a cause or a line of a log, and reports whether anything is.
func (a *app) explain(rules assets.Rules, q string) bool {
	w := a.io.out
	id, isCause := strings.CutPrefix(strings.ToLower(q), "cause:")
	if c, ok := rules.Cause(id); ok {
		explainCause(w, rules, c)
		return true
	}
	if explainFinding(w, rules, id) {
		return true
	}
	if isCause {
		fmt.Fprintln(w, lang.T("explain.no_cause", "what", clean(q)))
		area, _, _ := strings.Cut(id, ".")
		var near []assets.Rule
		for _, c := range rules.Causes {
			if strings.HasPrefix(c.ID, area+".") {
				near = append(near, c)
			}
		}
		if len(near) == 0 {
			near = rules.Causes
		}
		for _, c := range near {
			fmt.Fprintf(w, "  cause:%-30s %s\n", c.ID, c.Title)
		}
		return false
	}
	if codes := assets.Explain(q); len(codes) > 0 {
		for i, c := range codes {
			if i > 0 {
				fmt.Fprintln(w)
			}
			explainCode(w, c)
		}
		if len(codes) == 1 {
			explainTable(w, codes[0].Table)
		}
		return true
	}
	if told, ok := assets.Tell(q); ok {
		explainLine(w, told)
		return true
	}
	fmt.Fprintln(w, lang.T("explain.unknown", "what", clean(q)))
	table, _, _ := strings.Cut(q, ":")
	explainTable(w, strings.ToLower(strings.TrimSpace(table)))
	for i, c := range assets.Nearest(q) {
		if i == 0 {
			fmt.Fprintln(w, lang.T("explain.near"))
		}
		page{w, 4}.put("  ", shown(c)+"  "+nameOf(c))
	}
	return false
}

// explainLine tells what a whole line means, and then the numbers in it.
func explainLine(w io.Writer, told assets.Told) {
	if told.Signature != "" {
		p := page{w, 9}
		p.head(lang.T("explain.a_line"), "")
		p.say(lang.T("explain.short.says"), told.Meaning)
		if told.Subject != "" {
			p.say(lang.T("explain.short.about"), told.Subject)
		}
		p.say(lang.T("explain.short.counts"), counts(told))
		p.say(lang.T("explain.short.todo"), told.Remedy)
		p.say(lang.T("explain.short.known"), markWord(told.Mark))
	} else {
		fmt.Fprintln(w, lang.T("explain.no_signature"))
	}
	for _, c := range told.Codes {
		fmt.Fprintln(w)
		explainCode(w, c)
	}
}

func explainCode(w io.Writer, c assets.Code) {
	p := page{w, 9}
	name := c.Name
	if hex := hresult(c); hex != "" {
		name += "  (" + hex + ")"
	}
	p.head(shown(c), name)
	switch {
	case c.Phrase():
		p.say(lang.T("explain.short.text"), c.Text)
	case c.Text != "":
		p.say(lang.T("explain.short.text"), `"`+c.Text+`"`)
	}
	p.say(lang.T("explain.short.means"), c.Meaning)
	p.say(lang.T("explain.short.note"), c.Note)
	p.say(lang.T("explain.short.where"), hopWord(c.Hop))
	p.say(lang.T("explain.short.todo"), c.Do)
	p.say(lang.T("explain.short.known"), markWord(c.Mark))
	if c.Phrase() {
		return
	}
	label := lang.T("explain.short.longer")
	for _, t := range assets.Codes() {
		for _, longer := range t.Phrases {
			if longer.Ref() == c.Ref() {
				p.say(label, longer.Text)
				label = ""
			}
		}
	}
}

// explainTable says what is to be known of a whole family of numbers.
func explainTable(w io.Writer, name string) {
	for _, t := range assets.Codes() {
		if t.Name == name {
			page{w, 9}.say(lang.T("explain.short.table"), strings.TrimSpace(t.Title+". "+t.About))
		}
	}
}

// shown is how a code is written where one reads it: some are met in hexadecimal alone.
func shown(c assets.Code) string {
	if c.Table == "sspi" {
		return c.Table + ":" + c.Also[0]
	}
	return c.Ref()
}

// hresult is the other form in which a code of Windows is met.
func hresult(c assets.Code) string {
	for _, t := range assets.Codes() {
		if t.Name == c.Table && t.HRESULT {
			return c.Also[len(c.Also)-1]
		}
	}
	return ""
}

// nameOf is what a code is called; its meaning where it has no name.
func nameOf(c assets.Code) string {
	return cmp.Or(strings.TrimSpace(c.Name+"  "+c.Text), c.Meaning)
}

// explainFinding prints what the checks say of a code that stands at the end of a finding's line.
func explainFinding(w io.Writer, rules assets.Rules, code string) bool {
	found := findingsOf(code)
	for _, f := range found {
		p := page{w, 9}
		p.head(code, lang.T("explain.finding", "title", example(f.text.Title), "check", f.check.Title))
		p.say(lang.T("explain.short.says"), example(f.text.Text))
		p.say(lang.T("explain.short.todo"), example(f.text.Fix))
		p.say(lang.T("explain.short.causes"), leadsTo(rules, code))
	}
	return len(found) > 0
}

// markWord says from where a fact is known; "" where nothing says so.
func markWord(m assets.Mark) string {
	switch m {
	case assets.Source:
		return lang.T("explain.mark.source")
	case assets.Seed:
		return lang.T("explain.mark.seed")
	case assets.ThirdParty:
		return lang.T("explain.mark.third_party")
	case assets.Inferred:
		return lang.T("explain.mark.inferred")
	}
	return ""
}

// hopWord says at which step of a connection a code is met; "" where the tables do not say.
func hopWord(hop string) string {
	if !lang.Has("explain.hop." + hop) {
		return ""
	}
	return lang.T("explain.hop." + hop)
}

// counts says what a line is worth. What others have seen, or we conclude, is a hint and never a fault.
func counts(told assets.Told) string {
	if (told.Effect == assets.Fails || told.Effect == assets.Slows) && told.Mark.Hint() {
		return lang.T("explain.effect.hint")
	}
	switch told.Effect {
	case assets.Fails:
		return lang.T("explain.effect.fails")
	case assets.Slows:
		return lang.T("explain.effect.slows")
	case assets.Recovers:
		return lang.T("explain.effect.recovers")
	case assets.Neither:
		return lang.T("explain.effect.neither")
	}
	return ""
}

// page writes labelled paragraphs that fit a screen.
type page struct {
	w      io.Writer
	indent int // of the text behind its label
}

const wide = 78

func (p page) head(code, name string) {
	p.put(strings.TrimRight(clean(code)+"  ", " ")+"  ", name)
}

// say writes a paragraph with its label; nothing where there is no text.
func (p page) say(label, text string) {
	if text != "" {
		p.put("  "+label+strings.Repeat(" ", max(1, p.indent-2-wizard.Cells(label))), text)
	}
}

// put writes a text whose lines after the first hang below it.
func (p page) put(label, text string) {
	line, begun := label, false
	for _, piece := range wizard.Pieces(strings.Join(strings.Fields(clean(text)), " ")) {
		if begun && wizard.Cells(line+strings.TrimRight(piece, " ")) > wide {
			fmt.Fprintln(p.w, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", p.indent)
		}
		line, begun = line+piece, true
	}
	fmt.Fprintln(p.w, strings.TrimRight(line, " "))
}

// clean keeps what somebody typed from acting on the terminal.
func clean(s string) string { return wizard.Printable(s) }

// wholeSentence is a value that holds a sentence of its own, or nothing.
var wholeSentence = regexp.MustCompile(`([.!?])(?: ?\{[a-z_]+\})+(?: |$)`)

// example writes a rule's text without the values of a run.
func example(s string) string {
	s = strings.ReplaceAll(s, "{more}", "")
	s = strings.TrimSpace(wholeSentence.ReplaceAllString(s, "$1 "))
	return strings.NewReplacer("{", "<", "}", ">").Replace(s)
}
