package lab

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"linecheck/checks/host"
)

func TestPACFileComesAsTheSceneSays(t *testing.T) {
	const at = "http://pac.example.intern/proxy.pac"
	for name, tc := range map[string]struct {
		rule, location string
		status, size   int
	}{
		"a file loses its text":      {rule: "{body: text}", status: 200, size: 4},
		"a slow file never comes":    {rule: "{body: text, slow: 1ms}", status: 200, size: 4},
		"a large file is small":      {rule: "{body: text, size: 2000000}", status: 200, size: 2_000_000},
		"a redirect leads elsewhere": {rule: "{redirect: '" + at + "'}", location: at, status: 302},
		"a status is lost":           {rule: "{status: 404, body: no}", status: 404, size: 2},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, "network: {pac: {'"+at+"': "+tc.rule+"}}")
			r, body := get(t, connect(t, l, "ip4", "pac.example.intern", 80), "pac.example.intern", "/proxy.pac")
			if r.StatusCode != tc.status || len(body) != tc.size || r.Header.Get("Location") != tc.location {
				t.Errorf("%s, %d bytes, to %q", r.Status, len(body), r.Header.Get("Location"))
			}
		})
	}
}

func TestNetworkWithAPortalLeadsThere(t *testing.T) {
	const page, test = "http://login.hotel.example/", "www.msftconnecttest.com"
	r, body := get(t, connect(t, begin(t, ""), "ip4", test, 80), test, "/connecttest.txt")
	if r.StatusCode != 200 || body != "Microsoft Connect Test" {
		t.Errorf("without a portal: %s %q", r.Status, body)
	}
	l := begin(t, "network: {portal: '"+page+"'}")
	for _, name := range []string{test, "plain.vendor.example"} {
		r, _ := get(t, connect(t, l, "ip4", name, 80), name, "/")
		if r.StatusCode != http.StatusFound || r.Header.Get("Location") != page {
			t.Errorf("%s: %s to %q", name, r.Status, r.Header.Get("Location"))
		}
	}
}

func TestProxyValuesAreWrittenAsWindowsDoes(t *testing.T) {
	l := begin(t, `
machine:
  registry:
    'HKCU\Test':
      a: {hex: "18 00 00 00"}
      b: {connections: {proxy: "p:1", bypass: "<local>", pac: "http://x/y"}}
      c: {winhttp: {}}
      d: {winhttp: {flags: 3, proxy: "p:1"}}
`)
	for name, want := range map[string]string{
		"a": "18000000",
		"b": "46000000" + "07000000" + "07000000" + "03000000703a31" + "070000003c6c6f63616c3e" + "0a000000687474703a2f2f782f79" + strings.Repeat("00", 32),
		"c": "1800000000000000010000000000000000000000", // as in Microsoft's KB4494447
		"d": "18000000000000000300000003000000703a3100000000",
	} {
		v, err := l.Machine().Registry.Value(`HKCU\Test`, name)
		if err != nil || v.Kind != "REG_BINARY" || hex.EncodeToString(v.Bytes) != want {
			t.Errorf("%s: %s %x, %v", name, v.Kind, v.Bytes, err)
		}
	}
	for _, bad := range []string{"{hex: zz}", "{hex: '00', winhttp: {}}", "{conections: {}}", "[1]", "-1"} {
		if _, err := Parse("x.yaml", []byte("name: x\ntitle: t\nstory: s\nexpect: {status: healthy}\nmachine: {registry: {'HKCU\\T': {a: "+bad+"}}}")); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func TestMachineHoldsWhatTheSceneGivesIt(t *testing.T) {
	l := begin(t, `
machine:
  os: linux
  files: {/etc/apt/apt.conf: 'Acquire::http::Proxy "http://p:1";'}
  units: {svc: {https_proxy: "http://p:2"}}
  dhcp_pac: http://x/dhcp.pac
  dns_cache: [a.vendor.example]
  settings: [{source: NetworkManager, whose: Wired, pac: "http://x/nm.pac"}, {source: GNOME, mode: auto, pac: "http://x/y", denied: true}]
`)
	m := l.Machine()
	if s := read(t, m, "/etc/apt/apt.conf"); !strings.Contains(s, "http://p:1") {
		t.Errorf("file %q", s)
	}
	l.fake.Services["svc"] = &host.Service{Name: "svc"}
	if v, err := m.Services.Environment(t.Context(), "svc"); err != nil || v["https_proxy"] != "http://p:2" {
		t.Errorf("unit %v, %v", v, err)
	}
	if u, _, err := m.Proxies.Offered(t.Context()); err != nil || u != "http://x/dhcp.pac" {
		t.Errorf("DHCP %q, %v", u, err)
	}
	if c, err := m.Network.Cached(t.Context()); err != nil || !slices.Equal(c, []string{"a.vendor.example"}) {
		t.Errorf("cache %q, %v", c, err)
	}
	var got []string
	for _, s := range m.Proxies.Settings(t.Context()) {
		got = append(got, s.Source+" "+s.Whose)
		if s.Source == "GNOME" && (!host.Denied(s.Err) || !slices.Equal(s.Modes, []host.Mode{host.Auto, host.PAC})) {
			t.Errorf("%+v", s)
		}
	}
	if !slices.Equal(got, []string{"GNOME you", "NetworkManager Wired"}) {
		t.Errorf("settings %q", got)
	}
}

func TestWhatIsDialledIsRemembered(t *testing.T) {
	l := begin(t, "network: {proxies: {'"+proxyHost+":3128': {}}}")
	proxyAnswer(t, connect(t, l, "ip4", proxyHost, 3128), okHost+":443", "")
	if got := l.Dialled(); !slices.Equal(got, []string{"tcp 10.11.12.1:3128 " + proxyHost, "proxy " + okHost + ":443"}) {
		t.Errorf("%q", got)
	}
}

func TestScriptsOfShippedScenesAskForNoName(t *testing.T) {
	all, err := Scenes()
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for _, s := range all {
		for at, p := range s.Network.PAC {
			scripts++
			for _, word := range []string{"dnsResolve", "isInNet", "isResolvable", "myIpAddress"} {
				if strings.Contains(p.Body, word) {
					t.Errorf("%s: the script at %s uses %s, which reaches beyond the practice network on Windows", s.Name, at, word)
				}
			}
		}
	}
	if scripts < 5 {
		t.Errorf("only %d scripts", scripts)
	}
}
