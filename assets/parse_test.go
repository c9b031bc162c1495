package assets

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each #! names the keys whose mistakes must be reported in its line; nothing else may be.
const bad = `schema: linecheck.profile/2      #! schema
name: Bad Name                   #! name
vendor: ""                       #! vendor
products: Example                #! products
revision: 2026-11-22
sevices: []                      #! sevices
vars:
  Region: {default: ""}          #! vars.Region
  off_domain: {default: ""}
  site: {default: 5}             #! vars.site.default
  tenant: {default: x, help: "t", vals: [a]}   #! vars.tenant.vals
  mode: {default: often, values: ["on", "off"]} #! vars.mode.default
detect:
  registry: ['HKEY_LOCAL_MACHINE\SOFTWARE\X', 'SOFTWARE\X'] #! detect.registry[0] detect.registry[1]
  paths: [ProgramData\X, '%ProgramData%\X'] #! detect.paths[0] detect.paths[1]
run_as: administrator            #! run_as
budget: {connect_ms: -1, answer_ms: 5s} #! budget.connect_ms budget.answer_ms
retry:
  tries: 1000000                 #! retry.tries
endpoints:
  - host: https://a.example/     #! endpoints[0].host
    purpose: x
    port: 70000                  #! endpoints[0].port
    required: yes                #! endpoints[0].required
  - host: a.example:443          #! endpoints[1].host
    path: ping                   #! endpoints[1].path
    purpose: x
    mark: sure                   #! endpoints[1].mark
  - host: '*.a.example'          #! endpoints[2].host endpoints[2].purpose
  - host: b.${regoin}.example    #! endpoints[3].host
    scheme: ftp                  #! endpoints[3].scheme
    when: tenent                 #! endpoints[3].when
    purpose: x
    purpose: y                   #! endpoints[3].purpose
  - {host: c.example, scheme: tcp, purpose: x} #! endpoints[4].port
  - host: d.example
    purpose: "red \e[31m"        #! endpoints[5].purpose
    expect:
      status: [200, 600]         #! endpoints[5].expect.status[1]
      body_length: -4            #! endpoints[5].expect.body_length
      mark: maybe                #! endpoints[5].expect.mark
  - {host: e.example, port: 0, purpose: x} #! endpoints[6].port
  - {host: F.example, purpose: x}
  - {host: f.example, purpose: y} #! endpoints[8]
  - &again {host: g.example, purpose: x} #! endpoints[9]
  - *again                       #! endpoints[10]
wildcards: [a.example]           #! wildcards[0]
proxy:
  auth: [basic, ntml]            #! proxy.auth[1]
  stores:
    - {registry: 'HKLM\X', file: /etc/x} #! proxy.stores[0]
services:
  - {name: x, title: X, os: macos} #! services[0].os
  - x                            #! services[1]
cache:
  dir: 'C:\Windows'              #! cache.dir
  service: x
  ttl: 2 hours                   #! cache.ttl
domain:                          #! domain.on_domain domain.off_domain
  ping: tcp                      #! domain.ping
  option: of_domain              #! domain.option
  every: -5m                     #! domain.every
logs:
  - {name: x, format: plain, files: [x.log, '/**/x.log', '/var/log/../x']} #! logs[0].files[0] logs[0].files[1] logs[0].files[2]
  - {name: y}                    #! logs[1].files logs[1].format
tester:
  - {path: tool.exe, title: T, since: 15.20, url: ftp://x} #! tester[0].path tester[0].since tester[0].url
impact:
  - {feature: F}                 #! impact[0].effect
notes:
  - topic: T
    text: |                      #! notes[0].text
      two
      lines
help:                            #! help
1: x                             #! 1
`

func TestEveryMistakeIsReportedAtItsLine(t *testing.T) {
	marks := regexp.MustCompile(`#! (.*)$`)
	var want []string
	for i, line := range strings.Split(bad, "\n") {
		if m := marks.FindStringSubmatch(line); m != nil {
			for _, key := range strings.Fields(m[1]) {
				want = append(want, fmt.Sprintf("%d %s", i+1, key))
			}
		}
	}
	_, err := ParseProfile("bad.yaml", []byte(bad))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("no Problems: %v", err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d %s", p.Line, p.Key))
		if p.File != "bad.yaml" || p.Text == "" || p.Remedy == "" {
			t.Errorf("%+v needs a file, a text and a remedy", p)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("not reported: %s", w)
		}
	}
	for i, g := range got {
		if !slices.Contains(want, g) || i > 0 && got[i-1] == g {
			t.Errorf("reported, but not or no longer a mistake: %s", g)
		}
	}
	if t.Failed() {
		t.Log("\n" + err.Error())
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != len(problems) {
		t.Errorf("%d lines for %d problems", n, len(problems))
	}
	if strings.ContainsRune(err.Error(), '\x1b') {
		t.Error("an escape code reached the message")
	}
}

// small is the least that is right; %s takes more.
const small = "schema: linecheck.profile/1\nname: small\nvendor: V\nrun_as: user\n"

func TestBrokenProfilesAreRefused(t *testing.T) {
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	many := func(n int) string {
		var b strings.Builder
		b.WriteString("endpoints:\n")
		for i := range n {
			fmt.Fprintf(&b, "- {host: h%d.example, purpose: x}\n", i)
		}
		return b.String()
	}
	bomb := "vars:\n  a: &a [x,x]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
	for name, c := range map[string]struct {
		yaml string
		line int
		want string
	}{
		"an empty file":                     {"", 1, "empty"},
		"only a comment":                    {"# nothing\n", 1, "empty"},
		"a list instead of keys":            {"- a\n", 1, "where keys are wanted"},
		"a tab as indent":                   {small + "budget:\n\tmark: seed\n", 6, "broken YAML"},
		"an unclosed quote":                 {small + "title: \"x\n", 5, "broken YAML"},
		"a mistake in the first line":       {"schema: a: b\n", 1, "broken YAML"},
		"two documents":                     {small + "---\n" + small, 5, "second YAML document"},
		"a broken second document":          {small + "---\na: [\n", 6, "broken YAML"},
		"more than a megabyte":              {small + "# " + strings.Repeat("x", MaxProfile), 0, "bytes"},
		"201 endpoints":                     {small + many(201), 5, "201 entries"},
		"a bomb of aliases":                 {small + bomb, 6, "anchors"},
		"a merge key":                       {small + "budget: {<<: {connect_ms: 1}}\n", 5, "unknown key"},
		"a tag":                             {small + "title: !!binary eA==\n", 5, "tags"},
		"a raw control character":           {small + "title: \"a\x1bb\"\n", 5, "broken YAML"},
		"a mark that turns text round":      {small + "title: \"a\\u202eb\"\n", 5, "U+202E"},
		"a deep nest":                       {small + "title: " + deep + "\n", 5, "list where text is wanted"},
		"text longer than a screen":         {small + "title: " + strings.Repeat("x", 2001) + "\n", 5, "2000"},
		"a key that is a list":              {small + "? [a, b]\n: x\n", 5, "no plain word"},
		"a variable without its end":        {small + "title: a ${b\n", 5, "no variable"},
		"a variable in a variable":          {small + "vars: {a: {default: '${b}'}}\n", 5, "template"},
		"a path on tcp":                     {small + "endpoints: [{host: a.b, scheme: tcp, port: 1, path: /x, purpose: p}]\n", 5, "no use with tcp"},
		"an answer expected of tcp":         {small + "endpoints: [{host: a.b, scheme: tcp, port: 1, expect: {body: ok}, purpose: p}]\n", 5, "no use with tcp"},
		"a name that is only digits":        {small + "endpoints: [{host: 1.2.3, purpose: p}]\n", 5, "no host name"},
		"a name beyond ASCII":               {small + "endpoints: [{host: münchen.example, purpose: p}]\n", 5, "not as DNS has it"},
		"an address with a zone":            {small + "endpoints: [{host: 'fe80::1%eth0', purpose: p}]\n", 5, "no host name"},
		"a cache at the root":               {small + "cache: {dir: /, service: s, ttl: 1h}\n", 5, "too near the root"},
		"a cache that climbs":               {small + "cache: {dir: 'C:\\A\\B\\C\\..\\..', service: s, ttl: 1h}\n", 5, "leads out"},
		"a cache that is a pattern":         {small + "cache: {dir: 'C:\\A\\B\\C\\*', service: s, ttl: 1h}\n", 5, "pattern"},
		"a service name that is an option":  {small + "services: [{name: '--now', title: T}]\n", 5, "no name of a service"},
		"a registry key with two slashes":   {small + "detect: {registry: ['HKLM\\\\SOFTWARE\\\\X']}\n", 5, "no registry key"},
		"a duration of a month and an hour": {small + "cache: {dir: 'C:\\A\\B\\C\\D', service: s, ttl: 745h}\n", 5, "no duration"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := ParseProfile("f.yaml", []byte(c.yaml))
			var problems Problems
			if !errors.As(err, &problems) || p != nil {
				t.Fatalf("accepted: %v", err)
			}
			i := slices.IndexFunc(problems, func(p Problem) bool { return strings.Contains(p.Text, c.want) })
			if i < 0 {
				t.Fatalf("no %q in:\n%v", c.want, err)
			}
			if c.line > 0 && problems[i].Line != c.line {
				t.Errorf("line %d, want %d:\n%v", problems[i].Line, c.line, err)
			}
			if name == "a list instead of keys" && len(problems) != 1 {
				t.Errorf("what follows from the one mistake is reported too:\n%v", err)
			}
		})
	}
}

func TestRemediesNameTheNearestWord(t *testing.T) {
	for yaml, want := range map[string]string{
		"endponts: []\n":                                       "did you mean endpoints?",
		"Services: []\n":                                       "did you mean services?",
		"runas: user\n":                                        "did you mean run_as?",
		"telepathy: []\n":                                      "known: articles, budget, cache,",
		"vars: {sps: {}}\ntitle: '${spx}'\n":                   "did you mean sps?",
		"title: '${sps}'\n":                                    "declare it",
		"endpoints: [{host: a.b/c, purpose: p}]\n":             "the path has a key of its own",
		"endpoints: [{host: 'a.b:1', purpose: p}]\n":           "the port has a key of its own",
		"endpoints: [{host: '*.b.example', purpose: p}]\n":     "put it under wildcards",
		"detect: {registry: ['HKEY_LOCAL_MACHINE\\SOFT']}\n":   "begin with HKLM",
		"tester: [{path: /x, title: T, since: 15.20}]\n":       `put it in quotes: "15.20"`,
		"proxy: {schemes: [sock5]}\n":                          "socks5",
		"logs: [{name: l, format: f, files: ['/**/x.log']}]\n": "two folders before **",
	} {
		if _, err := ParseProfile("f", []byte(small+yaml)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: no %q in\n%v", yaml, want, err)
		}
	}
}

func TestWhatMayBeLeftOutIsFilledIn(t *testing.T) {
	p, err := ParseProfile("f", []byte(small+`endpoints:
- {host: a.example, purpose: p}
- {host: a.example, scheme: http, purpose: p}
- {host: "2001:db8::1", scheme: tcp, port: 53, purpose: p}
- {host: 192.0.2.1, scheme: https, port: 8443, purpose: p}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range p.Endpoints {
		got = append(got, fmt.Sprint(e.Scheme, e.Port))
	}
	if want := []string{"https443", "http80", "tcp53", "https8443"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if p.Title != "V" || p.Origin != "f" {
		t.Errorf("title %q, origin %q", p.Title, p.Origin)
	}
}

func TestMessagesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "k%d: x\n", i)
	}
	_, err := ParseProfile("f", []byte(b.String()))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) > most+1 {
		t.Fatalf("%d problems", len(problems))
	}
	if last := problems[len(problems)-1]; !strings.Contains(last.Text, "more problems") {
		t.Errorf("the rest is not counted: %v", last)
	}
}

func TestUTF16AndWindowsLineEndsAreRead(t *testing.T) {
	for name, enc := range map[string]func(string) []byte{
		"CRLF": func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) },
		"BOM":  func(s string) []byte { return []byte("\ufeff" + s) },
		"UTF-16": func(s string) []byte {
			b := []byte{0xff, 0xfe}
			for _, c := range []byte(s) {
				b = append(b, c, 0)
			}
			return b
		},
	} {
		if p, err := ParseProfile("f", enc(small)); err != nil || p.Name != "small" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The example from which administrators learn the key names: it names its option and declares only what has a default.
func TestAnOptionNeedsNoDeclaration(t *testing.T) {
	p, err := ParseProfile("x.yaml", []byte(small+"domain: {ping: icmp, every: 5m, on_domain: local server, off_domain: global service, option: off_domain_global}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Fill(map[string]string{"off_domain_global": "on"}, FromArgument); err != nil {
		t.Error(err)
	}
}
