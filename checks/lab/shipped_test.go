package lab

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"linecheck/assets"
)

// TestShippedScenesStart runs every scene with its own profiles: a log, a server or a variable that no profile knows is
// found here.
func TestShippedScenesStart(t *testing.T) {
	all, err := Scenes()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			profiles, err := s.Load()
			if err != nil {
				t.Fatal(err)
			}
			l, err := Start(s, profiles)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			for pattern := range s.Network.Servers {
				if !meets(l, pattern) {
					t.Errorf("servers: %q is no server of the profiles", pattern)
				}
			}
			if s.Machine.Proxy != "" {
				if v, err := l.Machine().Registry.Value(profiles[0].Proxy.Stores[0].Registry, profiles[0].Proxy.Stores[0].URL); err != nil || v.Text != s.Machine.Proxy {
					t.Errorf("the stored proxy is %+v, %v", v, err)
				}
			}
			for name := range s.Machine.Services {
				if _, known := l.fake.Services[name]; !known {
					t.Errorf("services: %s is no service of the profiles", name)
				}
			}
		})
	}
}

// meets reports whether a pattern for servers fits any.
func meets(l *Lab, pattern string) bool {
	for name, pl := range l.world.places {
		for port := range pl.ports {
			if fits(pattern, name) || pattern == authorityOf(name, port) {
				return true
			}
		}
	}
	return false
}

func TestHealthyScenesAnswerEveryEndpointOfTheirProfiles(t *testing.T) {
	s, err := Find("healthy-two-products")
	if err != nil {
		t.Fatal(err)
	}
	// With every variable filled in, every endpoint is tested.
	for _, vars := range []map[string]string{nil, {"region": "us-1"}, {"sps": "sps.corp.example", "manager": "10.11.12.77"}} {
		var profiles []*assets.Profile
		for _, name := range s.Profiles {
			p, err := assets.LoadProfile(name, nil)
			if err != nil {
				t.Fatal(err)
			}
			if p, err = p.Fill(known(p, vars), "argument"); err != nil {
				t.Fatal(err)
			}
			profiles = append(profiles, p)
		}
		l, err := Start(s, profiles)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		asked := 0
		for _, p := range profiles {
			for _, e := range p.Endpoints {
				if e.Host == "" || strings.Contains(e.Host, "$") || e.When != "" && p.Values[e.When] == "" {
					continue
				}
				asked++
				answers(t, l, e)
			}
		}
		if asked < 7 {
			t.Errorf("only %d endpoints with %v", asked, vars)
		}
		if got := l.Surprises(); len(got) > 0 {
			t.Errorf("surprises: %q", got)
		}
	}
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

func answers(t *testing.T, l *Lab, e assets.Endpoint) {
	t.Helper()
	c := connect(t, l, "ip4", e.Host, endpointPort(e))
	if e.Scheme == "tcp" {
		return
	}
	if e.Scheme != "http" {
		s, err := secure(l, c, e.Host)
		var unknown x509.UnknownAuthorityError
		if e.Own {
			if !errors.As(err, &unknown) {
				t.Errorf("%s:%d does not show a certificate of its own: %v", e.Host, endpointPort(e), err)
			}
			return
		}
		if err != nil {
			t.Errorf("%s: %v", e.Host, err)
			return
		}
		if s.ConnectionState().Version < tls.VersionTLS12 {
			t.Errorf("%s: %s", e.Host, tls.VersionName(s.ConnectionState().Version))
		}
		c = s
	}
	path := e.Path
	if path == "" {
		path = "/"
	}
	r, body := get(t, c, e.Host, path)
	if len(e.Expect.Status) > 0 && r.StatusCode != e.Expect.Status[0] || e.Expect.Body != "" && body != e.Expect.Body ||
		e.Expect.BodyLength != nil && len(body) != *e.Expect.BodyLength {
		t.Errorf("%s%s: %s %q", e.Host, path, r.Status, body)
	}
}
