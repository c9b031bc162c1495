package domain

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// member is this machine with a domain that somebody else says it belongs to. It has no locator: Wine 8's spoils the memory
// of the process that asks it. Everything else is asked for real.
type member struct{ name string }

func (m member) Join(context.Context) (host.Join, error) {
	return host.Join{State: host.DomainJoined, Domain: m.name, How: "the test", Raw: m.name}, nil
}

func (member) Locate(context.Context, string) (host.LocatedController, error) {
	return host.LocatedController{}, host.ErrUnsupported
}

// TestAMemberOfARealDomain needs a network with a controller in it. LINECHECK_TEST_MEMBER holds lines: the domain, the
// code of the first finding, and what its evidence has to hold.
func TestAMemberOfARealDomain(t *testing.T) {
	domain, rest, ok := strings.Cut(os.Getenv("LINECHECK_TEST_MEMBER"), "\n")
	if !ok {
		t.Skip("wants a joined computer: .ci/dc/run runs it on one (LINECHECK_TEST_MEMBER)")
	}
	p, err := assets.LoadProfile("deepsecurity", map[string]string{"off_domain_global": "on"})
	if err != nil {
		t.Fatal(err)
	}
	p.Domain.OS = nil
	m := host.Local()
	m.Domain = member{domain}
	res, err := check{}.Run(t.Context(), checks.Env{Machine: m, Profile: p}, func(checks.Event) {})
	if err != nil || len(res.Findings) == 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	first := res.Findings[0]
	var said strings.Builder
	for _, e := range first.Evidence {
		said.WriteString(e.Source + ": " + e.Text + "\n")
	}
	want, rest, _ := strings.Cut(rest, "\n")
	if string(first.Code) != want {
		t.Errorf("%s, not %s", first.Code, want)
	}
	holds(t, said.String(), rest)
}

// TestTheLocatorOfARealDomain is told in the same way: the domain, and what the system's own locator has to say.
func TestTheLocatorOfARealDomain(t *testing.T) {
	domain, rest, ok := strings.Cut(os.Getenv("LINECHECK_TEST_LOCATOR"), "\n")
	if !ok {
		t.Skip("wants a network with a domain controller: .ci/dc/run runs it in one (LINECHECK_TEST_LOCATOR)")
	}
	c, err := host.Local().Domain.Locate(t.Context(), domain)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, fmt.Sprintf("%s: %s, %s, site %s, near %s, %s", c.How, c.Name, c.Address, c.Site, c.Near, c.Flags), rest)
}

func holds(t *testing.T, said, lines string) {
	t.Log(said)
	for _, words := range strings.Split(lines, "\n") {
		if !strings.Contains(said, words) {
			t.Errorf("no word of %q", words)
		}
	}
}
