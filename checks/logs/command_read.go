package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Ask is what a person wants to know of logs.
type Ask struct {
	Machine  host.Machine
	Profiles []*assets.Profile
	Chosen   bool     // a person chose these profiles: each is told of, whatever the logs concern
	Paths    []string // files, folders, archives, "-"; none: the profiles' own logs on this machine
	In       io.Reader
	Since    time.Duration // how far back lines count; 0: all do, of own logs those of 24 h
	Tell     func(Entry)   // hears every known line; nil: nobody does
}

// Said is what they say.
type Said struct {
	AsOf     time.Time         // as of when; zero where no line has a time
	Profiles []*assets.Profile // the products that they concern; those asked for where they concern none
	Results  []checks.Result   // one for each
	Known    bool              // they concern a product
	Files    int               // logs that were read; 0: nothing was
	Problems []error           // what could not be read
}

// Read reads the logs and says what they say of each product. The error says what kept it from looking at all. Where a
// limit of time in ctx ends it, what was read by then is told, and that it is not all.
func Read(ctx context.Context, a Ask) (Said, error) {
	if len(a.Paths) == 0 {
		return a.own(ctx)
	}
	all, err := everybody(a.Profiles)
	if err != nil {
		return Said{}, err
	}
	l, err := Look(ctx, a.Machine, all, a.Paths, a.In, a.Since, a.Tell)
	if l != nil && errors.Is(err, context.DeadlineExceeded) {
		l.Problems = append(l.Problems, errors.New("the time for this look ran out before the end"))
		err = nil
	}
	if err != nil {
		return Said{}, err
	}
	said := Said{AsOf: l.AsOf, Files: l.Files, Problems: l.Problems}
	if l.Files == 0 { // nothing is said but why
		for _, f := range l.refusals() {
			said.Problems = append(said.Problems, fmt.Errorf("%s: %s. %s", f.Subject, f.Args["why"], f.Args["do"]))
		}
	}
	for _, p := range a.Profiles {
		r, ok := l.Result(p)
		ok = ok && (a.Chosen || l.names(p)) // what may be anybody's is no product's until somebody says so
		if said.Known = said.Known || ok; ok {
			said.add(p, r)
		} else if a.Chosen {
			said.add(p, l.nothing())
		}
	}
	if len(said.Profiles) == 0 {
		for _, p := range a.Profiles {
			said.add(p, l.nothing())
		}
	}
	return said, nil
}

// everybody is these profiles and all that linecheck has beside them: a line of another product is not taken for one of
// theirs.
func everybody(profiles []*assets.Profile) ([]*assets.Profile, error) {
	known, err := assets.Profiles()
	if err != nil {
		return nil, err
	}
	out := slices.Clone(profiles)
	for _, p := range known {
		if !slices.ContainsFunc(out, func(o *assets.Profile) bool { return o.Name == p.Name }) {
			out = append(out, p)
		}
	}
	return out, nil
}

// own reads the profiles' own logs. A product without any is left out, unless nobody has one.
func (a Ask) own(ctx context.Context) (Said, error) {
	said := Said{AsOf: time.Now()}
	var without Said
	if a.Since <= 0 {
		a.Since = usualSince
	}
	for _, p := range a.Profiles {
		r, files, err := ownResult(ctx, a.Machine, p, a.Since, a.Tell)
		if err != nil {
			return said, err
		}
		if said.Files += files; files > 0 || a.Chosen {
			said.Known = said.Known || files > 0
			said.add(p, r)
		} else {
			without.add(p, r)
		}
	}
	if len(said.Profiles) == 0 {
		said.Profiles, said.Results = without.Profiles, without.Results
	}
	return said, nil
}

func (s *Said) add(p *assets.Profile, r checks.Result) {
	s.Profiles, s.Results = append(s.Profiles, p), append(s.Results, r)
}
