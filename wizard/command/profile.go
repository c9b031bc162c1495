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
	"linecheck/assets/lang"
	"linecheck/wizard"
)

func (a *app) profileCommand() *cobra.Command {
	return group(&cobra.Command{Use: "profile", Short: lang.T("command.profile.short")},
		&cobra.Command{Use: "list", Short: lang.T("command.profile.list"), Args: cobra.NoArgs, RunE: a.profileList},
		&cobra.Command{Use: "show NAME|FILE", Short: lang.T("command.profile.show"), Args: takes("NAME|FILE", 1, 1), RunE: a.profileShow},
		&cobra.Command{Use: "lint FILE…", Short: lang.T("command.profile.lint"), Args: takes("FILE…", 1, 0), RunE: a.profileLint},
		&cobra.Command{Use: "new NAME", Short: lang.T("command.profile.new"), Args: takes("NAME", 1, 1), RunE: a.profileNew},
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
	fmt.Fprintln(w, lang.T("command.profile.head", "name", p.Name, "title", p.Title, "revision", p.Revision, "origin", p.Origin))
	for _, name := range slices.Sorted(maps.Keys(p.Vars)) {
		fmt.Fprintf(w, "  %s %-18s %q (%s) %s\n", lang.T("command.profile.variable"), name, p.Values[name], p.From[name], assets.Spoken(p.Vars[name].Help))
	}
	for _, e := range p.Endpoints {
		need := lang.T("command.profile.optional")
		if e.Required {
			need = lang.T("command.profile.required")
		}
		if v := e.Missing(p); v != "" {
			need = lang.T("command.profile.only_with", "name", v)
		}
		fmt.Fprintf(w, "  %-46s %-9s %-12s %s\n", fmt.Sprintf("%s://%s:%d%s", e.Scheme, e.Host, e.Port, e.Path), need, e.Mark, assets.Spoken(e.Purpose))
	}
	for _, s := range p.Services {
		fmt.Fprintf(w, "  %s %-16s %s\n", label("service"), s.Name, s.Title)
	}
	for _, l := range p.Logs {
		fmt.Fprintf(w, "  %s %-16s %s\n", label("log"), l.Name, strings.Join(l.Files, ", "))
	}
	for _, e := range p.Events {
		fmt.Fprintf(w, "  %s %-16s %s\n", label("events"), e.Channel, strings.Join(e.Providers, ", "))
	}
	if p.Cache != nil {
		fmt.Fprintf(w, "  %s %s\n", label("cache"), p.Cache.Dir)
	}
	fmt.Fprintf(w, "  %s\n", lang.T("command.profile.firewall", "names", strings.Join(p.Wildcards, ", ")))
	for _, n := range p.Notes {
		fmt.Fprintf(w, "  %s %s: %s (%s)\n", label("note"), assets.Spoken(n.Topic), assets.Spoken(n.Text), n.Mark)
	}
	return nil
}

// label is a word at the begin of a line, as wide as the widest of them.
func label(what string) string {
	word, most := lang.T("command.profile."+what), 0
	for _, k := range []string{"service", "log", "events", "cache", "note"} {
		most = max(most, wizard.Cells(lang.T("command.profile."+k)))
	}
	return word + strings.Repeat(" ", max(8, most)-wizard.Cells(word))
}

func (a *app) profileLint(_ *cobra.Command, args []string) error {
	var bad []error
	for _, file := range args {
		p, err := assets.LoadProfile(file, nil)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		fmt.Fprintln(a.io.out, lang.T("command.profile.well", "file", file, "name", p.Name, "n", len(p.Endpoints)))
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
		return saidOf(err, lang.T("command.bad.profile_lost", "why", err))
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
