package product

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const (
	vendorKey = `HKLM\SOFTWARE\Vendor\Agent`
	tool      = `C:\Program Files\Vendor\check.exe`
	agentDir  = `/opt/agent`
)

func profile() *assets.Profile {
	return &assets.Profile{Name: "vendor", Vendor: "Vendor", Title: "Vendor Agent", Products: []string{"Endpoint Agent", "Server Agent"},
		Detect: assets.Detect{Services: []string{"agent"}, Registry: []string{vendorKey}, Paths: []string{`C:\Program Files\Vendor`, agentDir}},
		Services: []assets.Service{
			{Name: "agent", Title: "Cloud Agent", Required: true, Mark: assets.Seed},
			{Name: "helper", Title: "Helper", OS: "windows", Mark: assets.ThirdParty}},
		Tester: []assets.Tester{
			{Path: tool, Since: "15.20", Product: "Client", Title: "Connectivity Tool", URL: "https://vendor.example/tool.exe", Mark: assets.Seed},
			{Path: `C:\Program Files\Vendor\Server\check.exe`, Since: "15.10", Product: "Server", Title: "Connectivity Tool"}}}
}

// bare is a machine that was looked at everywhere and has nothing of the product.
func bare(t *testing.T, system string) *hosttest.Fake {
	m := hosttest.New(t)
	m.OS, m.Root = system, t.TempDir()
	m.Services["agent"], m.Services["helper"] = nil, nil
	m.Registry[vendorKey], m.Registry[`HKLM\SOFTWARE\Vendor`] = nil, nil
	for _, k := range uninstallKeys {
		m.Registry[k] = nil
	}
	return m
}

func put(t *testing.T, m *hosttest.Fake, path string) {
	t.Helper()
	at := filepath.Join(m.Root, filepath.FromSlash(strings.NewReplacer(`\`, "/", "C:", "C").Replace(path)))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte("tool"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, m *hosttest.Fake, p *assets.Profile) (checks.Result, checks.Installed) {
	t.Helper()
	res, err := check{}.Run(t.Context(), checks.Env{Machine: m.Machine(), Profile: p}, func(checks.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		if len(f.Evidence) == 0 || f.View == "" || f.At.IsZero() {
			t.Errorf("%s of %s has no evidence, view or time: %+v", f.Code, f.Subject, f)
		}
		if !slices.Contains(check{}.Spec().Codes, f.Code) {
			t.Errorf("%s is not among the codes of the check", f.Code)
		}
		x := checks.TextOf("product", f)
		if strings.Contains(x.Title+x.Text+x.Fix+x.Say, "{") || x.Text == "" || len(x.Title) > 40 {
			t.Errorf("%s reads badly: %q, %q", f.Code, x.Title, x.Text)
		}
	}
	if len(res.Facts) != 1 || res.Facts[0].Name != checks.FactInstalled {
		t.Fatalf("facts %v", res.Facts)
	}
	return res, res.Facts[0].Value.(checks.Installed)
}

func lines(res checks.Result) []string {
	var out []string
	for _, f := range res.Findings {
		out = append(out, fmt.Sprint(f.Code, " ", f.Status))
	}
	return out
}

func TestTheProductAndItsServicesAreSeenAsTheyAre(t *testing.T) {
	runs := &host.Service{Name: "agent", State: host.Running, Start: "auto", Account: "NT AUTHORITY\\NetworkService", PID: 4711, Raw: "STATE 4 RUNNING"}
	state := func(s host.ServiceState, start string) *host.Service {
		return &host.Service{Name: "agent", State: s, Start: start}
	}
	const none = "product.tester_missing note"
	cases := map[string]struct {
		os    string
		setup func(t *testing.T, m *hosttest.Fake, p *assets.Profile)
		want  []string
		here  bool
	}{
		"nothing of the product on Windows: its services are not called missing": {"windows", func(*testing.T, *hosttest.Fake, *assets.Profile) {},
			[]string{"product.not_found warn"}, false},
		"nothing of the product on Linux": {"linux", func(*testing.T, *hosttest.Fake, *assets.Profile) {}, []string{"product.not_found warn"}, false},
		"a running service is sign enough": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) { m.Services["agent"] = runs },
			[]string{"product.found pass", "service.running pass", "service.missing note", none}, true},
		"a registry key is sign enough, and then the required service is missing": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Registry[vendorKey] = map[string]host.Value{}
		}, []string{"product.found pass", "service.missing fail", "service.missing note", none}, true},
		"a registry value is sign enough": {"windows", func(_ *testing.T, m *hosttest.Fake, p *assets.Profile) {
			p.Detect.Registry = []string{`HKLM\SOFTWARE\Vendor\Version`}
			m.Registry[`HKLM\SOFTWARE\Vendor\Version`] = nil
			m.Registry[`HKLM\SOFTWARE\Vendor`] = map[string]host.Value{"Version": {Kind: "REG_SZ", Text: "15.20"}}
		}, []string{"product.found pass", "service.missing fail", "service.missing note", none}, true},
		"a folder of Windows is sign enough there": {"windows", func(t *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			put(t, m, `C:\Program Files\Vendor\agent.exe`)
		}, []string{"product.found pass", "service.missing fail", "service.missing note", none}, true},
		"a folder of Windows is no sign on Linux": {"linux", func(t *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			put(t, m, `C:\Program Files\Vendor\agent.exe`)
		}, []string{"product.not_found warn"}, false},
		"a folder of Linux is sign enough there, and Windows services are not asked for": {"linux", func(t *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			put(t, m, agentDir+"/agent")
			delete(m.Services, "helper")
		}, []string{"product.found pass", "service.missing fail"}, true},
		"a required service that is missing by hearsay is only a warning": {"windows", func(_ *testing.T, m *hosttest.Fake, p *assets.Profile) {
			m.Registry[vendorKey] = map[string]host.Value{}
			p.Services[0].Mark = assets.Inferred
		}, []string{"product.found pass", "service.missing warn", "service.missing note", none}, true},
		"a required service that is stopped is a fault": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = state(host.Stopped, "auto")
		}, []string{"product.found pass", "service.stopped fail", "service.missing note", none}, true},
		"a service that is being stopped does not run": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = state(host.StopPending, "auto")
		}, []string{"product.found pass", "service.stopped fail", "service.missing note", none}, true},
		"a service that is being started does not run yet": {"windows", func(_ *testing.T, m *hosttest.Fake, p *assets.Profile) {
			m.Services["agent"] = state(host.StartPending, "auto")
			p.Services[0].Required = false
		}, []string{"product.found pass", "service.stopped warn", "service.missing note", none}, true},
		"a helper that is started on demand may rest": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = runs
			m.Services["helper"] = state(host.Stopped, "manual")
		}, []string{"product.found pass", "service.running pass", "service.stopped note", none}, true},
		"a helper that is disabled is worth a warning": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = runs
			m.Services["helper"] = state(host.Stopped, "disabled")
		}, []string{"product.found pass", "service.running pass", "service.stopped warn", none}, true},
		"a service that may not be asked about is unknown, not missing": {"windows", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Registry[vendorKey] = map[string]host.Value{}
			m.ServiceErr["agent"] = host.ErrDenied
		}, []string{"product.found pass", "service.unreadable unknown", "service.missing note", none}, true},
		"without a service manager the services are unknown": {"linux", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.ServiceErr["agent"] = host.ErrUnsupported
		}, []string{"product.not_found warn", "service.unreadable unknown"}, false},
		"a manager that names no state leaves it unknown": {"linux", func(_ *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = &host.Service{Name: "agent"}
		}, []string{"product.found pass", "service.unreadable unknown"}, true},
		"the vendor's tester is here": {"windows", func(t *testing.T, m *hosttest.Fake, _ *assets.Profile) {
			m.Services["agent"] = runs
			put(t, m, tool)
		}, []string{"product.found pass", "service.running pass", "service.missing note", "product.tester_found note"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m, p := bare(t, c.os), profile()
			c.setup(t, m, p)
			res, inst := run(t, m, p)
			if got := lines(res); !slices.Equal(got, c.want) {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
			if inst.Present != c.here {
				t.Errorf("the fact says present %v", inst.Present)
			}
		})
	}
}

func TestAStoppedServiceTellsHowItIsStarted(t *testing.T) {
	cases := map[string]struct {
		state host.ServiceState
		start string
		says  string
	}{
		"a disabled service says that nothing starts it": {host.Stopped, "disabled", "disabled"},
		"an automatic one should have started":           {host.Stopped, "auto", "by itself"},
		"one that hangs while it stops says so":          {host.StopPending, "disabled", "being stopped"},
		"one that is not ready says so":                  {host.StartPending, "auto", "not ready"},
		"a paused one says so":                           {host.Paused, "auto", "paused"},
		"an unreadable start type is admitted":           {host.Stopped, "", "could not be read"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := bare(t, "linux")
			m.Services["agent"] = &host.Service{Name: "agent", State: c.state, Start: c.start}
			res, _ := run(t, m, profile())
			f := res.Findings[1]
			x := checks.TextOf("product", f)
			if f.Arg("start") != c.start || f.Arg("state") != string(c.state) || !strings.Contains(x.Text, c.says) || !strings.Contains(x.Text, string(c.state)) {
				t.Errorf("start %q, state %q, text %q: want %q in it", f.Arg("start"), f.Arg("state"), x.Text, c.says)
			}
			if f.Arg("means") != "so nothing on this computer asks the cloud" {
				t.Errorf("of a required service it says: %q", f.Arg("means"))
			}
			p := profile()
			p.Services[0].Required = false
			if res, _ := run(t, m, p); strings.Contains(res.Findings[1].Arg("means"), "nothing") {
				t.Errorf("of a service beside the cloud it says: %q", res.Findings[1].Arg("means"))
			}
		})
	}
}

func TestWindowsNamesTheProductAndItsVersion(t *testing.T) {
	entry := func(name, version string) map[string]host.Value {
		return map[string]host.Value{"DisplayName": {Kind: "REG_SZ", Text: name}, "DisplayVersion": {Kind: "REG_SZ", Text: version}}
	}
	cases := map[string]struct {
		entries map[string]map[string]host.Value
		want    checks.Installed
	}{
		"the product's own name wins over the vendor's other products": {map[string]map[string]host.Value{
			uninstallKeys[0] + `\a`: entry("Vendor VPN", "9"), uninstallKeys[0] + `\b`: entry("The Endpoint Agent (x64)", "15.30")},
			checks.Installed{Present: true, Name: "The Endpoint Agent (x64)", Version: "15.30"}},
		"a 32-bit product is listed in the other view": {map[string]map[string]host.Value{
			uninstallKeys[1] + `\{1}`: entry("VENDOR™ Elements Agent", "23.1")},
			checks.Installed{Present: true, Name: "VENDOR™ Elements Agent", Version: "23.1"}},
		"of the vendor's products the one that sounds like it is taken": {map[string]map[string]host.Value{
			uninstallKeys[0] + `\a`: entry("Vendor Browser", "1"), uninstallKeys[0] + `\b`: entry("Vendor Cloud Agent", "2"), uninstallKeys[0] + `\c`: entry("Vendor Wallet", "3")},
			checks.Installed{Present: true, Name: "Vendor Cloud Agent", Version: "2"}},
		"other people's programs are not the product": {map[string]map[string]host.Value{uninstallKeys[0] + `\a`: entry("7-Zip", "24")}, checks.Installed{Present: true}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := bare(t, "windows")
			m.Services["agent"] = &host.Service{Name: "agent", State: host.Running}
			for k, v := range c.entries {
				m.Registry[k] = v
			}
			if _, inst := run(t, m, profile()); inst != c.want {
				t.Errorf("got %+v, want %+v", inst, c.want)
			}
		})
	}
}

func TestALongListOfProgramsIsNotReadToItsEnd(t *testing.T) {
	m := bare(t, "windows")
	m.Services["agent"] = &host.Service{Name: "agent", State: host.Running}
	for i := range mostEntries {
		m.Registry[fmt.Sprintf(`%s\%05d`, uninstallKeys[0], i)] = map[string]host.Value{}
	}
	m.Registry[uninstallKeys[0]+`\zzz`] = map[string]host.Value{"DisplayName": {Kind: "REG_SZ", Text: "Endpoint Agent"}}
	if _, inst := run(t, m, profile()); inst.Name != "" {
		t.Errorf("an entry behind the bound was read: %q", inst.Name)
	}
}

func TestAnAbsentTesterSaysSinceWhenAndWhereFrom(t *testing.T) {
	m := bare(t, "windows")
	m.Services["agent"] = &host.Service{Name: "agent", State: host.Running}
	res, _ := run(t, m, profile())
	f := res.Findings[len(res.Findings)-1]
	if f.Code != TesterMissing || f.Arg("since") != "Client 15.20, Server 15.10" || f.Arg("url") != "https://vendor.example/tool.exe" {
		t.Errorf("%s since %q from %q", f.Code, f.Arg("since"), f.Arg("url"))
	}
}

func TestWhatMayNotBeLookedAtIsToldWhereNothingIsFound(t *testing.T) {
	m := bare(t, "windows")
	m.RegistryErr[vendorKey] = fmt.Errorf("open: %w", host.ErrDenied)
	res, inst := run(t, m, profile())
	f := res.Findings[0]
	if inst.Present || f.Code != NotFound || !strings.Contains(f.Arg("looked"), "1 could not") || !strings.Contains(f.Evidence[0].Text, "access denied") {
		t.Errorf("%s, looked %q, evidence %v", f.Code, f.Arg("looked"), f.Evidence)
	}
}

func TestASystemWithoutAnySignSaysSo(t *testing.T) {
	m, p := bare(t, "linux"), profile()
	p.Detect, p.Services = assets.Detect{Registry: []string{vendorKey}}, nil
	res, _ := run(t, m, p)
	if len(res.Findings) != 1 || !strings.Contains(res.Findings[0].Arg("looked"), "no sign of it on linux") {
		t.Errorf("%+v", res.Findings)
	}
}

func TestAServiceIsAskedOnceThoughItIsSignAndJudged(t *testing.T) {
	m := bare(t, "linux").Machine()
	s := &counting{Services: m.Services}
	m.Services = s
	if _, err := (check{}).Run(t.Context(), checks.Env{Machine: m, Profile: profile()}, func(checks.Event) {}); err != nil || s.n != 1 {
		t.Errorf("%v, asked %d times", err, s.n)
	}
}

type counting struct {
	host.Services
	n int
}

func (c *counting) Query(ctx context.Context, name string) (host.Service, error) {
	c.n++
	return c.Services.Query(ctx, name)
}

func TestNoProfileIsAnErrorNotAFinding(t *testing.T) {
	if _, err := (check{}).Run(t.Context(), checks.Env{Machine: hosttest.New(t).Machine()}, func(checks.Event) {}); err == nil {
		t.Error("it ran without a profile")
	}
	if host.Absent(errors.Join(fs.ErrPermission, host.ErrDenied)) {
		t.Error("a lack of rights was taken for an absence")
	}
}
