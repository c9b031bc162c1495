package assets

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func profile(t *testing.T, name string) *Profile {
	t.Helper()
	p, err := LoadProfile(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// said is what the vendors' two articles name: every host, path, number, file, service, key and tool. Each must be
// served by the profile as data, so comments do not count.
var said = map[string][]string{
	"withsecure": {
		"*.f-secure.com", "*.fsapi.com", "doorman.sc.fsapi.com", "download.sp.f-secure.com",
		`HKLM\SOFTWARE\F-Secure\Ultralight\Settings\proxy`, "value", "access",
		"fsulnethoster", "Network Hoster", `C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor`, "2 hours",
		"fsscorplug.log", "CcfPluginState.log", "orspplug.log", "DeepGuard.log", "transportAgent.log", "Email and Server Security",
		"Elements EPP for Computers", "Elements EPP for Servers", "Client Security", "Server Security",
		`C:\Program Files (x86)\F-Secure\Client Security\ui\fsconnectionchecker.exe`, "15.20",
		`C:\Program Files (x86)\F-Secure\Server Security\ui\fsconnectionchecker.exe`, "15.10",
		`C:\Program Files (x86)\F-Secure\PSB\ui\fsconnectionchecker.exe`,
		"https://download.sp.f-secure.com/connectivitytool/ConnectionChecker.exe", "Connectivity Tool",
		"DeepGuard", "Application control", "File scanning", "Browsing protection", "Web traffic scanning",
		"101", "218", "111", "201", "suppressed", "discovery service", "000035235", "disabling Security Cloud",
	},
	"deepsecurity": {
		"ds20.icrc.trendmicro.com", "/tmcss/?LCRC=08000000AC41080092000080C4F01936B21D9104", "exactly 4 bytes",
		"When off domain, connect to global Smart Protection Service", "global Smart Protection Service", "local Smart Protection Server",
		"failover", "laptops", "AMSP", "suspect", "3 times", "5 seconds", "every 5 minutes", "9012", "Web reputation", "no event",
		"When Roaming", "case sensitive", "inherit", "0x20000007", "ICRC_HTTP_ERROR", "28 is a time-out", "dismisse",
		"problem of the network", "Smart Protection Server Disconnected for Smart Scan",
	},
}

func TestProfilesHoldWhatTheArticlesSay(t *testing.T) {
	for name, things := range said {
		var b strings.Builder
		mapText(reflect.ValueOf(*profile(t, name)), "", func(_, s string) string {
			b.WriteString(s + "\n")
			return s
		})
		text := strings.ToLower(b.String())
		for _, s := range things {
			if !strings.Contains(text, strings.ToLower(s)) {
				t.Errorf("%s: nothing serves %q", name, s)
			}
		}
	}
}

// first finds the entry of a list that is meant; the test ends where there is none.
func first[T any](t *testing.T, list []T, want func(T) bool) T {
	t.Helper()
	i := slices.IndexFunc(list, want)
	if i < 0 {
		t.Fatal("the profile lacks an entry")
	}
	return list[i]
}

func TestWithSecureIsAsItsArticleSays(t *testing.T) {
	p := profile(t, "withsecure")
	if c := p.Cache; c == nil || time.Duration(c.TTL) != 2*time.Hour || c.Service != "fsulnethoster" || c.Mark != Seed {
		t.Errorf("cache %+v", c)
	}
	door := first(t, p.Endpoints, func(e Endpoint) bool { return e.Host == "doorman.sc.fsapi.com" })
	if !door.Required || door.Mark != Seed || door.Path != "/" || door.Port != 443 || door.Expect.Body != "ok" || !slices.Equal(door.Expect.Status, []int{200}) {
		t.Errorf("doorman %+v", door)
	}
	if !door.ExpectMark().Hint() {
		t.Error("the article names neither path nor status nor whole body of an answer, so another one is only a hint")
	}
	for _, e := range p.Endpoints {
		if e.Required && e.Mark.Hint() {
			t.Errorf("%s is required, although only others have seen it", e.Host)
		}
	}
	if s := p.Proxy.Stores[0]; s.URL != "value" || s.Enabled != "access" || s.Mark != Seed {
		t.Errorf("store %+v", s)
	}
	for _, s := range p.Services {
		if s.Required != (s.Name == "fsulnethoster") {
			t.Errorf("service %+v: the article needs fsulnethoster, and no other", s)
		}
	}
	if len(p.ForOS("linux")) != 0 || p.RunAs != "network_service" || p.Budget.Connect() != time.Second || !p.Budget.Mark.Hint() {
		t.Errorf("services %v, account %s, budget %+v", p.ForOS("linux"), p.RunAs, p.Budget)
	}
	for _, l := range p.Logs {
		if (l.Only != "") != (l.Name == "transportAgent") {
			t.Errorf("log %s is only for %q", l.Name, l.Only)
		}
		for _, root := range []string{`C:\ProgramData\F-Secure\Log\**\`, `C:\Users\*\AppData\Local\F-Secure\Log\**\`} {
			if !slices.Contains(l.Files, root+l.Name+".log*") {
				t.Errorf("log %s is not looked for under %s", l.Name, root)
			}
		}
	}
	if len(p.Impact) != 5 || slices.ContainsFunc(p.Impact, func(m Impact) bool { return m.With == "" || m.Effect == "" }) {
		t.Errorf("impact %v", p.Impact)
	}
	if p.Domain != nil {
		t.Error("WithSecure has no off-domain mode")
	}
}

func TestDeepSecurityIsAsItsArticleSays(t *testing.T) {
	p := profile(t, "deepsecurity")
	const test = "/tmcss/?LCRC=08000000AC41080092000080C4F01936B21D9104"
	global := first(t, p.Endpoints, func(e Endpoint) bool { return e.Host == "ds20.icrc.trendmicro.com" && e.Scheme == "https" })
	if !global.Required || global.Mark != Seed || global.Path != test || global.Port != 443 || global.Expect.BodyLength == nil || *global.Expect.BodyLength != 4 || global.ExpectMark() != Seed {
		t.Errorf("global service %+v", global)
	}
	plain := first(t, p.Endpoints, func(e Endpoint) bool { return e.Host == global.Host && e.Port == 80 })
	if plain.Required || plain.Path != test {
		t.Errorf("port 80 %+v", plain)
	}
	if r := p.Retry; r.Tries != 3 || r.WaitMS != 5000 || r.EveryMS != 300_000 || p.Budget.Connect() != 5*time.Second || p.Budget.Mark != Seed {
		t.Errorf("rule %+v, budget %+v", r, p.Budget)
	}
	d := p.Domain
	if d == nil || d.Ping != "icmp" || d.Option != "off_domain_global" || p.Values[d.Option] != "" || d.Every != 0 || !slices.Equal(d.OS, []string{"windows"}) {
		t.Errorf("domain %+v", d)
	}
	if p.Cache != nil {
		t.Error("no cache of the agent is documented")
	}
	if len(p.Proxy.Stores) != 0 || !slices.Equal(p.Proxy.Schemes, []string{"http", "pac"}) || !slices.Equal(p.Proxy.Auth, []string{"basic"}) {
		t.Errorf("proxy %+v", p.Proxy)
	}
	if s := p.ForOS("linux"); len(s) != 1 || s[0].Name != "ds_agent" {
		t.Errorf("services on Linux %v", s)
	}
	if p.Account("windows") != "local_system" || p.Account("linux") != "root" {
		t.Error("the agent is a system service")
	}
}

func TestDeepSecurityTestsOnlyWhatIsConfigured(t *testing.T) {
	tested := func(vars map[string]string) map[string][]int {
		p, err := LoadProfile("deepsecurity", vars)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string][]int{}
		for _, e := range p.Endpoints {
			if e.Missing(p) == "" {
				m[e.Host] = append(m[e.Host], e.Port)
			}
		}
		return m
	}
	if got, want := tested(nil), (map[string][]int{"ds20.icrc.trendmicro.com": {443, 80}}); !reflect.DeepEqual(got, want) {
		t.Errorf("by default %v", got)
	}
	if got := tested(map[string]string{"sps": "sps.corp.example"})["sps.corp.example"]; !slices.Equal(got, []int{443, 80, 5274, 5275}) {
		t.Errorf("local server %v", got)
	}
	if got := tested(map[string]string{"manager": "dsm.corp.example", "relay": "relay.corp.example", "gateway": "sg.corp.example"}); !slices.Equal(got["dsm.corp.example"], []int{4120, 4119}) ||
		!slices.Equal(got["relay.corp.example"], []int{4122}) || !slices.Equal(got["sg.corp.example"], []int{8080}) {
		t.Errorf("one's own servers %v", got)
	}
	saas := tested(map[string]string{"region": "de-1", "version": ""})
	for _, h := range []string{
		"dsaas.icrc.trendmicro.com", "dsaas.url.trendmicro.com", "agents.workload.de-1.cloudone.trendmicro.com",
		"agents-001.workload.de-1.cloudone.trendmicro.com", "agents-010.workload.de-1.cloudone.trendmicro.com",
		"agent-comm.workload.de-1.cloudone.trendmicro.com", "dsmim.workload.de-1.cloudone.trendmicro.com",
		"workload.de-1.cloudone.trendmicro.com", "gateway-control.workload.de-1.cloudone.trendmicro.com",
		"deepsecaas11-en.gfrbridge.trendmicro.com", "dsaas-en-b.trx.trendmicro.com", "ipv6-iaus.trendmicro.com",
	} {
		if len(saas[h]) == 0 {
			t.Errorf("Workload Security lacks %s", h)
		}
	}
	if len(saas["ds20.icrc.trendmicro.com"]) != 0 {
		t.Error("the server of one's own version is tested although version was said to be empty")
	}
	if _, err := LoadProfile("deepsecurity", map[string]string{"version": "12"}); err == nil {
		t.Error("12 is not the number in a server's name: 12.0 is 120")
	}
}

func TestEveryItemOfAProfileSaysHowWellItIsKnown(t *testing.T) {
	list, err := Profiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		eachMark(reflect.ValueOf(*p), p.Name, func(key string, m Mark) {
			if m == "" && !strings.HasSuffix(key, ".expect") {
				t.Errorf("%s has no mark", key)
			}
		})
	}
}

func eachMark(v reflect.Value, key string, fn func(string, Mark)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachMark(v.Elem(), key, fn)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachMark(v.Index(i), key+"[]", fn)
		}
	case reflect.Struct:
		for name, i := range keysOf(v.Type()) {
			if m, ok := v.Field(i).Interface().(Mark); ok && !v.IsZero() {
				fn(key, m)
			} else if !ok {
				eachMark(v.Field(i), key+"."+name, fn)
			}
		}
	}
}

func TestLogsNameFormatsAndSignaturesThatExist(t *testing.T) {
	grammars, err := Grammars()
	if err != nil {
		t.Fatal(err)
	}
	signatures, err := Signatures()
	if err != nil {
		t.Fatal(err)
	}
	list, err := Profiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		for _, l := range p.Logs {
			if !slices.ContainsFunc(grammars, func(g Grammar) bool { return g.Name == l.Format }) {
				t.Errorf("%s: log %s has the unknown format %q", p.Name, l.Name, l.Format)
			}
			for _, kind := range l.Signatures {
				if !slices.ContainsFunc(signatures, func(s Signature) bool { return slices.Contains(s.Kinds, kind) }) {
					t.Errorf("%s: log %s wants signatures %q, and no signature is of that kind", p.Name, l.Name, kind)
				}
			}
		}
	}
}

func TestANewProfileIsRight(t *testing.T) {
	for name, want := range map[string]string{
		"acme": "acme", "Acme EPP 2": "acme-epp-2", "": "my-product", "../../etc": "etc", "9lives": "lives", "ä\n\x1b": "my-product",
		strings.Repeat("long-name-", 9): "long-name-long-name-long-name-lo", "a: b # c": "a--b---c",
	} {
		b := NewProfile(name)
		p, err := ParseProfile("new.yaml", b)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if p.Name != want {
			t.Errorf("%q became %q, want %q", name, p.Name, want)
		}
		// What is commented out as an example must be right as well.
		on := b
		for _, line := range []string{"cache:", "  dir", "  service", "  ttl", "  mark", "logs:", "  - name", "    files", "    format", "    signatures", "    mark", "tester:", "  - {path"} {
			if !bytes.Contains(on, []byte("\n#"+line)) {
				t.Fatalf("no example %q", line)
			}
			on = bytes.ReplaceAll(on, []byte("\n#"+line), []byte("\n"+line))
		}
		if p, err = ParseProfile("on.yaml", on); err != nil || p.Cache == nil || len(p.Logs) != 1 || len(p.Tester) != 1 {
			t.Errorf("the examples that are commented out: %v", err)
		}
	}
}
