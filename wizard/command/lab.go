package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

func (a *app) labCommand() *cobra.Command {
	var list bool
	var run, fault string
	c := &cobra.Command{Use: "lab", Short: "A practice network on this computer alone, with faults to choose from",
		Long: "The practice network plays a whole computer and its network on loopback: names, proxies, servers, services,\n" +
			"a cache and growing logs. Nothing real is asked or changed. --run walks the wizard against it.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if run == "" {
				run = fault
			}
			if list || run == "" {
				return a.labList()
			}
			return a.labRun(cmd.Context(), run)
		}}
	c.Flags().BoolVar(&list, "list", false, "the faults there are")
	c.Flags().StringVar(&run, "run", "", "walk the wizard against this fault")
	c.Flags().StringVar(&fault, "fault", "", "the same as --run")
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

func (a *app) labRun(ctx context.Context, name string) error {
	o, err := a.options()
	if err != nil {
		return err
	}
	place, profiles, err := a.practise(ctx, name)
	if err != nil {
		return err
	}
	defer place.Close()
	o.Place, o.Ask = place, false
	if len(o.Profiles) == 0 {
		o.Profiles = profiles
	}
	if a.flags.format != "" || !a.Terminal {
		return a.headless(ctx, o)
	}
	return a.screen(ctx, o)
}

// practise opens the practice network for a scene, with the profiles that the scene plays or that --profile names.
func (a *app) practise(_ context.Context, name string) (wizard.Place, []*assets.Profile, error) {
	scenes, err := lab.Scenes()
	if err != nil {
		return wizard.Place{}, nil, err
	}
	i := slices.IndexFunc(scenes, func(s lab.Scene) bool { return s.Name == name })
	if i < 0 {
		return wizard.Place{}, nil, usagef("there is no scene %q; 'linecheck lab --list' names them", name)
	}
	profiles, err := a.flags.load()
	if err != nil {
		return wizard.Place{}, nil, err
	}
	for _, p := range scenes[i].Profiles {
		if len(a.flags.profiles) > 0 {
			break
		}
		loaded, err := assets.LoadProfile(p, nil)
		if err == nil && len(scenes[i].Vars) > 0 {
			loaded, err = loaded.Fill(known(loaded, scenes[i].Vars), "scene")
		}
		if err != nil {
			return wizard.Place{}, nil, err
		}
		profiles = append(profiles, loaded)
	}
	l, err := lab.Start(scenes[i], profiles)
	if err != nil {
		return wizard.Place{}, nil, fmt.Errorf("the practice network does not start: %w", err)
	}
	return wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Practice: name, Close: func() { l.Close() }}, profiles, nil
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
