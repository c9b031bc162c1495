package wizard

import (
	"context"
	"slices"
	"sync"

	"linecheck/assets"
	"linecheck/checks"
)

// Detected is what a first look says of one product.
type Detected struct {
	Profile   *assets.Profile
	Installed checks.Installed
	Findings  []checks.Finding
	Err       error
}

// Detect looks for the given products side by side, with whatever check provides that fact. Errors are in the result:
// a product that cannot be looked for can still be chosen.
func Detect(ctx context.Context, env checks.Env, profiles []*assets.Profile) []Detected {
	out := make([]Detected, len(profiles))
	var wg sync.WaitGroup
	for i, p := range profiles {
		out[i].Profile = p
		for _, c := range checks.All() {
			if !slices.Contains(c.Spec().Provides, checks.FactInstalled) {
				continue
			}
			env := env
			env.Profile = p
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(ctx, c.Spec().Timeout)
				defer cancel()
				res, err := guarded(func() (checks.Result, error) { return c.Run(ctx, env, func(checks.Event) {}) })
				out[i].Findings, out[i].Err = res.Findings, err
				for _, f := range res.Facts {
					if v, ok := f.Value.(checks.Installed); ok && f.Name == checks.FactInstalled {
						out[i].Installed = v
					}
				}
			})
		}
	}
	wg.Wait()
	return out
}
