package proxy

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

const canary = "C4n4ry/Geheim"

// shownText is everything that a run may put before a person, events too.
func (w *world) shownText() string {
	w.t.Helper()
	var mu sync.Mutex
	var b strings.Builder
	res, err := check{}.Run(w.t.Context(), checks.Env{Machine: w.Machine(), Profile: w.profile, Roots: w.roots, Login: w.login}, func(e checks.Event) {
		mu.Lock()
		defer mu.Unlock()
		if _, fact := e.(checks.Learned); fact {
			return // goes to other checks, with the login that they need, and to nobody's eyes
		}
		fmt.Fprintf(&b, "%+v\n", e)
		if f, ok := e.(checks.Found); ok {
			fmt.Fprintf(&b, "%+v\n", f.Finding.Path)
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range res.Findings {
		j, err := json.Marshal(f)
		if err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%+v\n", j, checks.TextOf("proxy", f))
	}
	return b.String()
}

func TestPasswordsNeverReachWhatIsShown(t *testing.T) {
	login := "agent:" + strings.ReplaceAll(canary, "/", "%2F")
	proxy := "http://" + login + "@gw.corp.example:8080"
	echo := func(c net.Conn, r *http.Request) {
		auth := r.Header.Get("Proxy-Authorization")
		plain, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(auth, "Basic "))
		body := "who are you, " + auth + " " + string(plain) + "?"
		fmt.Fprintf(c, "HTTP/1.1 403 No %s\r\nX-Seen: %s\r\nContent-Length: %d\r\n\r\n%s", plain, auth, len(body), body)
	}
	cases := map[string]struct {
		os    string
		setup func(w *world)
	}{
		"in the product's store":                  {"windows", func(w *world) { w.stored(proxy, 1) }},
		"in a store that is switched off":         {"windows", func(w *world) { w.stored(proxy, 0) }},
		"in a store that is nonsense":             {"windows", func(w *world) { w.stored("http://agent:"+canary+"@gw corp:x", 1) }},
		"in a store with two signs":               {"windows", func(w *world) { w.stored("http://agent:"+canary+"@x@gw.corp.example:8080", 1) }},
		"in a store with a blank in the password": {"windows", func(w *world) { w.stored("http://agent:pre "+canary+"@gw.corp.example:8080", 1) }},
		"in a store with a wrong sign":            {"windows", func(w *world) { w.stored("http://agent:"+canary+"%40gw.corp.example:8080", 1) }},
		"in a token instead of a name":            {"windows", func(w *world) { w.stored("http://"+canary+"@gw.corp.example:8080", 0) }},
		"in a list in Internet Options":           {"windows", func(w *world) { w.options(nsKey, 3, "http=a:1;https="+proxy, "", "") }},
		"in options that are switched off":        {"windows", func(w *world) { w.options(nsKey, 1, proxy, "", "") }},
		"in a blob that is cut off": {"windows", func(w *world) {
			w.Registry[nsKey+`\Connections`] = map[string]host.Value{"DefaultConnectionSettings": bytesOf(blob(0x46, 3, proxy)[:60])}
		}},
		"in a PAC file's address": {"windows", func(w *world) {
			w.options(nsKey, 4, "", "", "http://"+login+"@pac.corp.example/p.pac")
			w.proxy("pac.corp.example", "192.0.2.80", 80, func(c net.Conn, r *http.Request) {
				io.WriteString(c, "HTTP/1.1 500 "+r.Header.Get("Authorization")+"\r\nContent-Length: 0\r\n\r\n")
			})
		}},
		"in what a PAC file answers": {"windows", func(w *world) {
			w.pac("return 'PROXY agent:" + canary + "@gw.corp.example:8080; DIRECT';")
		}},
		"in an error of a PAC file": {"windows", func(w *world) {
			w.pac("throw 'http://agent:" + canary + "@gw.corp.example:8080';")
		}},
		"in a PAC file's address that cannot be reached": {"windows", func(w *world) {
			w.options(nsKey, 4, "", "", "http://"+login+"@pac.corp.example/p.pac")
			w.Network.Name("pac.corp.example", "192.0.2.80")
			w.Network.Refuse("192.0.2.80:80")
		}},
		"in what the system's interface tells": {"windows", func(w *world) {
			w.Settings[0] = host.Setting{Source: winHTTP, Whose: services, Where: "API", Raw: `access type 3, proxy "` + proxy + `", bypass ""`, Modes: []host.Mode{host.Manual}, Server: proxy}
		}},
		"in the machine's environment":  {"windows", func(w *world) { w.Registry[environKey]["HTTPS_PROXY"] = text(proxy) }},
		"in this process's environment": {"linux", func(w *world) { w.Env["https_proxy"] = proxy; w.Env["http_proxy"] = proxy + "x" }},
		"in a unit's environment":       {"linux", func(w *world) { w.Variables["agent"] = map[string]string{"https_proxy": proxy} }},
		"in /etc/environment":           {"linux", func(w *world) { write(w.t, w, "/etc/environment", "https_proxy="+proxy+"\n") }},
		"in apt's files":                {"linux", func(w *world) { write(w.t, w, "/etc/apt/apt.conf", "Acquire::http::Proxy \""+proxy+"\";\n") }},
		"in apt's files for one host": {"linux", func(w *world) {
			write(w.t, w, "/etc/apt/apt.conf.d/x", "Acquire::http { Proxy::deb.example \""+proxy+"\"; };\n")
		}},
		"in apt's files without a scheme": {"linux", func(w *world) {
			write(w.t, w, "/etc/apt/apt.conf", "Acquire::http::Proxy \"agent:"+canary+"@gw.corp.example:8080\";\n")
		}},
		"in dnf's file": {"linux", func(w *world) { write(w.t, w, "/etc/dnf/dnf.conf", "[main]\nproxy="+proxy+"\n") }},
		"beside dnf's proxy": {"linux", func(w *world) {
			write(w.t, w, "/etc/dnf/dnf.conf", "[main]\nproxy=http://a@gw.corp.example:8080\nproxy_username=agent\nproxy_password="+canary+"\n")
		}},
		"in a package source": {"linux", func(w *world) {
			write(w.t, w, "/etc/yum.conf", "")
			write(w.t, w, "/etc/yum.repos.d/x.repo", "[a]\nproxy="+proxy+"\n")
		}},
		"in a script of the login": {"linux", func(w *world) { write(w.t, w, "/etc/profile.d/p.sh", "export https_proxy='"+proxy+"'\n") }},
		"in a script that computes": {"linux", func(w *world) {
			write(w.t, w, "/etc/profile.d/p.sh", "P="+canary+"; export https_proxy=http://a:"+canary+"$X@gw\nexport http_proxy=http://b@gw.corp.example:8080\n")
		}},
		"in a unit's drop-in": {"linux", func(w *world) {
			write(w.t, w, "/etc/systemd/system/agent.service.d/p.conf", "[Service]\nEnvironment=\"https_proxy="+proxy+"\" TOKEN="+canary+"\n")
		}},
		"in what DHCP offers": {"linux", func(w *world) { w.Offered = "http://" + login + "@pac.corp.example/p.pac" }},
		"in a browser's policy": {"windows", func(w *world) {
			w.Registry[edgeKey] = values("ProxySettings", `{"ProxyMode":"fixed_servers","ProxyServer":"`+proxy+`"}`)
		}},
		"in the old settings beside": {"windows", func(w *world) {
			w.options(nsKey, 1, "", "", "")
			w.Registry[nsKey+`\Connections`]["SavedLegacySettings"] = bytesOf(blob(0x46, 3, proxy, "", ""))
		}},
		"in a list's exceptions":      {"windows", func(w *world) { w.options(nsKey, 3, "gw.corp.example:8080", ".x/"+proxy, "") }},
		"in your account's variables": {"windows", func(w *world) { w.Registry[userEnviron] = values("HTTPS_PROXY", proxy) }},
		"in the desktop's setting": {"linux", func(w *world) {
			w.Settings = []host.Setting{{Source: "GNOME", Whose: you, Raw: "mode \"manual\", https=" + proxy, Modes: []host.Mode{host.Manual}, Server: "https=" + proxy}}
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.os)
			w.proxy("gw.corp.example", "192.0.2.1", 8080, echo)
			c.setup(w)
			out := w.shownText()
			for _, secret := range []string{canary, strings.ReplaceAll(canary, "/", "%2F"), "C4n4ry", base64.StdEncoding.EncodeToString([]byte("agent:" + canary))} {
				if i := strings.Index(out, secret); i >= 0 {
					t.Errorf("%q is shown: …%s…", secret, out[max(0, i-150):min(len(out), i+60)])
				}
			}
			if !strings.Contains(out, hidden) && !strings.Contains(out, errShort.Error()) {
				t.Error("nothing was hidden: the case does not reach the password")
			}
		})
	}
}

func TestTheFactKeepsTheLoginForTheChecksThatFollow(t *testing.T) {
	w := newWorld(t, "windows")
	w.proxy("gw.corp.example", "192.0.2.1", 8080, func(c net.Conn, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") == "" {
			says("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")(c, r)
			return
		}
		w.tunnel(c, r)
	})
	w.stored("http://agent:"+canary+"@gw.corp.example:8080", 1)
	res := w.run()
	if f := of(res, own)[0]; f.Status != checks.Pass {
		t.Errorf("the login was not used: %s %v", line(f), f.Evidence)
	}
	if pass, _ := route(t, res).Proxy.User.Password(); pass != canary {
		t.Errorf("the fact's password is %q", pass)
	}
}

func TestAnEmptyLoginLeavesTheFindingsReadable(t *testing.T) {
	for name, proxy := range map[string]string{
		"an empty name":              "http://@gw.corp.example:8080",
		"an empty name and password": "http://:@gw.corp.example:8080",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.stored(proxy, 1)
			if f := of(w.run(), own); len(f) != 1 || f[0].Arg("proxy") != "http://gw.corp.example:8080" || f[0].Arg("state") != "works" {
				t.Errorf("the proxy is told as %+v", f)
			}
		})
	}
}

func TestMaskingKeepsWhatIsNoSecret(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"no login":                        {"http=a:1;https=b:2", "http=a:1;https=b:2"},
		"a name and a password":           {"http://bob:pw@gw:1", "http://bob:***@gw:1"},
		"without a scheme":                {"bob:pw@gw:1", "bob:***@gw:1"},
		"in a list of one":                {"https=http://bob:pw@gw:1", "https=http://bob:***@gw:1"},
		"a name alone may be a token":     {"http://bob@gw:1", "http://***@gw:1"},
		"two logins":                      {"http=u:p@a:1;https=u:p@b:2", "***@b:2"},
		"control characters":              {"gw\x1b[31m:1\n2", "gw[31m:1 2"},
		"an address that is far too long": {strings.Repeat("a", 400), strings.Repeat("a", 300) + "…"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := mask(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
