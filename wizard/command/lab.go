package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

func (a *app) labCommand() *cobra.Command {
	var run, fault, watch string
	var w watchFlags
	c := &cobra.Command{Use: "lab", Short: lang.T("command.lab.short"),
		Long: lang.T("command.lab.long"),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case run != "" && fault != "":
				return errors.New(lang.T("command.bad.run_and_fault"))
			case watch != "":
				return a.labWatch(cmd.Context(), watch, w)
			case run != "":
				return a.labRun(cmd.Context(), run)
			case fault != "":
				return a.labServe(cmd.Context(), fault)
			}
			return a.labList()
		}}
	c.Flags().Bool("list", false, lang.T("command.lab.list"))
	c.Flags().StringVar(&run, "run", "", lang.T("command.lab.run"))
	c.Flags().StringVar(&fault, "fault", "", lang.T("command.lab.fault"))
	c.Flags().StringVar(&watch, "watch", "", lang.T("command.lab.watch"))
	w.add(c)
	a.recorded(c)
	for _, name := range []string{"watch", "every", "for"} {
		if err := c.Flags().MarkHidden(name); err != nil {
			panic(err) // there is no such flag
		}
	}
	return c
}

func (a *app) labList() error {
	scenes, err := lab.Scenes()
	if err != nil {
		return err
	}
	for _, s := range scenes {
		fmt.Fprintf(a.io.out, "%-28s %s\n", s.Name, s.Title)
	}
	return nil
}

// labServe opens the practice network, says where it listens, and keeps it open until ctx is done.
func (a *app) labServe(ctx context.Context, name string) error {
	l, _, err := a.openLab(name)
	if err != nil {
		return err
	}
	defer l.Close()
	lines, err := l.Serves()
	if err != nil {
		return err
	}
	for _, line := range lines {
		fmt.Fprintln(a.io.out, line)
	}
	<-ctx.Done()
	return nil
}

func (a *app) labRun(ctx context.Context, name string) error {
	o, err := a.practice(ctx, name)
	if err != nil {
		return err
	}
	defer o.Place.Close()
	return a.walk(ctx, o)
}

func (a *app) labWatch(ctx context.Context, name string, w watchFlags) error {
	if err := w.check(a.flags.format); err != nil {
		return err
	}
	o, err := a.practice(ctx, name)
	if err != nil {
		return err
	}
	defer o.Place.Close()
	return a.watch(ctx, o, w)
}

// practice are the options of a session in the practice network. Whoever asks closes its place.
func (a *app) practice(ctx context.Context, name string) (wizard.Options, error) {
	place, profiles, err := a.practise(ctx, name)
	if err != nil {
		return wizard.Options{}, err
	}
	a.flags.profiles, a.flags.vars = nil, nil // the practice network has filled them in, with what its scene says
	o, err := a.options(ctx)
	if err != nil {
		place.Close()
		return o, err
	}
	o.Place, o.Profiles, o.Ask = place, profiles, false
	return o, nil
}

// practise is openLab in the form that the screens know a place in.
func (a *app) practise(_ context.Context, name string) (wizard.Place, []*assets.Profile, error) {
	l, profiles, err := a.openLab(name)
	if err != nil {
		return wizard.Place{}, nil, err
	}
	a.do = l.Scene().Do
	return wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Public: l.Public(), Practice: l.Scene().Name, Close: func() { l.Close() }}, profiles, nil
}

// openLab opens the practice network for a scene, with the profiles that the scene plays or that --profile names.
func (a *app) openLab(name string) (*lab.Lab, []*assets.Profile, error) {
	scene, err := lab.Find(name)
	if err != nil {
		return nil, nil, saidOf(err, lang.T("command.bad.scene", "why", lang.Phrase(err.Error())))
	}
	f := a.flags
	if len(f.profiles) == 0 {
		f.profiles = scene.Profiles
	}
	profiles, err := f.load()
	if err != nil {
		return nil, nil, err
	}
	for i, p := range profiles {
		if profiles[i], err = p.Fill(known(p, scene.Vars), "scene"); err != nil {
			return nil, nil, err
		}
	}
	l, err := lab.Start(scene, profiles)
	return l, profiles, err
}

func known(p *assets.Profile, vars map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range vars {
		if _, ok := p.Vars[k]; ok {
			out[k] = v
		}
	}
	return out
}
