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

func TestVariablesNameOneProxyAsCurlReadsIt(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"a URL":                             {"http://gw:3128", "http://gw:3128"},
		"no port is curl's 1080":            {"http://gw", "http://gw:1080"},
		"no port of an https proxy is 443":  {"https://gw", "https://gw:443"},
		"no port of a SOCKS proxy is 1080":  {"socks5h://gw", "socks5h://gw:1080"},
		"SOCKS4":                            {"socks4://gw:9", "socks4://gw:9"},
		"SOCKS4a":                           {"socks4a://gw:9", "socks4a://gw:9"},
		"host and port alone":               {"gw:3128", "http://gw:3128"},
		"a password with a semicolon":       {"http://u:p;w@gw:1", "http://u:p;w@gw:1"},
		"a password with a blank":           {"http://u:p w@gw:1", "http://u:p%20w@gw:1"},
		"a password with an equals sign":    {"http://u:p=w@gw:1", "http://u:p=w@gw:1"},
		"a password with a slash":           {"http://u:p/w@gw:1", "http://u:p%2Fw@gw:1"},
		"a password with a colon":           {"http://u:p:w@gw:1", "http://u:p%3Aw@gw:1"},
		"a password with a percent sign":    {"http://u:p%w@gw:1", "http://u:p%25w@gw:1"},
		"a password with a hash":            {"http://u:p#w@gw:1", "http://u:p%23w@gw:1"},
		"a password of letters like ä":      {"http://u:pä@gw:1", "http://u:p%C3%A4@gw:1"},
		"a domain in the name":              {`http://CORP\u:p@gw:1`, "http://CORP%5Cu:p@gw:1"},
		"an IPv6 address and a login":       {"http://u:p@[2001:db8::1]:1", "http://u:p@[2001:db8::1]:1"},
		"blanks around":                     {"  http://gw:1 ", "http://gw:1"},
		"nothing":                           {"  ", ""},
		"the word DIRECT":                   {"DIRECT", ""},
		"a list for each scheme":            {"http=gw:1;https=gw:2", "!"},
		"two proxies":                       {"http://a:1;http://b:2", "!"},
		"a path":                            {"http://gw:1/x", "!"},
		"an equals sign in a login is none": {"u:p=w@gw:1", "http://u:p=w@gw:1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := ""
			e, err := parseCurl(c.in)
			if e != nil {
				got = e.URL.String()
			}
			if err != nil {
				got = "!"
			}
			if got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// spelled is a proxy in the form in which settings hold it.
func spelled(e entry) string {
	s := ""
	if e.For != "" {
		s = e.For + "="
	}
	s += e.URL.Scheme + "://"
	if e.URL.User != nil {
		s += e.URL.User.String() + "@"
	}
	return s + e.URL.Host
}

func FuzzProxyString(f *testing.F) {
	for _, s := range []string{"gw:8080", "http=a:1;https=http://b:2", "[::1]:80", "http://u:p@h:1/", "::1", "socks=x", "a=b=c", "http://[::1%25eth0]:80",
		"socks4a://gw", "socks5h://u:p@[2001:db8::1]", "https=https://gw;ftp=gw:21", "http://CORP\\u:p%zz@gw:1", "välitys:80", "http://@gw", "direct://", "u:a://b@gw"} {
		f.Add(s, "geheim")
	}
	f.Fuzz(func(t *testing.T, s, password string) {
		list, err := parse(s)
		if err != nil && len(list) > 0 {
			t.Error("an error and proxies")
		}
		one, oneErr := parseURL(s)
		if one != nil {
			list = append(list, *one)
		}
		for _, e := range list {
			if e.URL == nil || nameable(e.URL.Hostname()) != nil || e.URL.Port() == "" || ports[e.URL.Scheme] == "" {
				t.Fatalf("%q gave the incomplete proxy %v", s, e.URL)
			}
			if len(spelled(e)) > mostText {
				continue // escaped, it is too long to be read again
			}
			again, err := parse(spelled(e))
			if e.For == "" && e.URL.User != nil && strings.ContainsAny(e.URL.User.String(), "; ") {
				var u *entry
				if u, err = parseURL(spelled(e)); u != nil {
					again = []entry{*u}
				}
			}
			if err != nil || len(again) != 1 || same(again[0].URL) != same(e.URL) || again[0].For != e.For || user(again[0].URL) != user(e.URL) {
				t.Errorf("%q is not read back as it is written: %v", spelled(e), err)
			}
		}
		// The error never tells a piece of what may be a password.
		if len(password) < 6 || !ascii(password) {
			return
		}
		for _, in := range []string{s + password, password + s, s + "://u:" + password + "@" + s, password + "=" + s, "http://u:" + password + s + "@gw:1"} {
			_, err := parse(in)
			_, err2 := parseURL(in)
			for _, err := range []error{err, err2, oneErr} {
				if err != nil && strings.Contains(err.Error(), password) && !strings.Contains(knownWords, password) {
					t.Errorf("%q: the error tells of it: %v", in, err)
				}
			}
		}
	})
}

// knownWords are what errors of [parse] are made of.
var knownWords = func() string {
	var all []string
	for _, s := range []string{strings.Repeat("a", mostText+1), strings.Repeat("a:1;", mostEntries+1), ":1", "x=y", "x://y", "gw:x", "[a", "[a]", "[::1]x", "a:b:c", "a%b", "gw<", "a..b", "gw/x", strings.Repeat("a", 300)} {
		if _, err := parse(s); err != nil {
			all = append(all, err.Error())
		}
	}
	if _, err := parseURL("a=b"); err != nil {
		all = append(all, err.Error())
	}
	return strings.Join(all, "\n")
}()

func user(u *url.URL) string {
	if u.User == nil {
		return ""
	}
	pass, _ := u.User.Password()
	return u.User.Username() + "\x00" + pass
}
