package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/wizard"
)

// cleanFlags are those of clean alone.
type cleanFlags struct {
	yes    bool // carry the plan out
	agreed bool // the customer who listens has agreed
}

func (a *app) cleanCommand() *cobra.Command {
	var f cleanFlags
	c := &cobra.Command{Use: "clean", Short: lang.T("command.clean.short"), Args: cobra.NoArgs,
		Long: lang.T("command.clean.long"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			if f.yes && o.Role == wizard.Guided && !f.agreed {
				return errors.New(lang.T("command.bad.guided"))
			}
			if o.Checks, err = withWhatItNeeds("cache"); err != nil {
				return err
			}
			a.tellPromises(cmd.Context(), &o)
			return a.clean(cmd.Context(), o, f)
		}}
	c.Flags().BoolVar(&f.yes, "yes", false, lang.T("command.clean.yes"))
	c.Flags().BoolVar(&f.agreed, "agreed", false, lang.T("command.clean.agreed"))
	return c
}

// withWhatItNeeds is a check and every other one whose facts it builds on.
func withWhatItNeeds(id checks.ID) ([]checks.Check, error) {
	c, ok := checks.Lookup(id)
	if _, can := c.(checks.Fixer); !ok || !can {
		return nil, errors.New(lang.T("command.bad.no_check_built", "check", id))
	}
	out := []checks.Check{c}
	for i := 0; i < len(out); i++ {
		for _, other := range checks.All() {
			if slices.ContainsFunc(out[i].Spec().Needs, func(f checks.FactName) bool { return slices.Contains(other.Spec().Provides, f) }) &&
				!slices.ContainsFunc(out, func(o checks.Check) bool { return o.Spec().ID == other.Spec().ID }) {
				out = append(out, other)
			}
		}
	}
	slices.SortFunc(out, func(a, b checks.Check) int { return a.Spec().Order - b.Spec().Order })
	return out, nil
}

// clean looks, prints every plan it finds, and carries it out where the person said so.
func (a *app) clean(ctx context.Context, o wizard.Options, f cleanFlags) error {
	out, write := a.io.out, func(wizard.Report) error { return nil }
	if a.flags.format != "" || a.flags.output != "" {
		var err error
		if write, err = a.writer(ctx); err != nil {
			return err
		}
		out = a.io.err // the report has standard output to itself
	}
	if len(o.Profiles) == 0 {
		all, err := assets.Profiles()
		if err != nil {
			return err
		}
		o.Profiles = slices.DeleteFunc(all, func(p *assets.Profile) bool { return p.Cache == nil })
	}
	r := wizard.NewRunner(context.WithoutCancel(ctx), o.Env(), o.Place.Hands)
	defer r.Close()
	c := cleaning{app: a, out: out, o: o, r: r}
	c.s = wizard.Play(ctx, o.New(o.Profiles, o.Role, time.Now()), r, nil)
	todo, err := c.plans()
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err() // whoever left knows why nothing was looked at
		}
		return err
	}
	if f.yes && ctx.Err() == nil && len(todo) > 0 {
		c.carryOut(ctx, todo, f)
	} else if len(todo) > 0 {
		more := lang.T("command.clean.more")
		if o.Role == wizard.Guided {
			more = lang.T("command.clean.more_guided")
		}
		c.say(lang.T("command.clean.todo", "flags", more))
	}
	if err := write(o.Report(c.s, wizard.NewRunID())); err != nil {
		return err
	}
	if a.code == 5 {
		return nil // a service may be down: that says more than that the person left
	}
	return ctx.Err()
}

// cleaning is one call of clean.
type cleaning struct {
	*app
	out io.Writer
	o   wizard.Options
	s   wizard.Session
	r   *wizard.Runner
}

// approved is an action that a person may carry out.
type approved struct {
	key    wizard.Key
	action checks.Action
}

func (c *cleaning) say(line string) { fmt.Fprintln(c.out, wizard.Printable(line)) }

// plans prints what was seen and what could be done, and returns what can be done from here.
func (c *cleaning) plans() (todo []approved, err error) {
	plans := 0
	for _, p := range c.s.Profiles {
		k := wizard.Key{Check: "cache", Profile: p.Name}
		run := c.s.Run(k)
		for _, f := range run.Result.Findings {
			c.say(p.Name + ": " + checks.TextOf("cache", f).Text)
		}
		if run.Err != nil {
			c.code = 3
			return nil, saidOf(run.Err, lang.T("command.bad.cache_failed", "profile", p.Name, "why", lang.Phrase(run.Err.Error())))
		}
		if run.State != wizard.Done {
			c.code = 3
			return nil, errors.New(lang.T("command.bad.cache_not", "profile", p.Name))
		}
		for _, act := range run.Result.Actions {
			plans++
			for i, line := range wizard.Plan(act, c.o.Role) {
				if i > 0 {
					line = "  " + line
				}
				c.say(line)
			}
			if act.Blocked != "" {
				c.code = 3
				continue
			}
			todo = append(todo, approved{k, act})
		}
	}
	if plans == 0 {
		c.say(lang.T("command.clean.nothing"))
	} else if len(todo) == 0 {
		c.say(lang.T("command.clean.unchanged"))
	}
	return todo, nil
}

// carryOut looks at all that a cleanup may change, does it, and looks again.
func (c *cleaning) carryOut(ctx context.Context, todo []approved, f cleanFlags) {
	by := wizard.Approval{At: time.Now(), How: wizard.ByFlag}
	if c.o.Role == wizard.Guided && f.agreed {
		by.Customer = wizard.Agreed
	}
	var more []checks.Check
	for _, t := range todo {
		for _, id := range t.action.Again {
			if check, ok := checks.Lookup(id); ok {
				more = append(more, check)
			}
		}
	}
	c.s = wizard.Play(ctx, c.s.With(more), c.r, c.io.err)
	for _, t := range todo {
		if ctx.Err() != nil { // after Ctrl+C no other product's service is stopped
			break
		}
		c.fix(ctx, t, by)
	}
	if ctx.Err() == nil {
		c.s = wizard.Play(ctx, c.s, c.r, c.io.err)
	}
	for _, line := range c.o.Report(c.s, "").RepairLines() {
		c.say(line)
	}
	for _, r := range c.s.Repairs {
		for _, line := range r.Advice(c.o.Role) {
			c.say(line)
		}
	}
}

// approve carries out what the cache's check offers in a session that has looked at everything, as the person of a scene
// would.
func (a *app) approve(ctx context.Context, o wizard.Options, s wizard.Session, r *wizard.Runner) wizard.Session {
	c := cleaning{app: a, out: a.io.err, o: o, s: s, r: r}
	if todo, err := c.plans(); err == nil && len(todo) > 0 {
		c.carryOut(ctx, todo, cleanFlags{yes: true, agreed: true})
	}
	return c.s
}

// fix carries one action out and waits for its end, whatever happens to ctx: the service has to run again.
func (c *cleaning) fix(ctx context.Context, t approved, by wizard.Approval) {
	c.s = c.r.Fix(c.s, t.key, t.action, by)
	tell := wizard.Steps(func(line string) { fmt.Fprintln(c.io.err, wizard.Printable(line)) })
	for {
		for _, ch := range c.r.Next(context.WithoutCancel(ctx)) {
			if ctx.Err() != nil {
				c.s = c.s.Apply(wizard.Interrupted{})
			}
			c.s = c.s.Apply(ch)
			switch ch := ch.(type) {
			case wizard.EventsSeen:
				tell(ch.Steps)
			case wizard.FixFinished:
				if ch.Err != nil {
					c.code = 5
					fmt.Fprintf(c.io.err, "linecheck: %s\n", wizard.Printable(lang.Phrase(ch.Err.Error())))
				}
				for _, done := range ch.Result.Changes {
					c.say(done.When.Format("15:04:05") + "  " + wizard.SaidChange(done))
				}
				return
			}
		}
	}
}
