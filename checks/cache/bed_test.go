package cache

import (
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
	dir     string // the real folder
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
		Cache: &assets.Cache{Dir: folder, Service: service, TTL: assets.Duration(2 * time.Hour), Mark: assets.Seed}}
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

func (b *bed) files(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(b.dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
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
		out = append(out, p.Action+" "+p.Service)
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
