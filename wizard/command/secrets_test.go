package command_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/checks/lab"
	"linecheck/wizard"
)

// TestNoSecretReachesAnyReport plays a machine that has a secret wherever one can be, with a proxy that sends back what
// it was sent, and looks for them in every format. The login of a proxy must be gone before any redaction.
func TestNoSecretReachesAnyReport(t *testing.T) {
	login := func(n int) string { return fmt.Sprintf("svc%d:C4n4ry%dx/@Geheim", n, n) }
	address := func(n int) string {
		user, pass, _ := strings.Cut(login(n), ":")
		return "http://" + user + ":" + strings.NewReplacer("/", "%2F", "@", "%40").Replace(pass) + "@proxy.example.intern:3128"
	}
	scene := lab.Scene{
		Name: "canary", Profiles: []string{"withsecure"},
		Machine: lab.Machine{OS: "windows",
			Proxy: address(1),
			Env:   map[string]string{"HTTPS_PROXY": address(2), "ALL_PROXY": "http://C4n4ry3Token@proxy.example.intern:3128"},
			Settings: []lab.Setting{
				{Source: "WinHTTP", Server: address(4)},
				{Source: "Internet Options", Whose: "you", Server: "https=" + address(5) + ";http=" + address(6)},
			},
			Registry: map[string]map[string]any{
				`HKU\S-1-5-20\Software\Microsoft\Windows\CurrentVersion\Internet Settings`: {
					"AutoConfigURL": "http://svc7:C4n4ry7x@pac.example.intern/proxy.pac?token=C4n4ry8x"},
			},
			Logs: []lab.Log{{Name: "fsscorplug", Lines: []string{
				"-60s .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 5 Could not resolve proxy: http://svc9:C4n4ry9x@Geheim@proxy.example.intern",
				"-50s .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 28 Operation timed out, Proxy-Authorization: Basic QzRuNHJ5MTB4OnNlY3JldA== password=C4n4ry10x",
				`-40s .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 7 Failed to connect, {"token": "C4n4ry11x"} Set-Cookie: sid=C4n4ry12x; Bearer QzRuNHJ5MTN4LXNlY3JldC1iZWFyZXI`,
			}}},
		},
		Network: lab.Network{
			Direct:  "dropped",
			Proxies: map[string]lab.Proxy{"proxy.example.intern:3128": {Mode: "echo"}},
			PAC:     map[string]lab.PAC{"http://pac.example.intern/proxy.pac?token=C4n4ry8x": {Status: 404, Body: "no"}},
		},
	}
	proxies := []string{}
	for n := range 10 {
		proxies = append(proxies, fmt.Sprintf("C4n4ry%dx/", n), fmt.Sprintf("C4n4ry%dx%%2F", n), base64.StdEncoding.EncodeToString([]byte(login(n))))
	}
	proxies = append(proxies, "C4n4ry3Token", "C4n4ry7x", "Geheim (")
	other := []string{"C4n4ry", "QzRuNHJ5", "Geheim"}

	o := sessionIn(t, scene)
	noLeaks(t, o, proxies, other)
}

// TestATypedLoginReachesNoReport gives the session a login that a person typed, at proxies that take it, that refuse it,
// that repeat it, and that ask for one they never take.
func TestATypedLoginReachesNoReport(t *testing.T) {
	const user, password = "C4n4ryUser", "C4n4ry21x/@:Geheim"
	at := "proxy.example.intern:3128"
	for name, p := range map[string]lab.Proxy{
		"a proxy that takes it":           {Mode: "auth", Login: user + ":" + password},
		"a proxy that takes another":      {Mode: "auth", Login: "nobody:nothing"},
		"a proxy that repeats it":         {Mode: "echo"},
		"a proxy that wants another kind": {Mode: "auth", Schemes: []string{"Digest realm=x, nonce=y"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := sessionIn(t, lab.Scene{Name: "canary", Profiles: []string{"withsecure"},
				Machine: lab.Machine{OS: "windows", Proxy: "http://" + at, Settings: []lab.Setting{{Source: "WinHTTP", Server: "http://" + at}}},
				Network: lab.Network{Direct: "dropped", Proxies: map[string]lab.Proxy{at: p}}})
			o.Login = url.UserPassword(user, password)
			all := []string{"C4n4ry", "Geheim", url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(user + ":" + password))}
			s := noLeaks(t, o, all, all)
			works := slices.ContainsFunc(s.Seen(), func(f wizard.Seen) bool { return f.Code == "proxy.login_works" })
			if takes := p.Login == user+":"+password; works != takes {
				t.Errorf("the login is said to work: %v, want %v", works, takes)
			}
		})
	}
}

// sessionIn are the options of a session in the practice network of a scene, which ends with the test.
func sessionIn(t *testing.T, scene lab.Scene) wizard.Options {
	t.Helper()
	l, o := opened(t, scene)
	t.Cleanup(func() { l.Close() })
	return o
}

// noLeaks plays a session and looks for secrets: those that are gone before any redaction, and all.
func noLeaks(t *testing.T, o wizard.Options, proxies, other []string) wizard.Session {
	t.Helper()
	r := wizard.NewRunner(t.Context(), o.Env(), o.Place.Hands)
	defer r.Close()
	var progress bytes.Buffer
	s := wizard.Play(t.Context(), wizard.New(o.Role, o.Profiles, o.Checks, time.Now()), r, &progress)

	leaks := func(where, text string, secrets []string) {
		for _, c := range secrets {
			if i := strings.Index(strings.ToLower(text), strings.ToLower(c)); i >= 0 {
				t.Errorf("%q is in %s: …%s…", c, where, text[max(0, i-120):min(len(text), i+60)])
			}
		}
	}
	leaks("the progress", progress.String(), other)
	for _, level := range []wizard.RedactLevel{wizard.RedactOff, wizard.RedactStandard, wizard.RedactStrict, "nonsense"} {
		o.Redact = level
		for _, format := range wizard.Formats {
			var b bytes.Buffer
			if err := o.Report(s, "run").Write(&b, format); err != nil {
				t.Fatal(err)
			}
			if b.Len() < 500 {
				t.Errorf("the %s report is empty", format)
			}
			secrets := other
			if level == wizard.RedactOff {
				secrets = proxies // a log line is shown as it stands
			}
			leaks(fmt.Sprintf("%s at level %q", format, level), b.String(), secrets)
		}
	}
	for _, level := range []wizard.RedactLevel{wizard.RedactOff, wizard.RedactStandard, wizard.RedactStrict} {
		o.Redact = level
		for _, format := range wizard.TicketFormats {
			var b bytes.Buffer
			if err := o.TicketFor(wizard.ForNetwork, s, "run").Write(&b, format); err != nil {
				t.Fatal(err)
			}
			leaks(fmt.Sprintf("the ticket as %s at level %q", format, level), b.String(), other)
		}
	}
	for _, f := range s.Seen() {
		if f.Check != "logs" {
			b, _ := json.Marshal(f)
			b = bytes.ReplaceAll(b, []byte("?token=C4n4ry8x"), nil) // a query is part of an address until the report is redacted
			leaks(fmt.Sprintf("finding %s of %s", f.ID, f.Check), string(b)+fmt.Sprintf("%+v", f.Path), other)
		}
	}
	return s
}
