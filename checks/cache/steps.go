package cache

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of steps, in their order.
const (
	stepLine    = "line"
	stepPromise = "promise"
	stepStop    = "stop"
	stepMove    = "move"
	stepStart   = "start"
	stepCheck   = "check"
	stepDelete  = "delete"
)

// step is one step of the plan.
type step struct {
	kind, service string
	text          string
	most          time.Duration // how long it may take
}

// order is the whole plan, step by step.
func (p plan) order() []step {
	out := []step{
		{kind: stepLine, text: "look again, and see that one of the product's addresses answers now", most: cloudWait},
		{kind: stepPromise, text: "write down what must run again, and start a second process that sees to it if linecheck is ended"},
	}
	for _, s := range p.stops {
		text := fmt.Sprintf("stop %s, which needs %s", s, p.service)
		if s == p.service {
			text = "stop " + p.called
		}
		out = append(out, step{kind: stepStop, service: s, text: text, most: stopWait})
	}
	out = append(out, step{kind: stepMove, text: "move " + p.what + " aside, inside the same volume; the folder itself stays", most: moveWait})
	for _, s := range slices.Backward(p.stops) {
		out = append(out, step{kind: stepStart, service: s, text: "start " + s + " again", most: startWait})
	}
	if len(p.stops) > 0 {
		out = append(out, step{kind: stepCheck, text: "see that " + runs(p.stops) + " and that an address answers; where not, move everything back", most: cloudWait})
	} else {
		out = append(out, step{text: "leave " + p.called + " stopped, as it is now"})
	}
	return append(out, step{kind: stepDelete, text: "only then delete what was moved aside", most: discardWait})
}

// step enters a step and tells every second what is waited for, until done is called.
func (j *job) step(kind, service string) (done func()) {
	i := slices.IndexFunc(j.steps, func(s step) bool { return s.kind == kind && (service == "" || s.service == service) })
	if i >= 0 {
		j.at = i
	}
	return func() {
		if i >= 0 {
			j.at = i + 1
		}
	}
}

func runs(services []string) string {
	if len(services) == 1 {
		return services[0] + " runs"
	}
	last := len(services) - 1
	return strings.Join(services[:last], ", ") + " and " + services[last] + " run"
}
