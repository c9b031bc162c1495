package host

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const connections = `Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`

// swap sets a binary value for the length of a test.
func swap(t *testing.T, root registry.Key, name string, b []byte) {
	t.Helper()
	k, _, err := registry.CreateKey(root, connections, registry.ALL_ACCESS)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		t.Skip("only an administrator sets this:", err)
	}
	must(t, err)
	old, _, oldErr := k.GetBinaryValue(name)
	must(t, k.SetBinaryValue(name, b))
	t.Cleanup(func() {
		if oldErr == nil {
			_ = k.SetBinaryValue(name, old)
		} else {
			_ = k.DeleteValue(name)
		}
		k.Close()
	})
}

// blob writes what both values hold: a head, a counter, flags, and strings with their lengths before them. Wine reads
// WinHttpSettings only where the counter is 0.
func blob(size, flags uint32, texts ...string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, size)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = binary.LittleEndian.AppendUint32(b, flags)
	for _, s := range texts {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return append(b, make([]byte, 32)...)
}

// setting returns the answer of one of the two interfaces.
func setting(t *testing.T, source string) Setting {
	t.Helper()
	all := Local().Proxies.Settings(t.Context())
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Source == source })
	if i < 0 || underWine() && len(all) != 2 {
		t.Fatalf("%s is not in %+v", source, all)
	}
	return all[i]
}

func TestWinHTTPSettings(t *testing.T) {
	for _, name := range []string{"http_proxy", "no_proxy"} { // Wine's WinHTTP looks at them first
		t.Setenv(name, "")
		must(t, os.Unsetenv(name))
	}
	for name, c := range map[string]struct {
		blob   []byte
		server string
		modes  []Mode
		bypass []string
	}{
		"direct is nothing set": {blob(0x18, 1, "", ""), "", nil, nil},
		"a proxy with exceptions": {blob(0x18, 3, "proxy.example.intern:3128", "<local>;*.corp.example"),
			"proxy.example.intern:3128", []Mode{Manual}, []string{"<local>", "*.corp.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			swap(t, registry.LOCAL_MACHINE, "WinHttpSettings", c.blob)
			s := setting(t, "WinHTTP")
			if s.Err != nil || s.Server != c.server || !slices.Equal(s.Modes, c.modes) || !slices.Equal(s.Bypass, c.bypass) || s.Raw == "" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestInternetOptions(t *testing.T) {
	for name, c := range map[string]struct {
		blob        []byte
		server, pac string
		modes       []Mode
	}{
		"direct is nothing set":                {blob(0x46, 1, "", "", ""), "", "", nil},
		"a proxy set by hand":                  {blob(0x46, 3, "http=proxy:3128;https=proxy:3129", "<local>", ""), "http=proxy:3128;https=proxy:3129", "", []Mode{Manual}},
		"a script":                             {blob(0x46, 5, "", "", "http://wpad.corp.example/wpad.dat"), "", "http://wpad.corp.example/wpad.dat", []Mode{PAC}},
		"everything, in the order of WinINET":  {blob(0x46, 15, "proxy:3128", "", "http://p/x.pac"), "proxy:3128", "http://p/x.pac", []Mode{Auto, PAC, Manual}},
		"automatic detection":                  {blob(0x46, 9, "", "", ""), "", "", []Mode{Auto}},
		"a proxy that is written but not used": {blob(0x46, 1, "proxy:3128", "", ""), "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			swap(t, registry.CURRENT_USER, "DefaultConnectionSettings", c.blob)
			s := setting(t, "Internet Options")
			if s.Err != nil || s.Server != c.server || s.PACURL != c.pac || !slices.Equal(s.Modes, c.modes) {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestSettingsEndWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, s := range Local().Proxies.Settings(ctx) {
		if !errors.Is(s.Err, context.Canceled) || len(s.Modes) != 0 {
			t.Errorf("%+v; want that it could not be read", s)
		}
	}
}

// Wine always says that it is in a workgroup: a joined machine is shown only by the table below.
func TestJoinOfWindows(t *testing.T) {
	j, err := Local().Domain.Join(t.Context())
	if err != nil || j.State == JoinUnknown || j.How == "" || j.Raw == "" {
		t.Errorf("Join = %+v, %v", j, err)
	}
	if underWine() && j.State != WorkgroupOnly {
		t.Errorf("Wine is %q", j.State)
	}
}

func TestEntraIsReadFromTheRegistry(t *testing.T) {
	k, _, err := registry.CreateKey(registry.LOCAL_MACHINE, entraKey[len(`HKLM\`):]+`\linecheck-test`, registry.ALL_ACCESS)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		t.Skip("only an administrator writes there:", err)
	}
	must(t, err)
	k.Close()
	t.Cleanup(func() {
		if d, err := registry.OpenKey(registry.LOCAL_MACHINE, entraKey[len(`HKLM\`):], registry.ALL_ACCESS); err == nil {
			_ = registry.DeleteKey(d, "linecheck-test")
			d.Close()
		}
	})
	j, err := Local().Domain.Join(t.Context())
	if err != nil || j.State != EntraJoined && j.State != HybridJoined {
		t.Errorf("Join = %+v, %v", j, err)
	}
}

func TestJoinStates(t *testing.T) {
	for name, c := range map[string]struct {
		kind  uint32
		entra bool
		want  JoinState
	}{
		"a domain":                           {windows.NetSetupDomainName, false, DomainJoined},
		"a domain and Entra":                 {windows.NetSetupDomainName, true, HybridJoined},
		"Entra alone stands as a workgroup":  {windows.NetSetupWorkgroupName, true, EntraJoined},
		"a workgroup":                        {windows.NetSetupWorkgroupName, false, WorkgroupOnly},
		"nothing":                            {windows.NetSetupUnjoined, false, NotJoined},
		"what Windows itself does not know":  {windows.NetSetupUnknownStatus, false, JoinUnknown},
		"a number that nobody has heard of":  {99, false, JoinUnknown},
		"an unknown status beside Entra too": {windows.NetSetupUnknownStatus, true, EntraJoined},
	} {
		t.Run(name, func(t *testing.T) {
			if got := joinState(c.kind, c.entra); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The structure that a controller comes back in is filled only where one lives: see the lab with a real one.
func TestLocateWithoutAController(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, name := range []string{"linecheck-test.invalid", "nul\x00.invalid"} {
		c, err := Local().Domain.Locate(ctx, name)
		switch {
		case errors.Is(err, ErrNotFound):
		case errors.Is(err, context.DeadlineExceeded), err != nil && underWine():
			t.Logf("Locate(%q): no DNS server answers here: %v", name, err)
		default:
			t.Errorf("Locate(%q) = %+v, %v", name, c, err)
		}
	}
	if err := locateError("x", windows.ERROR_NO_SUCH_DOMAIN); !errors.Is(err, ErrNotFound) {
		t.Errorf("1355 is %v", err)
	}
	if err := locateError("x", windows.ERROR_ACCESS_DENIED); !errors.Is(err, ErrDenied) || errors.Is(err, ErrNotFound) {
		t.Errorf("5 is %v", err)
	}
}

func TestEchoResults(t *testing.T) {
	for name, c := range map[string]struct {
		replies uintptr
		err     error
		status  uint32
		want    error
	}{
		"an answer":                     {1, nil, 0, nil},
		"silence is told by the error":  {0, syscall.Errno(11010), 0, os.ErrDeadlineExceeded},
		"silence is told by the status": {1, nil, 11010, os.ErrDeadlineExceeded},
		"no rights":                     {0, windows.ERROR_ACCESS_DENIED, 0, ErrDenied},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := echoResult(c.replies, c.err, c.status, netip.Addr{}, time.Millisecond); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	for status, replies := range map[uint32]uintptr{11003: 1, 11050: 1} {
		if _, err := echoResult(replies, nil, status, netip.Addr{}, 0); err == nil || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, ErrDenied) {
			t.Errorf("status %d is %v; want that the network cannot", status, err)
		}
	}
	if _, err := echoResult(0, syscall.Errno(0), 0, netip.Addr{}, 0); err == nil {
		t.Error("no reply and no reason is an answer")
	}
}

// Under Wine the echo goes through a raw socket of the machine below, which must be root's.
func TestPingIsAnswered(t *testing.T) {
	took, err := Local().Ping.Ping(t.Context(), netip.MustParseAddr("127.0.0.1"))
	if errors.Is(err, ErrDenied) && underWine() {
		t.Skip("the machine below Wine lets this account send no echo:", err)
	}
	if err != nil || took <= 0 {
		t.Errorf("Ping = %v, %v", took, err)
	}
}

func TestHostsFileIsWhereTheRegistrySays(t *testing.T) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`, registry.ALL_ACCESS)
	if err != nil {
		t.Skip("the key cannot be written:", err)
	}
	defer k.Close()
	old, kind, oldErr := k.GetStringValue("DataBasePath")
	t.Cleanup(func() {
		k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`, registry.ALL_ACCESS)
		if err != nil {
			t.Error(err)
			return
		}
		defer k.Close()
		switch {
		case oldErr != nil:
			_ = k.DeleteValue("DataBasePath")
		case kind == registry.EXPAND_SZ:
			_ = k.SetExpandStringValue("DataBasePath", old)
		default:
			_ = k.SetStringValue("DataBasePath", old)
		}
	})
	dir := t.TempDir()
	plant(t, dir, map[string]string{"hosts": "192.0.2.7 doorman.example\r\n"})
	t.Setenv("LINECHECK_TEST_DIR", dir)
	must(t, k.SetExpandStringValue("DataBasePath", `%LINECHECK_TEST_DIR%`))
	path, lines, err := Local().Network.HostsFile("Doorman.example")
	if err != nil || path != filepath.Join(dir, "hosts") || !slices.Equal(lines, []string{"192.0.2.7 doorman.example"}) {
		t.Errorf("HostsFile = %q, %q, %v", path, lines, err)
	}
}

func TestResolversOfWindows(t *testing.T) {
	if got := Local().Network.Resolvers(); len(got) == 0 {
		t.Error("this machine asks no DNS server")
	}
}

// An administrator's journal is made for administrators; Wine keeps no access list, so that only the owner is seen.
func TestJournalOfStrangers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "j")
	must(t, privateDir(dir))
	root, err := os.OpenRoot(dir)
	must(t, err)
	defer root.Close()
	must(t, trusted(root, dir))
	everyone, err := windows.CreateWellKnownSid(windows.WinWorldSid)
	must(t, err)
	err = windows.SetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION, everyone, nil, nil, nil)
	sd, gerr := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	must(t, gerr)
	if owner, _, _ := sd.Owner(); err != nil || owner == nil || !owner.Equals(everyone) {
		t.Skip("the folder cannot be given to a stranger here:", err)
	}
	if err := trusted(root, dir); !errors.Is(err, ErrDenied) {
		t.Errorf("a stranger's folder: %v", err)
	}
	if _, err := NewJournal(dir).Open(); err == nil {
		t.Error("promises were read from a stranger's folder")
	}
}

// Where a network with a controller is at hand, LINECHECK_DC names its domain.
func TestLocateFindsAController(t *testing.T) {
	domain := os.Getenv("LINECHECK_DC")
	if domain == "" {
		t.Skip("needs a network with a domain controller: set LINECHECK_DC to its domain")
	}
	c, err := Local().Domain.Locate(t.Context(), domain)
	if err != nil || c.Name == "" || c.How == "" || c.Name[0] == '\\' {
		t.Fatalf("Locate = %+v, %v", c, err)
	}
	if _, err := netip.ParseAddr(c.Address); err != nil {
		t.Errorf("the controller's address is %q: %v", c.Address, err)
	}
	srv, err := Local().Network.LookupSRV(t.Context(), "_ldap._tcp.dc._msdcs."+domain)
	if err != nil || len(srv) == 0 || srv[0].Target == "" {
		t.Errorf("LookupSRV = %+v, %v", srv, err)
	}
	t.Logf("%+v, SRV %+v", c, srv)
}
