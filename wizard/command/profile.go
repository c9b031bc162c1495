package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"linecheck/assets"
)

func (a *app) profileCommand() *cobra.Command {
	c := &cobra.Command{Use: "profile", Short: "The vendor profiles: list, show, lint, new"}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "The profiles that linecheck brings", Args: cobra.NoArgs, RunE: a.profileList},
		&cobra.Command{Use: "show NAME|FILE", Short: "What a profile says, with its variables filled in", Args: cobra.ExactArgs(1), RunE: a.profileShow},
		&cobra.Command{Use: "lint FILE…", Short: "Every mistake in profiles of your own, with line and remedy", Args: cobra.MinimumNArgs(1), RunE: a.profileLint},
		&cobra.Command{Use: "new NAME", Short: "A commented profile to start from, on standard output or in --output", Args: cobra.ExactArgs(1), RunE: a.profileNew},
	)
	return c
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
	for _, name := range slices.Sorted(keys(p.Vars)) {
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
	if p.Cache != nil {
		fmt.Fprintf(w, "  cache    %s\n", p.Cache.Dir)
	}
	fmt.Fprintf(w, "  firewall must allow %s\n", strings.Join(p.Wildcards, ", "))
	for _, n := range p.Notes {
		fmt.Fprintf(w, "  note     %s: %s (%s)\n", n.Topic, n.Text, n.Mark)
	}
	return nil
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
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
		return usage{errors.Join(bad...)}
	}
	return nil
}

func (a *app) profileNew(_ *cobra.Command, args []string) error {
	b := assets.NewProfile(args[0])
	if _, err := assets.ParseProfile(args[0], b); err != nil {
		return usage{err}
	}
	if a.flags.output == "" {
		_, err := a.io.out.Write(b)
		return err
	}
	f, err := os.OpenFile(a.flags.output, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return usagef("the profile cannot be written: %w", err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// limited reads at most n bytes and says so where there are more.
func limited(r io.Reader, n int64, what string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, n+1))
	if err == nil && int64(len(b)) > n {
		err = fmt.Errorf("%s is larger than %d MB", what, n>>20)
	}
	return b, err
}
