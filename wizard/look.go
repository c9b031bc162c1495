package wizard

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// Looked is what logs, folders or support bundles that a person named tell. They may be of another machine and of
// another day.
type Looked struct {
	Paths    []string          // as they were named
	AsOf     time.Time         // the newest time in what was read; zero where there is none
	Profiles []*assets.Profile // the products that they tell of; those asked for where they tell of none
	Known    bool              // they tell of a known product
	Results  []checks.Result   // one for each profile
	Problems []error           // what of it could not be read
	Files    int               // how many logs were read; 0: none of what was named
	Replay   bool              // it is a recorded session that is walked again, and no log
}

// Look reads what a person named. tell hears how far it is; the error is for what kept it from looking at all. It
// returns soon after ctx is done.
type Look func(ctx context.Context, paths []string, tell func(checks.Progress)) (Looked, error)

// logsCheck is the one check that looks into logs which a person named.
const logsCheck checks.ID = "logs"

// Session is the look as a session that has ended: the logs check alone, once for each product. False where the program
// has no such check, or where there is no product.
func (l Looked) Session(role Role, from, to time.Time) (Session, bool) {
	c, ok := checks.Lookup(logsCheck)
	if !ok || len(l.Profiles) == 0 {
		return Session{}, false
	}
	s := New(role, l.Profiles, []checks.Check{c}, from)
	s.Recorded = true // a look is two changes for each product, whether somebody wants them or not
	for i, p := range l.Profiles {
		k := Key{logsCheck, p.Name}
		s = s.Apply(RunStarted{Key: k, At: from})
		s = s.Apply(RunFinished{Key: k, At: to, Result: quiet(l.Results[i])})
	}
	return s, true
}

// lookEnd is what came of a look.
type lookEnd struct {
	looked Looked
	err    error
}

// whyNot is a sentence for a person where a path leads to nothing that can be told; "" where it does.
func (e lookEnd) whyNot(path string, session bool) string {
	problems := e.looked.Problems
	if e.err != nil {
		problems = append([]error{e.err}, problems...)
	}
	if e.err == nil && e.looked.Files > 0 && session {
		return ""
	}
	if len(problems) == 0 {
		return lang.T("look.no_log")
	}
	err := problems[0]
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path, "~"), errors.Is(err, fs.ErrNotExist) && strings.Count(path, "%") > 1:
		return lang.T("look.no_file_typed")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("look.no_file")
	case errors.Is(err, fs.ErrPermission):
		return lang.T("look.not_allowed")
	}
	return tui.Clean(firstLine(err.Error()))
}

// unquoted is a path as it was meant: Explorer's "copy as path" puts quotes around it, and blanks come with the mouse.
func unquoted(s string) string {
	s = strings.TrimSpace(s)
	for _, q := range []string{`"`, `'`} {
		if len(s) >= 2 && strings.HasPrefix(s, q) && strings.HasSuffix(s, q) {
			return strings.TrimSpace(s[1 : len(s)-1])
		}
	}
	return s
}

// lastOf is the last part of a path of either system.
func lastOf(path string) string {
	path = strings.TrimRight(path, `/\`)
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// past is what the header says of logs that a person named, in place of this machine.
func (s Session) past() string {
	var names []string
	for _, p := range s.Past.Paths {
		names = append(names, lastOf(p))
	}
	text := strings.Join(names, ", ")
	if !s.Past.AsOf.IsZero() {
		text = lang.T("look.as_of", "names", text, "time", s.Past.AsOf.Format("2006-01-02 15:04"))
	}
	return text
}
