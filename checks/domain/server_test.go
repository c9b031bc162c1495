package domain

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
	"linecheck/checks/probe"
)

// agent is the real profile in an office whose controller answers, with walks that ended as told: for each port of the
// local server, and for the global one.
func agent(t *testing.T, vars map[string]string, ends func(assets.Endpoint) probe.Answer) (checks.Env, *hosttest.Fake) {
	t.Helper()
	p, err := assets.LoadProfile("deepsecurity", vars)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := office(t, replica{tcp: "127.0.0.1:1", logon: "127.0.0.1:1", krb: "127.0.0.1:1"})
	var walks []probe.Answer
	for _, e := range p.Endpoints {
		if e.Missing(p) == "" {
			a := ends(e)
			a.Path.URL = e.URL()
			walks = append(walks, a)
		}
	}
	return checks.Env{Machine: f.Machine(), Profile: p, Facts: checks.Facts{probe.FactAnswers: walks}}, f
}

func closed(side string) func(assets.Endpoint) probe.Answer {
	return func(e assets.Endpoint) probe.Answer {
		if e.Server == side {
			return probe.Answer{Failure: checks.Dropped, Failed: checks.Connect, Evidence: []checks.Evidence{{Source: "TCP", Text: "i/o timeout"}}}
		}
		return probe.Answer{Took: 20 * time.Millisecond}
	}
}

func findingOf(t *testing.T, env checks.Env, code checks.Code) (checks.Finding, bool) {
	t.Helper()
	res, err := check{}.Run(t.Context(), env, func(checks.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		whole(t, f)
		if f.Code == code {
			return f, true
		}
	}
	return checks.Finding{}, false
}

func TestServerInUse(t *testing.T) {
	for name, c := range map[string]struct {
		vars     map[string]string
		ping     error
		dead     string
		side     string
		sure     string
		works    string
		failover bool
	}{
		"on domain the global server is in use": {map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, nil, "", "local", "yes", "sps.corp.example answers.", false},
		"a dead local server on domain is left": {map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, nil, "local", "local", "yes", "sps.corp.example does not answer.", true},
		"a dead local server without the option is called a failover": {map[string]string{"off_domain_global": "off", "sps": "sps.corp.example"}, nil, "local", "local", "yes",
			"sps.corp.example does not answer.", false},
		"off domain the local server is in use":         {map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, noEcho.Err, "local", "global", "yes", "ds20.icrc.trendmicro.com answers.", false},
		"a local server whose name nobody told is sure": {map[string]string{"off_domain_global": "on"}, nil, "", "local", "no", "Its name is not known to linecheck, so it was not tried.", false},
		"an agent without a local server is said to use one": {nil, nil, "", "", "no",
			"To choose from: local Smart Protection Server (its name is not known to linecheck); global Smart Protection Service (ds20.icrc.trendmicro.com answers).", false},
		"an agent without a local server is said to use one, the option off": {map[string]string{"off_domain_global": "off"}, noEcho.Err, "", "", "no",
			"To choose from: local Smart Protection Server (its name is not known to linecheck); global Smart Protection Service (ds20.icrc.trendmicro.com answers).", false},
		"an unknown option matters on the domain": {map[string]string{"sps": "sps.corp.example"}, nil, "", "local", "yes", "sps.corp.example answers.", false},
		"off domain an unknown option is guessed": {map[string]string{"sps": "sps.corp.example"}, noEcho.Err, "", "", "no",
			"To choose from: local Smart Protection Server (sps.corp.example answers); global Smart Protection Service (ds20.icrc.trendmicro.com answers).", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env, f := agent(t, c.vars, closed(c.dead))
				if c.ping != nil {
					f.Pings["192.0.2.10"] = hosttest.Pong{Err: c.ping}
				}
				got, _ := findingOf(t, env, Server)
				if got.Status != checks.Note || got.Arg("side") != c.side || got.Arg("sure") != c.sure || got.Arg("works") != c.works {
					t.Errorf("%s %v", got.Status, got.Args)
				}
				fail, there := findingOf(t, env, Failover)
				if there != c.failover || there && (fail.Status != checks.Fail || len(fail.Evidence) < 2) {
					t.Errorf("failover %t %+v", there, fail)
				}
			})
		})
	}
}

func TestReplayKeepsTheVendorsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, _ := agent(t, map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, closed("local"))
		got, _ := findingOf(t, env, Server)
		var rows []string
		for _, r := range got.Table.Rows {
			rows = append(rows, strings.Join(r[1:], ": "))
			at, err := time.Parse("15:04:05", r[0])
			want := map[string]time.Duration{"now": 0, "5 s": 5 * time.Second, "10 s": 10 * time.Second, "15 s": 15 * time.Second, "5 minutes": 5 * time.Minute}
			if d, ok := want[r[1]]; ok && (err != nil || clockOf(got.At.Add(d)) != r[0]) {
				t.Errorf("%s after %s: %v, %v", r[0], r[1], at, err)
			}
		}
		want := []string{"now: pings a controller, is answered", "now: try 1 of 3", "5 s: try 2 of 3", "10 s: try 3 of 3",
			"15 s: marks sps.corp.example as disconnected", "5 minutes: tries sps.corp.example again, and so on every 5 minutes",
			"5 minutes: still does not change to the global Smart Protection Service", "not known: pings a controller again"}
		if len(rows) != len(want) {
			t.Fatalf("%q", rows)
		}
		for i, w := range want {
			if !strings.HasPrefix(rows[i], w) {
				t.Errorf("row %d is %q, want %q", i, rows[i], w)
			}
		}
	})
}

func TestStateOfAServer(t *testing.T) {
	at := func(required bool, f ...checks.Failure) port {
		p := port{endpoint: assets.Endpoint{Host: "h", Required: required}}
		for _, x := range f {
			p.walks = append(p.walks, probe.Answer{Failure: x})
		}
		return p
	}
	for name, c := range map[string]struct {
		ports []port
		want  state
	}{
		"nobody went there":                                {[]port{at(true)}, untried},
		"a walk that was called off proves it dead":        {[]port{at(true, checks.Cancelled)}, untried},
		"IPv6 alone dead makes it dead":                    {[]port{at(true, checks.NoFailure, checks.Dropped)}, alive},
		"all silent":                                       {[]port{at(true, checks.Dropped), at(false, checks.Refused)}, dead},
		"what is required is dead and the rest hides it":   {[]port{at(true, checks.Dropped), at(false, checks.NoFailure)}, dead},
		"what is not required makes it dead":               {[]port{at(true, checks.NoFailure), at(false, checks.Dropped)}, partly},
		"nothing is required of it, and one answer is all": {[]port{at(false, checks.NoFailure), at(false, checks.Dropped)}, partly},
		"no address": {nil, untried},
	} {
		if got := (server{c.ports}).state(); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestCertificateOfTheLocalServer(t *testing.T) {
	ends := func(fault string) func(assets.Endpoint) probe.Answer {
		return func(e assets.Endpoint) probe.Answer {
			a := probe.Answer{Args: map[string]string{}}
			if e.Own {
				a.Args = map[string]string{"certificate": "self-signed", "certificate_fault": fault, "issuer": "sps", "names": "sps", "until": "2027"}
				a.Evidence = []checks.Evidence{{Source: "TLS", Text: "certificate 0"}, {Source: "DNS", Text: "x"}}
			}
			return a
		}
	}
	vars := map[string]string{"sps": "sps.corp.example"}
	env, _ := agent(t, vars, ends(""))
	if f, ok := findingOf(t, env, Certificate); !ok || f.Status != checks.Note || len(f.Evidence) != 1 || f.Evidence[0].Source != "TLS" {
		t.Errorf("a self-signed certificate: %+v", f)
	}
	if f, ok := findingOf(t, env, BadCert); ok {
		t.Errorf("a self-signed certificate is a fault: %+v", f)
	}
	env, _ = agent(t, vars, ends("expired on 2020"))
	if f, ok := findingOf(t, env, BadCert); !ok || f.Status != checks.Warn || !f.Mark.Hint() {
		t.Errorf("an expired one: %+v", f)
	}
}

func TestCaseOfTheURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://sps.corp.example:443/TMCSS":      "https://sps.corp.example:443/tmcss",
		"https://sps.corp.example/TmCss/?":        "https://sps.corp.example/tmcss",
		"sps.corp.example/Tmcss":                  "sps.corp.example/tmcss",
		"https://TMCSS/TMCSS":                     "https://TMCSS/tmcss",
		"https://SPS.corp.example:443/tmcss":      "", // names are the same in any case
		"https://sps.corp.example:443/tmcss/?":    "",
		"http://sps.corp.example:5274":            "",
		"https://sps.corp.example/something/else": "",
		"sps.corp.example":                        "",
	} {
		env, _ := agent(t, map[string]string{"sps": given}, closed(""))
		f, ok := findingOf(t, env, URLCase)
		if ok != (want != "") || f.Arg("expected") != want || ok && f.Status != checks.Warn {
			t.Errorf("%s: %t %+v", given, ok, f)
		}
	}
}

// A name that DNS does not know is no word on the server behind it, and what is wrong then is DNS.
func TestServerThatHasNoAddressIsNotCalledDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, _ := agent(t, map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, func(assets.Endpoint) probe.Answer {
			return probe.Answer{Failure: checks.NoAnswerDNS, Failed: checks.Resolve}
		})
		if got, there := findingOf(t, env, Failover); there {
			t.Errorf("%+v", got)
		}
	})
}

// Alone, without the walks of others, the check goes to the servers itself.
func TestServersAreTriedWithoutOthersWalks(t *testing.T) {
	env, f := agent(t, map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, closed(""))
	env.Facts = nil
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	f.Network.Name("sps.corp.example", "192.0.2.20")
	f.Network.Names["ds20.icrc.trendmicro.com"] = hosttest.Name{}
	for _, p := range []string{"443", "80", "5274", "5275"} {
		f.Network.Refuse("192.0.2.20:" + p)
	}
	got, ok := findingOf(t, env, Failover)
	if !ok || got.Arg("host") != "sps.corp.example" {
		t.Errorf("%t %+v", ok, got)
	}
	servers, _ := findingOf(t, env, Servers)
	if len(servers.Table.Rows) != 6 || servers.Table.Rows[0][3] != "refused" || !strings.HasSuffix(servers.Table.Rows[0][0], "(in use)") {
		t.Errorf("%+v", servers.Table)
	}
}

func TestServersOfTheLogs(t *testing.T) {
	for name, c := range map[string]struct {
		vars   map[string]string
		logged []string
		want   string
	}{
		"a known server is called a stranger": {map[string]string{"sps": "sps.corp.example"}, []string{"https://SPS.corp.example/tmcss/?", "https://ds20.icrc.trendmicro.com/tmcss/?"},
			"The agent's own logs name sps.corp.example and ds20.icrc.trendmicro.com."},
		"the local server's name in the logs is overlooked": {nil, []string{"https://smart.corp.example/tmcss/?", "https://smart.corp.example/tmcss"},
			"The agent's own logs name smart.corp.example, which may be the local Smart Protection Server: look again with its name (--var)."},
		"a stranger beside a known local server is made of": {map[string]string{"sps": "sps.corp.example"}, []string{"https://old.corp.example/"}, ""},
		"what is no URL is named":                           {nil, []string{"\x00", "://", "tmcss"}, ""},
	} {
		env, _ := agent(t, c.vars, closed(""))
		env.Facts[checks.FactServers] = c.logged
		if f, ok := findingOf(t, env, Servers); !ok || f.Arg("logged") != c.want {
			t.Errorf("%s: %q", name, f.Arg("logged"))
		}
	}
}

// Where the mode does not exist the agent stays with the local server that was named, so the global one is no matter.
func TestLocalServerWithoutTheMode(t *testing.T) {
	env, f := agent(t, map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}, closed(assets.GlobalServer))
	f.OS = "linux"
	env.Machine = f.Machine()
	res, err := check{}.Run(t.Context(), env, func(checks.Event) {})
	if err != nil || res.Reason == "" || len(res.Findings) < 3 || res.Findings[0].Code != None {
		t.Fatalf("%+v, %v", res, err)
	}
	for _, x := range res.Findings {
		if x.Code == Server && (x.Arg("side") != assets.LocalServer || x.Arg("sure") != "yes") || x.Code == Otherwise || x.Code == Failover {
			t.Errorf("%+v", x)
		}
	}
	if checks.Overall(res.Findings) != checks.Skip {
		t.Errorf("overall %s", checks.Overall(res.Findings))
	}
	env, f = agent(t, map[string]string{"sps": "sps.corp.example"}, closed(assets.LocalServer))
	f.OS = "linux"
	env.Machine = f.Machine()
	if got, _ := findingOf(t, env, Server); got.Table == nil || strings.Contains(fmt.Sprint(got.Table.Rows), "ping") ||
		!strings.Contains(fmt.Sprint(got.Table.Rows), "this system has no such option") {
		t.Errorf("the replay of a dead local server: %+v", got.Table)
	}
	env, f = agent(t, nil, closed(""))
	f.OS = "linux"
	env.Machine = f.Machine()
	if res, _ := (check{}).Run(t.Context(), env, func(checks.Event) {}); len(res.Findings) != 1 {
		t.Errorf("without a local server: %+v", res.Findings)
	}
}

// What the replay and the sentences around it say is what was seen, whatever is not known.
func TestReplaySaysWhatWasSeen(t *testing.T) {
	on := map[string]string{"off_domain_global": "on", "sps": "sps.corp.example"}
	for name, c := range map[string]struct {
		vars  map[string]string
		make  func(*hosttest.Fake)
		first string // of the replay
		rule  string
		turn  string // what would change the server
	}{
		"a computer in no domain gets no answer to a ping": {on, func(f *hosttest.Fake) { f.Join = host.Join{State: host.WorkgroupOnly} },
			"has no controller to ping, takes itself to be off its domain and uses the global Smart Protection Service",
			"The option is on, and a computer in no domain has no controller to ping: it always counts as off domain.",
			"the computer joined a domain whose controller answers ping, it would take itself to be on its domain and use the local Smart Protection Server (sps.corp.example answers)."},
		"a server that is not known gets two articles": {nil, func(f *hosttest.Fake) { f.Join = host.Join{State: host.WorkgroupOnly} },
			"has no controller to ping, takes itself to be off its domain and uses a server that is not known",
			"Whether the option is on in the policy is not known, and off its domain the server depends on it. Who knows it can say so: --var off_domain_global=on or =off.",
			"the computer joined a domain whose controller answers ping, it would take itself to be on its domain and use the local Smart Protection Server (its name is not known to linecheck)."},
		"a controller that nobody found is said to leave a ping unanswered": {on, func(f *hosttest.Fake) { f.Network.SRV[srvName] = nil },
			"finds no controller to ping, takes itself to be off its domain and uses the global Smart Protection Service",
			"The option is on and no controller can be found to ping: the agent is off its domain.",
			"a controller of its domain answered ping, it would take itself to be on its domain and use the local Smart Protection Server (sps.corp.example answers)."},
		"the agent would use the not known": {map[string]string{"sps": "sps.corp.example"}, func(*hosttest.Fake) {},
			"pings a controller, is answered, takes itself to be on its domain and uses the local Smart Protection Server",
			"A controller answers ping: the agent is on its domain, where the option changes nothing and it stays with the server of its policy.",
			"a firewall blocked ping, or the computer left the office, it would take itself to be off its domain, and which server it would use is not known."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env, f := agent(t, c.vars, closed(""))
				c.make(f)
				got, _ := findingOf(t, env, Server)
				if row := got.Table.Rows[0][2]; row != c.first || got.Arg("rule") != c.rule {
					t.Errorf("%q by %q", row, got.Arg("rule"))
				}
				other, _ := findingOf(t, env, Otherwise)
				if text := checks.TextOf("domain", other).Text; !strings.HasSuffix(text, "If "+c.turn) {
					t.Error(text)
				}
			})
		})
	}
}

func TestServerOfNoAddressIsNotSaidToBeSilent(t *testing.T) {
	s := server{ports: []port{{endpoint: assets.Endpoint{Host: "h"}, walks: []probe.Answer{{Failure: checks.NoSuchName}}}}}
	if got := s.found(); got != "was not found by its name" {
		t.Error(got)
	}
}

// A controller of another domain answers: that ping could not be told of would be untrue, and no firewall is in the way.
func TestStrangeControllerThatAnswersIsNotCalledUnheard(t *testing.T) {
	l := &looker{rule: &assets.Domain{OnDomain: "local server", OffDomain: "global service", Mark: assets.Seed}, option: option{state: optionOn},
		join: host.Join{State: host.DomainJoined, Domain: "corp.example"}, stand: stand{joined: yes}, began: time.Now()}
	l.judge(t.Context(), []*controller{asking("dc1.corp.example", map[signal]reply{viaPing: answered, viaLogon: odd, viaSMB: answered})})
	for _, f := range l.conclude(&assets.Profile{}, pair{}) {
		switch f.Code {
		case Server:
			if !strings.Contains(f.Arg("rule"), "serves another domain") || !strings.Contains(f.Table.Rows[0][2], "serves another domain") {
				t.Errorf("%s %q", f.Arg("rule"), f.Table.Rows)
			}
		case Otherwise:
			for _, r := range f.Table.Rows {
				if strings.Contains(r[0], "firewall") {
					t.Errorf("%q", r)
				}
			}
		}
	}
}
