package command

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"linecheck/assets"
)

func (a *app) profileCommand() *cobra.Command {
	return group(&cobra.Command{Use: "profile", Short: "The vendor profiles: list, show, lint, new"},
		&cobra.Command{Use: "list", Short: "The profiles that linecheck brings", Args: cobra.NoArgs, RunE: a.profileList},
		&cobra.Command{Use: "show NAME|FILE", Short: "What a profile says, with its variables filled in", Args: takes("NAME|FILE", 1, 1), RunE: a.profileShow},
		&cobra.Command{Use: "lint FILE…", Short: "Every mistake in profiles of your own, with line and remedy", Args: takes("FILE…", 1, 0), RunE: a.profileLint},
		&cobra.Command{Use: "new NAME", Short: "A commented profile to start from, on standard output or in --output", Args: takes("NAME", 1, 1), RunE: a.profileNew},
	)
}

func (a *app) profileList(*cobra.Command, []string) error {
	list, err := assets.Profiles()
	if err != nil {
		return err
	}
	for _, p := range list {
		fmt.Fprintf(a.io.out, "%-14s %s  %s (%s)\n", p.Name, p.Revision, p.Title, strings.Join(p.Products, ", "))
	}
	return nil
}

func (a *app) profileShow(_ *cobra.Command, args []string) error {
	a.flags.profiles = []string{args[0]}
	list, err := a.flags.load()
	if err != nil {
		return err
	}
	p, w := list[0], a.io.out
	fmt.Fprintf(w, "%s  %s, revision %s, from %s\n", p.Name, p.Title, p.Revision, p.Origin)
	for _, name := range slices.Sorted(maps.Keys(p.Vars)) {
		fmt.Fprintf(w, "  variable %-18s %q (%s) %s\n", name, p.Values[name], p.From[name], p.Vars[name].Help)
	}
	for _, e := range p.Endpoints {
		need := "optional"
		if e.Required {
			need = "required"
		}
		if v := e.Missing(p); v != "" {
			need = "only with --var " + v + "=…"
		}
		fmt.Fprintf(w, "  %-46s %-9s %-12s %s\n", fmt.Sprintf("%s://%s:%d%s", e.Scheme, e.Host, e.Port, e.Path), need, e.Mark, e.Purpose)
	}
	for _, s := range p.Services {
		fmt.Fprintf(w, "  service  %-16s %s\n", s.Name, s.Title)
	}
	for _, l := range p.Logs {
		fmt.Fprintf(w, "  log      %-16s %s\n", l.Name, strings.Join(l.Files, ", "))
	}
	for _, e := range p.Events {
		fmt.Fprintf(w, "  events   %-16s %s\n", e.Channel, strings.Join(e.Providers, ", "))
	}
	if p.Cache != nil {
		fmt.Fprintf(w, "  cache    %s\n", p.Cache.Dir)
	}
	fmt.Fprintf(w, "  firewall must allow %s\n", strings.Join(p.Wildcards, ", "))
	for _, n := range p.Notes {
		fmt.Fprintf(w, "  note     %s: %s (%s)\n", n.Topic, n.Text, n.Mark)
	}
	return nil
}

func (a *app) profileLint(_ *cobra.Command, args []string) error {
	var bad []error
	for _, file := range args {
		p, err := assets.LoadProfile(file, nil)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		fmt.Fprintf(a.io.out, "%s: no mistake found (%s, endpoints: %d)\n", file, p.Name, len(p.Endpoints))
	}
	if len(bad) > 0 {
		return errors.Join(bad...)
	}
	return nil
}

func (a *app) profileNew(_ *cobra.Command, args []string) error {
	b := assets.NewProfile(args[0])
	if _, err := assets.ParseProfile(args[0], b); err != nil {
		return err
	}
	if a.flags.output == "" {
		_, err := a.io.out.Write(b)
		return err
	}
	f, err := os.OpenFile(a.flags.output, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("the profile cannot be written: %w", err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
