package lab

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
)

//go:embed scenes/*.yaml
var shipped embed.FS

// Scenes returns the shipped scenes by name, the healthy ones first.
func Scenes() ([]Scene, error) {
	files, err := shipped.ReadDir("scenes")
	if err != nil {
		return nil, err
	}
	var out []Scene
	for _, f := range files {
		b, err := shipped.ReadFile("scenes/" + f.Name())
		if err != nil {
			return nil, err
		}
		s, err := Parse(f.Name(), b)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Scene) int { return rank(a) - rank(b) })
	return out, nil
}

func rank(s Scene) int {
	if s.Expect.Status == "healthy" {
		return 0
	}
	return 1
}

// Find returns the shipped scene of that name.
func Find(name string) (Scene, error) {
	all, err := Scenes()
	if err != nil {
		return Scene{}, err
	}
	i := slices.IndexFunc(all, func(s Scene) bool { return s.Name == name })
	if i < 0 {
		return Scene{}, fmt.Errorf("no scene %q", name)
	}
	return all[i], nil
}

// Load returns the scene's profiles, its variables filled in.
func (s Scene) Load() ([]*assets.Profile, error) {
	var out []*assets.Profile
	for _, name := range s.Profiles {
		p, err := assets.LoadProfile(name, s.Vars)
		if err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.Name, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Parse reads one scene strictly: an unknown key, an unknown word or a name that is not the file's is an error. What
// the scene leaves open is filled in.
func Parse(file string, b []byte) (Scene, error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var s Scene
	if err := d.Decode(&s); err != nil {
		return Scene{}, fmt.Errorf("scene %s: %w", file, err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Scene{}, fmt.Errorf("scene %s: more than one document", file)
	}
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); s.Name != want {
		return Scene{}, fmt.Errorf("scene %s: name is %q, not %q", file, s.Name, want)
	}
	if len(s.Profiles) == 0 {
		s.Profiles = []string{"withsecure"}
	}
	if s.Machine.OS == "" {
		s.Machine.OS = "windows"
	}
	if err := s.check(); err != nil {
		return Scene{}, fmt.Errorf("scene %s: %w", file, err)
	}
	return s, nil
}

var causeID = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

// The words of a scene. An empty word always stands for the first.
var (
	wordsOS       = []string{"windows", "linux"}
	wordsStatus   = []string{"healthy", "fault", "warning", "inconclusive"}
	wordsService  = []string{"running", "stopped", "disabled", "missing", "paused", "wont_start", "stuck"}
	wordsMode     = []string{"", "direct", "manual", "pac", "auto"}
	wordsJoin     = []string{"workgroup", "domain", "hybrid", "entra"}
	wordsRcode    = []string{"", "nxdomain", "servfail", "refused", "silent"}
	wordsTCP      = []string{"open", "refuse", "drop", "no_route"}
	wordsFamily   = []string{"both", "ip4", "ip6"}
	wordsTLS      = []string{"ok", "silent", "large_silent", "reset", "reset_by_name", "untrusted", "expired", "not_yet_valid", "wrong_name", "intercepted", "tls10", "plain"}
	wordsProxy    = []string{"open", "auth", "deny", "echo", "silent", "refuse", "drop", "bad_gateway", "garbage"}
	wordsDirect   = []string{"open", "dropped", "refused"}
	wordsICMP     = []string{"yes", "no"}
	wordsListener = []string{"open", "refuse", "drop"}
)

func (s Scene) check() error {
	var bad []error
	word := func(where, got string, known []string) {
		if got != "" && !slices.Contains(known, got) {
			bad = append(bad, fmt.Errorf("%s: %q is none of %s", where, got, strings.Join(known, ", ")))
		}
	}
	wrong := func(format string, a ...any) { bad = append(bad, fmt.Errorf(format, a...)) }
	if s.Title == "" || s.Story == "" || s.Expect.Status == "" {
		wrong("title, story and expect.status must be told")
	}
	for _, c := range s.Expect.Causes {
		if !causeID.MatchString(c) {
			wrong("expect.causes: %q is no cause id", c)
		}
	}
	if n := len(s.Expect.Causes); s.Expect.Status == "healthy" && n > 0 || s.Expect.Status == "fault" && n == 0 {
		wrong("expect: a fault has a cause, and a healthy network has none")
	}
	word("expect.status", s.Expect.Status, wordsStatus)
	word("machine.os", s.Machine.OS, wordsOS)
	word("machine.join", s.Machine.Join, wordsJoin)
	word("network.direct", s.Network.Direct, wordsDirect)
	for name, state := range s.Machine.Services {
		word("machine.services."+name, state, wordsService)
	}
	for _, set := range s.Machine.Settings {
		word("machine.settings."+set.Source, set.Mode, wordsMode)
	}
	for pattern, n := range s.Network.Names {
		word("network.names."+pattern, n.Rcode, wordsRcode)
		for _, a := range slices.Concat(n.A, n.AAAA) {
			if _, err := netip.ParseAddr(a); err != nil && a != "none" {
				wrong("network.names.%s: %q is no address", pattern, a)
			}
		}
	}
	for pattern, v := range s.Network.Servers {
		word("network.servers."+pattern+".tcp", v.TCP, wordsTCP)
		word("network.servers."+pattern+".family", v.Family, wordsFamily)
		word("network.servers."+pattern+".tls", v.TLS, wordsTLS)
	}
	for at, p := range s.Network.Proxies {
		word("network.proxies."+at, p.Mode, wordsProxy)
		if _, _, err := net.SplitHostPort(at); err != nil {
			wrong("network.proxies: %q is not name:port", at)
		}
	}
	for at := range s.Network.PAC {
		if u, err := url.Parse(at); err != nil || u.Scheme != "http" || u.Hostname() == "" {
			wrong("network.pac: %q is no http URL", at)
		}
	}
	for _, c := range s.Network.Controllers {
		if c.Name == "" {
			wrong("network.controllers: a controller has no name")
		}
		word("network.controllers."+c.Name+".icmp", c.ICMP, wordsICMP)
		word("network.controllers."+c.Name+".ldap", c.LDAP, wordsListener)
		word("network.controllers."+c.Name+".kerberos", c.Kerberos, wordsListener)
	}
	return errors.Join(bad...)
}
