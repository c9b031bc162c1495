package host

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// function is a script with a body of its function.
func function(body string) Script {
	return Script{Text: []byte("function FindProxyForURL(url, host) {\n" + body + "\n}\n"), Origin: "http://wpad.example/wpad.dat", Now: time.Now(),
		Lookup: func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("nobody") }}
}

// tried reads an answer as what is tried in turn, since one engine gives the words as written and another one what it
// understood.
func tried(s string) string {
	var out []string
	for _, f := range strings.Split(s, ";") {
		if f = strings.Join(strings.Fields(f), " "); f != "" {
			out = append(out, f)
		}
	}
	return strings.Join(out, "; ")
}

// What every engine has to make of a script, whichever it is. In ECMAScript 3: an old Windows knows no more.
func TestScriptsInEveryEngine(t *testing.T) {
	truth := func(expression string) string {
		return `return (` + expression + `) ? "PROXY yes.example:1" : "PROXY no.example:1"`
	}
	const yes, no = "PROXY yes.example:1", "PROXY no.example:1"
	for name, c := range map[string]struct{ body, url, want string }{
		"direct":                                {`return "DIRECT"`, "", "DIRECT"},
		"a proxy":                               {`return "PROXY proxy.example:3128"`, "", "PROXY proxy.example:3128"},
		"the host":                              {`return "PROXY " + host + ":1"`, "https://A.Example/x", "PROXY a.example:1"},
		"an https address without its path":     {truth(`url == "https://a.example/"`), "https://a.example/path?query", yes},
		"an http address with its path":         {truth(`url == "http://a.example/Path?q"`), "http://a.example/Path?q", yes},
		"a port that is not the usual one":      {truth(`url == "http://a.example:5274/"`), "http://a.example:5274", yes},
		"a plain name":                          {truth(`isPlainHostName("intranet") && !isPlainHostName("a.example")`), "", yes},
		"a domain":                              {truth(`dnsDomainIs("www.corp.example", ".corp.example")`), "", yes},
		"another domain":                        {truth(`dnsDomainIs("www.corp.example", ".other.example")`), "", no},
		"a host or its domain":                  {truth(`localHostOrDomainIs("www", "www.corp.example")`), "", yes},
		"levels":                                {truth(`dnsDomainLevels("a.b.c") == 2`), "", yes},
		"a shape with a star":                   {truth(`shExpMatch("a.corp.example", "*.corp.example")`), "", yes},
		"a shape's dot is a dot":                {truth(`shExpMatch("axcorp.example", "a.corp.example")`), "", no},
		"a shape is the whole text":             {truth(`shExpMatch("a.corp.example.evil", "*.corp.example")`), "", no},
		"a net":                                 {truth(`isInNet("10.1.2.3", "10.0.0.0", "255.0.0.0")`), "", yes},
		"another net":                           {truth(`isInNet("11.1.2.3", "10.0.0.0", "255.0.0.0")`), "", no},
		"an address is its own":                 {truth(`dnsResolve("192.0.2.1") == "192.0.2.1"`), "", yes},
		"this computer has an address":          {truth(`/^[0-9.]+$/.test(myIpAddress())`), "", yes},
		"all days of the week":                  {truth(`weekdayRange("SUN", "SAT")`), "", yes},
		"all hours of the day":                  {truth(`timeRange(0, 23)`), "", yes},
		"this year and no other":                {truth(`dateRange(new Date().getFullYear()) && !dateRange(2001)`), "", yes},
		"an exception that is caught":           {`try { nobody.home } catch (e) { return "PROXY caught.example:1" }`, "", "PROXY caught.example:1"},
		"a function that stands behind its use": {`return f(); function f() { return "DIRECT" }`, "", "DIRECT"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(c.body, "myIpAddress") && unnamed() {
				t.Skip("this computer's own name has no address, so the system's engine need not find one")
			}
			url := c.url
			if url == "" {
				url = "https://a.example/"
			}
			got, err := Local().Scripts.Run(t.Context(), function(c.body), []string{url})
			if err != nil || len(got) != 1 || got[0].Err != nil || tried(got[0].Result) != c.want {
				t.Errorf("%s: %+v, %v; want %q", Local().Scripts.Engine(), got, err, c.want)
			}
		})
	}
}

// unnamed reports whether this computer's own name leads to no address, as on a machine without an entry for itself.
func unnamed() bool {
	name, err := os.Hostname()
	if err == nil {
		_, err = net.LookupHost(name)
	}
	return err != nil
}

// list is what a script answers that names two proxies and the direct way.
func list(t *testing.T) string {
	t.Helper()
	got, err := Local().Scripts.Run(t.Context(), function(`return "PROXY a.example:3128; PROXY b.example:8080; DIRECT"`), []string{"https://a.example/"})
	if err != nil || len(got) != 1 || got[0].Err != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	return tried(got[0].Result)
}

func TestAddressesKeepTheirOrder(t *testing.T) {
	got, err := Local().Scripts.Run(t.Context(), function(`return host == "b.example" ? "DIRECT" : "PROXY " + host + ":1"`),
		[]string{"https://a.example/", "http://b.example/", "https://c.example/"})
	if err != nil || len(got) != 3 || got[0].Result != "PROXY a.example:1" || got[1].Result != "DIRECT" || got[2].Result != "PROXY c.example:1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestScriptsThatFailInEveryEngine(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind ScriptFault
	}{
		"it cannot be read":    {"function FindProxyForURL(url, host) { return \"DIRECT\"", ScriptSyntax},
		"a web page":           {"<!doctype html><html><body>Log in</body></html>", ScriptSyntax},
		"there is no function": {"var a = 1;", ScriptNoFunction},
	} {
		t.Run(name, func(t *testing.T) {
			s := function("")
			s.Text = []byte(c.text)
			got, err := Local().Scripts.Run(t.Context(), s, []string{"https://a.example/"})
			var se *ScriptError
			if !errors.As(err, &se) || got != nil || se.Fault != c.kind || se.Text == "" {
				t.Errorf("%s: %+v, %#v", Local().Scripts.Engine(), got, err)
			}
		})
	}
}

func TestOneAddressFailsAlone(t *testing.T) {
	got, err := Local().Scripts.Run(t.Context(), function(`if (host == "b.example") nobody.home(); return "PROXY " + host + ":1"`),
		[]string{"https://a.example/", "https://b.example/", "https://c.example/"})
	if err != nil || len(got) != 3 || got[0].Result != "PROXY a.example:1" || got[2].Result != "PROXY c.example:1" {
		t.Fatalf("%+v, %v", got, err)
	}
	var se *ScriptError
	if !errors.As(got[1].Err, &se) || se.Fault != ScriptThrown || !strings.Contains(se.Text, "nobody") {
		t.Errorf("%#v", got[1].Err)
	}
}

func TestNoAddressIsNoAnswer(t *testing.T) {
	if got, err := Local().Scripts.Run(t.Context(), function(`return "DIRECT"`), nil); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := Local().Scripts.Run(t.Context(), function(`return "DIRECT"`), []string{"no address"}); err == nil || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
	s := function("")
	s.Text = make([]byte, ScriptSize+1)
	if got, err := Local().Scripts.Run(t.Context(), s, []string{"https://a.example/"}); err == nil || got != nil {
		t.Errorf("too large: %+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := Local().Scripts.Run(ctx, function(`return "DIRECT"`), []string{"https://a.example/"}); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("too late: %+v, %v", got, err)
	}
}
