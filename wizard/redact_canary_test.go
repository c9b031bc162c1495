package wizard_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"

	"linecheck/checks/lab"
)

// planter plants values that must not come out: secrets nowhere, people and this company's names not in a report, the
// inside of a network not in a strict one. Each has a number, so that a leak says which one it is.
type planter struct{ secrets, people, names int }

const (
	secretMark = "C4n4ry"
	personMark = "M4rkus"
	nameMark   = "g3h31m"
)

func (p *planter) secret() string { p.secrets++; return fmt.Sprintf("%s%03dx", secretMark, p.secrets) }
func (p *planter) person() string { p.people++; return fmt.Sprintf("%s%03d", personMark, p.people) }
func (p *planter) name() string   { p.names++; return fmt.Sprintf("%s%03d", nameMark, p.names) }

// secretly are ways to write a secret; %s stands for it.
var secretly = []string{
	"proxy http://svc:%s@proxy.example.intern:3128",
	"Could not resolve proxy: http://svc:%s@Geheim/@proxy.example.intern",
	"proxy=svc:%s@10.1.2.3:8080 refused",
	"https_proxy=http://%s@proxy.example.intern:3128",
	"GET https://api.example.intern/x?access_token=%s&lang=en timed out",
	"GET https://store.example.intern/f?sv=2022-11-02&se=2026-12-01&sig=%s failed",
	"https://s3.example.intern/b?X-Amz-Credential=AKIDEXAMPLE&X-Amz-Signature=%s",
	"callback https://login.example.intern/cb?code=%s",
	"redirected to http://portal.example.intern/login?user=x&password=%s",
	"Proxy-Authorization: Basic %s",
	"Authorization: Bearer %s",
	"Authorization: Digest username=\"x\", realm=\"r\", nonce=\"n\", response=\"%s\"",
	"Proxy-Authorization: NTLM %s",
	"authorization=Negotiate %s",
	`{"Authorization":"Bearer %s","next":1}`,
	"Set-Cookie: sid=%s; Path=/; HttpOnly",
	"Cookie: lang=de; session=%s; id=7",
	"password=%s",
	"Password: '%s and more'",
	`passwd="%s with a blank"`,
	`{"token": "%s"}`,
	`{\"client_secret\": \"%s\"}`,
	"client_secret: %s",
	"X-Api-Key: %s",
	"apikey=%s",
	"ProxyPassword=%s",
	"proxy_user=x proxy_pass=%s",
	"<Password>%s</Password>",
	`<add key="ProxyPassword" value="%s"/>`,
	"cmd: net use x: --password %s",
	"curl -x proxy.example.intern -U svc:%s https://a.example.intern",
	"wget --proxy-password=%s https://a.example.intern",
	"machine proxy.example.intern login svc password %s",
	"SharedAccessKey=%s",
	"AccountKey=%s;EndpointSuffix=core.example.intern",
	"refresh_token=%s",
	"session_id=%s",
	"JSESSIONID=%s",
	"Kennwort: %s",
	"passphrase := %s",
	"activation_key=%s",
	"WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"%s\"",
	"http%%3A%%2F%%2Fsvc%%3A%s%%40proxy.example.intern%%3A3128",
	"url=https%%3A%%2F%%2Fa.example.intern%%2F%%3Ftoken%%3D%s%%26x%%3D1",
	"http://svc&#58;%s&#64;proxy.example.intern",
	"http:\\/\\/svc:%s@proxy.example.intern",
	`password\u003d%s`,
	"SAMLResponse=%s",
	"-----BEGIN PRIVATE KEY----- %s -----END PRIVATE KEY-----",
	"-----BEGIN OPENSSH PRIVATE KEY-----\\n%s",
	"function FindProxyForURL(url, host) { return 'PROXY %s:80' }",
	"ghp_%s0000000000000000000000000000",
	"xoxb-1234567890-%s",
	"sk-%s0000000000000000000000",
	"glpat-%s00000000000000000",
	"AKIA%s00000000000",
}

// wrapped are ways to write a login, user and password, that say nothing of it.
var wrapped = []func(string) string{
	func(s string) string { return "sent " + base64.StdEncoding.EncodeToString([]byte("svc:"+s)) },
	func(s string) string { return "Basic " + base64.URLEncoding.EncodeToString([]byte("svc:"+s)) },
	func(s string) string { return "blob " + base64.StdEncoding.EncodeToString(wide("svc:"+s)) },
	func(s string) string { return "bytes " + hex.EncodeToString([]byte("http://svc:"+s+"@proxy")) },
	func(s string) string {
		return "token eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+s+`"}`)) + ".c2lnbmF0dXJl"
	},
	func(s string) string {
		return "ticket " + "YIIG" + base64.StdEncoding.EncodeToString([]byte("0123456789012345"+s))
	},
	func(s string) string { return "says TlRMTVNTUAAD" + base64.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return "at " + url.QueryEscape(url.QueryEscape("http://svc:"+s+"@proxy")) },
	func(s string) string {
		return "config " + base64.StdEncoding.EncodeToString([]byte(`{"password":"`+s+`"}`))
	},
}

// personally are ways to name people and this computer.
var personally = []string{
	`C:\Users\%s\AppData\Local\x.log`,
	`D:\Benutzer\%s\x.log`,
	`C:\\Users\\%s\\x.log`,
	`\\srv.example.intern\home$\%s\x`,
	`\\srv\profiles\%s\ntuser.dat`,
	`file:///C:/Users/%s/proxy.pac`,
	`file://srv/home/%s/proxy.pac`,
	`/home/%s/.netrc`,
	`/export/home/%s/x`,
	`user=EXAMPLE\%s`,
	`logged on as EXAMPLE\%s.`,
	`%s@example.intern`,
	`mailto:%s@corp.example`,
	`mail%%3A%s%%40corp.example`,
	`Account Name: %s`,
	`USERNAME=%s`,
	`CN=%s,OU=People,DC=corp,DC=example`,
	`HTTP/%s$@EXAMPLE.INTERN`,
	`USERDOMAIN=%s`,
	`COMPUTERNAME=%s`,
	`LOGONSERVER=\\%s`,
	`for S-1-5-21-1004336348-1177238915-682003330-512 %s@a.example`,
}

// inwardly are ways to name what lies inside a network.
var inwardly = []string{
	"http://%s:3128",
	"https://%s.corp.example/x",
	"%s.corp.example",
	`\\%s\netlogon`,
	"CN=%s Root CA,O=%[1]s Ltd",
	`Basic realm="%s proxy"`,
	"%s:8080",
}

func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// leaks are the marked values in a text, in every form in which a reader could get at them.
func leaks(text, mark string) []string {
	var out []string
	low := strings.ToLower(text)
	for i := range len(low) {
		if strings.HasPrefix(low[i:], strings.ToLower(mark)) {
			out = append(out, around(text, i, len(mark)))
		}
	}
	for _, form := range coreForms(mark) {
		if i := strings.Index(text, form); i >= 0 {
			out = append(out, "in another form: "+around(text, i, len(form)))
		}
	}
	return out
}

func around(s string, i, n int) string { return s[max(0, i-70):min(len(s), i+n+20)] }

// coreForms are what every base64 or hexadecimal form of a text that holds mark has in it.
func coreForms(mark string) []string {
	out := []string{hex.EncodeToString([]byte(mark)), strings.ToUpper(hex.EncodeToString([]byte(mark)))}
	for _, b := range [][]byte{[]byte(mark), wide(mark)} {
		for lead := range 3 {
			s := base64.StdEncoding.EncodeToString(append(make([]byte, lead), b...))
			s = strings.TrimRight(s, "=")
			s = s[(lead*8+5)/6:]
			out = append(out, s[:len(s)-2]) // the last letters hold bits of what follows
		}
	}
	return out
}

var planted = regexp.MustCompile(`(?:` + secretMark + `|` + personMark + `|` + nameMark + `)\d{3}`)

// lines are log lines that the product writes when it fails, each with a tail of one's own.
func failing(tails []string) []string {
	var out []string
	codes := []string{"28 Operation timed out", "7 Failed to connect", "5 Could not resolve proxy: p", "6 Could not resolve host: h", "35 SSL connect error", "56 Received HTTP code 407 from proxy after CONNECT", "60 SSL peer certificate was not OK"}
	for i, t := range tails {
		out = append(out, fmt.Sprintf("-%ds .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 %s, %s", 600-i, codes[i%len(codes)], t))
	}
	return out
}

// canaries are machines and networks with something planted wherever there is room for it.
func canaries() ([]lab.Scene, planter) {
	var p planter
	fill := func(forms []string, next func() string) []string {
		var out []string
		for _, f := range forms {
			out = append(out, fmt.Sprintf(f, next()))
		}
		return out
	}
	address := func() string { return "http://svc:" + p.secret() + "@proxy.example.intern:3128" }
	page := func() *string {
		s := "<html><body>No.\n" + strings.Join(append(fill(secretly[4:9], p.secret), fill(personally[:4], p.person)...), "<br>\n") + "</body></html>"
		return &s
	}
	headers := func() map[string]string {
		return map[string]string{"Set-Cookie": "sid=" + p.secret() + "; Path=/", "WWW-Authenticate": `Digest realm="` + p.name() + `", nonce="` + p.secret() + `", opaque="` + p.secret() + `"`,
			"Via": "1.1 " + p.name() + ".corp.example (squid)", "X-Api-Key": p.secret(), "X-Auth-Token": p.secret(), "Server": "gw/" + "1.0", "X-User": `EXAMPLE\` + p.person(),
			"Location": "http://portal.corp.example/login?token=" + p.secret() + "&user=" + p.person()}
	}
	script := func(body string) lab.PAC {
		return lab.PAC{Body: "// password: " + p.secret() + "\n// " + p.person() + "@corp.example\nfunction FindProxyForURL(url, host) {\n var key = '" + p.secret() + "';\n " + body + "\n}\n"}
	}
	var scenes []lab.Scene
	add := func(s lab.Scene) {
		s.Name = fmt.Sprintf("canary-%d", len(scenes)+1)
		s.Title, s.Story, s.Expect.Status = "canaries", "Somebody's secrets are everywhere.", "fault"
		s.Expect.Causes = []string{"tcp.dropped"} // nobody looks
		scenes = append(scenes, s)
	}
	// Everywhere a proxy can be set on Windows.
	add(lab.Scene{Machine: lab.Machine{OS: "windows", Proxy: address(),
		Env: map[string]string{"HTTPS_PROXY": strings.ReplaceAll(address(), "x@", "x%2F%40y@"), "ALL_PROXY": "http://" + p.secret() + "@proxy.example.intern:3128",
			"NO_PROXY": "svc:" + p.secret() + "@a.example.intern,localhost", "AWS_SECRET_ACCESS_KEY": p.secret(), "GITHUB_TOKEN": "ghp_" + p.secret()},
		Settings: []lab.Setting{{Source: "WinHTTP", Server: address(), Bypass: []string{"svc:" + p.secret() + "@b.example.intern"}},
			{Source: "Internet Options", Whose: "you", Server: "https=" + address() + ";http=" + address()}},
		Registry: map[string]map[string]any{
			`HKU\S-1-5-20\Software\Microsoft\Windows\CurrentVersion\Internet Settings`: {
				"ProxyServer": address(), "AutoConfigURL": "http://svc:" + p.secret() + "@pac.example.intern/proxy.pac?token=" + p.secret()},
			`HKU\S-1-5-20\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`: {
				"DefaultConnectionSettings": map[string]any{"connections": map[string]any{"flags": 7, "proxy": address(), "bypass": "svc:" + p.secret() + "@c.example", "pac": "http://pac.example.intern/p.pac?sig=" + p.secret()}}},
		},
		DHCP:  "http://svc:" + p.secret() + "@wpad.example.intern/wpad.dat?apikey=" + p.secret(),
		Hosts: []string{"203.0.113.99 doorman.sc.fsapi.com # password: " + p.secret(), "203.0.113.98 x # token=" + p.secret()},
		Logs:  []lab.Log{{Name: "fsscorplug", Lines: failing(fill(secretly[:14], p.secret))}}},
		Network: lab.Network{Direct: "dropped", Proxies: map[string]lab.Proxy{"proxy.example.intern:3128": {Mode: "echo"}}}})
	// A script, a proxy that answers with everything, and the rest of the ways to write a secret.
	answer := &lab.HTTP{Status: 407, Headers: headers(), Body: page()}
	answer.Headers["Proxy-Authenticate"] = "NTLM TlRMTVNTUAAC" + base64.StdEncoding.EncodeToString([]byte(p.secret()+p.secret()))
	pac := "http://pac.example.intern/proxy.pac?key=" + p.secret()
	add(lab.Scene{Machine: lab.Machine{OS: "windows",
		Settings: []lab.Setting{{Source: "Internet Options", Whose: "NetworkService", Mode: "pac", PAC: pac},
			{Source: "WinHTTP", Server: "http://" + p.name() + ":8080"}},
		Logs: []lab.Log{{Name: "fsscorplug", Lines: failing(fill(secretly[14:28], p.secret))}, {Name: "orspplug", Lines: failing(fill(personally, p.person))}}},
		Network: lab.Network{Direct: "dropped", Proxies: map[string]lab.Proxy{"proxy.example.intern:3128": {Answer: answer}},
			PAC: map[string]lab.PAC{pac: script(`return "PROXY svc:` + p.secret() + `@proxy.example.intern:3128; PROXY proxy.example.intern:3128";`)}}})
	// A script that breaks down on its own text, and pages in the vendor's place.
	add(lab.Scene{Do: "clean", Machine: lab.Machine{OS: "windows",
		Settings: []lab.Setting{{Source: "Internet Options", Whose: "NetworkService", Mode: "pac", PAC: "http://pac.example.intern/proxy.pac"}},
		Logs:     []lab.Log{{Name: "fsscorplug", Lines: failing(fill(secretly[28:42], p.secret))}},
		Grow:     []lab.Log{{Name: "fsscorplug", Lines: fill(secretly[:20], p.secret)}}},
		Network: lab.Network{PAC: map[string]lab.PAC{"http://pac.example.intern/proxy.pac": script(`throw new Error("token=` + p.secret() + `"); undefined_` + p.secret() + `();`)},
			Servers: map[string]lab.Server{"*": {HTTP: &lab.HTTP{Status: 403, Headers: headers(), Body: page()}}}}})
	// Redirects, inspection, and a domain.
	add(lab.Scene{Profiles: []string{"deepsecurity"}, Vars: map[string]string{"sps": "https://" + p.name() + ".corp.example:443/tmcss?token=" + p.secret(), "manager": p.name() + ".corp.example"},
		Machine: lab.Machine{OS: "windows", Join: "domain", Domain: "corp.example",
			Logs:   []lab.Log{{Name: "ds_agent", Lines: fill(secretly[42:], p.secret)}},
			Events: []lab.Event{{Provider: "Netlogon", ID: 5719, Text: strings.Join(fill(secretly[17:24], p.secret), "\n")}, {Channel: "System", Provider: "Netlogon", ID: 5719, Text: strings.Join(fill(personally[9:], p.person), "\n")}}},
		Network: lab.Network{Servers: map[string]lab.Server{"*": {TLS: "intercepted", Issuer: "CN=" + p.name() + " Proxy CA,O=" + p.name() + " Ltd,emailAddress=" + p.person() + "@corp.example", Foreign: true,
			HTTP: &lab.HTTP{Redirect: "http://portal.corp.example/login?password=" + p.secret() + "&back=" + url.QueryEscape("https://svc:"+p.secret()+"@a.example/")}}},
			Controllers: []lab.Controller{{Name: p.name() + ".corp.example", ICMP: "no"}}}})
	// A Linux machine.
	add(lab.Scene{Profiles: []string{"deepsecurity"}, Machine: lab.Machine{OS: "linux",
		Env:   map[string]string{"https_proxy": address(), "http_proxy": "http://svc%3A" + p.secret() + "%40proxy.example.intern:3128", "no_proxy": p.name() + ".corp.example"},
		Units: map[string]map[string]string{"ds_agent": {"HTTPS_PROXY": address(), "PASSWORD": p.secret(), "TOKEN": p.secret()}},
		Files: map[string]string{"/etc/apt/apt.conf": "// password " + p.secret() + "\nAcquire::http::Proxy \"" + address() + "\";\nAcquire::https::Proxy \"" + address() + "\";\n",
			"/etc/environment":  "https_proxy=" + address() + "\nAPI_KEY=" + p.secret() + "\nHOME=/home/" + p.person() + "\n",
			"/etc/dnf/dnf.conf": "[main]\nproxy=http://proxy.example.intern:3128\nproxy_username=" + p.person() + "\nproxy_password=" + p.secret() + "\n",
			"/etc/yum.conf":     "[main]\nproxy=" + address() + "\n", "/root/.netrc": "machine proxy.example.intern login svc password " + p.secret() + "\n"},
		Settings: []lab.Setting{{Source: "GNOME", Whose: "you", Server: address()}},
		Logs:     []lab.Log{{Name: "ds_agent", Lines: fill(inwardly, p.name)}}},
		Network: lab.Network{Direct: "refused", Proxies: map[string]lab.Proxy{"proxy.example.intern:3128": {Mode: "auth", Schemes: []string{`Digest realm="` + p.name() + `", nonce="` + p.secret() + `"`, "Negotiate YIIG" + base64.StdEncoding.EncodeToString([]byte("01234567890123456789"+p.secret())), `Basic realm="` + p.person() + `@corp.example"`}}}}})
	// Logins that nothing says are logins, in files as Windows writes them, and more lines of each log.
	var hiddenLines []string
	for range 3 {
		for _, w := range wrapped {
			hiddenLines = append(hiddenLines, w(p.secret()))
		}
	}
	add(lab.Scene{Machine: lab.Machine{OS: "windows",
		Logs: []lab.Log{{Name: "fsscorplug", UTF16: true, Lines: failing(hiddenLines)}, {Name: "orspplug", Lines: failing(fill(secretly[30:], p.secret))}},
		Grow: []lab.Log{{Name: "orspplug", Lines: hiddenLines}}},
		Network: lab.Network{Direct: "dropped", Portal: "http://portal.corp.example/login?session_id=" + p.secret()}})
	return scenes, p
}
