package lab

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

type profile = assets.Profile

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func addrPort(a netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a, port) }

func read(t *testing.T, m host.Machine, path string) string {
	t.Helper()
	f, err := m.Files.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHealthyMachineHasTheProduct(t *testing.T) {
	l := begin(t, "machine: {proxy: 'http://proxy.example.intern:3128'}")
	m := l.Machine()
	if s, err := m.Services.Query(t.Context(), "svc"); err != nil || s.State != host.Running || s.Account != `NT AUTHORITY\NetworkService` {
		t.Errorf("service %+v, %v", s, err)
	}
	if _, err := m.Registry.Keys(`HKLM\SOFTWARE\Vendor`); err != nil {
		t.Error(err)
	}
	if v, err := m.Registry.Value(`HKLM\SOFTWARE\Vendor\proxy`, "value"); err != nil || v.Text != "http://proxy.example.intern:3128" {
		t.Errorf("stored proxy %+v, %v", v, err)
	}
	if v, err := m.Registry.Value(`HKLM\SOFTWARE\Vendor\proxy`, "access"); err != nil || v.Number != 1 {
		t.Errorf("its switch %+v, %v", v, err)
	}
	if st, err := m.Files.Stat(`C:\Program Files\Vendor`); err != nil || !st.IsDir() {
		t.Errorf("folder %v, %v", st, err)
	}
	if m.OS != "windows" || !m.Identity.Elevated {
		t.Errorf("os %q, elevated %v", m.OS, m.Identity.Elevated)
	}
}

func TestServicesAreInTheStateTheSceneSays(t *testing.T) {
	for state, want := range map[string]host.Service{
		"running":    {State: host.Running, Start: "auto"},
		"wont_start": {State: host.Running, Start: "auto"},
		"stopped":    {State: host.Stopped, Start: "auto"},
		"disabled":   {State: host.Stopped, Start: "disabled"},
		"paused":     {State: host.Paused, Start: "auto"},
	} {
		s, err := begin(t, "machine: {services: {svc: "+state+"}}").Machine().Services.Query(t.Context(), "svc")
		if err != nil || s.State != want.State || s.Start != want.Start {
			t.Errorf("%s: %+v, %v", state, s, err)
		}
	}
	_, err := begin(t, "machine: {services: {svc: missing}}").Machine().Services.Query(t.Context(), "svc")
	if !errors.Is(err, host.ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
}

func TestHandsStopTheServiceAndEmptyTheCache(t *testing.T) {
	l := begin(t, "machine: {cache: {files: 5, newest: 10m, oldest: 1h}}")
	m, h := l.Machine(), l.Hands()
	entries, err := m.Files.ReadDir(`C:\Cache\vendor`)
	if err != nil || len(entries) != 5 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	info, err := entries[0].Info()
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(info.ModTime()); age < 9*time.Minute || age > 12*time.Minute {
		t.Errorf("the newest file is %v old", age)
	}
	if err := h.Services.Stop(t.Context(), "svc"); err != nil {
		t.Fatal(err)
	}
	if s, _ := m.Services.Query(t.Context(), "svc"); s.State != host.Stopped {
		t.Errorf("state %q after a stop", s.State)
	}
	shelf := host.Shelf(`C:\Cache\vendor`, "0123456789abcdef")
	if n, err := h.Files.Shelve(t.Context(), `C:\Cache\vendor`, shelf, nil); err != nil || n != 5 {
		t.Errorf("moved %d, %v", n, err)
	}
	if left, _ := m.Files.ReadDir(`C:\Cache\vendor`); len(left) > 0 {
		t.Errorf("%d files left", len(left))
	}
	if n, _, err := h.Files.Discard(t.Context(), `C:\Cache\vendor`, shelf); err != nil || n != 5 {
		t.Errorf("removed %d, %v", n, err)
	}
	if err := h.Journal.Promise(host.Promise{ID: "a", Action: "clean", Services: []string{"svc"}}); err != nil {
		t.Fatal(err)
	}
	if open, err := l.Hands().Journal.Open(); err != nil || len(open) != 1 {
		t.Errorf("%d open promises, %v", len(open), err)
	}
}

func TestAbsentCacheIsNotThere(t *testing.T) {
	m := begin(t, "machine: {cache: {absent: true}}").Machine()
	if _, err := m.Files.Stat(`C:\Cache\vendor`); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestLogLinesCarryTheirAge(t *testing.T) {
	l := begin(t, `machine: {logs: [{name: plug, lines: ["-90s .W: a failure", "as it stands"]}]}`)
	found, err := l.Machine().Files.Glob(`C:\ProgramData\Vendor\**\plug.log*`)
	if err != nil || len(found) != 1 {
		t.Fatalf("%q, %v", found, err)
	}
	lines := strings.Split(strings.TrimSpace(read(t, l.Machine(), found[0])), "\r\n")
	if len(lines) != 3 || lines[2] != "as it stands" {
		t.Fatalf("%q", lines)
	}
	stamp, rest, _ := strings.Cut(lines[1], " [15c0.1d1c] ")
	at, err := time.ParseInLocation("2006-01-02 15:04:05.000", stamp, time.Local)
	if age := time.Since(at); err != nil || rest != ".W: a failure" || age < 89*time.Second || age > 3*time.Minute {
		t.Errorf("%q is %v old (%v)", lines[1], age, err)
	}
}

func TestGrowingLogGetsLines(t *testing.T) {
	l := begin(t, `machine: {grow: [{name: plug, lines: [".W: one", ".W: two"]}]}`)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !strings.Contains(read(t, l.Machine(), `C:\ProgramData\Vendor\plug.log`), ".W: two") {
		select {
		case <-ctx.Done():
			t.Fatal("the second line never came")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestLogThatNoProfileHasIsAnError(t *testing.T) {
	s := Scene{Name: "x", Machine: Machine{OS: "windows", Logs: []Log{{Name: "nosuch", Lines: []string{"x"}}}}}
	if l, err := Start(s, []*profile{small()}); err == nil {
		l.Close()
		t.Error("accepted")
	}
}

func TestHostsFileComesBeforeDNS(t *testing.T) {
	l := begin(t, "machine: {hosts: ['127.0.0.1 ok.vendor.example other # note', '# 127.0.0.1 plain.vendor.example']}")
	n := l.Machine().Network
	if a, err := n.Lookup(t.Context(), "ip4", okHost); err != nil || len(a) != 1 || a[0].String() != "127.0.0.1" {
		t.Errorf("%v, %v", a, err)
	}
	if a, err := n.Lookup(t.Context(), "ip6", okHost); err == nil {
		t.Errorf("a second family from nowhere: %v", a)
	}
	path, lines, err := n.HostsFile("OTHER")
	if err != nil || len(lines) != 1 || !strings.Contains(read(t, l.Machine(), path), lines[0]) {
		t.Errorf("%s: %q, %v", path, lines, err)
	}
	if _, lines, _ := n.HostsFile("plain.vendor.example"); len(lines) > 0 {
		t.Errorf("a comment counts: %q", lines)
	}
	if _, err := n.Dial(soon(t), "tcp", netip.MustParseAddrPort("127.0.0.1:443")); err == nil || len(l.Surprises()) > 0 {
		t.Errorf("%v, surprises %q", err, l.Surprises())
	}
}

func TestControllersAreFoundAndAnswer(t *testing.T) {
	l := begin(t, `
machine: {join: domain, domain: corp.example}
network: {controllers: [{name: dc1.corp.example, icmp: "no", kerberos: refuse}, {name: dc2.corp.example}]}
`)
	m := l.Machine()
	srv, err := m.Network.LookupSRV(long(t), "_ldap._tcp.dc._msdcs.corp.example")
	if err != nil || len(srv) != 2 || srv[0].Port != 389 {
		t.Fatalf("%v, %v", srv, err)
	}
	if j, err := m.Domain.Join(t.Context()); err != nil || j.State != host.DomainJoined || j.Domain != "corp.example" {
		t.Errorf("%+v, %v", j, err)
	}
	if c, err := m.Domain.Locate(t.Context(), "corp.example"); err != nil || c.Name != "dc1.corp.example" {
		t.Errorf("%+v, %v", c, err)
	}
	connect(t, l, "ip4", "dc1.corp.example", 389)
	one, two := address(t, l, "ip4", "dc1.corp.example", 88), address(t, l, "ip4", "dc2.corp.example", 88)
	if _, err := m.Network.Dial(soon(t), "tcp", one); err == nil {
		t.Error("the refusing port accepts")
	}
	if _, err := m.Ping.Ping(soon(t), one.Addr()); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the silenced controller: %v", err)
	}
	if _, err := m.Ping.Ping(soon(t), two.Addr()); err != nil {
		t.Errorf("the other controller: %v", err)
	}
	if s := l.Surprises(); len(s) > 0 {
		t.Errorf("surprises: %q", s)
	}
}

func TestDomainWithoutControllersHasNone(t *testing.T) {
	m := begin(t, "machine: {join: domain, domain: corp.example}").Machine()
	if srv, err := m.Network.LookupSRV(long(t), "_ldap._tcp.dc._msdcs.corp.example"); err == nil {
		t.Errorf("%v", srv)
	}
	if _, err := m.Domain.Locate(t.Context(), "corp.example"); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestSettingsStandAsTheSceneSays(t *testing.T) {
	m := begin(t, "machine: {settings: [{source: Internet Options, server: 'proxy:8080', bypass: [<local>]}, {source: WinHTTP, pac: 'http://x/y'}]}").Machine()
	got := map[string]host.Setting{}
	for _, s := range m.Proxies.Settings(t.Context()) {
		got[s.Source] = s
	}
	if s := got["Internet Options"]; s.Server != "proxy:8080" || len(s.Modes) != 1 || s.Modes[0] != host.Manual || s.Whose != "you" {
		t.Errorf("%+v", s)
	}
	if s := got["WinHTTP"]; s.PACURL != "http://x/y" || len(s.Modes) != 1 || s.Modes[0] != host.PAC {
		t.Errorf("%+v", s)
	}
}

func TestServiceThatWillNotStartStops(t *testing.T) {
	l := begin(t, "machine: {services: {svc: wont_start}}")
	h := l.Hands().Services
	if err := h.Stop(t.Context(), "svc"); err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context(), "svc"); err == nil {
		t.Error("it started")
	}
	if s, _ := l.Machine().Services.Query(t.Context(), "svc"); s.State != host.Stopped {
		t.Errorf("state %q", s.State)
	}
}

func TestStuckServiceHangsUntilTheCallerGivesUp(t *testing.T) {
	l := begin(t, "machine: {services: {svc: stuck}}")
	if err := l.Hands().Services.Stop(soon(t), "svc"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if s, _ := l.Machine().Services.Query(t.Context(), "svc"); s.State != host.StopPending {
		t.Errorf("state %q", s.State)
	}
}

func TestWithoutRightsNothingChanges(t *testing.T) {
	l := begin(t, "machine: {limited: true}")
	if l.Machine().Identity.Elevated {
		t.Error("elevated")
	}
	if err := l.Hands().Services.Stop(t.Context(), "svc"); !errors.Is(err, host.ErrDenied) {
		t.Errorf("stop: %v", err)
	}
	shelf := host.Shelf(`C:\Cache\vendor`, "0123456789abcdef")
	if _, err := l.Hands().Files.Shelve(t.Context(), `C:\Cache\vendor`, shelf, nil); !errors.Is(err, host.ErrDenied) {
		t.Errorf("shelve: %v", err)
	}
	if s, _ := l.Machine().Services.Query(t.Context(), "svc"); s.State != host.Running {
		t.Errorf("state %q", s.State)
	}
}
