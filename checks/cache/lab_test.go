package cache

import (
	"context"
	"net/url"
	"os"
	"slices"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/lab"
)

// TestPracticeCleanups does the cleanup of the article's product in the practice network.
func TestPracticeCleanups(t *testing.T) {
	scenes, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	p, err := assets.LoadProfile("withsecure", nil)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &url.URL{Scheme: "http", Host: "proxy.example.intern:3128"}
	for name, c := range map[string]struct {
		route *url.URL
		code  checks.Code
		state host.ServiceState
		files int
	}{
		"cache.stale_failures": {nil, Cleaned, host.Running, 0},
		"service.stopped":      {nil, Cleaned, host.Stopped, 0},
		"service-wont-start":   {nil, Failed, host.Stopped, 40},
		"limited-rights":       {nil, RolledBack, host.Running, 40},
		"proxy.unresolvable":   {proxy, RolledBack, host.Running, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(scenes, func(s lab.Scene) bool { return s.Name == name })
			if i < 0 {
				t.Fatal("the scene is gone")
			}
			l, err := lab.Start(scenes[i], []*assets.Profile{p})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			env := checks.Env{Machine: l.Machine(), Profile: p, Roots: l.Roots(), Public: l.Public(),
				Facts: checks.Facts{checks.FactRoute: checks.Route{Known: true, Proxy: c.route}}}
			res, err := check{}.Run(t.Context(), env, quiet)
			if err != nil || len(res.Actions) != 1 {
				t.Fatalf("%+v, %v", res, err)
			}
			res, err = check{}.Fix(context.WithoutCancel(t.Context()), env, l.Hands(), res.Actions[0], quiet)
			if f := res.Findings[0]; f.Code != c.code || (err == nil) != (c.code == Cleaned) {
				t.Errorf("%+v, %v", f, err)
			}
			if svc, err := env.Machine.Services.Query(t.Context(), p.Cache.Service); err != nil || svc.State != c.state {
				t.Errorf("%+v, %v", svc, err)
			}
			left, err := env.Machine.Files.ReadDir(p.Cache.Dir)
			if err != nil && !os.IsNotExist(err) || len(left) != c.files {
				t.Errorf("%d files are left, %v", len(left), err)
			}
		})
	}
}
