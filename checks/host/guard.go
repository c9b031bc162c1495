package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// How long a watchdog is waited for until it says that it watches: the child, without which nothing is begun, and the
// second one, which may come later.
const (
	readyWait  = 15 * time.Second
	secondWait = 5 * time.Second
)

// guardVariable marks the environment of a watchdog, which must never start one itself.
const guardVariable = "LINECHECK_GUARD"

// NewGuards returns what starts watchdogs for the journal in dir. Each is this program itself, called as
// "linecheck guard --promise ID". There are two for each promise: a child of this process, which knows its end by that
// of a stream, and, for an administrator, one that the system's own manager starts (systemd; on Windows a scheduled task
// that runs as SYSTEM), which outlives the login session and knows it by the journal's lock. Whoever calls Watch holds
// that lock.
func NewGuards(dir string) Guards { return guards{dir} }

type guards struct{ dir string }

// watch is what watches one promise, seen by the process that is watched.
type watch struct {
	guards
	id     string
	child  *child
	second bool // the system's manager runs one too
	told   []string
}

// Watch implements [Guards].
func (g guards) Watch(ctx context.Context, id string) (Guard, error) {
	if err := journal(g).check(id); err != nil {
		return nil, err
	}
	if os.Getenv(guardVariable) != "" {
		return nil, errors.New("a watchdog starts no watchdog")
	}
	w := &watch{guards: g, id: id}
	image, cerr := g.copy(id)
	from := ""
	if cerr == nil {
		if w.child, cerr = raise(ctx, image, "guard", "--promise", id); cerr != nil {
			cerr = fmt.Errorf("the copy of this program does not start: %w", cerr)
		}
	}
	if w.child == nil {
		// The program's own file may vanish with a share or a stick, but it is what there is.
		var err error
		if w.child, err = raise(ctx, self(), "guard", "--promise", id); err != nil {
			g.tidy(id)
			return nil, fmt.Errorf("the watchdog could not be started: %w", err)
		}
		from = ", from this program's own file,"
	}
	w.tell("process %d%s watches this one and starts the services again if this one ends", w.child.pid(), from)
	if cerr == nil && g.dir != JournalDir() {
		cerr = errors.New("the journal is not where the system's manager would look for it")
	}
	if cerr == nil {
		cerr = g.enlist(ctx, id, image)
	}
	switch w.second = cerr == nil; {
	case !w.second:
		w.tell("no second watchdog stands beside it: %v", cerr)
	case g.reported(ctx, id):
		w.tell("a second one, %s, outlives this login session too", enlisted(id))
	default:
		w.tell("a second one, %s, was started too, but has not yet said that it watches", enlisted(id))
	}
	awake(true)
	return w, nil
}

// tell notes one line. What Windows' own programs say may be in any code page.
func (w *watch) tell(format string, args ...any) {
	line := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; ")
	w.told = append(w.told, strings.ToValidUTF8(line, "?"))
}

// Told implements [Guard].
func (w *watch) Told() []string { return append(w.told, w.child.note()...) }

// Dismiss implements [Guard].
func (w *watch) Dismiss() error {
	defer awake(false)
	err := w.child.dismiss()
	w.strikePost(w.id)
	if w.second {
		err = errors.Join(err, w.discharge(w.id))
	}
	w.tidy(w.id)
	return err
}

// Leave implements [Guard].
func (w *watch) Leave() error {
	awake(false)
	return w.child.leave()
}
