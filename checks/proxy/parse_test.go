package proxy

import (
	"net/url"
	"strings"
	"testing"
)

func TestProxyStringsOfEveryFormAreRead(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"a host and a port":                        {"gw:8080", "http://gw:8080"},
		"a host alone has the usual port":          {"gw", "http://gw:80"},
		"a URL":                                    {"http://gw.corp.example:3128", "http://gw.corp.example:3128"},
		"a URL with a slash at its end":            {"http://gw:3128/", "http://gw:3128"},
		"a scheme in capitals":                     {"HTTP://GW:3128", "http://GW:3128"},
		"one proxy for each scheme":                {"http=a:1;https=b:2;socks=c:3", "http http://a:1, https http://b:2, socks socks://c:3"},
		"blanks between":                           {"a:1 b:2", "http://a:1, http://b:2"},
		"a URL within a list":                      {"https=http://b:2", "https http://b:2"},
		"a SOCKS URL":                              {"socks5://s", "socks5://s:1080"},
		"an IPv4 address":                          {"192.0.2.1:8080", "http://192.0.2.1:8080"},
		"an IPv6 address with a port":              {"[2001:db8::1]:8080", "http://[2001:db8::1]:8080"},
		"an IPv6 address in brackets":              {"http://[2001:db8::1]", "http://[2001:db8::1]:80"},
		"an IPv6 address without brackets":         {"2001:db8::1", "http://[2001:db8::1]:80"},
		"a login":                                  {"http://u:p%40x@gw:1", "http://u:p%40x@gw:1"},
		"a login with an unescaped sign":           {"http://u:p@x@gw:1", "http://u:p%40x@gw:1"},
		"leading zeros in the port":                {"gw:08080", "http://gw:8080"},
		"nothing":                                  {"", ""},
		"blanks only":                              {" ; ", ""},
		"the word direct":                          {"direct://", ""},
		"the word none":                            {"None", ""},
		"no host":                                  {":8080", "!"},
		"a scheme without a host":                  {"http://", "!"},
		"no number for a port":                     {"gw:port", "!"},
		"port 0":                                   {"gw:0", "!"},
		"a port that is too large":                 {"gw:65536", "!"},
		"an unknown kind":                          {"gopher://gw:70", "!"},
		"an unknown scheme in a list":              {"news=gw:70", "!"},
		"a path behind the port":                   {"http://gw:80/wpad.dat", "!"},
		"a bracket that is not closed":             {"[2001:db8::1", "!"},
		"a name in brackets":                       {"[gw]:80", "!"},
		"characters that no name has":              {"gw<script>:80", "!"},
		"two dots":                                 {"gw..corp:80", "!"},
		"three colons":                             {"a:b:c:80", "!"},
		"far too long":                             {strings.Repeat("a", mostText+1), "!"},
		"far too many":                             {strings.Repeat("a:1;", mostEntries+1), "!"},
		"a name of letters beyond ASCII is a name": {"välitys.example:80", "http://v%C3%A4litys.example:80"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parse(c.in)
			var list []string
			for _, e := range got {
				list = append(list, strings.TrimSpace(e.For+" "+e.URL.String()))
			}
			text := strings.Join(list, ", ")
			if err != nil {
				text = "!"
			}
			if text != c.want {
				t.Errorf("got %q (%v), want %q", text, err, c.want)
			}
		})
	}
}

func TestTheRightProxyOfAListIsPicked(t *testing.T) {
	cases := map[string]struct{ list, scheme, want string }{
		"the scheme's own":                         {"http=a:1;https=b:2", "https", "b:2"},
		"the one for all":                          {"a:1", "https", "a:1"},
		"SOCKS serves what no other is for":        {"http=a:1;socks=c:3", "https", "c:3"},
		"a proxy for http is not for https":        {"http=a:1", "https", ""},
		"the scheme's own comes before all others": {"a:1;https=b:2", "https", "b:2"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			list, err := parse(c.list)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if e := pick(list, c.scheme); e != nil {
				got = e.URL.Host
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSpellingsOfOneProxyAreTheSame(t *testing.T) {
	for _, s := range []string{"GW.corp.example", "http://gw.corp.example:80/", "http://u:p@gw.corp.example.", "HTTP://gw.corp.example:080"} {
		list, err := parse(s)
		if err != nil || same(list[0].URL) != "http://gw.corp.example:80" {
			t.Errorf("%q is %q (%v)", s, same(list[0].URL), err)
		}
	}
	other, _ := url.Parse("http://gw.corp.example:8080")
	if same(other) == "http://gw.corp.example:80" || same(nil) != "direct" {
		t.Error("different ways were taken for the same")
	}
}

func TestExceptionsSendTheRightHostsDirectly(t *testing.T) {
	cases := map[string]struct {
		list, host string
		suffixes   bool
		want       bool
	}{
		"a pattern of Windows":                        {"*.corp.example", "a.corp.example", false, true},
		"a pattern does not cover the domain itself":  {"*.corp.example", "corp.example", false, false},
		"a pattern in the middle":                     {"10.*;*.example", "10.1.2.3", false, true},
		"<local> covers names without a dot":          {"<local>", "intranet", false, true},
		"<local> does not cover names with a dot":     {"<local>", "doorman.example", false, false},
		"a whole name":                                {"doorman.example", "Doorman.Example", false, true},
		"a name of Windows is not an ending":          {"example", "doorman.example", false, false},
		"a name in the environment is an ending":      {"example", "doorman.example", true, true},
		"an ending with a dot":                        {".example", "doorman.example", true, true},
		"an ending ends at a dot":                     {"man.example", "doorman.example", true, false},
		"a star covers all":                           {"*", "doorman.example", true, true},
		"a name with a port":                          {"doorman.example:443", "doorman.example", false, true},
		"a name with a scheme":                        {"https://doorman.example", "doorman.example", false, true},
		"a network covers its addresses":              {"192.0.2.0/24", "192.0.2.7", true, true},
		"a network does not cover names":              {"0.0.0.0/0", "doorman.example", true, false},
		"a broken pattern covers nothing":             {"[*", "doorman.example", false, false},
		"an empty list covers nothing":                {" ; ,", "doorman.example", true, false},
		"<-loopback> takes nothing out of the proxy":  {"<-loopback>", "doorman.example", false, false},
		"a bracketed class is not a class of letters": {"[d]*", "doorman.example", false, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := bypassed(exceptions(c.list), c.host, c.suffixes); got != c.want {
				t.Errorf("%q covers %q: %v", c.list, c.host, got)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"gw:8080", "http=a:1;https=http://b:2", "[::1]:80", "http://u:p@h:1/", "::1", "socks=x", "a=b=c", "http://[::1%25eth0]:80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := parse(s)
		if err != nil && len(list) > 0 {
			t.Error("an error and proxies")
		}
		for _, e := range list {
			if e.URL == nil || e.URL.Hostname() == "" || e.URL.Port() == "" || ports[e.URL.Scheme] == "" {
				t.Errorf("%q gave the incomplete proxy %v", s, e.URL)
			}
			again, err := parse(e.URL.String())
			if err == nil && (len(again) != 1 || same(again[0].URL) != same(e.URL)) {
				t.Errorf("%q is not read back as it is written", e.URL)
			}
		}
		mask(s)
		bypassed(exceptions(s), s, true)
	})
}
