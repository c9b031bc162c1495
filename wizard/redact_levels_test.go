package wizard

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"linecheck/checks/host"
)

func TestASecretIsHiddenHoweverItIsWritten(t *testing.T) {
	for in, want := range map[string]string{
		"http://svc:hunter2@proxy.example:3128":            "http://svc:***@proxy.example:3128",
		"http://0a1b2c3d4e@proxy.example:3128":             "http://***@proxy.example:3128",
		"http://svc:a/b@c@proxy.example":                   "http://***@proxy.example",
		"proxy=svc:hunter2@10.1.2.3:8080":                  "proxy=svc:***@10.1.2.3:8080",
		"Proxy-Authorization: Basic c3ZjOmh1bnRlcjI=":      "Proxy-Authorization: Basic ***",
		`Authorization: Digest username="x", response="y"`: "Authorization: Digest ***",
		"Set-Cookie: sid=1; Path=/":                        "Set-Cookie: ***",
		"https://a.example/x?id=7&sig=abc%2Bdef":           "https://a.example/x?id=7&sig=***",
		"ProxyPassword=hunter2 Timeout=5":                  "ProxyPassword=*** Timeout=5",
		`{"client_secret": "a b", "n": 1}`:                 `{"client_secret": "***", "n": 1}`,
		"<Password>hunter2</Password>":                     "<Password>***</Password>",
		"sent c3ZjOmh1bnRlcjItMTIzNDU2 back":               "sent *** back",
		"http%3A%2F%2Fsvc%3Ahunter2%40proxy.example":       "http://svc:***@proxy.example",
		"curl -U svc:hunter2 https://a.example":            "curl -U svc:*** https://a.example",
		"function FindProxyForURL(u, h) { return 'x' }":    "***",
	} {
		if got := Discreet(in); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", in, got, want)
		}
		if got := Discreet(want); got != want {
			t.Errorf("%s is not left alone: %s", want, got)
		}
	}
}

func TestWhatIsNoSecretIsNotHidden(t *testing.T) {
	for _, s := range []string{
		"doorman.sc.fsapi.com:443 gave no answer within 5 s",
		"https://ds20.icrc.trendmicro.com/tmcss/?LCRC=08000000AC41080092000080C4F01936B21D9104",
		"at 10:20:30, 3:4 in the second half; see a:b and http://a.example/",
		"passes: 3, tokens left 4, no cookie was set, the password is wrong",
		"http://a.example:8080/x?mail=bob@b.example",
		"it has no function FindProxyForURL", "Basic is the only scheme that it offers; Negotiate unavailable",
		"SHA-256 e9fc4c371895e04d66fc1fe5d13b899ebda53fb2f2d6ba4789594f6b5b1aa10a",
		"CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 28 Operation timed out (fserr 201)",
		`HKU\S-1-5-20\Software\Microsoft\Windows\CurrentVersion\Internet Settings`,
		"407 Proxy Authentication Required", "linecheck run 9dda5d4bac80", "100% of 20% and AT&T; a&b",
	} {
		if got := Discreet(s); got != s {
			t.Errorf("%s\nbecame %s", s, got)
		}
	}
}

// machineOf is a report that says one sentence.
func machineOf(text string) (Report, host.Identity) {
	who := host.Identity{User: `CORP\jane.doe`, Host: "FIN-PC-0231.corp.example"}
	r := Report{Schema: ReportSchema, Run: RunInfo{User: who.User, Host: who.Host}, Redaction: Redaction{Level: RedactOff, Replaced: map[string]int{}}}
	r.Verdict.Headline = text
	return r, who
}

func TestWhatALevelReplacesAndWhatItLeaves(t *testing.T) {
	for name, c := range map[string]struct{ in, standard, strict string }{
		"other people's folders":       {`C:\Users\Bob Smith\x.log`, `C:\Users\<user>\x.log`, `C:\Users\<user>\x.log`},
		"a folder on a server":         {`\\srv1\home$\bob1\x`, `\\srv1\home$\<user>\x`, `\\<host>\home$\<user>\x`},
		"a folder of a web site":       {"see https://docs.fsapi.com/home/start/", "see https://docs.fsapi.com/home/start/", "see https://docs.fsapi.com/home/start/"},
		"the name behind a folder":     {`C:\Users\bob1\x and bob1 again`, `C:\Users\<user>\x and <user> again`, `C:\Users\<user>\x and <user> again`},
		"a name with a domain":         {`logged on as EXAMPLE\bob1.`, `logged on as <domain>\<user>.`, `logged on as <domain>\<user>.`},
		"a path is no name":            {`C:\ProgramData\F-Secure\Log and HKLM\SOFTWARE\F-Secure`, `C:\ProgramData\F-Secure\Log and HKLM\SOFTWARE\F-Secure`, `C:\ProgramData\F-Secure\Log and HKLM\SOFTWARE\F-Secure`},
		"the system's accounts":        {`NT AUTHORITY\NetworkService, LocalSystem`, `NT AUTHORITY\NetworkService, LocalSystem`, `NT AUTHORITY\NetworkService, LocalSystem`},
		"this computer and its domain": {"fin-pc-0231, FIN-PC-0231.corp.example, dc1.corp.example", "<host>, <host>, dc1.<domain>", "<host>, <host>, <host>"},
		"a machine's and a user's SID": {"S-1-5-21-1-2-3-500 S-1-12-1-4-5-6 S-1-5-20", "<sid> <sid> S-1-5-20", "<sid> <sid> S-1-5-20"},
		"a mail address":               {"ask it@other.example", "ask <email>", "ask <email>"},
		"private addresses":            {"10.1.2.3:8080 169.254.1.1 fd00::1 [fe80::1]:5 100.64.3.2", "10.1.2.3:8080 169.254.1.1 fd00::1 [fe80::1]:5 100.64.3.2", "<address>:8080 <address> <address> [<address>]:5 <address>"},
		"public addresses":             {"203.0.113.7 8.8.8.8 2001:db8::1 127.0.0.1 ::1", "203.0.113.7 8.8.8.8 2001:db8::1 127.0.0.1 ::1", "203.0.113.7 8.8.8.8 2001:db8::1 127.0.0.1 ::1"},
		"the proxy":                    {"http://proxy01:3128 and gw.other.example", "http://proxy01:3128 and gw.other.example", "http://<host>:3128 and <host>"},
		"the vendor's own names":       {"doorman.sc.fsapi.com, ds20.icrc.trendmicro.com:443", "doorman.sc.fsapi.com, ds20.icrc.trendmicro.com:443", "doorman.sc.fsapi.com, ds20.icrc.trendmicro.com:443"},
		"a name that ends like theirs": {"notfsapi.com evil-f-secure.com fsapi.com.other.example", "notfsapi.com evil-f-secure.com fsapi.com.other.example", "<host> <host> <host>"},
		"codes and files":              {"ended with tcp.dropped and dns.no_answer, see fsscorplug.log, version 26.3.1", "ended with tcp.dropped and dns.no_answer, see fsscorplug.log, version 26.3.1", "ended with tcp.dropped and dns.no_answer, see fsscorplug.log, version 26.3.1"},
		"a company's authority":        {"issuer CN=Contoso Root CA,O=Contoso Ltd", "issuer CN=Contoso Root CA,O=Contoso Ltd", "issuer CN=<name>,O=<name>"},
		"an authority that all know":   {"issuer CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc", "issuer CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc", "issuer CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc"},
		"a network card":               {"00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E", "<card>"},
		"a person in the directory":    {"CN=Jane Doe,OU=Staff,DC=corp,DC=example", "<person>", "<person>"},
	} {
		for level, want := range map[RedactLevel]string{RedactOff: c.in, RedactStandard: c.standard, RedactStrict: c.strict, "no such word": c.strict} {
			r, who := machineOf(c.in)
			got := r.Redact(level, who).Verdict.Headline
			if numbersOut(got) != want {
				t.Errorf("%s at level %q\nbecame %s\nwant   %s", name, level, numbersOut(got), want)
			}
		}
	}
}

func TestAStricterLevelOnARedactedReportGoesOnCounting(t *testing.T) {
	r, who := machineOf(`C:\Users\bob1\x, FIN-PC-0231, dc1.corp.example, 10.1.2.3`)
	once := r.Redact(RedactStandard, who)
	who = host.Identity{User: once.Run.User, Host: once.Run.Host}
	once.Verdict.Missing = []string{`D:\Users\carol1\x`} // what an older linecheck missed
	again := once.Redact(RedactStrict, who)
	users := standInForm.FindAllString(once.Verdict.Headline, -1)
	if again.Redaction.Level != RedactStrict || !strings.HasPrefix(again.Verdict.Headline, `C:\Users\`+users[0]+`\x`) || strings.Contains(again.Verdict.Headline, "dc1") || strings.Contains(again.Verdict.Headline, "10.1") {
		t.Errorf("%s became %s at level %s", once.Verdict.Headline, again.Verdict.Headline, again.Redaction.Level)
	}
	if new := again.Verdict.Missing[0]; strings.Contains(new, "carol1") || strings.Contains(new, users[0]) {
		t.Errorf("another person is %s, and the first one %s", new, users[0])
	}
	for _, level := range []RedactLevel{RedactOff, RedactStandard} {
		less := again.Redact(level, who)
		if less.Redaction.Level != RedactStrict || less.Verdict.Headline != again.Verdict.Headline {
			t.Errorf("at level %s the report is called %s and says %s", level, less.Redaction.Level, less.Verdict.Headline)
		}
	}
}

func TestASecretThatIsKnownIsFoundWhereNothingSaysSo(t *testing.T) {
	r, who := machineOf("password=Hunter2Hunter2")
	r.Verdict.Missing = []string{"No, Hunter2Hunter2 is wrong", "again " + base64.StdEncoding.EncodeToString([]byte("for Hunter2Hunter2"))}
	b, _ := json.Marshal(r.Redact(RedactStandard, who))
	if bytes.Contains(b, []byte("Hunter2")) || bytes.Contains(b, []byte("SHVudGVy")) || bytes.Contains(b, []byte("Zm9yIEh1")) {
		t.Errorf("it stands in %s", b)
	}
}
