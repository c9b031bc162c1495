package cache

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
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
	if len(p.stops) == 0 && !p.idle {
		out = append(out, step{kind: stepStop, text: "stop " + p.called + " if it runs", most: stopWait})
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
	switch {
	case p.idle:
		out = append(out, step{text: "leave " + p.called + " stopped, as it is now"})
	case len(p.stops) == 0:
		out = append(out, step{kind: stepStart, text: "start it again if it ran", most: startWait},
			step{kind: stepCheck, text: "see that it runs and that an address answers; where not, move everything back", most: cloudWait})
	default:
		out = append(out, step{kind: stepCheck, text: "see that " + runs(p.stops) + " and that an address answers; where not, move everything back", most: cloudWait})
	}
	return append(out, step{kind: stepDelete, text: "only then delete what was moved aside", most: discardWait})
}

// waits is what a job waits for, told to the screen every second.
type waits struct {
	mu    sync.Mutex
	at    int // the step under way
	what  string
	since time.Time
	most  time.Duration
}

// step enters a step and tells every second what is waited for, until done is called.
func (j *job) step(kind, service string) (done func()) {
	i := slices.IndexFunc(j.steps, func(s step) bool { return s.kind == kind && (service == "" || s.service == service) })
	if i < 0 {
		return func() {}
	}
	j.waits.mu.Lock()
	j.waits.at, j.waits.what, j.waits.since, j.waits.most = i, j.steps[i].text, time.Now(), j.steps[i].most
	j.waits.mu.Unlock()
	j.progress()
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
				j.progress()
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
		j.waits.mu.Lock()
		j.waits.at, j.waits.what = i+1, ""
		j.waits.mu.Unlock()
	}
}

// doing says more closely what is waited for; the next beat of the step tells it.
func (j *job) doing(format string, args ...any) {
	j.waits.mu.Lock()
	defer j.waits.mu.Unlock()
	j.waits.what = fmt.Sprintf(format, args...)
}

func (j *job) progress() {
	j.waits.mu.Lock()
	p := checks.Progress{Done: j.waits.at, Total: len(j.steps), Waiting: j.waits.what}
	if d := time.Since(j.waits.since); d >= time.Second && j.waits.most > 0 && p.Waiting != "" {
		p.Waiting += fmt.Sprintf(", %d of %d s", int(d.Seconds()), int(j.waits.most.Seconds()))
	}
	j.waits.mu.Unlock()
	j.say(p)
}

func runs(services []string) string {
	if len(services) == 1 {
		return services[0] + " runs"
	}
	last := len(services) - 1
	return strings.Join(services[:last], ", ") + " and " + services[last] + " run"
}
