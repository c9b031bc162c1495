package proxy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	edgeKey   = `HKLM\SOFTWARE\Policies\Microsoft\Edge`
	edgeUser  = `HKCU\Software\Policies\Microsoft\Edge`
	chromeKey = `HKLM\SOFTWARE\Policies\Google\Chrome`
	ofEdge    = "Microsoft Edge's policy/" + browser
	ofChrome  = "Google Chrome's policy/" + browser
)

func values(pairs ...string) map[string]host.Value {
	out := map[string]host.Value{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = text(pairs[i+1])
	}
	return out
}

func TestBrowsersPoliciesAreReadAsTheBrowserReadsThem(t *testing.T) {
	cases := map[string]struct {
		setup func(w *world)
		whose string
		want  string // the finding, then exceptions, then part of where
		where string
	}{
		"a fixed proxy in ProxySettings": {func(w *world) {
			w.Registry[edgeKey] = values("ProxySettings", `{"ProxyMode":"fixed_servers","ProxyServer":"gw.corp.example:8080","ProxyBypassList":"*.corp.example,<local>"}`)
		}, ofEdge, "proxy.source pass http://gw.corp.example:8080 manual used=no *.corp.example;<local>", edgeKey},
		"ProxySettings goes before the older policies": {func(w *world) {
			w.Registry[chromeKey] = values("ProxySettings", `{"ProxyMode":"direct"}`, "ProxyMode", "fixed_servers", "ProxyServer", "gw.corp.example:8080")
		}, ofChrome, "proxy.source note none direct used=no ", chromeKey},
		"the older policies": {func(w *world) {
			w.Registry[chromeKey] = values("ProxyMode", "fixed_servers", "ProxyServer", "gw.corp.example:8080", "ProxyBypassList", "a.example")
		}, ofChrome, "proxy.source pass http://gw.corp.example:8080 manual used=no a.example", chromeKey},
		"the machine's policy goes before the user's": {func(w *world) {
			w.Registry[edgeKey] = values("ProxyMode", "direct")
			w.Registry[edgeUser] = values("ProxyMode", "fixed_servers", "ProxyServer", "gw.corp.example:8080")
		}, ofEdge, "proxy.source note none direct used=no ", edgeKey},
		"the user's policy counts where the machine has none": {func(w *world) {
			w.Registry[edgeUser] = values("ProxyMode", "fixed_servers", "ProxyServer", "gw.corp.example:8080")
		}, ofEdge, "proxy.source pass http://gw.corp.example:8080 manual used=no ", edgeUser},
		"two proxies, the second for when the first fails": {func(w *world) {
			w.Registry[edgeKey] = values("ProxyMode", "fixed_servers", "ProxyServer", "gw.corp.example:8080,direct://")
		}, ofEdge, "proxy.source pass http://gw.corp.example:8080 manual used=no ", edgeKey},
		"a proxy for each scheme": {func(w *world) {
			w.Registry[edgeKey] = values("ProxyMode", "fixed_servers", "ProxyServer", "http=a:1;https=gw.corp.example:8080")
		}, ofEdge, "proxy.source pass http://gw.corp.example:8080 manual used=no ", edgeKey},
		"a proxy without a mode means nothing": {func(w *world) {
			w.Registry[edgeKey] = values("ProxyServer", "gw.corp.example:8080")
		}, ofEdge, "proxy.source note none direct used=no ", edgeKey},
		"the system's setting": {func(w *world) {
			w.Registry[edgeKey] = values("ProxySettings", `{"ProxyMode":"system"}`)
		}, ofEdge, "proxy.source note none direct used=no ", edgeKey},
		"an unknown mode": {func(w *world) {
			w.Registry[edgeKey] = values("ProxyMode", "clever")
		}, ofEdge, "proxy.source unknown unknown unknown used=no ", edgeKey},
		"broken JSON": {func(w *world) {
			w.Registry[edgeKey] = values("ProxySettings", `{"ProxyMode":`)
		}, ofEdge, "proxy.source unknown unknown unknown used=no ", edgeKey},
		"a policy that may not be read": {func(w *world) { w.RegistryErr[edgeKey] = host.ErrDenied },
			ofEdge, "proxy.source unknown unknown unknown used=no ", edgeKey},
		"no policy, no row": {func(w *world) {}, ofEdge, "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			c.setup(w)
			got := ""
			for _, f := range of(w.run(), c.whose) {
				got += line(f) + " " + f.Arg("bypass")
				if !strings.HasPrefix(f.Arg("where"), c.where) {
					t.Errorf("it stands in %q, want %q", f.Arg("where"), c.where)
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAPolicyForDirectIsNoPolicyThatIsMissing(t *testing.T) {
	for mode, want := range map[string][]host.Mode{"direct": {host.Direct}, "system": nil, "auto_detect": {host.Auto}, "pac_script": {host.PAC}, "": nil} {
		s := source{}.chromium(chromiumSettings{Mode: mode, PAC: "http://pac/x"})
		if !slices.Equal(s.Modes, want) || s.set() != (mode == "auto_detect" || mode == "pac_script") {
			t.Errorf("the mode %q is %v", mode, s.Modes)
		}
	}
}

func TestWhatStandsBesideASettingIsToldWhereItDiffers(t *testing.T) {
	cases := map[string]struct {
		setup func(w *world)
		whose string
		want  string // in the evidence; a leading - : must not be there
	}{
		"the old settings beside the binary ones": {func(w *world) {
			w.options(nsKey, 3, "gw.corp.example:8080", "", "")
			w.Registry[nsKey+`\Connections`]["SavedLegacySettings"] = bytesOf(blob(0x46, 5, "", "", "http://pac/x.pac"))
		}, ofNS, "SavedLegacySettings, which is not in use, says: PAC file http://pac/x.pac"},
		"old settings that say the same": {func(w *world) {
			w.options(nsKey, 3, "gw.corp.example:8080", "", "")
			w.Registry[nsKey+`\Connections`]["SavedLegacySettings"] = bytesOf(blob(0x3c, 3, "GW.corp.example:8080", "", ""))
		}, ofNS, "-SavedLegacySettings"},
		"single values beside the binary one": {func(w *world) {
			w.options(nsKey, 3, "gw.corp.example:8080", "", "")
			w.Registry[nsKey] = map[string]host.Value{"ProxyEnable": dword(1), "ProxyServer": text("old.corp.example:80")}
		}, ofNS, "the single values beside it say: proxy old.corp.example:80"},
		"your registry says something else than the interface": {func(w *world) {
			w.options(userKey, 3, "gw.corp.example:8080", "<local>", "")
		}, ofYou, "the binary value says: proxy gw.corp.example:8080, except <local>"},
		"your registry says the same as the interface": {func(w *world) {
			w.options(userKey, 3, "gw.corp.example:8080", "<local>", "")
			w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.Manual}, Server: "gw.corp.example:8080", Bypass: []string{"<local>"}}
		}, ofYou, "-the binary value"},
		"WinHTTP's registry says something else than its interface": {func(w *world) {
			w.Registry[machineKey+`\Connections`] = map[string]host.Value{"WinHttpSettings": bytesOf(blob(0x18, 3, "gw.corp.example:8080", ""))}
		}, ofHTTP, "the binary value says: proxy gw.corp.example:8080"},
		"a broken value beside is left out": {func(w *world) {
			w.Registry[machineKey+`\Connections`] = map[string]host.Value{"WinHttpSettings": bytesOf(blob(0x18, 3, "gw.corp.example:8080", "")[:18])}
		}, ofHTTP, "-binary"},
		"the switch for all users": {func(w *world) {
			w.Registry[policyKey] = map[string]host.Value{"ProxySettingsPerUser": dword(0)}
			w.options(machineKey, 3, "gw.corp.example:8080", "", "")
		}, ofAll, "ProxySettingsPerUser = 0"},
		"exceptions that Windows does not understand": {func(w *world) {
			w.options(nsKey, 3, "gw.corp.example:8080", "10.0.0.0/8;<local>", "")
		}, ofNS, "do not understand: 10.0.0.0/8"},
		"your own options without an interface": {func(w *world) {
			w.Settings = w.Settings[:1]
			w.options(userKey, 3, "gw.corp.example:8080", "", "")
		}, ofYou, "DefaultConnectionSettings proxy gw.corp.example:8080"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Network.Name("pac", "192.0.2.9")
			w.Network.Refuse("192.0.2.9:80")
			c.setup(w)
			f := of(w.run(), c.whose)
			if len(f) != 1 {
				t.Fatalf("%d findings", len(f))
			}
			want, not := strings.CutPrefix(c.want, "-")
			if strings.Contains(told(f[0]), want) == not {
				t.Errorf("%q stands there: %v\n%s", want, !not, told(f[0]))
			}
		})
	}
}

func TestSwitchesAndPoliciesThatChooseNothingAreToldAsNotes(t *testing.T) {
	cases := map[string]struct {
		setup func(w *world)
		whose string
		want  string
		raw   string
	}{
		"the search is switched off": {func(w *world) { w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1)} },
			winHTTPSwitches + "/" + services, "proxy.source note none direct used=no", "DisableWpad = 1"},
		"logins are switched off": {func(w *world) {
			w.Registry[switchKey] = map[string]host.Value{"DisableProxyAuthenticationSchemes": dword(0x11)}
		}, winHTTPSwitches + "/" + services, "proxy.source note none direct used=no", "DisableProxyAuthenticationSchemes = 0x11"},
		"a proxy in the machine's policy is a comparison": {func(w *world) {
			w.Registry[policyKey] = map[string]host.Value{"ProxyEnable": dword(1), "ProxyServer": text("gw.corp.example:8080")}
		}, optionsPolicy + "/" + everybody, "proxy.source pass http://gw.corp.example:8080 manual used=no", "proxy gw.corp.example:8080"},
		"a proxy in the user's policy is one too": {func(w *world) {
			w.Registry[userPolicyKey] = map[string]host.Value{"AutoConfigURL": text("http://gw.corp.example:8080/x")}
		}, optionsPolicy + "/" + you, "proxy.pac_unavailable note", "PAC file http://gw.corp.example:8080/x"},
		"another policy there is no proxy": {func(w *world) {
			w.Registry[policyKey] = map[string]host.Value{"Security_HKLM_only": dword(1)}
		}, optionsPolicy + "/" + everybody, "", ""},
		"your account's environment": {func(w *world) { w.Registry[userEnviron] = values("HTTPS_PROXY", "http://gw.corp.example:8080") },
			environment + "/" + yourAccount, "proxy.source pass http://gw.corp.example:8080 manual used=no", "HTTPS_PROXY=http://gw.corp.example:8080"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			c.setup(w)
			got, raw := "", ""
			for _, f := range of(w.run(), c.whose) {
				got, raw = got+line(f), f.Arg("raw")
			}
			if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") || raw != c.raw {
				t.Errorf("got %q, %q, want %q, %q", got, raw, c.want, c.raw)
			}
		})
	}
}

func TestTheSwitchesOfWinHTTPAreKeptForThoseWhoAsk(t *testing.T) {
	w := newWorld(t, "windows")
	w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1), "DisableProxyAuthenticationSchemes": dword(0x1d)}
	r := &run{env: checks.Env{Machine: w.Machine(), Profile: w.profile}}
	s := r.switches()
	if len(s) != 1 || !s[0].noSearch || !slices.Equal(s[0].noLogins, []string{"basic", "ntlm", "kerberos", "negotiate"}) {
		t.Errorf("%+v", s)
	}
	w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(0)}
	if s = r.switches(); len(s) != 1 || s[0].noSearch || s[0].note != "" {
		t.Errorf("a switch that is 0 switches: %+v", s)
	}
}

func TestEveryIdentityOfWindowsGetsItsSources(t *testing.T) {
	w := newWorld(t, "windows")
	w.Registry[edgeKey] = values("ProxyMode", "direct")
	w.Registry[policyKey] = map[string]host.Value{"ProxyServer": text("x")}
	w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1)}
	w.Settings = append(w.Settings, host.Setting{Source: "WinHTTP advanced", Whose: services, Where: "API"})
	r := &run{env: checks.Env{Machine: w.Machine(), Profile: w.profile}}
	want := []string{
		ownStore + ": " + product, winHTTP + ": " + services, "WinHTTP advanced: " + services, internetOptions + ": " + you, winHTTPSwitches + ": " + services,
		internetOptions + ": " + localSystem, internetOptions + ": " + networkService, internetOptions + ": " + localService,
		optionsPolicy + ": " + everybody, "Microsoft Edge's policy: " + browser, environment + ": " + everybody, environment + ": " + shell, environment + ": " + shell,
	}
	var got []string
	for _, s := range r.gather(t.Context()) {
		got = append(got, s.Source+": "+s.who)
		if s.Raw == "" || len(s.proof) == 0 || s.mark == "" {
			t.Errorf("%s of %s has no raw text, evidence or mark: %+v", s.Source, s.Whose, s)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAPolicyNeverQuotesItsPassword(t *testing.T) {
	for name, value := range map[string]string{
		"broken JSON":  `{"ProxyServer":"http://u:` + canary + `@gw:1"`,
		"a wrong type": `{"ProxyMode":"fixed_servers","ProxyServer":["http://u:` + canary + `@gw:1"]}`,
		"a mode":       `{"ProxyMode":"http://u:` + canary + `@gw:1"}`,
		"nonsense":     `{"ProxyMode":"fixed_servers","ProxyServer":"http://u:` + canary + `@gw 1:x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "windows")
			w.Registry[edgeKey] = values("ProxySettings", value)
			r := &run{env: checks.Env{Machine: w.Machine(), Profile: w.profile}}
			for _, s := range r.browsers() {
				s = s.understand()
				b, _ := json.Marshal(s.proof)
				said := s.Raw + string(b) + s.note
				for _, err := range []error{s.Err, s.bad} {
					if err != nil {
						said += err.Error()
					}
				}
				if strings.Contains(said, "C4n4ry") {
					t.Errorf("it is told: %s", said)
				}
			}
		})
	}
}
