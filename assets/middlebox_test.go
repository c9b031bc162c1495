package assets

import (
	"net/http"
	"strings"
	"testing"
)

func boxes(t *testing.T) Middleboxes {
	t.Helper()
	m, err := LoadMiddleboxes()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPagesOfFiltersAreKnown(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		header   [2]string
		body     string
		product  string
		weak, ok bool
	}{
		"Zscaler's page":                                {403, [2]string{}, "<p>Internet Security by Zscaler</p>", "Zscaler", false, true},
		"Zscaler's redirect":                            {307, [2]string{"Location", "https://gateway.zscalertwo.net/auD"}, "", "Zscaler", false, true},
		"FortiGate's marker path":                       {200, [2]string{}, `src="http://10.0.0.1:8008/XX/YY/ZZ/CI/MGPGHGPGPFGHCDPFGGOGFGEH"`, "FortiGate", false, true},
		"Sophos redirects":                              {307, [2]string{"location", "https://fw.corp.example:8090/ips/block/webcat?cat=1&url=x"}, "", "Sophos Firewall", false, true},
		"Squid denies":                                  {403, [2]string{"X-Squid-Error", "ERR_ACCESS_DENIED 0"}, "", "Squid", false, true},
		"Squid cannot resolve, which is no block":       {503, [2]string{"X-Squid-Error", "ERR_DNS_FAIL 0"}, "Stylesheet for Squid Error pages", "Squid", true, true},
		"a name that honest pages have":                 {200, [2]string{}, "download Kaspersky Anti-Virus", "Kaspersky", true, true},
		"a strong rule wins over a weak one before it":  {200, [2]string{"Server", "squid/5"}, "Internet Security by Zscaler", "Zscaler", false, true},
		"the vendor's ok":                               {200, [2]string{"Server", "nginx"}, "ok", "", false, false},
		"the vendor's four bytes":                       {200, [2]string{"Content-Type", "binary/octet-stream"}, "\x00\x01\x02\x03", "", false, false},
		"a WSA that lets through":                       {200, [2]string{"Via", "1.1 wsa (Cisco-WSA/12)"}, "ok", "", false, false},
		"a WSA that refuses":                            {403, [2]string{"Via", "1.1 wsa (Cisco-WSA/12)"}, "no", "Cisco Secure Web Appliance", false, true},
		"a marker after 64 KiB":                         {200, [2]string{}, strings.Repeat(" ", pageLook) + "Internet Security by Zscaler", "", false, false},
		"a redirect inside the same site":               {302, [2]string{"Location", "/login"}, "", "", false, false},
		"Comodo's form":                                 {200, [2]string{}, `<a href="https://www.comodo.com/home/internet-security/submit.php?x">`, "Comodo Secure DNS", false, true},
		"Palo Alto's grey page":                         {200, [2]string{}, `<body bgcolor="#e7e8e9"><div id="content"><h1>Web Page Blocked</h1>`, "Palo Alto Networks", false, true},
		"a title that any site may have":                {200, [2]string{}, `<title>Takmarkað aðgengi</title>`, "Palo Alto Networks", true, true},
		"Squid was cut off, which is no block":          {502, [2]string{}, `<PRE><I>(104) Connection reset by peer</I></PRE>`, "Squid", true, true},
		"Dr.Web's gate in its own words":                {403, [2]string{}, `URL was blocked by your SpIDer Gate`, "Dr.Web", false, true},
		"a Palo Alto sentence without the policy's end": {503, [2]string{}, "Access to the web page you were trying to visit has been blocked in accordance with Politik", "Palo Alto Networks", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			if c.header[0] != "" {
				h.Set(c.header[0], c.header[1])
			}
			product, rule, weak, ok := boxes(t).Page(c.status, h, []byte(c.body))
			if product != c.product || weak != c.weak || ok != c.ok || (rule != "") != ok {
				t.Errorf("%q by %q, weak %v, %v", product, rule, weak, ok)
			}
		})
	}
}

func TestInspectorsAreKnownByTheirIssuer(t *testing.T) {
	for issuer, want := range map[string]string{
		"CN=Zscaler Intermediate Root CA (zscalerthree.net) (t),OU=Zscaler Inc.,O=Zscaler Inc.,C=US": "Zscaler",
		"CN=Cisco Umbrella Root CA,O=Cisco":                        "Cisco Umbrella",
		"CN=ca.corp.eu.goskope.com":                                "Netskope",
		"CN=Forcepoint Cloud CA,O=Forcepoint LLC":                  "Forcepoint",
		"CN=FortiGate CA,O=Fortinet":                               "FortiGate",
		"Fortinet_CA_SSL":                                          "FortiGate",
		"CN=Sophos SSL CA_C1234,O=Sophos":                          "Sophos",
		"CN=avast! Web/Mail Shield Root":                           "Avast on this computer",
		"CN=DO_NOT_TRUST_FiddlerRoot,O=DO_NOT_TRUST,OU=Created by": "Fiddler",
		"CN=PortSwigger CA":                                        "Burp Suite",
	} {
		if got, ok := boxes(t).Issuer(issuer); got != want || !ok {
			t.Errorf("%s is %q, want %q", issuer, got, want)
		}
	}
	for _, issuer := range []string{
		"CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US", "CN=R11,O=Let's Encrypt,C=US", "CN=E6,O=Let's Encrypt",
		"CN=Amazon RSA 2048 M02,O=Amazon", "CN=GlobalSign RSA OV SSL CA 2018,O=GlobalSign nv-sa", "CN=WR2,O=Google Trust Services",
		"CN=Sectigo RSA Domain Validation Secure Server CA,O=Sectigo Limited,L=Salford", "CN=Entrust Certification Authority - L1K,O=Entrust\\, Inc.",
		"CN=Symantec Class 3 Secure Server CA - G4,O=Symantec Corporation", "CN=McAfee OV SSL CA 2,O=McAfee\\, Inc.",
		"CN=GeoTrust TLS RSA CA G1,O=DigiCert Inc", "CN=Microsoft Azure RSA TLS Issuing CA 03,O=Microsoft Corporation",
		"CN=HydrantID Server CA O1,O=IdenTrust", "CN=Go Daddy Secure Certificate Authority - G2,O=GoDaddy.com\\, Inc.",
		"CN=TeliaSonera Server CA v2,O=TeliaSonera", "CN=Trend Micro CA,O=Trend Micro Inc", "CN=F-Secure CA", "",
	} {
		if got, ok := boxes(t).Issuer(issuer); ok {
			t.Errorf("the public issuer %s is taken for %s", issuer, got)
		}
	}
}

func TestBrokenMiddleboxDataIsRefused(t *testing.T) {
	for _, s := range []string{
		"pages: [{name: a, rule: b, in: body}]", "pages: [{name: a, rule: b, in: body, has: x, begins: y}]",
		"pages: [{name: a, rule: b, in: Body, has: x}]", "pages: [{name: a, rule: b, in: body, like: '('}]",
		"pages: [{name: a, rule: b, in: body, has: x}, {name: a, rule: b, in: body, has: y}]", "pages: [{name: a, rulez: b}]",
		"portals: [{url: 'https://a.example/', status: 200}]", "portals: [{url: 'http://a.example/'}]", "portals: [{url: 'http:///x', status: 200}]",
		"portals: [{url: 'http://a.example/', status: 200, body: x, has: y}]", "portals: [{url: 'http://a.example/', status: 302}]",
		"portals: [{url: 'http://a.example/', status: 200, os: beos}]", "portals: [{url: 'http://u:p@a.example/', status: 200}]",
		"portals: [{url: 'http://a.example/', status: 200}, {url: 'http://a.example/', status: 204}]",
		"issuers: [{name: a}]", "issuers: [{name: a, has: [Big]}]", "issuers: [{name: a, has: ['']}]",
	} {
		if _, err := parseMiddleboxes([]byte(s)); err == nil {
			t.Errorf("taken: %s", s)
		}
	}
}
