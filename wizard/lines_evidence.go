package wizard

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// seenAt are the findings of a step, what is wrong first.
func (l *Lines) seenAt(i int) []Seen {
	st := l.s.Steps[i]
	var out []Seen
	for j, r := range st.Runs {
		for _, f := range r.Result.Findings {
			out = append(out, Seen{Check: st.Spec.ID, Profile: l.s.Profiles[j].Name, Finding: f})
		}
	}
	slices.SortStableFunc(out, func(a, b Seen) int { return cmp.Compare(btoi(bad(b.Finding)), btoi(bad(a.Finding))) })
	return out
}

// listMost is how many findings are named before a person is asked for one of them.
const listMost = 12

// evidence names what was found by number, and tells one or all of it.
func (l *Lines) evidence(ctx context.Context, found []Seen) error {
	if len(found) == 0 {
		l.say(lang.T("lines.evidence.none"))
		return nil
	}
	if len(found) == 1 {
		return l.finding(ctx, found, 0)
	}
	listed := false
	for from := 0; ; {
		to := min(from+listMost, len(found))
		if !listed {
			listed = true
			l.say(lang.T("lines.evidence.list", "from", from+1, "to", to, "total", len(found)))
			for i, f := range found[from:to] {
				l.say(fmt.Sprintf("%d  %s: %s", from+i+1, tui.Word(f.Status), l.named(f)))
			}
		}
		words := []string{lang.T("lines.evidence.which") + "  ", "0 " + lang.T("lines.evidence.all") + "  "}
		if to < len(found) {
			words = append(words, "m "+lang.T("lines.evidence.more")+"  ")
		}
		words = append(words, "l "+lang.T("lines.evidence.again")+"  ")
		l.prompt(append(words, lang.T("lines.evidence.enter"))...)
		line, err := l.line(ctx)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(strings.TrimSpace(line))
		switch word := strings.TrimSpace(line); {
		case word == "":
			return nil
		case word == "q":
			if err := l.leave(ctx); err != nil {
				return err
			}
		case word == "?":
			l.help()
			listed = false
		case word == "l":
			from, listed = 0, false
		case word == "m" && to < len(found):
			from, listed = to, false
		case err == nil && n == 0:
			for _, f := range found {
				l.say("")
				l.told(f)
			}
		case err == nil && n >= 1 && n <= len(found):
			if err := l.finding(ctx, found, n-1); err != nil {
				return err
			}
		default:
			l.say(lang.T("lines.evidence.wrong", "typed", word, "total", len(found)))
		}
	}
}

// named is a finding in a few words.
func (l *Lines) named(f Seen) string {
	name, subject := checks.TextOf(f.Check, f.Finding).Title, lang.Phrase(f.Subject)
	if subject != "" && !strings.Contains(name, subject) {
		name += ", " + subject
	}
	if f.Path != nil {
		name += ", " + cmp.Or(lang.Phrase(f.View), f.Path.Route)
	}
	if len(l.s.Profiles) > 1 {
		name += " (" + f.Profile + ")"
	}
	return name
}

// finding tells one finding, and on demand everything that was recorded of it, or the next one.
func (l *Lines) finding(ctx context.Context, found []Seen, at int) error {
	for {
		l.say("")
		l.told(found[at])
		for {
			c, err := l.choose(ctx, inquiry{text: lang.T("lines.next"), place: "finding", enter: 1, list: offered([]choice{{1, "list", "p", ""},
				{2, "raw", "", ""}, {3, "next", "n", ""}}, func(id string) bool { return id == "next" && at+1 == len(found) })})
			if err != nil || c.id == "list" {
				return err
			}
			if c.id == "next" {
				at++
				break
			}
			l.everything(found[at].Finding)
		}
	}
}

// told is the evidence of one finding: the sentence, what to do, how it was seen.
func (l *Lines) told(f Seen) {
	t := checks.TextOf(f.Check, f.Finding)
	l.say(tui.Word(f.Status) + ": " + l.named(f))
	part := func(key, text string) {
		if text != "" {
			l.say("  " + lang.T("lines.part."+key, "text", text))
		}
	}
	if t.Text != t.Title {
		l.say("  " + t.Text)
	}
	part("fix", t.Fix)
	if l.s.Role == Guided && t.Say != "" {
		l.advice(advice{"say", aloud(t.Say)})
	}
	part("view", lang.Phrase(f.View))
	part("when", tui.Moment(f.At))
	part("took", tui.Took(f.Took))
	if f.Path != nil {
		part("way", stagesOf(*f.Path))
	}
	if f.Table != nil {
		l.table(f.Table, tableRows)
	}
	l.proofs(f.Evidence)
}

// proofMost and proofLong bound what is told of the evidence unasked; on demand all of it is.
const (
	proofMost = 10
	proofLong = 400
)

// proofs tells evidence, each once.
func (l *Lines) proofs(list []checks.Evidence) {
	var lines []string
	cut := false
	for _, e := range list {
		text := strings.Join(strings.Fields(e.Text), " ")
		if r := []rune(text); len(r) > proofLong {
			text, cut = string(r[:proofLong])+" ...", true
		}
		if line := strings.TrimSuffix(placeOf(e)+": "+text, ": "); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	over := len(lines) - proofMost
	for _, line := range lines[:min(proofMost, len(lines))] {
		l.say("  " + line)
	}
	switch {
	case over > 0:
		l.say("  " + lang.N("lines.proofs", over))
	case cut:
		l.say("  " + lang.T("lines.proofs_cut"))
	}
}

func placeOf(e checks.Evidence) string {
	if e.Line > 0 {
		return e.Source + ":" + strconv.Itoa(e.Line)
	}
	return e.Source
}

// stagesOf is a walk in words: each hop with what came of it.
func stagesOf(p checks.Path) string {
	var out []string
	for _, s := range p.Stages {
		text := lang.T("lines.hop."+string(s.Name)) + " " + tui.Word(s.Status)
		if s.Status == checks.Unknown {
			text = lang.T("lines.hop."+string(s.Name)) + " " + lang.T("lines.untested")
		}
		if took := tui.Took(s.Took); took != "" && s.Status != checks.Unknown {
			text += " " + took
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// everything is what was recorded of a finding, member by member, in nobody's words.
func (l *Lines) everything(f checks.Finding) {
	add := func(name, value string) {
		if value != "" {
			l.raw("  " + name + ": " + tui.Clean(value))
		}
	}
	l.say(lang.T("lines.everything"))
	add("code", string(f.Code))
	add("status", f.Status.String())
	add("subject", f.Subject)
	add("view", f.View)
	if !f.At.IsZero() {
		add("at", f.At.Format(time.RFC3339Nano))
	}
	if f.Took > 0 {
		add("took", f.Took.String())
	}
	add("mark", string(f.Mark))
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		add(name, f.Args[name])
	}
	if p := f.Path; p != nil {
		add("target", p.Target)
		add("url", p.URL)
		add("route", p.Route)
		add("address", strings.TrimSpace(p.Family+" "+p.Address))
		for _, s := range p.Stages {
			add(string(s.Name), strings.Join(strings.Fields(strings.Join([]string{s.Status.String(), s.Took.String(), string(s.Failure), s.Error, s.Note}, " ")), " "))
		}
	}
	for _, e := range f.Evidence {
		l.raw("  " + placeOf(e))
		for line := range strings.SplitSeq(strings.TrimRight(e.Text, "\r\n"), "\n") {
			l.raw("    " + strings.TrimRight(line, "\r"))
		}
	}
}
