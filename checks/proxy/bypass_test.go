package proxy

import (
	"net/url"
	"strings"
	"testing"

	"linecheck/assets"
)

func TestEachReaderReadsExceptionsItsOwnWay(t *testing.T) {
	const in, out = true, false
	type row struct {
		reads   reading
		list    string
		to      string // an address
		covered bool
	}
	cases := map[string]row{
		"Windows: a star in front covers what is below":                    {asWindows, "*.corp.example", "https://a.b.corp.example", in},
		"Windows: a star in front does not cover the domain itself":        {asWindows, "*.corp.example", "https://corp.example", out},
		"Windows: a star without a dot covers other names with that end":   {asWindows, "*corp.example", "https://notcorp.example", in},
		"Windows: a star at the end covers addresses":                      {asWindows, "10.*", "https://10.1.2.3", in},
		"Windows: a star at the end covers names that begin so":            {asWindows, "10.*", "https://10.example", in},
		"Windows: a star in the middle covers parts":                       {asWindows, "gw*.corp.*", "https://gw7.corp.example", in},
		"Windows: two stars cover in their order":                          {asWindows, "*b*a*", "https://ab.example", in},
		"Windows: two stars do not cover in another order":                 {asWindows, "*b*a", "https://ab.test", out},
		"Windows: parts of a pattern do not overlap":                       {asWindows, "ab*ba", "https://aba", out},
		"Windows: a lone star covers all":                                  {asWindows, "*", "https://vendor.example", in},
		"Windows: a question mark is no wildcard":                          {asWindows, "a?.example", "https://ab.example", out},
		"Windows: a name is no ending":                                     {asWindows, "example", "https://vendor.example", out},
		"Windows: a dot in front is no wildcard":                           {asWindows, ".example", "https://vendor.example", out},
		"Windows: a name is found in any case":                             {asWindows, "Vendor.EXAMPLE", "https://vendor.example", in},
		"Windows: <local> covers a name without a dot":                     {asWindows, "<local>", "https://intranet", in},
		"Windows: <LOCAL> in capitals does too":                            {asWindows, "<LOCAL>", "https://intranet", in},
		"Windows: <local> does not cover a name with a dot":                {asWindows, "<local>", "https://intranet.corp.example", out},
		"Windows: <local> does not cover an IPv6 address":                  {asWindows, "<local>", "https://[2001:db8::1]", out},
		"Windows: <local> does not cover a private address":                {asWindows, "<local>", "https://10.1.2.3", out},
		"Windows: this computer goes direct without a rule":                {asWindows, "", "http://localhost", in},
		"Windows: its address does too":                                    {asWindows, "", "http://127.0.0.1:8080", in},
		"Windows: <-loopback> sends this computer through the proxy":       {asWindows, "<-loopback>", "http://127.0.0.1", out},
		"Windows: a rule for this computer holds beside <-loopback>":       {asWindows, "127.0.0.1;<-loopback>", "http://127.0.0.1", in},
		"Windows: parts in the middle cover in their order":                {asWindows, "*b*a*", "https://ab.test", out},
		"Windows: <-loopback> takes nothing else out":                      {asWindows, "<-loopback>;*.example", "https://vendor.example", in},
		"Windows: a network is not understood":                             {asWindows, "10.0.0.0/8", "https://10.1.2.3", out},
		"Windows: a scheme is a condition":                                 {asWindows, "http://*.example", "https://vendor.example", out},
		"Windows: a scheme that fits":                                      {asWindows, "https://*.example", "https://vendor.example", in},
		"Windows: a port is a condition":                                   {asWindows, "*.example:8443", "https://vendor.example", out},
		"Windows: a port that fits":                                        {asWindows, "*.example:443", "https://vendor.example", in},
		"Windows: a scheme and a port that fit":                            {asWindows, "https://*.example:8443", "https://vendor.example:8443", in},
		"Windows: an IPv6 address in brackets":                             {asWindows, "[2001:db8::1]", "https://[2001:db8:0::1]", in},
		"Windows: an IPv6 address in brackets with a port":                 {asWindows, "[2001:db8::1]:443", "https://[2001:db8::1]", in},
		"Windows: an IPv6 address with another port":                       {asWindows, "[2001:db8::1]:80", "https://[2001:db8::1]", out},
		"Windows: blanks separate":                                         {asWindows, "a.example vendor.example", "https://vendor.example", in},
		"Windows: nothing covers nothing":                                  {asWindows, " ; ;", "https://vendor.example", out},
		"Windows: a broken bracket covers nothing":                         {asWindows, "[*", "https://vendor.example", out},
		"curl: a name covers itself":                                       {asCurl, "corp.example", "https://corp.example", in},
		"curl: a name covers all below":                                    {asCurl, "corp.example", "https://a.b.corp.example", in},
		"curl: a dot in front covers the name itself too":                  {asCurl, ".corp.example", "https://corp.example", in},
		"curl: a dot in front covers what is below":                        {asCurl, ".corp.example", "https://a.corp.example", in},
		"curl: a dot at the end is nothing":                                {asCurl, "corp.example.", "https://a.corp.example", in},
		"curl: an ending ends at a dot":                                    {asCurl, "corp.example", "https://notcorp.example", out},
		"curl: a star in front of a name is not understood":                {asCurl, "*.corp.example", "https://a.corp.example", out},
		"curl: a lone star covers all":                                     {asCurl, "*", "https://vendor.example", in},
		"curl: a star among others covers nothing":                         {asCurl, "localhost,*", "https://vendor.example", out},
		"curl: a port is not understood":                                   {asCurl, "vendor.example:443", "https://vendor.example", out},
		"curl: a network covers its addresses":                             {asCurl, "192.0.2.0/24", "https://192.0.2.77", in},
		"curl: a network covers no other address":                          {asCurl, "192.0.2.0/25", "https://192.0.2.177", out},
		"curl: a network covers no name":                                   {asCurl, "192.0.2.0/24", "https://vendor.example", out},
		"curl: a length of 0 is none":                                      {asCurl, "0.0.0.0/0", "https://192.0.2.1", out},
		"curl: a network of IPv6":                                          {asCurl, "2001:db8::/32", "https://[2001:db8:1::1]", in},
		"curl: an IPv6 address without brackets":                           {asCurl, "::1,2001:db8::1", "https://[2001:db8::1]", in},
		"curl: an IPv6 address in brackets is not understood":              {asCurl, "[2001:db8::1]", "https://[2001:db8::1]", out},
		"curl: the ending of an address covers nothing":                    {asCurl, "2.1", "https://192.0.2.1", out},
		"curl: this computer has no exception of its own":                  {asCurl, "", "http://localhost", out},
		"curl: <local> is only a name":                                     {asCurl, "<local>", "https://intranet", out},
		"GNOME: a name covers all below":                                   {asGNOME, "corp.example", "https://a.corp.example", in},
		"GNOME: a dot in front covers the name itself too":                 {asGNOME, ".corp.example", "https://corp.example", in},
		"GNOME: a star in front covers the name itself too":                {asGNOME, "*.corp.example", "https://corp.example", in},
		"GNOME: a star in the middle is not understood":                    {asGNOME, "a*.corp.example", "https://ab.corp.example", out},
		"GNOME: a network covers its addresses":                            {asGNOME, "10.0.0.0/8", "https://10.1.2.3", in},
		"GNOME: a network covers no name":                                  {asGNOME, "10.0.0.0/8", "https://vendor.example", out},
		"GNOME: a port counts where the address names it":                  {asGNOME, "vendor.example:8443", "https://vendor.example:8443", in},
		"GNOME: the usual port is not named in an address":                 {asGNOME, "vendor.example:443", "https://vendor.example", out},
		"GNOME: an address alone":                                          {asGNOME, "192.0.2.1", "https://192.0.2.1", in},
		"GNOME: an address in brackets with a port":                        {asGNOME, "[2001:db8::1]:8443", "https://[2001:db8::1]:8443", in},
		"Chromium: a dot in front covers what is below":                    {asChromium, ".google.example", "https://a.b.google.example", in},
		"Chromium: a dot in front does not cover the name itself":          {asChromium, ".google.example", "https://google.example", out},
		"Chromium: a scheme, a pattern and a port":                         {asChromium, "https://x.*.y.example:99", "https://x.z.y.example:99", in},
		"Chromium: a network covers its addresses":                         {asChromium, "192.168.1.1/16", "https://192.168.9.9", in},
		"Chromium: a network of IPv6 without brackets":                     {asChromium, "fefe:13::abc/33", "https://[fefe:13::1]", in},
		"Chromium: a network in brackets is wrong":                         {asChromium, "[fefe::]/40", "https://[fefe::1]", out},
		"Chromium: an address in another spelling":                         {asChromium, "[0:0:0::1]", "http://[::1]", in},
		"Chromium: <-loopback> after a rule takes that rule's effect back": {asChromium, "127.0.0.1;<-loopback>", "http://127.0.0.1", out},
		"Chromium: a rule after <-loopback> counts":                        {asChromium, "<-loopback>;127.0.0.1", "http://127.0.0.1", in},
		"Chromium: names below localhost go direct":                        {asChromium, "", "http://a.localhost", in},
		"Chromium: the own cable goes direct":                              {asChromium, "", "http://[fe80::1]", in},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(c.to)
			if err != nil {
				t.Fatal(err)
			}
			e := &assets.Endpoint{Scheme: u.Scheme, Host: u.Hostname()}
			for _, r := range u.Port() {
				e.Port = 10*e.Port + int(r-'0')
			}
			s := source{reads: c.reads}
			s.Bypass = exceptions(c.list)
			if got := s.excepts(e); got != c.covered {
				t.Errorf("%q covers %s: %v, want %v", c.list, c.to, got, c.covered)
			}
		})
	}
}

func TestExceptionsThatTheReaderDoesNotUnderstandAreNamed(t *testing.T) {
	cases := map[string]struct {
		reads      reading
		list, want string
	}{
		"Windows knows neither networks nor dots in front": {asWindows, "10.0.0.0/8;.corp.example;*.corp.example;<local>;https://a.example;10.*", "10.0.0.0/8 .corp.example"},
		"curl knows neither patterns nor ports":            {asCurl, "10.0.0.0/8,.corp.example,*.corp.example,a.example:443,::1,[::1],*,<local>", "*.corp.example a.example:443 [::1] * <local>"},
		"curl knows a lone star":                           {asCurl, "*", ""},
		"GNOME knows a star in front only":                 {asGNOME, "*.corp.example;a*.example;10.0.0.0/8;a.example:80", "a*.example"},
		"Chromium knows all":                               {asChromium, ".a.example;10.0.0.0/8;<-loopback>", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(c.reads.idle(exceptions(c.list)), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzBypass(f *testing.F) {
	for _, s := range []string{"*.corp.example", "10.*;<local>", "10.0.0.0/8,::1", "[2001:db8::1]:443", "https://*.a:99", "<-loopback>;127.0.0.1",
		".corp.example", "*", "a*b*c", "a:0", "[*", "fefe::/33", "*.*.*", "\x00;\xff", "a..b", "169.254.0.0/16"} {
		f.Add(s, "vendor.corp.example", uint16(443))
		f.Add(s, "10.1.2.3", uint16(80))
		f.Add(s, "2001:db8::1", uint16(8443))
	}
	f.Add(".\xe8\xe8*", ".\xe8\xe80000", uint16(443))
	f.Fuzz(func(t *testing.T, list, host string, port uint16) {
		rules := exceptions(list)
		for _, scheme := range []string{"http", "https"} {
			e := &assets.Endpoint{Scheme: scheme, Host: host, Port: int(port)}
			p := placeOf(e)
			for _, r := range []reading{asWindows, asCurl, asGNOME, asChromium} {
				got := r.covers(rules, p)
				if capital := r.covers(exceptions(strings.ToUpper(list)), placeOf(&assets.Endpoint{Scheme: scheme, Host: strings.ToUpper(host), Port: int(port)})); ascii(list+host) && capital != got {
					t.Errorf("%d: %q covers %q only in one case", r, list, host)
				}
				if own := r.covers(nil, p); r != asCurl && r != asGNOME && own != p.own() || (r == asCurl || r == asGNOME) && own {
					t.Errorf("%d: without a rule %q goes direct: %v", r, host, own)
				}
				// What is not understood keeps nobody from the proxy.
				for _, rule := range r.idle(rules) {
					if !p.own() && nameable(p.host) == nil && r.covers([]string{rule, "other.test"}, p) && p.host != "other.test" && !strings.HasSuffix(p.host, ".other.test") {
						t.Errorf("%d: %q is not understood and covers %q", r, rule, host)
					}
				}
				// One more rule never sends more through the proxy, but for the rule that says so.
				if got && !strings.Contains(list, "<-") && !(r == asCurl && len(rules) == 1) && !r.covers(append(rules[:len(rules):len(rules)], "x.test"), p) {
					t.Errorf("%d: with one more rule %q no longer covers %q", r, list, host)
				}
			}
			if nameable(p.host) == nil && !p.addr.IsValid() && !strings.HasSuffix(p.host, ".") {
				for _, r := range []reading{asWindows, asCurl, asGNOME, asChromium} {
					if !r.covers([]string{p.host}, p) {
						t.Errorf("%d: %q does not cover itself", r, p.host)
					}
				}
			}
		}
	})
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0
}
