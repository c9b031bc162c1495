package proxy

import (
	"os"
	"path/filepath"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func write(t *testing.T, w *world, path, content string) {
	t.Helper()
	at := filepath.Join(w.Root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// withFiles is a Linux machine with files on it, and with a proxy that works at gw.corp.example:8080.
func withFiles(t *testing.T, files map[string]string) *world {
	t.Helper()
	w := newWorld(t, "linux")
	w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
	for path, text := range files {
		write(t, w, path, text)
	}
	return w
}

func TestAKeyIsFoundInFilesOfEveryForm(t *testing.T) {
	cases := map[string]struct {
		file, key, want string
		line            int
		bad             bool
	}{
		"lines of KEY=value":                    {"# proxy=no\nproxy=gw:1\n", "proxy", "gw:1", 2, false},
		"the last of two lines counts":          {"proxy=a:1\nproxy=b:2", "proxy", "b:2", 2, false},
		"quotes and export":                     {"export proxy = \"http://gw:1\"\r\n", "proxy", "http://gw:1", 1, false},
		"a longer key is another key":           {"noproxy=x\n", "proxy", "", 0, false},
		"JSON":                                  {`{"proxy": "gw:1"}`, "proxy", "gw:1", 0, false},
		"nested JSON":                           {`{"net": {"proxy": "gw:1"}}`, "net.proxy", "gw:1", 0, false},
		"a key that has a dot itself":           {`{"net.proxy": "gw:1"}`, "net.proxy", "gw:1", 0, false},
		"JSON with null":                        {`{"proxy": null}`, "proxy", "", 0, false},
		"JSON with a list where text should be": {`{"proxy": ["gw:1"]}`, "proxy", "", 0, true},
		"broken JSON":                           {`{"proxy": "gw:1"`, "proxy", "", 0, true},
		"YAML":                                  {"net:\n  proxy: gw:1\n", "net.proxy", "gw:1", 0, false},
		"YAML with a byte order mark":           {"\ufeffproxy: gw:1\n", "proxy", "gw:1", 0, false},
		"neither":                               {"\t:::\n[", "proxy", "", 0, false},
		"an empty file":                         {"", "proxy", "", 0, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, line, err := lookup([]byte(c.file), c.key)
			if got != c.want || line != c.line || (err != nil) != c.bad {
				t.Errorf("got %q in line %d (%v), want %q in line %d", got, line, err, c.want, c.line)
			}
		})
	}
}

func TestTheProductsStoreMayBeAFileOrAVariable(t *testing.T) {
	cases := map[string]struct {
		os    string
		setup func(w *world)
		want  string
		known bool
	}{
		"a file with the proxy": {"linux", func(w *world) {
			write(w.t, w, "/etc/agent.conf", "proxy=http://gw.corp.example:8080\n")
			w.profile.Proxy.Stores = []assets.Store{{File: "/etc/agent.conf", Key: "proxy"}}
		}, "proxy.source pass http://gw.corp.example:8080 manual used=yes", true},
		"a file without it": {"linux", func(w *world) {
			write(w.t, w, "/etc/agent.conf", "name=x\n")
			w.profile.Proxy.Stores = []assets.Store{{File: "/etc/agent.conf", Key: "proxy"}}
		}, "proxy.source note none direct used=no", true},
		"no file": {"linux", func(w *world) {
			w.profile.Proxy.Stores = []assets.Store{{File: "/etc/agent.conf", Key: "proxy"}}
		}, "proxy.source note none direct used=no", true},
		"a folder in the file's place": {"linux", func(w *world) {
			write(w.t, w, "/etc/agent.conf/x", "")
			w.profile.Proxy.Stores = []assets.Store{{File: "/etc/agent.conf", Key: "proxy"}}
		}, "proxy.source unknown unknown unknown used=yes", false},
		"a broken file": {"windows", func(w *world) {
			write(w.t, w, "/C/ProgramData/agent.json", "{")
			w.profile.Proxy.Stores = []assets.Store{{File: `C:\ProgramData\agent.json`, Key: "proxy"}}
		}, "proxy.source unknown unknown unknown used=yes", false},
		"a unit's variable": {"linux", func(w *world) {
			w.Variables["agent"] = map[string]string{"AGENT_PROXY": "gw.corp.example:8080"}
			w.profile.Proxy.Stores = []assets.Store{{Env: "AGENT_PROXY", Unit: "agent"}}
		}, "proxy.source pass http://gw.corp.example:8080 manual used=yes", true},
		"a unit that is not there": {"linux", func(w *world) {
			w.Services["other.service"] = nil
			w.profile.Proxy.Stores = []assets.Store{{Env: "AGENT_PROXY", Unit: "other.service"}}
		}, "proxy.source note none direct used=no", true},
		"a variable of the machine": {"windows", func(w *world) {
			w.Registry[environKey]["AGENT_PROXY"] = text("gw.corp.example:8080")
			w.profile.Proxy.Stores = []assets.Store{{Env: "AGENT_PROXY"}}
		}, "proxy.source pass http://gw.corp.example:8080 manual used=yes", true},
		"a switch that is a word": {"windows", func(w *world) {
			w.Registry[storeKey] = map[string]host.Value{"value": text("gw.corp.example:8080"), "access": text("true")}
		}, "proxy.source pass http://gw.corp.example:8080 manual used=yes", true},
		"a switch that says false": {"windows", func(w *world) {
			w.Registry[storeKey] = map[string]host.Value{"value": text("gw.corp.example:8080"), "access": text("False")}
		}, "proxy.source note none direct used=no", true},
		"an empty value": {"windows", func(w *world) { w.stored("", 1) }, "proxy.source note none direct used=no", true},
		"the word direct, which keeps the system's proxy out": {"windows", func(w *world) { w.stored("direct", 1) },
			"proxy.source note none direct used=no", true},
		"another system's stores are not asked": {"linux", func(w *world) {
			w.profile.Proxy.Stores = append(w.profile.Proxy.Stores, assets.Store{File: `C:\agent.conf`, Key: "proxy"})
		}, "", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.os)
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			c.setup(w)
			res := w.run()
			got := ""
			for _, f := range of(res, own) {
				got += line(f)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if r := route(t, res); r.Known != c.known {
				t.Errorf("the way is known: %v, want %v", r.Known, c.known)
			}
		})
	}
}

func TestTheLoginsEnvironmentFileIsAComparison(t *testing.T) {
	w := newWorld(t, "linux")
	write(t, w, "/etc/environment", "PATH=/bin\nHTTPS_PROXY='http://gw.corp.example:8080'\nno_proxy=localhost,.corp.example\n")
	w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
	res := w.run()
	f := of(res, ofEtc)
	if len(f) != 1 || line(f[0]) != "proxy.source pass http://gw.corp.example:8080 manual used=no" || f[0].Arg("bypass") != "localhost;.corp.example" {
		t.Fatalf("%+v", f)
	}
	if r := route(t, res); r.Proxy != nil || !r.Known {
		t.Errorf("the file decided the way of a daemon: %+v", r)
	}
}

func TestExceptionsForSomeNeededAddressesAreTold(t *testing.T) {
	w := newWorld(t, "windows")
	w.profile.Endpoints = append(w.profile.Endpoints, assets.Endpoint{Host: "up.vendor.test", Scheme: "https", Port: 443, Required: true})
	w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
	w.options(nsKey, 3, "gw.corp.example:8080", "*.vendor.test", "")
	res := w.run()
	f := coded(res, Bypassed)
	if len(f) != 1 || f[0].Status != checks.Note || f[0].Arg("bypassed") != "up.vendor.test" {
		t.Errorf("%+v", f)
	}
	if r := route(t, res); r.Proxy == nil {
		t.Error("one exception made the whole way direct")
	}
}

func TestAnAddressThatNeedsAVariableIsNotTriedWithoutIt(t *testing.T) {
	p := &assets.Profile{Endpoints: []assets.Endpoint{
		{Host: "a", Scheme: "https", Required: true, When: "region"}, {Host: "b", Scheme: "http", Required: true},
		{Host: "c", Scheme: "https"}, {Host: "d", Scheme: "https", Required: true}}}
	if got := ranked(p); len(got) != 3 || got[0].Host != "d" {
		t.Errorf("tried with %v", got)
	}
	p.Values = map[string]string{"region": "eu"}
	if got := ranked(p); len(got) != 4 || got[0].Host != "a" {
		t.Errorf("tried with %v", got)
	}
	if got := ranked(&assets.Profile{}); got != nil {
		t.Errorf("%v out of nothing", got)
	}
}
