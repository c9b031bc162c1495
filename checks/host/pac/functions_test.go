package pac

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// known are the names that resolve in these tests.
var known = map[string][]netip.Addr{
	"four.example":  {netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("10.9.9.9")},
	"six.example":   {netip.MustParseAddr("2001:db8::1")},
	"both.example":  {netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("192.0.2.7")},
	"intranet":      {netip.MustParseAddr("172.16.0.1")},
	"under_score.x": {netip.MustParseAddr("192.0.2.8")},
}

// answer runs a script in this process and returns its answers and its own fault.
func answer(text string, now time.Time, own []netip.Addr, at ...Address) (got []Answer, fault *Fault, asked []string) {
	if len(at) == 0 {
		at = []Address{{"https://four.example/", "four.example"}}
	}
	evaluate(order{Text: text, Addresses: at, Own: own, Now: now, Names: Names, Memory: 256 << 20}, func(w word) {
		if w.Answer != nil {
			got = append(got, *w.Answer)
		}
		if w.Fault != nil {
			fault = w.Fault
		}
	}, func(name string) []netip.Addr {
		asked = append(asked, name)
		return known[name]
	})
	return got, fault, asked
}

// value is what an expression is, as JavaScript writes it.
func value(t *testing.T, expression string, now time.Time, own ...netip.Addr) string {
	t.Helper()
	got, fault, _ := answer("function FindProxyForURL(url, host) { var v = "+expression+"; return typeof v + ' ' + v }", now, own)
	if fault != nil {
		return "fault " + fault.Text
	}
	if got[0].Fault != nil {
		return "throws " + got[0].Fault.Text
	}
	return got[0].Result
}

func TestFunctionsOfNames(t *testing.T) {
	for expression, want := range map[string]string{
		`isPlainHostName("intranet")`:                                    "boolean true",
		`isPlainHostName("www.corp.example")`:                            "boolean false",
		`isPlainHostName("2001:db8::1")`:                                 "boolean false", // an address is no plain name
		`dnsDomainIs("www.corp.example", ".corp.example")`:               "boolean true",
		`dnsDomainIs("corp.example", ".corp.example")`:                   "boolean false",
		`dnsDomainIs("evilcorp.example", "corp.example")`:                "boolean true", // an end of text, no more
		`dnsDomainIs("www.corp.example", ".CORP.example")`:               "boolean false",
		`dnsDomainIs("a", "www.corp.example")`:                           "boolean false",
		`localHostOrDomainIs("www.corp.example", "www.corp.example")`:    "boolean true",
		`localHostOrDomainIs("www", "www.corp.example")`:                 "boolean true",
		`localHostOrDomainIs("www.other.example", "www.corp.example")`:   "boolean false",
		`localHostOrDomainIs("home.corp.example", "www.corp.example")`:   "boolean false",
		`localHostOrDomainIs("ww", "www.corp.example")`:                  "boolean false",
		`dnsDomainLevels("www")`:                                         "number 0",
		`dnsDomainLevels("www.corp.example")`:                            "number 2",
		`isResolvable("four.example")`:                                   "boolean true",
		`isResolvable("nobody.example")`:                                 "boolean false",
		`isResolvable("six.example")`:                                    "boolean false", // the old functions know IPv4 alone
		`isResolvableEx("six.example")`:                                  "boolean true",
		`isResolvableEx("nobody.example")`:                               "boolean false",
		`dnsResolve("four.example")`:                                     "string 10.1.2.3",
		`dnsResolve("FOUR.example")`:                                     "string 10.1.2.3",
		`dnsResolve("both.example")`:                                     "string 192.0.2.7",
		`dnsResolve("under_score.x")`:                                    "string 192.0.2.8",
		`dnsResolve("nobody.example")`:                                   "object null",
		`dnsResolve("10.0.0.1")`:                                         "string 10.0.0.1",
		`dnsResolve("")`:                                                 "object null",
		`dnsResolve()`:                                                   "object null",
		`dnsResolve("a b; c")`:                                           "object null",
		`dnsResolveEx("both.example")`:                                   "string 2001:db8::2;192.0.2.7",
		`dnsResolveEx("nobody.example")`:                                 "string ",
		`dnsResolveEx("2001:db8::9")`:                                    "string 2001:db8::9",
		`isInNet("10.1.2.3", "10.0.0.0", "255.0.0.0")`:                   "boolean true",
		`isInNet("11.1.2.3", "10.0.0.0", "255.0.0.0")`:                   "boolean false",
		`isInNet("four.example", "10.1.2.0", "255.255.255.0")`:           "boolean true",
		`isInNet("nobody.example", "0.0.0.0", "0.0.0.0")`:                "boolean false",
		`isInNet("10.1.2.3", "0.0.0.0", "0.0.0.0")`:                      "boolean true",
		`isInNet("10.1.2.3", "10.1.2.3", "255.255.255.255")`:             "boolean true",
		`isInNet("10.7.2.3", "10.0.2.3", "255.0.255.255")`:               "boolean true", // a mask with a gap
		`isInNet("10.1.2.300", "10.0.0.0", "255.0.0.0")`:                 "boolean false",
		`isInNet("10.1.2.3", "10.0.0.0", "8")`:                           "boolean false",
		`isInNet("10.1.2.3", "10.0.0.0")`:                                "boolean false",
		`isInNet("2001:db8::1", "10.0.0.0", "255.0.0.0")`:                "boolean false",
		`isInNetEx("10.1.2.3", "10.0.0.0/8")`:                            "boolean true",
		`isInNetEx("2001:db8::1", "2001:db8::/32")`:                      "boolean true",
		`isInNetEx("2001:db9::1", "2001:db8::/32")`:                      "boolean false",
		`isInNetEx("10.1.2.3", "2001:db8::/32")`:                         "boolean false",
		`isInNetEx("10.1.2.3", "10.0.0.0")`:                              "boolean false",
		`isInNetEx("10.1.2.3", "10.0.0.0/33")`:                           "boolean false",
		`convert_addr("0.0.1.2")`:                                        "number 258",
		`convert_addr("192.0.2.1")`:                                      "number -1073741311",
		`convert_addr("nonsense")`:                                       "number 0",
		`sortIpAddressList("10.2.0.1;2001:db8::2;10.1.0.1;2001:db8::1")`: "string 2001:db8::1;2001:db8::2;10.1.0.1;10.2.0.1",
		`sortIpAddressList("2001:4898:28:3:201:2ff:feea:fc14; 157.59.139.22; fe80::5efe:157.59.139.22")`: "string 2001:4898:28:3:201:2ff:feea:fc14;fe80::5efe:9d3b:8b16;157.59.139.22",
		`sortIpAddressList("10.0.0.1;x")`: "string ",
		`sortIpAddressList("")`:           "string ",
		`getClientVersion()`:              "string 1.0",
		`typeof alert("seen by nobody")`:  "string undefined",
		`myIpAddress()`:                   "string 127.0.0.1",
		`myIpAddressEx()`:                 "string ",
		`isPlainHostName({toString() { throw new Error("no") }})`: "throws Error: no",
	} {
		t.Run(expression, func(t *testing.T) {
			if got := value(t, expression, time.Now()); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestOwnAddress(t *testing.T) {
	for name, c := range map[string]struct {
		own      []string
		old, new string
	}{
		"IPv4 goes before IPv6 for the old function": {[]string{"2001:db8::5", "192.0.2.5", "10.0.0.5"}, "192.0.2.5", "2001:db8::5;192.0.2.5;10.0.0.5"},
		"a machine with IPv6 alone":                  {[]string{"2001:db8::5%eth0"}, "2001:db8::5", "2001:db8::5"},
	} {
		t.Run(name, func(t *testing.T) {
			var own []netip.Addr
			for _, s := range c.own {
				own = append(own, netip.MustParseAddr(s))
			}
			if got := value(t, "myIpAddress()", time.Now(), own...); got != "string "+c.old {
				t.Errorf("myIpAddress: %s", got)
			}
			if got := value(t, "myIpAddressEx()", time.Now(), own...); got != "string "+c.new {
				t.Errorf("myIpAddressEx: %s", got)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		s, pattern string
		want       bool
	}{
		"a star is any text":                     {"http://home.corp.example/people/ari/index.html", "*/ari/*", true},
		"a star is no text too":                  {"corp.example", "*corp.example", true},
		"text that is not there":                 {"http://home.corp.example/people/index.html", "*/ari/*", false},
		"a dot is a dot":                         {"wwwXcorp.example", "www.corp.example", false},
		"a star goes over dots":                  {"a.b.corp.example", "*.corp.example", true},
		"the domain itself is not below it":      {"corp.example", "*.corp.example", false},
		"a question mark is one character":       {"host1.example", "host?.example", true},
		"a question mark is a dot too":           {"a.b", "a?b", true},
		"a question mark is not nothing":         {"host.example", "host?.example", false},
		"the whole text is meant":                {"www.corp.example.evil.example", "*.corp.example", false},
		"capitals differ":                        {"WWW.corp.example", "www.*", false},
		"one of several, as regular expressions": {"x.b.example", "(*.a.example|*.b.example)", true},
		"a class of characters":                  {"10.2.7.7", "10.[0-3].*", true},
		"outside a class of characters":          {"10.4.7.7", "10.[0-3].*", false},
		"an empty pattern":                       {"a", "", false},
		"one of two without brackets is whole":   {"ab", "a|b", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := value(t, "shExpMatch("+quote(c.s)+", "+quote(c.pattern)+")", time.Now())
			if want := map[bool]string{true: "boolean true", false: "boolean false"}[c.want]; got != want {
				t.Errorf("%q, %q: %s", c.s, c.pattern, got)
			}
		})
	}
	if got := value(t, `shExpMatch("a", "(")`, time.Now()); !strings.HasPrefix(got, "throws TypeError: shExpMatch") {
		t.Errorf("a pattern that cannot be read: %s", got)
	}
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `\`, `\\`) + `"` }

func TestNamesAreAskedForOnceAndOnlyIfTheyAreNames(t *testing.T) {
	_, _, asked := answer(`function FindProxyForURL(u, h) { for (var i = 0; i < 9; i++) { dnsResolve("four.example"); isResolvable("Four.Example"); dnsResolve("a/b") }
		isInNet("four.example", "1.2.3.4", "0.0.0.0"); dnsResolve("10.0.0.1"); dnsResolve(new Array(300).join("x")); return "DIRECT" }`, time.Now(), nil)
	if !slices.Equal(asked, []string{"four.example"}) {
		t.Errorf("asked for %q", asked)
	}
}
