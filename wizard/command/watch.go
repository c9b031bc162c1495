package command

import (
	"context"
	"encoding/json"
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

// watchFlags are those of `linecheck watch`.
type watchFlags struct {
	every, most time.Duration
}

func (a *app) watchCommand() *cobra.Command {
	var f watchFlags
	c := &cobra.Command{Use: "watch", Short: lang.T("command.watch.short"),
		Long: lang.T("command.watch.long"),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(a.flags.format); err != nil {
				return err
			}
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			if len(o.Profiles) == 0 {
				if o.Profiles, err = a.found(cmd.Context(), o); err != nil {
					return err
				}
			}
			a.tellPromises(cmd.Context(), &o)
			return a.watch(cmd.Context(), o, f)
		}}
	f.add(c)
	return c
}

func (f *watchFlags) add(c *cobra.Command) {
	c.Flags().DurationVar(&f.every, "every", 0, lang.T("command.watch.every"))
	c.Flags().DurationVar(&f.most, "for", 0, lang.T("command.watch.for"))
}

func (f watchFlags) check(format string) error {
	switch {
	case f.every != 0 && f.every < wizard.WatchLeast:
		return errors.New(lang.T("command.bad.every", "time", f.every, "least", wizard.WatchLeast))
	case f.most < 0:
		return errors.New(lang.T("command.bad.negative_for"))
	case !slices.Contains([]string{"", "text", "ndjson"}, format):
		return errors.New(lang.T("command.bad.watch_format", "word", format))
	}
	return nil
}

// lineChecks are those that look at the line and at nothing else, and the one that tells which of two servers is used.
func lineChecks(profiles []*assets.Profile) []checks.Check {
	modes := slices.ContainsFunc(profiles, func(p *assets.Profile) bool { return p.Domain != nil })
	return slices.DeleteFunc(checks.All(), func(c checks.Check) bool {
		id := c.Spec().ID
		return id != "proxy" && id != "allowlist" && (id != "domain" || !modes)
	})
}

// watch runs until the line is healthy, the time is over, or the person ends it.
func (a *app) watch(ctx context.Context, o wizard.Options, f watchFlags) error {
	send, err := a.sender(ctx)
	if err != nil {
		return err
	}
	o.Checks = lineChecks(o.Profiles)
	end := ctx
	if f.most > 0 {
		var cancel context.CancelFunc
		end, cancel = context.WithTimeout(ctx, f.most)
		defer cancel()
	}
	return send(func(w io.Writer) error {
		t := teller{w: w, lines: a.flags.format != "ndjson", several: len(o.Profiles) > 1, clean: o.Redactor()}
		code, headline := wizard.Watch{Profiles: o.Profiles, Rules: o.Rules, Every: f.every, Tell: t.turn,
			Round: func(ctx context.Context, profiles []*assets.Profile) wizard.Session {
				r := wizard.NewRunner(ctx, o.Env(), o.Place.Hands)
				defer r.Close()
				return wizard.Play(ctx, wizard.New(o.Role, profiles, o.Checks, time.Now()), r, nil)
			}}.Run(end)
		if ctx.Err() != nil {
			a.code = 130
			return t.err
		}
		a.code = code
		t.end(code, headline)
		return t.err
	})
}

// teller writes what a watch tells. After an error it writes nothing more.
type teller struct {
	w       io.Writer
	lines   bool
	several bool
	clean   func(string) string
	err     error
}

func (t *teller) turn(c wizard.Turn) {
	c.Subject, c.Now, c.Was = t.clean(c.Subject), t.clean(c.Now), t.clean(c.Was)
	if t.lines {
		t.say(c.Line(t.several))
		return
	}
	t.object(map[string]any{"kind": "change", "at": stamp(c.At), "profile": c.Profile, "subject": c.Subject, "now": c.Now, "was": c.Was, "status": c.Status})
}

func (t *teller) end(code int, headline string) {
	headline = t.clean(headline)
	if t.lines {
		t.say(time.Now().Format("15:04:05") + " " + headline)
		return
	}
	t.object(map[string]any{"kind": "end", "at": stamp(time.Now()), "exit_code": code, "headline": headline})
}

func (t *teller) say(line string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.w, wizard.Printable(line))
	}
}

func (t *teller) object(v map[string]any) {
	if t.err == nil {
		b, err := json.Marshal(v)
		if err == nil {
			_, err = wizard.Steerless(t.w).Write(append(b, '\n'))
		}
		t.err = err
	}
}

func stamp(at time.Time) string { return at.Format("2006-01-02T15:04:05.000Z07:00") }
