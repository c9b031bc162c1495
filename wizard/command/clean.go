package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/wizard"
)

func (a *app) cleanCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{Use: "clean", Short: "The cache cleanup alone: prints its plan, and does it with --yes", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			a.promises(cmd.Context(), o)
			return a.clean(cmd.Context(), o, yes)
		}}
	c.Flags().BoolVar(&yes, "yes", false, "carry the plan out")
	return c
}

// clean looks, prints every plan it finds, and carries it out where yes says so.
func (a *app) clean(ctx context.Context, o wizard.Options, yes bool) error {
	c, ok := checks.Lookup("cache")
	fixer, can := c.(checks.Fixer)
	if !ok || !can {
		return errors.New("this linecheck was built without the cache check")
	}
	if len(o.Profiles) == 0 {
		all, err := assets.Profiles()
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.Cache != nil {
				o.Profiles = append(o.Profiles, p)
			}
		}
	}
	r := wizard.NewRunner(context.WithoutCancel(ctx), o.Env(), o.Place.Hands)
	defer r.Close()
	s := wizard.Play(ctx, wizard.New(o.Role, o.Profiles, []checks.Check{fixer}, time.Now()), r, nil)
	plans := 0
	for i, p := range o.Profiles {
		run := s.Steps[0].Runs[i]
		for _, f := range run.Result.Findings {
			fmt.Fprintf(a.io.out, "%s: %s\n", p.Name, wizard.Printable(checks.TextOf("cache", f).Text))
		}
		if run.Err != nil {
			a.code = 3
			return fmt.Errorf("%s: the cache could not be looked at: %w", p.Name, run.Err)
		}
		for _, act := range run.Result.Actions {
			plans++
			a.plan(act)
			if act.Blocked != "" {
				a.code = 3
				continue
			}
			if yes && ctx.Err() == nil { // after Ctrl+C no other product's service is stopped
				s = a.fix(ctx, s, r, wizard.Key{Check: "cache", Profile: p.Name}, act)
			}
		}
	}
	if plans == 0 {
		fmt.Fprintln(a.io.out, "There is nothing to clean.")
	} else if !yes {
		fmt.Fprintln(a.io.out, "Nothing was changed. To carry this out: linecheck clean --yes")
	}
	for _, ch := range s.Changes {
		fmt.Fprintf(a.io.out, "%s  %s: %s\n", ch.When.Format("15:04:05"), wizard.Printable(ch.What), wizard.Printable(ch.Result))
	}
	return ctx.Err()
}

// fix carries one action out and waits for its end, whatever happens to ctx: the service has to run again.
func (a *app) fix(ctx context.Context, s wizard.Session, r *wizard.Runner, k wizard.Key, act checks.Action) wizard.Session {
	r.Fix(s, k, act)
	for {
		for _, c := range r.Next(context.WithoutCancel(ctx)) {
			s = s.Apply(c)
			if f, ok := c.(wizard.FixFinished); ok {
				if f.Err != nil {
					a.code = 5
					fmt.Fprintf(a.io.err, "linecheck: %s\n", wizard.Printable(f.Err.Error()))
				}
				return s
			}
		}
	}
}

func (a *app) plan(act checks.Action) {
	w := a.io.out
	line := func(format string, args ...any) { fmt.Fprintln(w, wizard.Printable(fmt.Sprintf(format, args...))) }
	line("%s\n  %s", act.Title, act.Why)
	for i, s := range act.Steps {
		line("  %d  %s", i+1, s)
	}
	line("  While it runs: %s\n  Undo: %s", act.Effect, act.Undo)
	if act.Blocked != "" {
		line("  It cannot be done from here: %s", act.Blocked)
	}
	line("  The same by hand:")
	for _, c := range act.Commands {
		line("    %s", c)
	}
}
