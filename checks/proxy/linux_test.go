package proxy

import (
	"strings"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

// told is what stands as evidence in a finding.
func told(f checks.Finding) string {
	var proof []string
	for _, e := range f.Evidence {
		proof = append(proof, e.Source+" "+e.Text)
	}
	return strings.Join(proof, "\n")
}

func TestScriptsOfTheLoginAreReadAsFarAsTheyAreWrittenOut(t *testing.T) {
	cases := map[string]struct {
		file  string
		plain string // name=value of what is understood
		open  string // names of what is not
	}{
		"export and a value":                {"export https_proxy=http://gw:1\n", "https_proxy=http://gw:1", ""},
		"a value, then export":              {"https_proxy=http://gw:1\nexport https_proxy\n", "https_proxy=http://gw:1", ""},
		"both on a line":                    {"https_proxy=http://gw:1; export https_proxy", "https_proxy=http://gw:1", ""},
		"two on a line":                     {"export http_proxy=http://gw:1 https_proxy=http://gw:2", "http_proxy=http://gw:1 https_proxy=http://gw:2", ""},
		"double quotes":                     {`export HTTPS_PROXY="http://gw:1"`, "HTTPS_PROXY=http://gw:1", ""},
		"single quotes keep every sign":     {`export https_proxy='http://u:p$;x@gw:1'`, "https_proxy=http://u:p$;x@gw:1", ""},
		"a comment behind":                  {"export https_proxy=http://gw:1 # mine", "https_proxy=http://gw:1", ""},
		"a comment":                         {"# export https_proxy=http://gw:1", "", ""},
		"another variable":                  {"export PATH=/bin EDITOR=vi", "", ""},
		"exceptions with a star":            {"export no_proxy=localhost,*.corp", "no_proxy=localhost,*.corp", ""},
		"a variable within":                 {`export https_proxy="http://$PROXY:1"`, "", "https_proxy"},
		"a command within":                  {"export https_proxy=`cat /etc/proxy`", "", "https_proxy"},
		"a command within, the other way":   {"export https_proxy=$(cat /etc/proxy)", "", "https_proxy"},
		"a copy of another variable":        {"export HTTPS_PROXY=$https_proxy", "", "HTTPS_PROXY"},
		"within a condition":                {"if [ -f /x ]; then\n  export https_proxy=http://gw:1\nfi\n", "", "https_proxy"},
		"after a condition":                 {"if [ -f /x ]; then\n  y=1\nfi\nexport https_proxy=http://gw:1\n", "https_proxy=http://gw:1", ""},
		"after a condition on a line":       {"if [ -f /x ]; then y=1; fi\nexport https_proxy=http://gw:1\n", "https_proxy=http://gw:1", ""},
		"a short condition":                 {"[ -f /x ] && export https_proxy=http://gw:1", "", "https_proxy"},
		"within a function":                 {"on() {\n  export https_proxy=http://gw:1\n}\n", "", "https_proxy"},
		"after a function":                  {"on() {\n  x=1\n}\nexport https_proxy=http://gw:1\n", "https_proxy=http://gw:1", ""},
		"taken back":                        {"export https_proxy=http://gw:1\nunset https_proxy\n", "https_proxy=http://gw:1 https_proxy=", ""},
		"quotes that do not end":            {`export https_proxy="http://gw:1`, "", "https_proxy"},
		"a backslash":                       {`export https_proxy=http://CORP\u:p@gw:1`, "", "https_proxy"},
		"a longer name is another variable": {"export my_https_proxy=x", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found, open := shellScript(nil, nil, "x.sh", c.file)
			var plain, computed []string
			for _, s := range found {
				plain = append(plain, s.name+"="+s.value)
			}
			for _, s := range open {
				computed = append(computed, s.name)
			}
			if got := strings.Join(plain, " "); got != c.plain || strings.Join(computed, " ") != c.open {
				t.Errorf("understood %q, open %q; want %q, %q", got, computed, c.plain, c.open)
			}
		})
	}
}

func TestWhatAUnitsFilesSayStandsInTheEvidence(t *testing.T) {
	cases := map[string]struct {
		files    map[string]string
		vars     map[string]string
		evidence string // must stand there
		detail   string // must stand in the detail, "" : no word of a restart
	}{
		"in the unit's own file": {map[string]string{"/lib/systemd/system/agent.service": "[Unit]\nDescription=x\n[Service]\nEnvironment=https_proxy=http://gw.corp.example:8080\n"},
			map[string]string{"https_proxy": "http://gw.corp.example:8080"}, "/lib/systemd/system/agent.service https_proxy=http://gw.corp.example:8080", ""},
		"in a drop-in": {map[string]string{"/etc/systemd/system/agent.service.d/proxy.conf": "[Service]\nEnvironment=\"https_proxy=http://gw.corp.example:8080\" \"no_proxy=localhost\"\n"},
			map[string]string{"https_proxy": "http://gw.corp.example:8080", "no_proxy": "localhost"}, "/etc/systemd/system/agent.service.d/proxy.conf no_proxy=localhost", ""},
		"in a file that the unit names": {map[string]string{"/lib/systemd/system/agent.service": "[Service]\nEnvironmentFile=-/etc/default/agent\n",
			"/etc/default/agent": "https_proxy='http://gw.corp.example:8080'\n"},
			map[string]string{"https_proxy": "http://gw.corp.example:8080"}, "/etc/default/agent https_proxy=http://gw.corp.example:8080", ""},
		"changed since the service was started": {map[string]string{"/etc/systemd/system/agent.service.d/proxy.conf": "[Service]\nEnvironment=https_proxy=http://gw.corp.example:8080\n"},
			map[string]string{}, "/etc/systemd/system/agent.service.d/proxy.conf https_proxy=http://gw.corp.example:8080", "restart"},
		"taken back by a later drop-in": {map[string]string{"/lib/systemd/system/agent.service": "[Service]\nEnvironment=https_proxy=http://old:1\n",
			"/etc/systemd/system/agent.service.d/z.conf": "[Service]\nEnvironment=\n"}, map[string]string{}, "agent no proxy variable", ""},
		"unset by a drop-in": {map[string]string{"/lib/systemd/system/agent.service": "[Service]\nEnvironment=https_proxy=http://old:1\n",
			"/etc/systemd/system/agent.service.d/z.conf": "[Service]\nUnsetEnvironment=https_proxy\n"}, map[string]string{}, "agent no proxy variable", ""},
		"in another section": {map[string]string{"/lib/systemd/system/agent.service": "[Unit]\nEnvironment=https_proxy=http://old:1\n"}, map[string]string{}, "agent no proxy variable", ""},
		"over two lines": {map[string]string{"/lib/systemd/system/agent.service": "[Service]\nEnvironment=A=b \\\n  https_proxy=http://gw.corp.example:8080\n"},
			map[string]string{"https_proxy": "http://gw.corp.example:8080"}, "/lib/systemd/system/agent.service https_proxy=http://gw.corp.example:8080", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withFiles(t, c.files)
			w.Variables["agent"] = c.vars
			f := of(w.run(), ofUnit)
			if len(f) != 1 || !strings.Contains(told(f[0]), c.evidence) {
				t.Fatalf("want %q in\n%s", c.evidence, told(f[0]))
			}
			if got := f[0].Arg("detail"); strings.Contains(got, "restart") != (c.detail != "") {
				t.Errorf("the detail is %q", got)
			}
		})
	}
}

func TestWhatAUnitWillSayAfterARestartIsAComparison(t *testing.T) {
	t.Parallel()
	w := withFiles(t, map[string]string{"/etc/systemd/system/agent.service.d/proxy.conf": "[Service]\nEnvironment=https_proxy=http://gw.corp.example:8080\n"})
	w.Variables["agent"] = map[string]string{}
	res := w.run()
	if got := of(res, unitText+"/"+product); len(got) != 1 || !strings.Contains(got[0].Arg("late"), "restart of agent") || line(got[0]) != "proxy.source pass http://gw.corp.example:8080 manual used=no" {
		t.Errorf("%v", got)
	}
	if f := of(res, ofUnit); len(f) != 1 || f[0].Arg("proxy") != "none" {
		t.Errorf("the running service has a proxy: %v", f)
	}
}

func TestDnfsProxyIsAComparison(t *testing.T) {
	cases := map[string]struct {
		files map[string]string
		want  string
		text  string // in the evidence
	}{
		"dnf.conf":    {map[string]string{"/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\nproxy = http://gw.corp.example:8080\n"}, "proxy.source pass http://gw.corp.example:8080 manual used=no", "/etc/dnf/dnf.conf proxy = http://gw.corp.example:8080"},
		"yum.conf":    {map[string]string{"/etc/yum.conf": "[main]\nproxy=http://gw.corp.example:8080\n"}, "proxy.source pass http://gw.corp.example:8080 manual used=no", "/etc/yum.conf"},
		"no proxy":    {map[string]string{"/etc/dnf/dnf.conf": "[main]\nproxy=_none_\n"}, "proxy.source note none direct used=no", "proxy = _none_"},
		"not main":    {map[string]string{"/etc/dnf/dnf.conf": "[other]\nproxy=http://gw.corp.example:8080\n"}, "proxy.source note none direct used=no", ""},
		"no dnf here": {nil, "", ""},
		"a package source of its own": {map[string]string{"/etc/dnf/dnf.conf": "[main]\n", "/etc/yum.repos.d/x.repo": "[base]\nname=x\nproxy=_none_\n"},
			"proxy.source note none direct used=no", "/etc/yum.repos.d/x.repo [base] proxy = _none_"},
		"nonsense": {map[string]string{"/etc/dnf/dnf.conf": "[main]\nproxy=gw:port\n"}, "proxy.source unknown gw:port manual used=no", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withFiles(t, c.files)
			got, proof := "", ""
			for _, f := range of(w.run(), dnfSource+"/"+packages) {
				got, proof = got+line(f), told(f)
			}
			if got != c.want || !strings.Contains(proof, c.text) {
				t.Errorf("got %q with\n%s\nwant %q with %q", got, proof, c.want, c.text)
			}
		})
	}
}

func TestALoginsScriptIsAComparison(t *testing.T) {
	w := newWorld(t, "linux")
	write(t, w, "/etc/profile.d/10-old.sh", "export https_proxy=http://old.corp.example:1\n")
	write(t, w, "/etc/profile.d/20-proxy.sh", "export https_proxy=http://gw.corp.example:8080\nexport HTTP_PROXY=$https_proxy\n")
	write(t, w, "/etc/profile.d/30-proxy.csh", "setenv https_proxy x\n")
	w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
	f := of(w.run(), profileFolder+"/logins")
	if len(f) != 1 || line(f[0]) != "proxy.source pass http://gw.corp.example:8080 manual used=no" {
		t.Fatalf("%+v", f)
	}
	for _, want := range []string{"10-old.sh https_proxy=http://old.corp.example:1", "20-proxy.sh https_proxy=http://gw.corp.example:8080", "20-proxy.sh not understood: HTTP_PROXY"} {
		if !strings.Contains(told(f[0]), want) {
			t.Errorf("no %q in\n%s", want, told(f[0]))
		}
	}
}

func TestCapitalsOfOneVariableAreNotForCurl(t *testing.T) {
	get := func(vars map[string]string) func(string) string { return func(n string) string { return vars[n] } }
	s := source{}.variables(get(map[string]string{"HTTP_PROXY": "http://gw:1"}), false)
	if s.set() || s.note == "" {
		t.Errorf("%+v", s)
	}
	s = source{}.variables(get(map[string]string{"HTTP_PROXY": "http://gw:1"}), true)
	if len(s.entries) != 1 || s.note != "" {
		t.Errorf("%+v", s)
	}
	s = source{}.variables(get(map[string]string{"HTTPS_PROXY": "http://gw:1", "https_proxy": "http://low:2"}), false)
	if len(s.entries) != 1 || s.entries[0].URL.Host != "low:2" {
		t.Errorf("%+v", s.entries)
	}
}

func TestWhoGetsASettingIsTold(t *testing.T) {
	w := newWorld(t, "linux")
	write(t, w, "/etc/environment", "https_proxy=http://gw.corp.example:8080\n")
	write(t, w, "/etc/profile.d/x.sh", "https_proxy=http://gw.corp.example:8080\n")
	write(t, w, "/etc/apt/apt.conf", "")
	write(t, w, "/etc/dnf/dnf.conf", "")
	w.Settings = []host.Setting{{Source: "GNOME", Whose: you}, {Source: "NetworkManager", Whose: everybody}}
	w.Offered = "http://wpad.corp.example/wpad.dat"
	r := &run{env: checks.Env{Machine: w.Machine(), Profile: w.profile}}
	want := map[string]string{unitEnvironment: product, "GNOME": you, "NetworkManager": everybody, etcEnvironment: shell, profileFolder: shell,
		aptSource: packages, dnfSource: packages, environment: shell, byDHCP: searchers}
	for _, s := range r.gather(t.Context()) {
		if s.who != want[s.Source] {
			t.Errorf("%s goes to %q, want %q", s.Source, s.who, want[s.Source])
		}
		if s.Raw == "" || len(s.proof) == 0 {
			t.Errorf("%s has neither a raw text nor evidence: %+v", s.Source, s)
		}
		delete(want, s.Source)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}
