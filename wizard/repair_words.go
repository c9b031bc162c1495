package wizard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// planned is everything that a person must know of an action before saying yes, commands by hand left out.
func planned(a checks.Action) []string {
	out := []string{lang.Phrase(a.Title), lang.Phrase(a.Why)}
	for i, s := range a.Steps {
		out = append(out, lang.T("repair.step", "n", i+1, "what", lang.Phrase(s)))
	}
	for _, p := range [][2]string{{"effect", a.Effect}, {"takes", a.Takes}, {"undo", a.Undo}} {
		if p[1] != "" {
			out = append(out, lang.T("repair."+p[0], "what", strings.TrimSuffix(lang.Phrase(p[1]), ".")))
		}
	}
	return out
}

// Plan is an action's whole plan in lines for a person, with what to say to a customer and the commands by hand.
func Plan(a checks.Action, role Role) []string {
	out := planned(a)
	if role == Guided && a.Blocked == "" {
		out = append(out, lang.T("repair.ask", "what", askFor(a)))
	}
	if a.Blocked != "" {
		out = append(out, lang.T("repair.blocked", "why", lang.Phrase(a.Blocked)))
	}
	if len(a.Commands) > 0 {
		out = append(out, lang.T("repair.by_hand"))
	}
	for _, c := range a.Commands {
		out = append(out, "  "+c)
	}
	return out
}

// askFor is what a customer is asked before an action.
func askFor(a checks.Action) string {
	return cmp.Or(lang.Phrase(a.Ask), lang.T("repair.ask_default"))
}

// wordOf is what must be typed to approve an action: a single key is too easily hit.
func wordOf(a checks.Action) string {
	return cmp.Or(strings.TrimSpace(tui.Clean(a.Confirm)), "yes")
}

// text is what the fix says of itself: what to do now, and what to tell a customer.
func (r Repair) text() checks.Text {
	for _, f := range r.Found {
		return checks.TextOf(r.Key.Check, f)
	}
	return checks.Text{}
}

// Advice is what to do now that the repair has ended, and what to tell a customer who listens.
func (r Repair) Advice(role Role) (out []string) {
	text := r.text()
	if text.Fix != "" {
		out = append(out, lang.T("repair.advice", "what", text.Fix))
	}
	if text.Say != "" && role == Guided {
		out = append(out, lang.T("repair.say", "what", text.Say))
	}
	return out
}

// stepWords says how far a repair is and what it waits for.
func stepWords(p checks.Progress) string {
	what, n := lang.Phrase(p.Waiting), min(p.Done+1, p.Total)
	switch {
	case p.Back:
		return lang.T("repair.back", "n", n, "total", p.Total, "what", what)
	case p.Total == 0:
		return what
	case what == "":
		return lang.T("repair.at", "n", n, "total", p.Total)
	}
	return lang.T("repair.at_waiting", "n", n, "total", p.Total, "what", what)
}

// steps tells a person who reads line by line what a repair does: every step once, and what it still waits for every
// tellEvery.
type steps struct {
	say  func(string)
	last checks.Progress
	at   time.Time
}

func (s *steps) tell(list []checks.Progress) {
	for _, p := range list {
		if !s.at.IsZero() && (p == s.last || p.Done == s.last.Done && p.Back == s.last.Back && time.Since(s.at) < tellEvery) {
			continue
		}
		s.last, s.at = p, time.Now()
		s.say(stepWords(p))
	}
}

// Steps returns who tells a repair's steps to say, line by line.
func Steps(say func(string)) func([]checks.Progress) { return (&steps{say: say}).tell }

// approvedBy says who approved a change and by what.
func approvedBy(how How, role Role, customer string) string {
	if !slices.Contains([]How{OnScreen, InLines, ByFlag}, how) {
		how = "unknown"
	}
	who := string(role)
	if slices.Contains([]Role{Helpdesk, Guided, Self}, role) {
		who = lang.T("repair.role." + who)
	}
	out := lang.T("repair.by."+string(how), "role", who)
	if customer == Agreed {
		out = lang.T("repair.agreed", "how", out)
	}
	return out
}

// notice tells what was made good before the session began; nil where nothing was.
func (o Options) notice() []string {
	if len(o.Kept)+len(o.Owed) == 0 {
		return nil
	}
	out := []string{lang.T("repair.cut_off")}
	if len(o.Kept) == 0 { // it may only be that nobody could look
		out[0] = lang.T("repair.earlier")
	}
	for _, c := range o.Kept {
		out = append(out, "  "+tui.Moment(c.When)+" "+SaidChange(c))
	}
	for _, s := range o.Owed {
		out = append(out, "  "+s)
	}
	return out
}

// outcomes are the keys of how a repair ended, by the word that a report holds.
var outcomes = map[string]string{string(Repaired): "done", string(RolledBack): "rolled_back", string(Refused): "refused",
	string(Broken): "failed", underWay: "under_way"}

// saidResult is a repair's recorded result in words, with its reason where it has one.
func saidResult(result string) string {
	outcome, why, reasoned := strings.Cut(result, ": ")
	key, known := outcomes[outcome]
	switch {
	case !known:
		return lang.Phrase(result)
	case !reasoned:
		return lang.T("repair.result." + key)
	}
	return lang.T("repair.result_why", "result", lang.T("repair.result."+key), "why", lang.Phrase(why))
}
