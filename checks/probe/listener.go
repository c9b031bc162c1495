package probe

import (
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
)

// listener knows what was told of a walk last. While it waits it is told anew every second, with the seconds gone.
type listener struct {
	on    func(checks.Path)
	waits *checks.Waits
	mu    sync.Mutex
	path  checks.Path
	at    int // the stage that is waited for
}

// Waits is what a walk under way waits for: "waiting for TCP, 3 of 5 s"; "" where it does not wait.
func Waits(p checks.Path) string {
	for _, s := range p.Stages {
		if strings.HasPrefix(s.Note, Waiting) {
			return s.Note
		}
	}
	return ""
}

// listen begins to tell of the walk; the returned function ends it.
func (w *walker) listen() (end func()) {
	if w.OnStage == nil {
		return func() {}
	}
	t := &listener{on: w.OnStage}
	t.waits = checks.NewWaits(t.beat)
	w.listener = t
	return t.waits.End
}

// beat tells how long the walk has waited.
func (t *listener) beat(waiting string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.path
	p.Stages = slices.Clone(p.Stages)
	p.Stages[t.at].Note = waiting
	t.on(p)
}

// begin tells that a stage is waited for from now on.
func (t *listener) begin(p checks.Path, at int, what string, most time.Duration) {
	t.waits.For("", 0)
	t.mu.Lock()
	t.path, t.at = p, at
	t.mu.Unlock()
	t.waits.For(what, most)
}

// tell tells a walk that waits for nothing of its own.
func (t *listener) tell(p checks.Path) {
	t.waits.For("", 0)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on(p)
}
