package command_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

// opened opens the practice network of a scene with the profiles that it plays, each variable as the scene says.
func opened(t testing.TB, scene lab.Scene) (*lab.Lab, wizard.Options) {
	t.Helper()
	profiles, err := scene.Load()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(scene, profiles)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return l, wizard.Options{Profiles: profiles, Checks: checks.All(), Role: wizard.Helpdesk, Rules: rules, Redact: wizard.RedactStandard,
		Place: wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Practice: scene.Name, Close: func() { l.Close() }}}
}

// TestNobodyElseIsAsked records a whole run of every scene: whoever is looked up or connected to is in the profile, the
// proxy settings or the domain, or is a login page's own address where something pointed to one.
func TestNobodyElseIsAsked(t *testing.T) {
	scenes, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	boxes, err := assets.LoadMiddleboxes()
	if err != nil {
		t.Fatal(err)
	}
	free := make(chan struct{}, 24) // most of them only wait, and slowness is nothing here
	var wg sync.WaitGroup
	for _, sc := range scenes {
		free <- struct{}{}
		l, o := opened(t, sc)
		wg.Go(func() {
			defer func() { <-free }()
			defer l.Close()
			r := wizard.NewRunner(t.Context(), o.Env(), o.Place.Hands)
			defer r.Close()
			s := wizard.Play(t.Context(), wizard.New(o.Role, o.Profiles, o.Checks, time.Now()), r, nil)
			if got := l.Surprises(); len(got) > 0 {
				t.Errorf("%s: connections to where nobody is: %q", sc.Name, got)
			}
			if len(l.Asked())+len(l.Dialled()) == 0 && sc.Name != "no-network" {
				t.Errorf("%s: nothing was recorded", sc.Name)
			}
			known := familiar(sc, o.Profiles)
			if slices.ContainsFunc(s.Seen(), func(f wizard.Seen) bool { return strings.HasPrefix(string(f.Code), "path.portal") }) {
				for _, p := range boxes.Portals {
					known += " " + p.Endpoint().Host
				}
			}
			for _, q := range slices.Concat(l.Asked(), l.Dialled()) {
				if who := named(q); !strings.Contains(known, who) && !within(who, sc.Machine.Domain) {
					t.Errorf("%s: a stranger was asked: %s", sc.Name, q)
				}
			}
		})
	}
	wg.Wait()
}

// familiar is all that the profiles, the machine and its controllers name.
func familiar(sc lab.Scene, profiles []*assets.Profile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v", sc.Machine)
	for at, script := range sc.Network.PAC { // a script names proxies
		fmt.Fprintf(&b, " %s %+v", at, script)
	}
	for _, c := range sc.Network.Controllers {
		fmt.Fprintf(&b, " %s", c.Name)
	}
	for _, p := range profiles {
		for _, e := range p.Endpoints {
			fmt.Fprintf(&b, " %s", e.Host)
		}
	}
	return strings.ToLower(b.String())
}

// named is the host in a question or a connection: "A name", "tcp address name", "proxy name:port". Nothing for an
// address without a name: only DNS or the hosts file leads there.
func named(q string) string {
	f := strings.Fields(strings.ToLower(q))
	if strings.HasPrefix(f[0], "tcp") && len(f) == 2 {
		return ""
	}
	host, _, _ := strings.Cut(f[len(f)-1], ":")
	return strings.TrimSuffix(host, ".")
}

func within(name, domain string) bool {
	domain = strings.ToLower(domain)
	return domain != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}
