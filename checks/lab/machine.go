package lab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// furnish makes the machine: everything that the profiles look for is there and well, but for what the scene says.
func (l *Lab) furnish() error {
	m := l.scene.Machine
	f := hosttest.New(nil)
	l.fake = f
	f.OS, f.Root, f.Env = m.OS, filepath.Join(l.dir, "disk"), m.Env
	f.Identity = host.Identity{User: `CORP\helpdesk`, Host: "PRACTICE-PC", Elevated: !m.Limited}
	if m.OS == "linux" {
		f.Identity = host.Identity{User: "helpdesk", Host: "practice-pc", Elevated: !m.Limited}
	}
	if m.Limited {
		f.OnCall = func(string, string) error { return host.ErrDenied }
		f.OnShelf = func(string, string) error { return host.ErrDenied }
	}
	f.Settings = l.settings()
	f.Offered, f.Scripts = m.DHCP, host.Local().Scripts
	if m.Login {
		f.Logins = systemLogins()
	}
	maps.Copy(f.Variables, m.Units)
	f.Events = l.happened()
	f.Join = l.join()
	if m.Domain != "" && len(l.scene.Network.Controllers) > 0 {
		c := l.scene.Network.Controllers[0]
		at := l.world.places[strings.ToLower(c.Name)]
		f.Located[m.Domain] = host.LocatedController{Name: c.Name, Address: at.v4.String(), Site: defaultSite, Near: defaultSite, How: "practice network"}
	}
	if m.OS == "windows" {
		for _, sid := range []string{"S-1-5-18", "S-1-5-19", "S-1-5-20"} {
			key := `HKU\` + sid + `\Software\Microsoft\Windows\CurrentVersion\Internet Settings`
			setValue(f, key, "ProxyEnable", host.Value{Kind: "REG_DWORD"})
		}
	}
	for _, p := range l.profiles {
		if slices.Contains(m.Absent, p.Name) {
			l.bare(p)
		} else {
			l.install(p)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Services)) {
		setState(f, name, m.Services[name])
	}
	for name, others := range m.Needs {
		f.Dependents[name] = others
		for _, other := range others {
			if _, known := f.Services[other]; !known {
				setState(f, other, "running")
			}
		}
	}
	l.deny()
	for key, values := range m.Registry {
		for name, v := range values {
			value, err := registryValue(v)
			if err != nil {
				return fmt.Errorf("machine.registry %s, %s: %w", key, name, err)
			}
			setValue(f, key, name, value)
		}
	}
	return l.fill()
}

// install puts one product on the machine: its services, its keys, its entry in the list of programs, its proxy.
func (l *Lab) install(p *assets.Profile) {
	f := l.fake
	for i, s := range p.ForOS(f.OS) {
		f.Services[s.Name] = &host.Service{
			Name: s.Name, Title: s.Title, State: host.Running, Start: "auto", Account: account(p.RunAs), PID: 1200 + 4*i,
			Raw: s.Name + ": running (practice network)",
		}
	}
	for _, s := range p.Detect.Services {
		if _, ok := f.Services[s]; !ok && !elsewhere(p, s, f.OS) {
			f.Services[s] = &host.Service{Name: s, State: host.Running, Start: "auto", PID: 1100, Raw: s + ": running (practice network)"}
		}
	}
	for _, key := range p.Detect.Registry {
		if f.Registry[key] == nil {
			f.Registry[key] = map[string]host.Value{}
		}
	}
	if f.OS == "windows" && len(p.Products) > 0 {
		key := `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\` + p.Name
		setValue(f, key, "DisplayName", text(strings.TrimSpace(p.Vendor+" "+p.Products[0])))
		setValue(f, key, "DisplayVersion", text("1.0 practice"))
		setValue(f, key, "Publisher", text(p.Vendor))
	}
	if l.scene.Machine.Proxy == "" {
		return
	}
	for _, s := range p.Proxy.Stores {
		switch {
		case s.Registry != "" && f.OS == "windows":
			setValue(f, s.Registry, s.URL, text(l.scene.Machine.Proxy))
			if s.Enabled != "" {
				setValue(f, s.Registry, s.Enabled, host.Value{Kind: "REG_DWORD", Number: 1})
			}
		case s.Env != "" && s.Unit != "" && f.OS == "linux":
			if f.Variables[s.Unit] == nil {
				f.Variables[s.Unit] = map[string]string{}
			}
			f.Variables[s.Unit][s.Env] = l.scene.Machine.Proxy
		}
	}
}

// bare leaves a product out: what it would have is known not to be there.
func (l *Lab) bare(p *assets.Profile) {
	for _, s := range p.ForOS(l.fake.OS) {
		l.fake.Services[s.Name] = nil
	}
	for _, s := range p.Detect.Services {
		l.fake.Services[s] = nil
	}
	for _, key := range p.Detect.Registry {
		l.fake.Registry[key] = nil
	}
}

// elsewhere reports whether the profile says that a service belongs to another system.
func elsewhere(p *assets.Profile, name, os string) bool {
	return slices.ContainsFunc(p.Services, func(s assets.Service) bool { return s.Name == name && s.OS != "" && s.OS != os })
}

func account(runAs string) string {
	switch runAs {
	case "network_service":
		return `NT AUTHORITY\NetworkService`
	case "local_system":
		return "LocalSystem"
	}
	return runAs
}

func setState(f *hosttest.Fake, name, state string) {
	if state == "missing" {
		f.Services[name] = nil
		return
	}
	s := f.Services[name]
	if s == nil {
		s = &host.Service{Name: name}
		f.Services[name] = s
	}
	s.Start = "auto"
	if s.PID == 0 {
		s.PID = 1188
	}
	switch state {
	case "running", "":
		s.State = host.Running
	case "wont_start": // runs, but once stopped it does not come back
		s.State, f.StartErr[name] = host.Running, errWontStart
	case "wont_stop": // runs, and refuses to be stopped, as a product protects itself
		s.State, f.StopErr[name] = host.Running, host.ErrDenied
	case "denied": // this account may not ask about it
		f.ServiceErr[name] = host.ErrDenied
	case "starting":
		s.State = host.StartPending
	case "stopping":
		s.State = host.StopPending
	case "manual":
		s.State, s.Start, s.PID = host.Stopped, "manual", 0
	case "stuck": // runs, and never gets past stopping or starting
		s.State, f.Stuck[name] = host.Running, true
	case "paused":
		s.State = host.Paused
	case "disabled":
		s.State, s.Start, s.PID = host.Stopped, "disabled", 0
	default:
		s.State, s.PID = host.Stopped, 0
	}
	s.Raw = fmt.Sprintf("%s: %s (practice network)", name, s.State)
}

var errWontStart = errors.New("the service did not respond to the start or control request in a timely fashion")

func setValue(f *hosttest.Fake, key, name string, v host.Value) {
	if f.Registry[key] == nil {
		f.Registry[key] = map[string]host.Value{}
	}
	f.Registry[key][name] = v
}

// settings are the system's own proxy settings: none set, but for the scene's.
func (l *Lab) settings() []host.Setting {
	out := []host.Setting{
		{Source: host.WinHTTP, Whose: "services", Where: "WinHTTP's default (practice network)", Raw: "direct access"},
		{Source: host.InternetOptions, Whose: "you", Where: "Internet Options (practice network)", Raw: "nothing set"},
	}
	if l.scene.Machine.OS == "linux" {
		out = []host.Setting{{Source: host.GNOME, Whose: "you", Where: "GNOME (practice network)", Raw: "none"}}
	}
	for _, s := range l.scene.Machine.Settings {
		set := host.Setting{Source: s.Source, Whose: s.Whose, Where: s.Source + " (practice network)", Server: s.Server, Bypass: s.Bypass, PACURL: s.PAC}
		if s.Mode != "" {
			set.Modes = append(set.Modes, host.Mode(s.Mode))
		}
		if s.PAC != "" && (s.Mode == "" || s.Mode == "auto") {
			set.Modes = append(set.Modes, host.PAC)
		}
		if s.Server != "" && (s.Mode == "" || s.Mode == "auto") {
			set.Modes = append(set.Modes, host.Manual)
		}
		if s.Denied {
			set.Err = host.ErrDenied
		}
		set.Raw = strings.TrimSpace(s.Server + " " + s.PAC)
		i := slices.IndexFunc(out, func(o host.Setting) bool { return o.Source == s.Source && (s.Whose == "" || o.Whose == s.Whose) })
		if i < 0 {
			out = append(out, set)
			continue
		}
		if set.Whose == "" {
			set.Whose = out[i].Whose
		}
		out[i] = set
	}
	return out
}

var joins = map[string]host.JoinState{
	"": host.WorkgroupOnly, "workgroup": host.WorkgroupOnly, "domain": host.DomainJoined, "hybrid": host.HybridJoined, "entra": host.EntraJoined,
}

func (l *Lab) join() host.Join {
	m := l.scene.Machine
	j := host.Join{State: joins[m.Join], Domain: m.Domain, How: "practice network", Raw: strings.TrimSpace(m.Join + " " + m.Domain)}
	if j.State == host.WorkgroupOnly && j.Domain == "" {
		j.Domain, j.Raw = "WORKGROUP", "workgroup"
	}
	return j
}

// echo answers pings. Everybody inside does, but for the controllers that the scene silences; nobody outside.
type echo struct{ *Lab }

func (e echo) Ping(ctx context.Context, to netip.Addr) (time.Duration, error) {
	to = to.Unmap()
	pl := e.world.at[to]
	e.dialTo("icmp", netip.AddrPortFrom(to, 0))
	if e.scene.Network.Down || pl == nil {
		if pl == nil {
			e.surprise("icmp " + to.String())
		}
		return 0, failed("ip:icmp", netip.AddrPortFrom(to, 0), hosttest.NoRoute)
	}
	if pl.echo == "prohibited" {
		return 0, failed("ip:icmp", netip.AddrPortFrom(to, 0), e.barred(to))
	}
	if pl.echo == "no" || pl.outside {
		ctx, cancel := e.during(ctx)
		defer cancel()
		<-ctx.Done()
		return 0, waited(ctx)
	}
	return time.Millisecond, ctx.Err()
}
