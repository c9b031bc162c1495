package wizard

import (
	"time"

	"linecheck/checks"
)

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
	for i, p := range l.Profiles {
		k := Key{logsCheck, p.Name}
		s = s.Apply(RunStarted{Key: k, At: from})
		s = s.Apply(RunFinished{Key: k, At: to, Result: l.Results[i]})
	}
	return s, true
}
