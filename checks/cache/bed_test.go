package cache

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
	"linecheck/checks/probe"
)

const (
	folder  = `C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor`
	service = "fsulnethoster"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// bed is a machine with a product on it: its service runs and its cache folder is a real one.
type bed struct {
	*hosttest.Fake
	profile *assets.Profile
	env     checks.Env
	hands   host.Hands
	dir     string         // the real folder
	walks   int            // how often an address was asked
	silent  func(int) bool // does that walk, counted from 1, end without an answer? nil: none does
}

// walk stands in for the way to the product's cloud.
func (b *bed) walk(context.Context, probe.Request) probe.Answer {
	b.walks++
	if b.silent != nil && b.silent(b.walks) {
		return probe.Answer{Failure: checks.Dropped, Failed: checks.Connect, Err: os.ErrDeadlineExceeded}
	}
	return probe.Answer{}
}

func (b *bed) fix(ctx context.Context, a checks.Action, emit func(checks.Event)) (checks.Result, error) {
	return check{walk: b.walk}.Fix(ctx, b.env, b.hands, a, emit)
}

func newBed(t *testing.T) *bed {
	t.Helper()
	b := &bed{Fake: hosttest.New(t)}
	b.Root = t.TempDir()
	b.dir = filepath.Join(b.Root, "C", "Windows", "ServiceProfiles", "NetworkService", "AppData", "Local", "F-Secure", "fsscor")
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	b.Services[service] = &host.Service{Name: service, Title: "Network Hoster", State: host.Running, Start: "auto"}
	b.profile = &assets.Profile{Title: "WithSecure Security Cloud",
		Endpoints: []assets.Endpoint{{Host: "doorman.example", Scheme: "https", Port: 443, Required: true, Mark: assets.Seed}},
		Cache:     &assets.Cache{Dir: folder, Service: service, TTL: assets.Duration(2 * time.Hour), Mark: assets.Seed}}
	b.renew()
	b.hands = b.Hands()
	return b
}

// renew takes over what a case changed in the fake.
func (b *bed) renew() { b.env = checks.Env{Machine: b.Machine(), Profile: b.profile} }

// put writes a file of n bytes that was last written the given time ago.
func (b *bed) put(t *testing.T, name string, n int, ago time.Duration) {
	t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, n), 0o644); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-ago)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// look runs the check and returns its only finding and action.
func (b *bed) look(t *testing.T) (checks.Finding, []checks.Action) {
	t.Helper()
	b.renew()
	res, err := check{}.Run(t.Context(), b.env, func(checks.Event) {})
	if err != nil || len(res.Findings) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if f := res.Findings[0]; (f.Status == checks.Unknown || f.Status == checks.Skip) == (res.Reason == "") {
		t.Errorf("status %s, reason %q", f.Status, res.Reason)
	}
	whole(t, res.Findings[0])
	return res.Findings[0], res.Actions
}

// plan runs the check and returns its action.
func (b *bed) plan(t *testing.T) checks.Action {
	t.Helper()
	f, actions := b.look(t)
	if len(actions) != 1 {
		t.Fatalf("no action for %+v", f)
	}
	return actions[0]
}

// left are the files in the cache folder.
func (b *bed) left() []string {
	var out []string
	_ = filepath.WalkDir(b.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, d.Name())
		}
		return nil
	})
	return out
}

func (b *bed) promises(t *testing.T) []string {
	t.Helper()
	open, err := b.hands.Journal.Open()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range open {
		out = append(out, p.Action+" "+p.Phase)
	}
	return out
}

// shelves names what stands beside the cache folder and should not.
func (b *bed) shelves(t *testing.T) []string {
	t.Helper()
	list, err := os.ReadDir(filepath.Dir(b.dir))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		if e.Name() != filepath.Base(b.dir) {
			out = append(out, e.Name())
		}
	}
	return out
}

// down names the services that do not run, of those named.
func (b *bed) down(names ...string) (out []string) {
	for _, name := range names {
		if b.Services[name].State != host.Running {
			out = append(out, name)
		}
	}
	return out
}

func (b *bed) state() host.ServiceState { return b.Services[service].State }

// whole fails for a text with a hole in it, or with a title that does not fit.
func whole(t *testing.T, f checks.Finding) {
	t.Helper()
	all, err := checks.ParseTexts("texts.yaml", texts)
	if err != nil {
		t.Fatal(err)
	}
	x := all[f.Code]
	if len(x.Title) > 40 {
		t.Errorf("title of %s is %d characters long", f.Code, len(x.Title))
	}
	may := []string{"subject", "view", "note", "ttl"}
	for part := range strings.SplitSeq(fmt.Sprint(x.Title, x.Text, x.Fix, x.Say), "{") {
		name, _, ok := strings.Cut(part, "}")
		if ok && f.Args[name] == "" && !slices.Contains(may, name) {
			t.Errorf("%s: the text needs %q, the finding has %v", f.Code, name, f.Args)
		}
	}
}
