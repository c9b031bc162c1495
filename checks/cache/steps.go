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
	most  time.Duration // 0: no limit of its own
	back  bool          // at is the step that went wrong; what was done is being taken back
}

// step enters a step and tells of it until done is called.
func (j *job) step(kind, service string) (done func()) {
	i := slices.IndexFunc(j.steps, func(s step) bool { return s.kind == kind && (service == "" || s.service == service) })
	if i < 0 {
		return func() {}
	}
	j.waits.mu.Lock()
	if !j.waits.back {
		j.waits.at = i
	}
	j.waits.what, j.waits.since, j.waits.most = j.steps[i].text, time.Now(), j.steps[i].most
	j.waits.mu.Unlock()
	return j.beat()
}

// back tells that what was done is taken back, until done is called. The step under way stays the one that went wrong.
func (j *job) back() (done func()) {
	j.waits.mu.Lock()
	j.waits.back, j.waits.what, j.waits.since, j.waits.most = true, "taking back what was done", time.Now(), 0
	j.waits.mu.Unlock()
	return j.beat()
}

// beat tells every second what is waited for, until done is called.
func (j *job) beat() (done func()) {
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
	p := checks.Progress{Done: j.waits.at, Total: len(j.steps), Waiting: j.waits.what, Back: j.waits.back}
	switch d := time.Since(j.waits.since); {
	case d < time.Second:
	case j.waits.most > 0:
		p.Waiting += fmt.Sprintf(", %d of %d s", int(d.Seconds()), int(j.waits.most.Seconds()))
	default:
		p.Waiting += fmt.Sprintf(", %d s so far", int(d.Seconds()))
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
