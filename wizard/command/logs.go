package command

import (
	"bytes"
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
	"linecheck/checks/host"
	"linecheck/wizard"
)

// LookFor is what is to be looked at: see [Program].Look.
type LookFor struct {
	Machine  host.Machine
	Profiles []*assets.Profile
	Chosen   bool     // by name: each is told of
	Paths    []string // none: the profiles' own logs
	In       io.Reader
	Since    time.Duration
	Tell     func(checks.Line) // every known line
}

type logsFlags struct{ follow, summary bool }

func (a *app) logsCommand() *cobra.Command {
	var f logsFlags
	c := &cobra.Command{Use: "logs [PATH…]", Short: lang.T("command.logs.short"),
		Long: lang.T("command.logs.long"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) > 0 && !cmd.Flags().Changed("since") {
				o.Since = 0 // what is named is read whole
			}
			if len(args) == 0 {
				a.tellPromises(cmd.Context(), &o)
			}
			if f.follow {
				return a.follow(cmd.Context(), o, args, f)
			}
			return a.logs(cmd.Context(), o, args, f)
		}}
	c.Flags().BoolVarP(&f.follow, "follow", "f", false, lang.T("command.logs.follow"))
	c.Flags().BoolVar(&f.summary, "summary", false, lang.T("command.logs.summary"))
	return c
}

// follow tells every known line as it is written, until ctx is done.
func (a *app) follow(ctx context.Context, o wizard.Options, paths []string, f logsFlags) error {
	switch {
	case f.summary:
		return errors.New(lang.T("command.bad.follow_summary"))
	case a.flags.format != "" && a.flags.format != "text" || a.flags.output != "":
		return errors.New(lang.T("command.bad.follow_format"))
	case slices.Contains(paths, "-"):
		return errors.New(lang.T("command.bad.follow_input"))
	}
	profiles, _, err := wanted(o)
	if err != nil {
		return err
	}
	standing, err := a.Follow(ctx, &discreet{w: a.io.out, redact: o.Redactor()}, o.Place.Machine, profiles, paths, o.Since)
	if ctx.Err() == nil {
		return err
	}
	switch { // a person ended it; what could not be read was told
	case standing > 0:
		a.code = 1
	case err != nil:
		a.code = 3
	}
	return nil
}

// wanted are the profiles that were chosen by name, else all that there are.
func wanted(o wizard.Options) (profiles []*assets.Profile, chosen bool, err error) {
	if len(o.Profiles) > 0 {
		return o.Profiles, true, nil
	}
	profiles, err = assets.Profiles()
	return profiles, false, err
}

// logs looks once, tells the lines, and judges by them.
func (a *app) logs(ctx context.Context, o wizard.Options, paths []string, f logsFlags) error {
	format := a.flags.format
	text := format == "" || format == "text"
	send, err := a.sender(ctx)
	if err != nil {
		return err
	}
	profiles, chosen, err := wanted(o)
	if err != nil {
		return err
	}
	look := LookFor{Machine: o.Place.Machine, Profiles: profiles, Chosen: chosen, Paths: paths, In: a.io.in, Since: o.Since}
	said := newSaying(o.Redactor(), o.Since)
	if text && !f.summary {
		look.Tell = said.tell
	}
	if t := a.flags.timeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	began := time.Now()
	l, err := a.Look(ctx, look)
	if err != nil {
		return err
	}
	if len(paths) > 0 && l.Files == 0 {
		return errors.Join(append(l.Problems, errors.New(lang.T("command.bad.nothing_read")))...)
	}
	if l.Files == 0 {
		fmt.Fprintln(a.io.err, lang.T("command.no_log"))
	}
	s, ok := l.Session(o.Role, began, time.Now())
	if !ok {
		return errors.New(lang.T("command.bad.no_profile"))
	}
	r := o.Report(s, wizard.NewRunID())
	a.code = wizard.ExitCode(s, r.Verdict)
	if !text {
		return send(func(w io.Writer) error { return r.Write(w, format) })
	}
	var from time.Time
	if o.Since > 0 && !l.AsOf.IsZero() {
		from = l.AsOf.Add(-o.Since)
	}
	return send(func(w io.Writer) error { return writeLogs(w, said, from, r) })
}

// oneScreen is how many lines are read at a glance. Where there are more, the verdict stands before them too.
const oneScreen = 40

func writeLogs(w io.Writer, said *saying, from time.Time, r wizard.Report) error {
	var b bytes.Buffer
	if err := errors.Join(said.write(&b, from), r.WriteLogs(&b)); err != nil {
		return err
	}
	if bytes.Count(b.Bytes(), []byte("\n")) > oneScreen {
		if _, err := io.WriteString(w, r.LogsHead()); err != nil {
			return err
		}
	}
	_, err := b.WriteTo(w)
	return err
}

// look is [wizard.Options].Look with everything else that this program was told.
func (a *app) look(o wizard.Options) wizard.Look {
	if a.Look == nil {
		return nil
	}
	return func(ctx context.Context, paths []string, tell func(checks.Progress)) (wizard.Looked, error) {
		if slices.Contains(paths, "-") {
			return wizard.Looked{}, errors.New(lang.T("command.bad.input_taken"))
		}
		profiles, chosen, err := wanted(o)
		if err != nil {
			return wizard.Looked{}, err
		}
		m := o.Place.Machine
		for _, p := range paths {
			m = withProgress(m, p, tell)
		}
		return a.Look(ctx, LookFor{Machine: m, Profiles: profiles, Chosen: chosen, Paths: paths})
	}
}
