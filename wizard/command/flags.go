package command

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/wizard"
)

// flags are those that every command takes.
type flags struct {
	profiles, vars, checks       []string
	role, format, output, redact string
	color, theme, lang           string
	since, timeout               time.Duration
	ascii, accessible            bool
	proxyLogin, portals          bool
}

func (f *flags) add(root *cobra.Command) {
	p := root.PersistentFlags()
	p.StringArrayVar(&f.profiles, "profile", nil, lang.T("command.flag.profile"))
	p.StringArrayVar(&f.vars, "var", nil, lang.T("command.flag.var"))
	p.StringSliceVar(&f.checks, "checks", nil, lang.T("command.flag.checks"))
	p.StringVar(&f.role, "role", "", lang.T("command.flag.role"))
	p.StringVar(&f.format, "format", "", lang.T("command.flag.format", "list", strings.Join(wizard.Formats, ", ")))
	p.StringVarP(&f.output, "output", "o", "", lang.T("command.flag.output"))
	p.StringVar(&f.redact, "redact", string(wizard.RedactStandard), lang.T("command.flag.redact"))
	p.DurationVar(&f.since, "since", 24*time.Hour, lang.T("command.flag.since"))
	p.DurationVar(&f.timeout, "timeout", 0, lang.T("command.flag.timeout"))
	p.StringVar(&f.color, "color", "auto", lang.T("command.flag.color"))
	p.StringVar(&f.theme, "theme", "auto", lang.T("command.flag.theme"))
	p.BoolVar(&f.ascii, "ascii", false, lang.T("command.flag.ascii"))
	p.BoolVar(&f.accessible, "accessible", false, lang.T("command.flag.accessible"))
	p.BoolVar(&f.proxyLogin, "proxy-login", false, lang.T("command.flag.proxy_login", "variable", loginVariable))
	p.BoolVar(&f.portals, "portals", false, lang.T("command.flag.portals"))
	p.StringVar(&f.lang, "lang", auto, lang.T("command.flag.lang", "list", strings.Join(lang.Known(), ", ")))
}

// options turns the flags into the options of a session on this machine.
func (a *app) options(ctx context.Context) (wizard.Options, error) {
	f := a.flags
	redact := a.redact()
	rules, err := assets.LoadRules()
	if err != nil {
		return wizard.Options{}, err
	}
	o := wizard.Options{Rules: rules, Since: f.since, Portals: f.portals, Redact: redact, Color: f.color, Theme: f.theme, ASCII: f.ascii,
		Tool: wizard.Tool{Version: a.Version, Commit: a.Commit, OS: runtime.GOOS, Arch: runtime.GOARCH},
		Role: wizard.Role(f.role), LangKnown: f.lang != auto, Practise: a.practise,
		Place: wizard.Place{Machine: a.Machine(), Hands: a.Hands(), Close: func() {}}}
	if err := f.check(); err != nil {
		return o, err
	}
	if o.RoleKnown = o.Role != ""; !o.RoleKnown {
		o.Role = wizard.Helpdesk
	}
	if len(f.vars) > 0 && len(f.profiles) == 0 {
		return o, errors.New(lang.T("command.bad.var_alone"))
	}
	if o.Profiles, err = f.load(); err != nil {
		return o, err
	}
	if o.Checks, err = chosen(f.checks); err != nil {
		return o, err
	}
	if o.Place.Roots, err = roots(); err != nil {
		return o, err
	}
	if o.Login, err = a.login(ctx); err != nil {
		return o, err
	}
	o.Ask = len(o.Profiles) == 0
	o.Look = a.look(o)
	if a.Settings != nil {
		o.Remember = a.remember
	}
	return o, nil
}

// redact is what --redact asks for. A word that nobody knows is no reason to let more out than a person wanted.
func (a *app) redact() wizard.RedactLevel {
	switch level := wizard.RedactLevel(a.flags.redact); level {
	case wizard.RedactOff, wizard.RedactStandard, wizard.RedactStrict:
		return level
	}
	fmt.Fprintln(a.io.err, wizard.Printable(lang.T("command.bad.redact", "word", a.flags.redact)))
	return wizard.RedactStrict
}

// flagWords are the words of those flags that take one out of a few. A word that --redact does not know is told, and means
// strict; in a settings file, which nobody looks at each time, it is an error.
var flagWords = map[string][]string{
	"role":   {"helpdesk", "guided", "self"},
	"format": wizard.Formats,
	"color":  {"auto", "16", "none"},
	"theme":  {"auto", "dark", "light", "contrast"},
	"lang":   append([]string{auto}, lang.Known()...),
	"redact": {"off", "standard", "strict"},
}

func (f flags) check() error {
	for _, given := range [][2]string{{"role", f.role}, {"format", f.format}, {"color", f.color}, {"theme", f.theme}, {"lang", f.lang}} {
		if words := flagWords[given[0]]; given[1] != "" && !slices.Contains(words, given[1]) {
			return errors.New(lang.T("command.bad.word", "flag", given[0], "word", given[1], "list", strings.Join(words, ", ")))
		}
	}
	if f.since < 0 || f.timeout < 0 {
		return errors.New(lang.T("command.bad.negative"))
	}
	return nil
}

// load reads the profiles that were named. A variable has to belong to at least one of them.
func (f flags) load() ([]*assets.Profile, error) {
	vars := map[string]string{}
	for _, v := range f.vars {
		k, val, ok := strings.Cut(v, "=")
		if !ok || k == "" {
			return nil, errors.New(lang.T("command.bad.var_form", "word", v))
		}
		vars[k] = val
	}
	var out []*assets.Profile
	used := map[string]bool{}
	for _, name := range f.profiles {
		p, err := assets.LoadProfile(name, nil)
		if err != nil {
			return nil, err
		}
		mine := map[string]string{}
		for k, v := range vars {
			if _, ok := p.Vars[k]; ok {
				mine[k], used[k] = v, true
			}
		}
		if len(mine) > 0 {
			if p, err = p.Fill(mine, "argument"); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(out, func(o *assets.Profile) bool { return o.Name == p.Name }) {
			return nil, errors.New(lang.T("command.bad.twice", "name", p.Name))
		}
		out = append(out, p)
	}
	if len(out) > 0 {
		for k := range vars {
			if !used[k] {
				return nil, errors.New(lang.T("command.bad.no_var", "name", k))
			}
		}
	}
	return out, nil
}

func chosen(ids []string) ([]checks.Check, error) {
	if ids == nil {
		return checks.All(), nil
	}
	var known []string
	for _, c := range checks.All() {
		known = append(known, string(c.Spec().ID))
	}
	if len(ids) == 0 {
		return nil, errors.New(lang.T("command.bad.no_checks", "list", strings.Join(known, ", ")))
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, errors.New(lang.T("command.bad.no_check", "name", id, "list", strings.Join(known, ", ")))
		}
	}
	return slices.DeleteFunc(checks.All(), func(c checks.Check) bool { return !slices.Contains(ids, string(c.Spec().ID)) }), nil
}

// roots honours SSL_CERT_FILE on systems where Go does not.
func roots() (*x509.CertPool, error) {
	file := os.Getenv("SSL_CERT_FILE")
	if file == "" || runtime.GOOS == "linux" {
		return nil, nil // Go reads it itself on Linux
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("SSL_CERT_FILE: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(b) {
		return nil, errors.New(lang.T("command.bad.no_certificate", "file", file))
	}
	return pool, nil
}

// found returns the products of this machine, and all that linecheck knows where none is there: the line can be checked
// all the same.
func (a *app) found(ctx context.Context, o wizard.Options) ([]*assets.Profile, error) {
	all, err := assets.Profiles()
	if err != nil {
		return nil, err
	}
	var out []*assets.Profile
	for _, d := range wizard.Detect(ctx, o.Env(), all) {
		if d.Installed.Present {
			out = append(out, d.Profile)
		}
	}
	if len(out) == 0 {
		fmt.Fprintln(a.io.err, lang.T("command.no_product"))
		return all, nil
	}
	return out, nil
}
