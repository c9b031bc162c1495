package wizard

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/checks"
)

var (
	address4  = shaped(`\d{1,3}(?:\.\d{1,3}){3}`)
	address6  = shaped(`(?i)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}`)
	cardOf    = shaped(`(?i)\b(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\b`)
	urlHost   = shaped(`(?i)\b[a-z][a-z0-9+.-]*://(?:[^/\s@"'<>]*(?:<[a-z]+-\d+>)?@)?([\pL\pN_][\pL\pN._${}-]*)`)
	share     = shaped(`(?i)(?:^|[^\\\pL\pN:])(?:\\\\|\\\\\\\\)(?:\?\\{1,2}UNC\\{1,2})?([\pL\pN_][\pL\pN._-]{1,62})(?:@(?:SSL|\d+)|\\|$|[\s"',;)])`)
	slashes   = shaped(`(?:^|[\s"'=(,;])//([\pL\pN_][\pL\pN._-]{1,62})/[\pL\pN]`)
	fullName  = shaped(`(?:[\pL\pN_](?:[\pL\pN_-]{0,62})\.)+[\pL][\pL\pN_-]{1,24}`)
	halfName  = shaped(`(?:[\pL\pN_](?:[\pL\pN_-]{0,62})\.)+<(?:domain|host)-\d+>(?:\.[\pL\pN_-]+)*`) // of a report that was redacted before
	restName  = shaped(`<(?:domain|host)-\d+>(?:\.[\pL\pN_-]+)+`)
	withPort  = shaped(`(?:^|[^\pL\pN_.:/@-])([\pL][\pL\pN_-]{2,62}):(?:80|443|3128|1080|80\d\d|8443|8888|9\d{3})\b`)
	scripted  = shaped(`\b(?:PROXY|HTTPS?|SOCKS[45]?)\s+([\pL][\pL\pN_-]{1,62}):\d{1,5}\b`) // as a PAC file answers
	numbered  = shaped(`(?:^|[^\pL\pN_.:/@-])([\pL]+[-_\d][\pL\pN_-]{0,62}):[1-9]\d{3,4}\b`)
	inQuotes  = shaped(`\b(?:CN|OU?|L|ST|DC|SN)\s?=\s?\\?"((?:[^"\\]|\\.){2,80}?)\\?"`)
	attribute = shaped(`\b(?:CN|OU?|L|ST|DC|SN)\s?=\s?((?:[^,;"'<>\r\n/\\+=]|\\.){2,64})`)
	realm     = shaped(`(?i)\brealm\s*=\s*(?:\\?"|'|)((?:[^"'\\<>]|\\.){2,80})`)
)

// tables stand before a colon and a number, and are no host.
var tables = shaped(`(?i)^(?:curl|winsock|winhttp|wininet|fserr|icrc|events?|windows|winevent|sspi|port|line|code|error|status|pid|id|http|https|tcp|udp|localhost|file|at|for)$`)

// endings are those of files and of the program's own words: what has one is no host unless it stands in an address.
var endings = wordsOf(`cpp c cc h hpp cs java py lua smartscan exe dll sys log txt dat ini cfg conf json xml yaml yml pac js html htm zip gz tar cab msi db sqlite csv evtx etl service socket timer target
	bat cmd ps1 sh lnk reg tmp bak crt cer pem key pol admx php asp aspx jsp cgi bin img png jpg css so old new list repo rules md go err out pid lock cache`)

// shared are public names that stand in the reports of everybody: where the vendors' names lead, and whom a system asks
// whether there is a network.
var shared = []string{"akamaiedge.net", "akamai.net", "akadns.net", "edgekey.net", "edgesuite.net", "cloudfront.net", "amazonaws.com", "azureedge.net",
	"trafficmanager.net", "azure.com", "azurewebsites.net", "cloudapp.net", "cloudflare.net", "fastly.net", "msftconnecttest.com", "msftncsi.com", "gnome.org", "opendns.com", "iana.org"}

// areas begin codes of the program's own: tcp.dropped.
var areas = wordsOf(`dns tcp tls http path clock cache repair logs`)

var programWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, f := range []checks.Failure{checks.ProxyUnresolvable, checks.ProxyUnreachable, checks.ProxyRefused, checks.ProxyDenied, checks.ProxyTLS} {
		out[string(f)] = true
	}
	for _, c := range checks.All() {
		for _, code := range c.Spec().Codes {
			out[strings.ToLower(string(code))] = true
		}
	}
	if rules, err := assets.LoadRules(); err == nil {
		for _, c := range rules.Causes {
			out[c.ID] = true
		}
	}
	return out
})

// publicNames are the ends of the names that everybody may read: the vendors' own and [shared].
var publicNames = sync.OnceValue(func() []string {
	out := slices.Clone(shared)
	profiles, _ := assets.Profiles()
	for _, p := range profiles {
		for _, w := range p.Wildcards {
			out = append(out, strings.ToLower(strings.TrimLeft(w, "*.")))
		}
		for _, e := range p.Endpoints {
			host := strings.ToLower(e.Host)
			if i := strings.LastIndexByte(host, '}'); i >= 0 {
				host = strings.TrimPrefix(host[i+1:], ".") // the region before it is filled in
			}
			if strings.Contains(host, ".") && !strings.ContainsAny(host, "{}*") {
				out = append(out, host)
			}
		}
		for _, h := range p.Help {
			if u, err := url.Parse(h); err == nil && u.Host != "" {
				out = append(out, strings.ToLower(u.Hostname()))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
})

// vendorParams are the parameters of the vendors' own test addresses: key=value.
var vendorParams = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	profiles, _ := assets.Profiles()
	for _, p := range profiles {
		for _, e := range p.Endpoints {
			if _, query, ok := strings.Cut(e.Path, "?"); ok {
				for _, pair := range strings.Split(query, "&") {
					out[pair] = true
				}
			}
		}
	}
	return out
})

// public makes names known that everybody may read.
func (d *redactor) public(names ...string) {
	d.vendors = slices.Clone(d.vendors)
	for _, n := range names {
		n = strings.ToLower(strings.TrimLeft(n, "*."))
		if strings.Contains(n, ".") && !strings.ContainsAny(n, "<> ") && !slices.Contains(d.vendors, n) {
			d.vendors, d.safe = append(d.vendors, n), nil
		}
	}
}

func (d *redactor) isPublic(low string) bool {
	return slices.ContainsFunc(d.vendors, func(v string) bool { return low == v || strings.HasSuffix(low, "."+v) })
}

// outside sends through to what is neither a stand-in nor a name that everybody may read.
func (d *redactor) outside(s string, to func(string) string) string {
	if d.safe == nil {
		quoted := make([]string, 0, len(d.vendors))
		for _, v := range d.vendors {
			quoted = append(quoted, regexp.QuoteMeta(v))
		}
		d.safe = regexp.MustCompile(`(?i)<[a-z]+-\d+>|(?:[a-z0-9_-]+\.)*(?:` + strings.Join(quoted, "|") + `)\b`)
	}
	var b strings.Builder
	at := 0
	for _, m := range d.safe.FindAllStringIndex(s, -1) {
		if s[m[0]] != '<' && !wholeWord(s, m[0], m[1]) || m[1] < len(s)-1 && s[m[0]] != '<' && s[m[1]] == '.' && letter(rune(s[m[1]+1])) {
			continue // a name that only begins or ends like one of them
		}
		b.WriteString(to(s[at:m[0]]) + s[m[0]:m[1]])
		at = m[1]
	}
	b.WriteString(to(s[at:]))
	return b.String()
}

// wholeWord reports whether what stands at s[i:j] is no part of a longer word.
func wholeWord(s string, i, j int) bool {
	in := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' }
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[j:])
	return (i == 0 || !in(before)) && (j == len(s) || !in(after))
}

// strict replaces private addresses, and every name that is not public.
func (d *redactor) strict(s string) string {
	s = d.hosts(s, d.standIn)
	s = groups(cardOf(), s, func(m string) string { return d.standIn("card", m) })
	s = addresses4(s, func(m string) string {
		if a, err := netip.ParseAddr(m); err == nil && inside(a) {
			return d.standIn("address", m)
		}
		return m
	})
	if strings.Count(s, ":") < 2 {
		return s
	}
	return groups(address6(), s, func(m string) string {
		bare := strings.TrimRight(m, ".:")
		if strings.HasSuffix(m, "::") {
			bare = m
		}
		for at := 0; at < len(bare); { // a word with a colon may stand before it
			a, err := netip.ParseAddr(bare[at:])
			switch {
			case err != nil || !inside(a.Unmap()) && !outer(a): // face:fe80::1 is a word and an address
			case !inside(a.Unmap()):
				return m
			default:
				return m[:at] + d.standIn("address", bare[at:]) + m[len(bare):]
			}
			next := strings.IndexByte(bare[at:], ':')
			if next < 0 {
				break
			}
			at += next + 1
		}
		return m
	})
}

// outer reports whether an address is one that everybody has, or is given out to somebody.
func outer(a netip.Addr) bool {
	return a.Unmap().Is4() || a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() || given.Contains(a)
}

// given is where public addresses are taken from, RFC 4291.
var given = netip.MustParsePrefix("2000::/3")

// addresses4 replaces what is written as an address: no part of a longer row of numbers, and no version.
func addresses4(s string, to func(string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range address4().FindAllStringIndex(s, -1) {
		before, after := byte(' '), byte(' ')
		if m[0] > 0 {
			before = s[m[0]-1]
		}
		if m[1] < len(s) {
			after = s[m[1]]
		}
		if before == 'v' || before >= '0' && before <= '9' || after >= '0' && after <= '9' {
			continue
		}
		b.WriteString(s[at:m[0]] + to(s[m[0]:m[1]]))
		at = m[1]
	}
	return b.String() + s[at:]
}

var carrier = netip.MustParsePrefix("100.64.0.0/10")

// siteLocal are addresses of a network's own, as RFC 3513 had them.
var siteLocal = netip.MustParsePrefix("fec0::/10")

// inside reports whether an address says something of somebody's own network, or of a network card.
func inside(a netip.Addr) bool {
	b := a.As16()
	card := a.Is6() && b[11] == 0xff && b[12] == 0xfe && b[8] != 0 // made of the card's own number, RFC 4291
	return a.IsPrivate() || a.IsLinkLocalUnicast() || carrier.Contains(a) || siteLocal.Contains(a) || card
}

// learnHosts makes known the short names that a text uses as addresses, so that they are replaced in sentences too.
func (d *redactor) learnHosts(s string) {
	d.hosts(s, func(kind, value string) string {
		if !strings.Contains(value, ".") {
			d.know(kind, value)
		}
		return value
	})
}

// hosts replaces names of computers and companies by what to says.
func (d *redactor) hosts(s string, to func(kind, value string) string) string {
	put := func(kind string) func(string) string {
		return func(name string) string {
			low := strings.ToLower(strings.TrimRight(name, "."))
			if len(low) < 2 || d.isPublic(low) || low == "localhost" || stands.MatchString(low) {
				return name
			}
			if _, err := netip.ParseAddr(low); err == nil {
				return name
			}
			if k := d.known[low]; k != "" {
				kind = k
			}
			return to(kind, name[:len(low)]) + name[len(low):]
		}
	}
	if strings.Contains(s, "://") {
		s = groups(urlHost(), s, put("host"))
	}
	if strings.Contains(s, `\\`) {
		s = groups(share(), s, put("host"))
	}
	if strings.Contains(s, "//") {
		s = groups(slashes(), s, put("host"))
	}
	if strings.Contains(s, "=") {
		company := func(v string) string {
			if publicIssuer(v) || d.isPublic(strings.ToLower(strings.TrimLeft(v, "*."))) {
				return v
			}
			return to("name", strings.TrimSpace(v))
		}
		s = groups(attribute(), groups(inQuotes(), s, company), company)
		s = groups(realm(), s, func(v string) string { return to("name", v) })
	}
	if strings.Contains(s, ".") {
		if strings.Contains(s, "<") {
			whole := func(m string) string { return to("host", m) }
			s = groups(restName(), groups(halfName(), s, whole), whole)
		}
		s = d.outside(s, func(s string) string {
			return groups(fullName(), s, func(name string) string {
				if !hostLike(name) {
					return name
				}
				return put("host")(name)
			})
		})
	}
	if strings.Contains(s, ":") {
		s = groups(scripted(), s, put("host"))
		ported := func(name string) string {
			if tables().MatchString(name) || commonAccounts().MatchString(name) && name != "proxy" {
				return name
			}
			return put("host")(name)
		}
		s = groups(numbered(), groups(withPort(), s, ported), ported)
	}
	return s
}

// hostLike tells a name from a file, a code and a word with a full stop in it.
func hostLike(name string) bool {
	low := strings.ToLower(name)
	if area, what, ok := strings.Cut(low, "."); ok && areas[area] && !strings.Contains(what, ".") {
		return false
	}
	last := low[strings.LastIndexByte(low, '.')+1:]
	return !endings[last] && !strings.Contains(last, "_") && !programWords()[low] && !strings.HasPrefix(low, "org.") && !strings.HasPrefix(low, "com.")
}

// publicIssuer reports whether an issuer's name says nothing of a company: each word of it is that of a public authority
// or of a filter's maker.
func publicIssuer(v string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(v), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if !issuerWords[w] && !generation().MatchString(w) {
			return false
		}
	}
	return true
}

// generation is a number of an authority's key: G2, R3, SHA256.
var generation = shaped(`^(?:[aceghr]|sha|rsa|ec|ca)?\d{1,4}$`)

var issuerWords = wordsOf(`ca root sub issuing intermediate authority certification certificate global public server tls ssl rsa ecc ecdsa sha g inc llc ltd co limited corp corporation gmbh
	the of and for class trust services network networks security secure web gateway firewall appliance filter proxy inspection untrusted trusted self signed internet
	amazon aws starfield microsoft azure google gts digicert geotrust thawte verisign symantec letsencrypt let s encrypt isrg globalsign nv sa sectigo comodo usertrust usertrusts entrust godaddy
	cloudflare identrust dst buypass quovadis swisssign telekom telesec zscaler fortinet fortigate fortiguard sophos palo alto cisco umbrella ironport netskope forcepoint websense blue coat bluecoat
	proxysg mcafee skyhigh check point checkpoint sonicwall watchguard barracuda kaspersky eset bitdefender avast avg smoothwall squid untangle trend micro deep smart protection
	withsecure f us ie be gb de fi jp practice ev dv ov`)

func wordsOf(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// groups replaces the first group of every match, or the whole match where there is none.
func groups(re *regexp.Regexp, s string, to func(string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		if len(m) < 4 {
			m = append(m, m...)
		}
		b.WriteString(s[at:m[2]] + to(s[m[2]:m[3]]))
		at = m[3]
	}
	b.WriteString(s[at:])
	return b.String()
}
