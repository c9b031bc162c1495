package wizard

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/tui"
)

// planned is everything that a person must know of an action before saying yes, commands by hand left out.
func planned(a checks.Action) []string {
	out := []string{a.Title, a.Why}
	for i, s := range a.Steps {
		out = append(out, fmt.Sprintf("  %d. %s", i+1, s))
	}
	for _, p := range [][2]string{{"While it runs: ", a.Effect}, {"It takes ", a.Takes}, {"Undo: ", a.Undo}} {
		if p[1] != "" {
			out = append(out, p[0]+strings.TrimSuffix(p[1], ".")+".")
		}
	}
	return out
}

// Plan is an action's whole plan in lines for a person, with what to say to a customer and the commands by hand.
func Plan(a checks.Action, role Role) []string {
	out := planned(a)
	if role == Guided && a.Blocked == "" {
		out = append(out, "To say: \""+askFor(a)+"\"")
	}
	if a.Blocked != "" {
		out = append(out, "It cannot be done from here: "+a.Blocked)
	}
	if len(a.Commands) > 0 {
		out = append(out, "The same by hand, in a console with administrator rights:")
	}
	for _, c := range a.Commands {
		out = append(out, "  "+c)
	}
	return out
}

// askFor is what a customer is asked before an action.
func askFor(a checks.Action) string {
	return cmp.Or(a.Ask, "I would like to change something on your computer now. Is that all right for you?")
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
		out = append(out, "What to do: "+text.Fix)
	}
	if text.Say != "" && role == Guided {
		out = append(out, "To say: \""+text.Say+"\"")
	}
	return out
}

// stepWords says how far a repair is and what it waits for.
func stepWords(p checks.Progress) string {
	at := ""
	if p.Back {
		return fmt.Sprintf("step %d of %d went wrong; %s", min(p.Done+1, p.Total), p.Total, p.Waiting)
	}
	if p.Total > 0 {
		at = fmt.Sprintf("step %d of %d", min(p.Done+1, p.Total), p.Total)
	}
	if p.Waiting != "" && at != "" {
		at += ", "
	}
	return at + p.Waiting
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
	out := map[How]string{OnScreen: "by the word typed on the screen", InLines: "by the word typed", ByFlag: "by linecheck clean --yes"}[how]
	out += ", " + string(role)
	if customer == Agreed {
		out += "; the customer agreed"
	}
	return out
}

// notice tells what was made good before the session began; nil where nothing was.
func (o Options) notice() []string {
	if len(o.Kept)+len(o.Owed) == 0 {
		return nil
	}
	out := []string{"An earlier linecheck did not come to its end while it changed something on this computer. What has been done about it:"}
	if len(o.Kept) == 0 { // it may only be that nobody could look
		out[0] = "About an earlier linecheck on this computer:"
	}
	for _, c := range o.Kept {
		out = append(out, "  "+tui.Moment(c.When)+" "+c.What+": "+c.Result)
	}
	for _, s := range o.Owed {
		out = append(out, "  "+s)
	}
	return out
}
