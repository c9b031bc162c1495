package proxy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Whose settings a source holds and who gets them, in the words of the screen.
const (
	you            = "you"
	product        = "the product"
	everybody      = "everybody"
	services       = "services"
	localSystem    = "LocalSystem"
	localService   = "LocalService"
	networkService = "NetworkService"
	browser        = "your browser"
	shell          = "command line"
	packages       = "package manager"
	searchers      = "whoever searches" // only those with [host.Auto] on
)

// The names of the sources.
const (
	ownStore        = "the product's own setting"
	internetOptions = "Internet Options"
	winHTTP         = "WinHTTP"
	environment     = "the environment"
	unitEnvironment = "service environment"
	etcEnvironment  = "/etc/environment"
)

// source is one setting, read and understood as far as it can be.
type source struct {
	host.Setting
	entries  []entry
	bad      error       // it is set, and is no proxy
	who      string      // the identity that gets it; a setting for everybody gives way to an identity's own
	reads    reading     // how those who get it read its exceptions
	suffixes bool        // its exceptions are read as curl does
	mark     assets.Mark // how well known it is that this is read, and by whom
	note     string      // why it is not in use though something stands there, or what else a person must know of it
	proof    []checks.Evidence
}

// set reports whether the source chooses anything but direct.
func (s source) set() bool {
	return slices.ContainsFunc(s.Modes, func(m host.Mode) bool { return m != host.Direct })
}

func (s source) has(m host.Mode) bool { return slices.Contains(s.Modes, m) }

// fromHost takes over what a system's interface told; its raw text is not fit to be shown yet.
func fromHost(s host.Setting, reads reading) source {
	s.Raw = mask(s.Raw)
	return source{Setting: s, reads: reads}
}

// understand parses what the source names by hand, and describes what has no raw text.
func (s source) understand() source {
	if s.who == "" {
		s.who = s.Whose
	}
	s.suffixes = s.reads == asCurl
	if s.has(host.Manual) && s.entries == nil && s.bad == nil {
		s.entries, s.bad = parse(s.Server)
		if s.bad == nil && len(s.entries) == 0 {
			s.Modes = without(s.Modes, host.Manual)
		}
	}
	if s.has(host.PAC) && s.PACURL == "" {
		s.Modes = without(s.Modes, host.PAC)
	}
	switch {
	case s.Raw != "":
	case s.Err != nil:
		s.Raw = "not known"
	default:
		s.Raw = s.describe()
	}
	if len(s.proof) == 0 && s.Err == nil {
		s.proof = []checks.Evidence{{Source: s.Where, Text: s.Raw}}
	}
	return s
}

// describe writes the setting in a line.
func (s source) describe() string {
	var part []string
	for _, m := range s.Modes {
		switch m {
		case host.Manual:
			part = append(part, "proxy "+mask(s.Server))
		case host.PAC:
			part = append(part, "PAC file "+mask(s.PACURL))
		case host.Auto:
			part = append(part, "automatic search")
		}
	}
	if len(part) == 0 {
		part = append(part, "no proxy")
	}
	if len(s.Bypass) > 0 {
		part = append(part, "except "+clean(strings.Join(s.Bypass, ";"), 200))
	}
	return strings.Join(part, ", ")
}

func without(modes []host.Mode, m host.Mode) []host.Mode {
	return slices.DeleteFunc(slices.Clone(modes), func(x host.Mode) bool { return x == m })
}

// gather reads every source of the machine, the product's own first.
func (r *run) gather(ctx context.Context) []source {
	out := r.stores(ctx)
	told := r.env.Machine.Proxies.Settings(ctx)
	if r.env.Machine.OS == "windows" {
		out = append(out, r.windows(told)...)
	} else {
		out = append(out, r.units(ctx)...)
		for _, s := range told {
			out = append(out, fromHost(s, asGNOME))
		}
		out = append(out, r.etc())
	}
	out = append(out, r.process())
	for i := range out {
		out[i] = out[i].understand()
	}
	return out
}

// process is this program's own environment: what a person who types a command here gets.
func (r *run) process() source {
	s := source{Setting: host.Setting{Source: environment, Whose: you, Where: "this process"}}
	return s.variables(r.env.Machine.Environ.Get)
}

// variables fills a source from the proxy variables, in curl's order: the scheme's own, then all_proxy; lower case first.
func (s source) variables(get func(string) string) source {
	s.reads = asCurl
	var raw []string
	for _, v := range []struct{ name, scheme string }{{"https_proxy", "https"}, {"http_proxy", "http"}, {"all_proxy", ""}} {
		for _, name := range []string{v.name, strings.ToUpper(v.name)} {
			value := strings.TrimSpace(get(name))
			if value == "" {
				continue
			}
			raw = append(raw, name+"="+mask(value))
			found, err := parse(value)
			if err != nil {
				s.bad = fmt.Errorf("%s is no proxy: %w", name, err)
			}
			if len(found) > 0 {
				found[0].For = v.scheme
				s.entries = append(s.entries, found[0])
			}
			break
		}
	}
	for _, name := range []string{"no_proxy", "NO_PROXY"} {
		if v := get(name); v != "" {
			s.Bypass = exceptions(v)
			raw = append(raw, name+"="+clean(v, 200))
			break
		}
	}
	if len(s.entries) > 0 || s.bad != nil {
		s.Modes = []host.Mode{host.Manual}
	}
	s.Raw = strings.Join(raw, ", ")
	if s.Raw == "" {
		s.Raw = "no proxy variable"
	}
	s.proof = []checks.Evidence{{Source: s.Where, Text: s.Raw}}
	return s
}
