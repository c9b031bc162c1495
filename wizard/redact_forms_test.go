package wizard

import (
	"strings"
	"testing"

	"linecheck/checks/host"
)

// toldOf is what a report of somebody says after it was redacted.
func toldOf(user, computer, text string, level RedactLevel) (string, Report) {
	who := host.Identity{User: user, Host: computer}
	r := Report{Schema: ReportSchema, Run: RunInfo{User: user, Host: computer, Machine: "0011223344556677"}, Redaction: Redaction{Level: RedactOff, Replaced: map[string]int{}}}
	r.Verdict.Headline = text
	r = r.Redact(level, who)
	return r.Verdict.Headline, r
}

func TestANameIsReplacedHoweverItIsWritten(t *testing.T) {
	for name, c := range map[string]struct{ user, in, gone string }{
		"a name of two letters":                   {`CORP\ab`, `/home/ab/.netrc and ab`, " ab"},
		"a name with a blank in an address":       {`CORP\Anna Lena Schmidt`, `C:\Users\Anna%20Lena%20Schmidt\x`, "Schmidt"},
		"a name with a blank in a form":           {`CORP\Anna Lena Schmidt`, `u=Anna+Lena+Schmidt`, "Schmidt"},
		"a name with a blank behind its domain":   {`CORP\Anna Lena Schmidt`, `CORP\Anna Lena Schmidt`, "Schmidt"},
		"a folder with a blank in quotes":         {`CORP\ab`, `cannot open "C:\Users\Bob Builder": no`, "Builder"},
		"an apostrophe behind a backslash":        {`CORP\o'brien`, `it is o\'brien here`, "brien"},
		"an apostrophe that stands twice":         {`CORP\o'brien`, `user='o''brien'`, "brien"},
		"an apostrophe in a mail address":         {`CORP\ab`, `to O'Brien@other.example`, "O'"},
		"an apostrophe behind a domain":           {`CORP\ab`, `user=OTHER\o'hara logged on`, "hara"},
		"the name as a person writes it":          {`CORP\jane.doe`, `Doe, Jane called`, "Doe"},
		"the last name alone":                     {`CORP\jane.doe`, `ask doe`, "doe"},
		"the name in that of another account":     {`CORP\jane.doe`, `adm-jane.doe and jane.doe-adm`, "jane"},
		"a name with a line below":                {`CORP\jane.doe`, `jane_doe`, "jane"},
		"the number of an account, in an address": {`CORP\ab`, `s%2D1%2D5%2D21%2D1%2D2%2D3`, "21"},
	} {
		for _, level := range []RedactLevel{RedactStandard, RedactStrict} {
			got, r := toldOf(c.user, "PC1", c.in, level)
			if strings.Contains(got, c.gone) {
				t.Errorf("%s at %s: %s\nbecame %s", name, level, c.in, got)
			}
			if _, user, _ := strings.Cut(c.user, `\`); strings.Contains(r.Run.User, strings.Fields(user)[len(strings.Fields(user))-1]) {
				t.Errorf("%s at %s: the run is by %s", name, level, r.Run.User)
			}
		}
	}
}

func TestSomebodyWhoIsCalledLikeAWordBreaksNoSentence(t *testing.T) {
	const text = "The net is up, the proxy answered: example.net by the network"
	for user, computer := range map[string]string{"net": "proxy", `CORP\proxy`: "net", "network": "answered"} {
		got, r := toldOf(user, computer, text, RedactStandard)
		if got != text {
			t.Errorf("for %s at %s it became %s", user, computer, got)
		}
		if r.Run.User == user || r.Run.Host == computer {
			t.Errorf("the run is still by %s at %s", r.Run.User, r.Run.Host)
		}
	}
	if got, _ := toldOf("net", "pc-1", `C:\Users\net\x and /home/net/x`, RedactStandard); strings.Contains(got, `\net\`) || strings.Contains(got, "/net/") {
		t.Errorf("their folder is %s", got)
	}
}

func TestAStrictReportCannotBeToldToBeOfTheSameComputer(t *testing.T) {
	_, r := toldOf(`CORP\ab`, "PC1", "", RedactStrict)
	if r.Run.Machine != "" {
		t.Errorf("it says %s", r.Run.Machine)
	}
	if _, r = toldOf(`CORP\ab`, "PC1", "", RedactStandard); r.Run.Machine == "" {
		t.Error("two reports of one computer cannot be compared")
	}
}

func TestAStrictReportNamesNoInsideHoweverItIsWritten(t *testing.T) {
	for in, gone := range map[string]string{
		`addr:fd00::1 and by face:fe80::1%eth0`:                   "::1",
		`log_10.1.2.3_x and x10.1.2.3`:                            "10.1",
		`001a.2b3c.4d5e`:                                          "2b3c",
		`fec0::7`:                                                 "fec0",
		`2001:db8:1234:5678:21a:2bff:fe3c:4d5e`:                   "2bff",
		`\\fs01`:                                                  "fs01",
		`opened \\fs01@SSL\DavWWWRoot`:                            "fs01",
		`\\?\UNC\fs01\share\x`:                                    "fs01",
		`from //fs01/share/x`:                                     "fs01",
		`O="Contoso, Inc.",CN=x`:                                  "Contoso",
		`Basic realm='Contoso'`:                                   "Contoso",
		`Digest realm="Contoso \"Fin\" proxy", qop="auth"`:        "Fin",
		`PROXY contoso:9191; DIRECT`:                              "contoso",
		`contoso-proxy:10080 did not answer`:                      "contoso",
		`xn--mller-kva.example`:                                   "mller",
		`SAN=DNS:gw.contoso.local, issuer CN=Contoso\, Root,C=DE`: "ontoso",
	} {
		if got, _ := toldOf(`CORP\ab`, "PC1", in, RedactStrict); strings.Contains(got, gone) {
			t.Errorf("%s\nbecame %s", in, got)
		}
	}
	for _, in := range []string{"version v10.1.2.3", "2001:db8::1 and 203.0.113.7:443", "curl:28 and line 7:100", "https://doorman.sc.fsapi.com//x", "10.0.19045.3086"} {
		if got, _ := toldOf(`CORP\ab`, "PC1", in, RedactStrict); got != in {
			t.Errorf("%s\nbecame %s", in, got)
		}
	}
}

func TestASecretIsHiddenInUnusualForms(t *testing.T) {
	for in, gone := range map[string]string{
		"pw=hunter2": "hunter2", "contraseña: hunter2": "hunter2", "mot de passe=hunter2": "hunter2", "passw=hunter2": "hunter2",
		"password\u00a0=\u00a0hunter2": "hunter2", `passwd\x3dhunter2`: "hunter2", "cookies: a=hunter2": "hunter2",
		`<password value='hunter2'/>`: "hunter2", `<property name="password">hunter2</property>`: "hunter2",
		"http://svc:hun ter2@proxy:80": "ter2", `net use x: \\fs01\a /user:CORP\bob hunter2`: "hunter2", "Bearer\tabc.def.ghi": "def",
		"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": "wJalr",
		"https://hooks.slack.com/services/T000/B000/hunter2":            "hunter2",
		"oYIFzjCCBcqgAwoBAaELBgkqhkiC9xIBAgKiggW0":                      "FzjCC",
		"FindProxyForURL = function(u,h){ return 'PROXY hunter2:80' }":  "hunter2",
		"if (shExpMatch(host, '*.hunter2')) return 'PROXY hunter2:80';": "hunter2",
	} {
		got := Discreet(in)
		if strings.Contains(got, gone) {
			t.Errorf("%s\nbecame %s", in, got)
		}
		if again := Discreet(got); again != got {
			t.Errorf("%s is not left alone: %s", got, again)
		}
	}
}

func TestATextLongerThanAnyOfAReportIsCut(t *testing.T) {
	in := `{"schema": "` + ReportSchema + `", "verdict": {"headline": "` + strings.Repeat(`C:\\Users\\`, 1<<20) + `"}}`
	r, err := ReadReport(strings.NewReader(in), "r.json")
	if err != nil || len(r.Verdict.Headline) > textMost+100 {
		t.Fatalf("%d bytes are left, %v", len(r.Verdict.Headline), err)
	}
	r.Redact(RedactStrict, host.Identity{}) // where each name is looked at with all that stands before it, this takes minutes
}
