package wizard

import (
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// blockedWalk is a walk that failed at a hop, as the allowlist writes it down.
func blockedWalk(id, host, code string, hop checks.StageName, args map[string]string) FindingReport {
	all := map[string]string{"host": host, "port": "443", "local_address": "10.1.2.3:50123"}
	for k, v := range args {
		all[k] = v
	}
	return FindingReport{ID: id, Code: checks.Code(code), Status: checks.Fail, Subject: host, At: "2026-11-22T17:43:02.000+02:00", Mark: assets.Seed,
		Detail: Detail{Target: host + ":443", URL: "https://" + host + "/", Route: "direct", Product: true, Required: true, Args: all,
			Stages: []StageReport{{Name: checks.Resolve, Status: checks.Pass}, {Name: hop, Status: checks.Fail, Code: checks.Failure(code), Error: "i/o timeout"}}}}
}

func ticketOf(t *testing.T, level RedactLevel, found ...FindingReport) string {
	t.Helper()
	return ticketWith(t, level, "FIN-PC-0231", nil, found...)
}

// ticketWith is a ticket of a computer whose proxy check found something too.
func ticketWith(t *testing.T, level RedactLevel, computer string, proxy []FindingReport, found ...FindingReport) string {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	r := Report{Run: RunInfo{ID: "abc", Started: "2026-11-22T17:43:00.000+02:00", Host: computer, User: `CORP\jane`}, Tool: Tool{Version: "1"},
		Profiles: []ProfileInfo{{Name: "p", Product: "Product", Wildcards: []string{"*.vendor.example"}, Help: []string{"Article 1"}}},
		Checks:   []CheckReport{{ID: "proxy", Profile: "p", Findings: proxy}, {ID: "allowlist", Profile: "p", Findings: found}}}
	r = r.Rejudge(rules).TicketRedact(level, host.Identity{User: r.Run.User, Host: r.Run.Host})
	var b strings.Builder
	if err := r.Ticket().Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheTicketSaysWhatToAllow(t *testing.T) {
	two := ticketOf(t, RedactStandard,
		blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, map[string]string{"addresses": "192.0.2.1, 192.0.2.2", "aliases": "a.vendor.example > a.cdn.example",
			"answered_by": "10.0.0.53", "ttl": "60 s", "barred_by": "10.0.0.1"}),
		blockedWalk("f2", "b.vendor.example", "tcp.dropped", checks.Connect, nil),
		blockedWalk("f3", "other.example", "tls.intercepted", checks.TLS, map[string]string{"issuer": "Zscaler Root CA"}))
	for _, want := range []string{
		"Please open the way from FIN-PC-0231 to 3 addresses of Product: tried on\n2026-11-22 17:43:00 +02:00, it did not work",
		"1. Allow TCP port 443 from 10.1.2.3 (FIN-PC-0231) to *.vendor.example.\n",
		"a.vendor.example port 443\n     addresses seen: 192.0.2.1, 192.0.2.2\n     CNAME chain: a.vendor.example > a.cdn.example\n" +
			"     DNS server that answered: 10.0.0.53\n     DNS answer valid for (TTL): 60 s\n     TLS server name (SNI): a.vendor.example\n" +
			"     refused by (ICMP): 10.0.0.1\n     tried at: 2026-11-22 17:43:02 +02:00\n     seen: i/o timeout\n     the address is known from: the vendor's article\n",
		"   b.vendor.example port 443\n",
		"2. Exempt other.example from TLS inspection for 10.1.2.3 (FIN-PC-0231).\n", "Zscaler Root CA, not by the vendor",
		"opening the TCP connection, directly, without a proxy", "Article 1", "Redaction standard",
	} {
		if !strings.Contains(two, want) {
			t.Errorf("no %q in\n%s", want, two)
		}
	}
}

func TestWhatOthersMendIsNotInTheTicket(t *testing.T) {
	slow := blockedWalk("f1", "a.vendor.example", "path.too_slow", "", map[string]string{"took": "3 s", "budget": "1 s"})
	slow.Detail.Stages = slow.Detail.Stages[:1]
	proxied := blockedWalk("f1", "a.vendor.example", "proxy.unresolvable", checks.Resolve, nil)
	proxied.Detail.Route = "http://old.corp:3128"
	dead := blockedWalk("f1", "a.vendor.example", "proxy.unreachable", checks.Connect, nil)
	dead.Detail.Route = "http://gw.corp:3128"
	other := blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil)
	other.Detail.Product, other.Status = false, checks.Note
	for name, tt := range map[string]struct {
		f    FindingReport
		want string
	}{
		"a hosts file is brought to the firewall team":          {blockedWalk("f1", "a.vendor.example", "dns.hosts_file", checks.Resolve, nil), "There is nothing here for the team"},
		"a mistyped proxy is brought to the firewall team":      {proxied, "For the administrator of the product's policy: "},
		"the vendor's own fault is brought to the firewall":     {blockedWalk("f1", "a.vendor.example", "http.status", checks.HTTP, nil), "There is nothing here"},
		"a way that only others take is brought to the team":    {other, "There is nothing here"},
		"a dead proxy is asked for host by host":                {dead, "gw.corp port 3128\n"},
		"a slow way is not said to be slow":                     {slow, "only after 3 s"},
		"a login page is brought to the firewall team":          {blockedWalk("f1", "a.vendor.example", "http.captive_portal", checks.HTTP, nil), "whoever sits at the computer"},
		"a walk that was never made is brought to the firewall": {blockedWalk("f1", "a.vendor.example", "path.not_tried", "", nil), "There is nothing here"},
	} {
		if got := ticketOf(t, RedactStandard, tt.f); !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// A team that reads that a door is shut opens the door, so the ticket must not name one that only a consequence shut.
func TestATicketAsksForTheCauseAndNotForItsConsequences(t *testing.T) {
	blocked := blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil)
	script := FindingReport{ID: "f2", Code: "proxy.pac_error", Status: checks.Fail, Subject: "http://pac.example/proxy.pac", Detail: Detail{Args: map[string]string{"error": "it never ends", "source": "WPAD"}}}
	got := ticketWith(t, RedactStandard, "FIN-PC-0231", []FindingReport{script}, blocked)
	for _, want := range []string{"Please look at the following: with it, Product on FIN-PC-0231", "1. The proxy script http://pac.example/proxy.pac fails", "it never ends", "From: 10.1.2.3 (FIN-PC-0231)\n", "Article 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "Allow TCP") || strings.Contains(got, "Where:") {
		t.Errorf("a firewall is to be opened because a PAC file fails:\n%s", got)
	}
}

func TestATicketDoesNotSayThatALoginFailsWhichNobodyCouldTry(t *testing.T) {
	unsure := blockedWalk("f1", "a.vendor.example", "proxy.auth_required", checks.Tunnel, map[string]string{"unsure": "yes", "schemes": "ntlm", "proxy": "http://gw.corp:3128"})
	other := blockedWalk("f2", "b.vendor.example", "proxy.auth_required", checks.Tunnel, map[string]string{"schemes": "ntlm"})
	unsure.Status, unsure.Detail.Route, other.Status, other.Detail.Route = checks.Warn, "http://gw.corp:3128", checks.Warn, "http://gw.corp:3128"
	got := ticketOf(t, RedactStandard, unsure, other)
	if !strings.Contains(got, "1. Please look into the log of the proxy") || strings.Contains(got, "without a login: the requests") || strings.Contains(got, "did not work") {
		t.Errorf("got\n%s", got)
	}
}

func TestATicketForWhatWorksBadlyDoesNotSayThatItDoesNotWork(t *testing.T) {
	f := blockedWalk("f1", "a.vendor.example", "tls.large_hello", "", nil)
	f.Status = checks.Warn
	f.Detail.Stages = f.Detail.Stages[:1]
	if got := ticketOf(t, RedactStandard, f); !strings.HasPrefix(got, "Please look at the way from FIN-PC-0231 to an address of Product: tried on") || strings.Contains(got, "did not work") {
		t.Errorf("got\n%s", got)
	}
}

func TestATicketOfANamelessComputerNamesItsAddress(t *testing.T) {
	got := ticketWith(t, RedactStandard, "<host-1>", nil, blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil))
	if strings.Contains(got, "<host-1>") || !strings.HasPrefix(got, "Please open the way from 10.1.2.3 to an address") || !strings.Contains(got, "from 10.1.2.3 to a.vendor.example") && !strings.Contains(got, "from 10.1.2.3 to *.vendor.example") {
		t.Errorf("got\n%s", got)
	}
}

func TestATicketKeepsWhatItNeedsAndNoLogin(t *testing.T) {
	f := blockedWalk("f1", "a.vendor.example", "proxy.denied", checks.Tunnel, map[string]string{"local_address": "198.51.100.7:4000"})
	f.Detail.Route = "http://" + "jane:" + "hunter2@gw.corp.example:3128"
	f.Detail.Stages[1].Error = "Proxy-Authorization: Basic c2VjcmV0MQ== of jane from 10.9.9.9"
	for level, tt := range map[RedactLevel]struct{ has, lacks []string }{
		RedactOff:      {[]string{"FIN-PC-0231", "198.51.100.7", "gw.corp.example"}, []string{"hunter2", "c2VjcmV0"}},
		RedactStandard: {[]string{"FIN-PC-0231", "198.51.100.7", "gw.corp.example"}, []string{"hunter2", "c2VjcmV0", "jane"}},
		RedactStrict:   {[]string{"a.vendor.example"}, []string{"hunter2", "c2VjcmV0", "jane", "FIN-PC-0231", "198.51.100.7", "10.9.9.9"}},
		"nonsense":     {nil, []string{"hunter2", "FIN-PC-0231"}},
	} {
		got := ticketOf(t, level, f)
		for _, s := range tt.has {
			if !strings.Contains(got, s) {
				t.Errorf("level %s takes %q out:\n%s", level, s, got)
			}
		}
		for _, s := range tt.lacks {
			if strings.Contains(got, s) {
				t.Errorf("level %s leaves %q in:\n%s", level, s, got)
			}
		}
	}
}

func TestEveryTextOfTheTicketBelongsToACode(t *testing.T) {
	texts, err := assets.LoadTicket()
	if err != nil {
		t.Fatal(err)
	}
	rules, _ := assets.LoadRules()
	for code := range texts {
		_, cause := rules.Cause(code)
		named := strings.Contains("tcp.reset http.no_answer http.not_http tls.not_tls proxy.not_a_proxy other", code)
		if !cause && !named {
			t.Errorf("nothing is ever called %s", code)
		}
	}
}

func FuzzTicket(f *testing.F) {
	f.Add("a.example:443", "direct", "tcp.dropped", "x > y", "2026-11-22T17:43:02.000Z")
	f.Add("", "http://[::1", "proxy.refused", "\x1b[2J\n# head", "never")
	f.Fuzz(func(t *testing.T, target, route, code, text, at string) {
		w := blockedWalk("f1", "", code, checks.Connect, map[string]string{"host": "", "aliases": text, "issuer": text, "local_address": text})
		w.Detail.Target, w.Detail.Route, w.At = target, route, at
		out := ticketOf(t, RedactStandard, w)
		if strings.ContainsAny(out, "\x1b\x07\r") {
			t.Errorf("a ticket steers a terminal: %q", out)
		}
	})
}
