package proxy

import (
	"context"
	"slices"
	"strings"
	"sync"

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
	internetOptions = host.InternetOptions
	winHTTP         = host.WinHTTP
	winHTTPAdvanced = host.WinHTTPAdvanced
	environment     = "the environment"
	unitEnvironment = "service environment"
	unitText        = "the service's unit files" // what they say by now, where the service runs with something else
	etcEnvironment  = "/etc/environment"
	byDHCP          = "DHCP's offer"
)

// source is one setting, read and understood as far as it can be.
type source struct {
	host.Setting
	entries  []entry
	bad      error       // it is set, and is no proxy
	who      string      // the identity that gets it; a setting for everybody gives way to an identity's own
	reads    reading     // how those who get it read its exceptions
	mark     assets.Mark // how well known it is that this is read, and by whom
	noSearch bool        // it keeps WinHTTP from searching for a script
	noLogins []string    // logins to a proxy that it keeps WinHTTP from: "basic", "ntlm", …
	note     string      // why it is not in use though something stands there, or what else a person must know of it
	proof    []checks.Evidence
}

// set reports whether the source chooses anything but direct.
func (s source) set() bool {
	return slices.ContainsFunc(s.Modes, func(m host.Mode) bool { return m != host.Direct })
}

// ofProduct reports whether the source is a setting of the product alone, and nothing that the system gives to others too.
func (s source) ofProduct() bool { return s.Source == ownStore || s.Source == unitEnvironment }

// evidence is the setting as it stands there.
func (s source) evidence() checks.Evidence { return checks.Evidence{Source: s.Where, Text: s.Raw} }

func (s source) has(m host.Mode) bool { return slices.Contains(s.Modes, m) }

// fromHost takes over what a system's interface told; its raw text is not fit to be shown yet.
func fromHost(s host.Setting, reads reading) source {
	s.Raw, s.Bypass = mask(s.Raw), masked(s.Bypass)
	return source{Setting: s, reads: reads}
}

// understand parses what the source names by hand, and describes what has no raw text.
func (s source) understand() source {
	if s.who == "" {
		s.who = s.Whose
	}
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
		s.proof = []checks.Evidence{s.evidence()}
	}
	if idle := s.reads.idle(s.Bypass); len(idle) > 0 && s.set() {
		s.proof = append(s.proof, checks.Evidence{Source: s.Where,
			Text: "exceptions that those who read this list do not understand: " + clean(strings.Join(idle, ", "), 200)})
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

// gather reads every source of the machine, the product's own first. What only a few machines have is listed only where
// something stands there. The system's interfaces may take their time, so they are asked at once.
func (r *run) gather(ctx context.Context) []source {
	r.env.Machine.Proxies = &remembered{Proxies: r.env.Machine.Proxies}
	var told []host.Setting
	var units, offered []source
	windows := r.env.Machine.OS == "windows"
	var wg sync.WaitGroup
	wg.Go(func() { told = r.env.Machine.Proxies.Settings(ctx) })
	wg.Go(func() { offered = r.offered(ctx) })
	if !windows {
		wg.Go(func() { units = r.units(ctx) })
	}
	out := r.stores(ctx)
	wg.Wait()
	if windows {
		out = append(out, r.windows(told)...)
	} else {
		out = append(append(out, units...), r.linux(told)...)
	}
	out = append(out, r.process())
	out = append(out, offered...)
	for i := range out {
		out[i] = out[i].understand()
	}
	return out
}

// remembered asks DHCP once in a run, however many want to know.
type remembered struct {
	host.Proxies
	once       sync.Once
	url, where string
	err        error
}

func (p *remembered) Offered(ctx context.Context) (url, where string, err error) {
	p.once.Do(func() { p.url, p.where, p.err = p.Proxies.Offered(ctx) })
	return p.url, p.where, p.err
}

// offered is the script that DHCP offers to those who search. Its modes are empty: nobody is given it without searching.
func (r *run) offered(ctx context.Context) []source {
	url, where, err := r.env.Machine.Proxies.Offered(ctx)
	if err != nil || url == "" {
		return nil // what a search finds is told where somebody searches
	}
	return []source{{Setting: host.Setting{Source: byDHCP, Whose: searchers, Where: where, Raw: mask(url), PACURL: url}, mark: assets.Source,
		note: "only what is set to search for a script gets it"}}
}
