package command

import (
	"context"
	"crypto/x509"
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
	p.StringArrayVar(&f.profiles, "profile", nil, "product to check: a name (see 'linecheck profile list') or a file; repeatable")
	p.StringArrayVar(&f.vars, "var", nil, "value for a profile's variable, key=value; repeatable")
	p.StringSliceVar(&f.checks, "checks", nil, "only these checks, separated by commas")
	p.StringVar(&f.role, "role", "", "who you are: helpdesk, guided (a customer listens) or self")
	p.StringVar(&f.format, "format", "", "form of the result: "+strings.Join(wizard.Formats, ", "))
	p.StringVarP(&f.output, "output", "o", "", "file to write the result to, without a screen")
	p.StringVar(&f.redact, "redact", string(wizard.RedactStandard), "what is replaced in reports: off, standard, strict")
	p.DurationVar(&f.since, "since", 24*time.Hour, "how far back logs are read")
	p.DurationVar(&f.timeout, "timeout", 0, "the longest the whole run may take; 0: no limit of its own")
	p.StringVar(&f.color, "color", "auto", "auto, 16 or none")
	p.StringVar(&f.theme, "theme", "auto", "colours for the terminal's background: auto, dark, light, contrast")
	p.BoolVar(&f.ascii, "ascii", false, "plain ASCII signs only")
	p.BoolVar(&f.accessible, "accessible", false, "line by line for screen readers: no repainting, numbered choices")
	p.BoolVar(&f.proxyLogin, "proxy-login", false, "ask for a login at the proxy; it is never stored or shown (or set "+loginVariable+"=user:password)")
	p.BoolVar(&f.portals, "portals", false, "look for the network's login page too, at the addresses that systems use for that")
	p.StringVar(&f.lang, "lang", auto, "language: auto (the system's), "+strings.Join(lang.Known(), ", "))
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
		Role: wizard.Role(f.role), Practise: a.practise,
		Place: wizard.Place{Machine: a.Machine(), Hands: a.Hands(), Close: func() {}}}
	if err := f.check(); err != nil {
		return o, err
	}
	if o.RoleKnown = o.Role != ""; !o.RoleKnown {
		o.Role = wizard.Helpdesk
	}
	if len(f.vars) > 0 && len(f.profiles) == 0 {
		return o, fmt.Errorf("--var needs --profile: a variable belongs to one; 'linecheck profile show NAME' lists them")
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
	fmt.Fprintf(a.io.err, "linecheck: --redact %s is not known, so everything that strict replaces is replaced; it takes off, standard, strict\n",
		wizard.Printable(fmt.Sprintf("%q", a.flags.redact)))
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
			return fmt.Errorf("--%s is %q; it takes %s", given[0], given[1], strings.Join(words, ", "))
		}
	}
	if f.since < 0 || f.timeout < 0 {
		return fmt.Errorf("--since and --timeout cannot be negative")
	}
	return nil
}

// load reads the profiles that were named. A variable has to belong to at least one of them.
func (f flags) load() ([]*assets.Profile, error) {
	vars := map[string]string{}
	for _, v := range f.vars {
		k, val, ok := strings.Cut(v, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("--var is %q; it takes key=value", v)
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
			return nil, fmt.Errorf("the profile %s is named twice", p.Name)
		}
		out = append(out, p)
	}
	if len(out) > 0 {
		for k := range vars {
			if !used[k] {
				return nil, fmt.Errorf("no profile here has a variable %q; 'linecheck profile show NAME' lists them", k)
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
		return nil, fmt.Errorf("--checks names no check; known are %s", strings.Join(known, ", "))
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, fmt.Errorf("there is no check %q; known are %s", id, strings.Join(known, ", "))
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
		return nil, fmt.Errorf("SSL_CERT_FILE: %s holds no certificate in PEM form", file)
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
		fmt.Fprintln(a.io.err, "no known product was found on this computer; checking the lines of all known ones (choose with --profile)")
		return all, nil
	}
	return out, nil
}
