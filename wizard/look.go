package wizard

import (
	"context"
	"time"

	"linecheck/assets"
	"linecheck/checks"
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
}

// Look reads what a person named. tell hears how far it is; the error is for what kept it from looking at all. It
// returns soon after ctx is done.
type Look func(ctx context.Context, paths []string, tell func(checks.Progress)) (Looked, error)
