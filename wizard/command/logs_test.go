package command_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/logs"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

// lookAt is what main hands the program for logs.
func lookAt(ctx context.Context, f command.LookFor) (wizard.Looked, error) {
	ask := logs.Ask{Machine: f.Machine, Profiles: f.Profiles, Chosen: f.Chosen, Paths: f.Paths, In: f.In, Since: f.Since}
	if f.Tell != nil {
		ask.Tell = func(e logs.Entry) { f.Tell(e.Line) }
	}
	s, err := logs.Read(ctx, ask)
	return wizard.Looked{Paths: f.Paths, AsOf: s.AsOf, Profiles: s.Profiles, Results: s.Results, Known: s.Known, Files: s.Files, Problems: s.Problems}, err
}

// withLogs runs the program on logs, with in as its standard input.
func withLogs(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	p := command.Program{Version: "test", Commit: "test", Machine: host.Local, Hands: host.LocalHands, Look: lookAt}
	code = p.Run(t.Context(), append([]string{"logs"}, args...), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

// reported is the report that the command gives as JSON; one that does not follow the schema is none.
func reported(t *testing.T, args ...string) (code int, r wizard.Report, raw string) {
	t.Helper()
	code, raw, errs := withLogs(t, "", append(args, "--format", "json")...)
	if errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	inst, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(inst); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(raw), &r); err != nil {
		t.Fatal(err)
	}
	return code, r, raw
}

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	head     = "2021-11-12 %s.100 [15c0.1d1c] "
	curlFail = ".W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 "
	answers  = "I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0"
	hushed   = ".W: SecurityCloud::Query: Too many successive ORSP failures. Further failure logs will be suppressed"
	noORSP   = ".W: SecurityCloud::Query: ORSP failed for 0dac68816ae7c09efc24d11c27c3274dfd147dee (0, 0)"
)

// at is lines of a log: each text behind its time.
func at(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		clock, text, _ := strings.Cut(l, " ")
		fmt.Fprintf(&b, head+"%s\r\n", clock, text)
	}
	return b.String()
}

func curl(clock, text string) string { return clock + " " + curlFail + text }

// turns are events of a Smart Protection Server that is lost and back again in turns, at these times.
func turns(times ...string) string {
	var b strings.Builder
	for i, at := range times {
		what := []string{"Disconnected", "Connected"}[i%2]
		b.WriteString("2021-11-12 " + at + ":00.000000: [am.SmartScan/4] | Event: Smart Protection Server " + what + " for Smart Scan | SmartScan.lua:88:report | 1A2C:1B44:smartscan\n")
	}
	return b.String()
}

// logScenes is what linecheck has to make of logs alone: whole files, through the whole program.
var logScenes = map[string]struct {
	files      map[string]string
	causes     []string
	confidence string // of the first cause
	code       int
	headline   string
}{
	"the vendor's article on WithSecure ends elsewhere than at the proxy's name": {map[string]string{"article.txt": "article:withsecure"},
		[]string{"proxy.unresolvable", "tcp.dropped"}, "possible", 1, "As of 2021-11-12 17:48:02: the product could not reach its cloud: its proxy proxy.example.intern"},
	"the article on Smart Protection names a hop that no line names": {map[string]string{"article.txt": "article:trend"},
		[]string{"path.unclear"}, "likely", 1, "In these logs, which name no time: the product got no answer"},
	"one product's cause hides the other's": {map[string]string{"a.txt": "article:withsecure", "b.txt": "article:trend"},
		[]string{"proxy.unresolvable", "tcp.dropped", "path.unclear"}, "", 1, "WithSecure Security Cloud: the product could not"},
	"an old failure stands although the log says that it is over": {map[string]string{"fsscorplug.log": at(curl("10:00:00", "5 Could not resolve proxy: gw.corp.example"), "10:05:00 "+answers)},
		nil, "", 3, "its log seems to say so at 2021-11-12 10:05:00"},
	"a recovery that is documented clears nothing": {map[string]string{"events.txt": "2024-05-06 11:00:00 Event ID: 9010 Smart Protection Server Connected for Smart Scan\n"},
		nil, "", 0, "had its cloud; its log says so at 2024-05-06 11:00:00"},
	"silence is a recovery": {map[string]string{"fsscorplug.log": at(curl("10:00:00", "5 Could not resolve proxy: gw.corp.example"), "23:00:00 I: something::else: nothing that linecheck knows")},
		[]string{"proxy.unresolvable"}, "likely", 1, "As of 2021-11-12 23:00:00: "},
	"a line that comes and goes is well when it is looked at": {map[string]string{"ds_agent.log": turns("08:00", "08:12", "09:30", "09:41", "11:00", "11:09")},
		[]string{"path.comes_and_goes", "product.alert_stale"}, "", 4, "came and went: it was lost 3 times since 2021-11-12 08:00:00"},
	"prose clears a product":         {map[string]string{"readme.txt": "How to troubleshoot.\nOpen the page in a browser.\n"}, nil, "", 3, "no line tells whether"},
	"an empty file clears a product": {map[string]string{"fsscorplug.log": ""}, nil, "", 3, "no line tells whether"},
	"the end of failure lines is a recovery": {map[string]string{"DeepGuard.log": at("10:00:00 "+noORSP, "10:00:01 "+hushed, "12:00:00 I: nothing that linecheck knows")},
		[]string{"path.unclear"}, "", 1, "As of 2021-11-12 12:00:00: "},
	"a stop is a fault": {map[string]string{"fsscorplug.log": at("10:00:00 I: ipc_impl::stopRpcServer: MSRPC Server stopped")}, nil, "", 3, ""},
	"a stop after a recovery clears": {map[string]string{"fsscorplug.log": at("10:00:00 "+answers, "10:05:00 I: ipc_impl::stopRpcServer: MSRPC Server stopped")},
		nil, "", 3, "its log seems to say so at 2021-11-12 10:00:00"},
	"DNS that is too slow":                                   {one(curl("10:00:00", "28 Resolving timed out after 1000 milliseconds")), []string{"dns.no_answer"}, "likely", 1, ""},
	"curl's 6 tells what DNS said":                           {one(curl("10:00:00", "6 Could not resolve host: doorman.sc.fsapi.com")), []string{"dns.no_such_name"}, "possible", 1, "its name doorman.sc.fsapi.com did not resolve"},
	"a login at the proxy":                                   {one(curl("10:00:00", "56 Received HTTP code 407 from proxy after CONNECT")), []string{"proxy.auth_required"}, "", 1, "(407)"},
	"a proxy without a way out":                              {one(curl("10:00:00", "56 CONNECT tunnel failed, response 503")), []string{"proxy.cannot_reach_target"}, "", 1, "(503)"},
	"a proxy that forbids":                                   {one(curl("10:00:00", "56 CONNECT tunnel failed, response 403")), []string{"proxy.denied"}, "", 1, "(403)"},
	"a proxy that says nothing":                              {one(curl("10:00:00", "28 Proxy CONNECT aborted due to timeout")), []string{"proxy.no_answer"}, "", 1, ""},
	"a proxy whose port refuses":                             {one(curl("10:00:00", "7 Failed to connect to gw.corp.example port 3128 after 3 ms: Connection refused")), []string{"proxy.refused"}, "", 1, "its proxy gw.corp.example refused"},
	"a proxy that is not reached":                            {one(curl("10:00:00", "7 Failed to connect to doorman.sc.fsapi.com:443 over proxy gw.corp.example after 3 ms: Could not connect to server")), []string{"proxy.unreachable"}, "", 1, "gw.corp.example was not reached"},
	"a closed port":                                          {one(curl("10:00:00", "7 Failed to connect to doorman.sc.fsapi.com port 443 after 3 ms: Connection refused")), []string{"tcp.refused"}, "likely", 1, "doorman.sc.fsapi.com"},
	"a number without words tells who refused":               {one(curl("10:00:00", "7")), []string{"tcp.refused"}, "possible", 1, "no connection to its cloud came about"},
	"a firewall that drops":                                  {one("10:00:00 .W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258", "10:00:00 .W: fs::rs::WinSocket::Impl::connect: Conection timeout: doorman.sc.fsapi.com"), []string{"tcp.dropped"}, "possible", 1, "doorman.sc.fsapi.com did not take the connection"},
	"no way out of the network":                              {one(curl("10:00:00", "7 Failed to connect to doorman.sc.fsapi.com port 443 after 3 ms: Network is unreachable")), []string{"tcp.no_route"}, "", 1, ""},
	"a root that the product does not know":                  {one(curl("10:00:00", "60 SSL certificate problem: self signed certificate in certificate chain")), []string{"tls.untrusted"}, "", 1, ""},
	"a certificate out of its dates":                         {one(curl("10:00:00", "60 SSL certificate problem: certificate has expired")), []string{"tls.expired"}, "", 1, ""},
	"a certificate for another name":                         {one(curl("10:00:00", "60 SSL: no alternative certificate subject name matches target host name 'doorman.sc.fsapi.com'")), []string{"tls.name_mismatch"}, "", 1, ""},
	"a connection that was cut":                              {one(curl("10:00:00", "56 Recv failure: Connection was reset")), []string{"path.unclear"}, "", 1, ""},
	"an answer that is slow":                                 {map[string]string{"DeepGuard.log": at("10:00:00 .W: SecurityCloud::Query: ORSP query took 3016ms")}, []string{"path.too_slow"}, "", 3, "took long; whether the cloud was reached"},
	"a DNS server that failed is a name that does not exist": {one(curl("10:00:00", "6 Could not resolve host: doorman.sc.fsapi.com (DNS server returned general failure)")), []string{"dns.server_failure"}, "", 1, "could not answer for doorman.sc.fsapi.com"},
	"an old encryption":                                      {one(curl("10:00:00", "35 schannel: next InitializeSecurityContext failed: SEC_E_ALGORITHM_MISMATCH (0x80090331)")), []string{"tls.protocol"}, "", 1, ""},
	"a server's URL in other letters": {map[string]string{"events.txt": "Time: 2024-05-06 10:00:00\nEvent ID: 9012\nEvent: Smart Protection Server Disconnected for Smart Scan\n" +
		"Description: Disconnected from Smart Protection Server: https://ds20.icrc.trendmicro.com/TMCSS/? : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached)\n"},
		[]string{"path.unclear", "product.url_case"}, "", 1, ""},
	"an alert that stands is a fault although the server is back": {map[string]string{"events.txt": "2024-05-06 10:00:00 Event ID: 9012 Smart Protection Server Disconnected for Smart Scan\n" +
		"2024-05-06 11:00:00 Event ID: 9010 Smart Protection Server Connected for Smart Scan\n"}, []string{"product.alert_stale"}, "", 4, ""},
	"two logs that agree are not more than one": {map[string]string{
		"fsscorplug.log": at("10:00:00 .W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258", "10:00:00 .W: fs::rs::WinSocket::Impl::connect: Conection timeout: doorman.sc.fsapi.com"),
		"DeepGuard.log":  at("10:00:01 " + noORSP)}, []string{"tcp.dropped"}, "likely", 1, ""},
}

func one(lines ...string) map[string]string { return map[string]string{"fsscorplug.log": at(lines...)} }

// article is the part of the articles' lines that is about one product.
func article(t *testing.T, of string) string {
	t.Helper()
	b, err := os.ReadFile("../../checks/logs/testdata/article.txt")
	if err != nil {
		t.Fatal(err)
	}
	withsecure, trend, _ := strings.Cut(string(b), "A console shows:")
	if of == "trend" {
		return trend
	}
	return withsecure
}

// filled is a folder with the files of a scene.
func filled(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if of, ok := strings.CutPrefix(text, "article:"); ok {
			text = article(t, of)
		}
		put(t, dir, name, text)
	}
	return dir
}

func TestEachLogEndsAtItsCause(t *testing.T) {
	for name, s := range logScenes {
		t.Run(name, func(t *testing.T) {
			code, r, raw := reported(t, filled(t, s.files))
			var ids []string
			for _, c := range r.Verdict.Causes {
				ids = append(ids, c.ID)
			}
			if !slices.Equal(ids, s.causes) || code != s.code || !strings.Contains(r.Verdict.Headline, s.headline) {
				t.Errorf("exit code %d, %v, want %d, %v, %q: %s", code, ids, s.code, s.causes, s.headline, r.Verdict.Headline)
			}
			if s.confidence != "" && (len(r.Verdict.Causes) == 0 || r.Verdict.Causes[0].Confidence != s.confidence) {
				t.Errorf("not %s: %+v", s.confidence, r.Verdict.Causes)
			}
			for _, c := range r.Verdict.Causes {
				for _, text := range append([]string{c.Headline, c.Explanation, c.Title}, c.Fix...) {
					if strings.Contains(text, "{") || strings.Contains(text, "  ") || strings.Contains(text, " .") || strings.Contains(text, "()") || strings.Contains(text, " ,") {
						t.Errorf("%s: a value is missing in %q", c.ID, text)
					}
				}
			}
			file := put(t, t.TempDir(), "report.json", raw)
			again, out, errs := linecheck(t, "report", "show", file, "--format", "json")
			if errs != "" || again != code || verdictOf(t, out) != verdictOf(t, raw) {
				t.Errorf("judged again: exit code %d %s\n%s\nwas %d\n%s", again, errs, verdictOf(t, out), code, verdictOf(t, raw))
			}
		})
	}
}

func TestEveryRuleForLogsHasAScene(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range logScenes {
		for _, id := range s.causes {
			seen[id] = true
		}
	}
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rules.Logs.Causes {
		if !seen[c.ID] {
			t.Errorf("no scene ends at %s", c.ID)
		}
	}
}

// The lines of both vendors' articles, in prose, are all told, with file and number.
func TestEveryLineOfTheArticlesIsToldWithItsNumber(t *testing.T) {
	file := "../../checks/logs/testdata/article.txt"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := withLogs(t, "", file)
	log, prose := regexp.MustCompile(`\.W: |\] I: |Event ID: |Event: |Description: `), regexp.MustCompile(`^(How|When|The numbers|To test) `)
	for i, line := range strings.Split(string(b), "\n") {
		known := strings.Contains(out, fmt.Sprintf("article.txt:%d ", i+1))
		if log.MatchString(line) && !known || prose.MatchString(line) && known {
			t.Errorf("line %d is told: %v\n%s", i+1, known, line)
		}
	}
}

func TestThousandsOfLinesStayCalm(t *testing.T) {
	var b strings.Builder
	for i := range 1440 {
		b.WriteString(at(curl(fmt.Sprintf("%02d:%02d:%02d", 10+i/3600, i/60%60, i%60), fmt.Sprintf("28 Operation timed out after %d milliseconds with 0 bytes received", 1000+i))))
	}
	file := put(t, t.TempDir(), "fsscorplug.log", b.String())
	_, out, _ := withLogs(t, "", file)
	if n := strings.Count(out, "fsscorplug.log:"); n > 210 || !strings.Contains(out, "and 1,240 more like this") {
		t.Errorf("%d lines told:\n%s", n, out[:min(len(out), 2000)])
	}
	if _, out, _ := withLogs(t, "", "--summary", file); strings.Contains(out, "fsscorplug.log:1 ") || !strings.Contains(out, "1440 x") {
		t.Errorf("the summary alone is\n%s", out)
	}
}

func TestSinceLeavesOutWhatIsOlderThanTheNewestLineLessIt(t *testing.T) {
	file := put(t, t.TempDir(), "fsscorplug.log", at(curl("08:00:00", "5 Could not resolve proxy: gw.corp.example"), curl("17:00:00", "28 Resolving timed out after 1000 milliseconds")))
	_, out, _ := withLogs(t, "", "--since", "2h", file)
	if strings.Contains(out, "fsscorplug.log:1 ") || !strings.Contains(out, "fsscorplug.log:2 ") || strings.Contains(out, "proxy gw.corp.example was") {
		t.Error(out)
	}
}

func TestNothingThatALogSaysSteersTheTerminal(t *testing.T) {
	text := at(curl("10:00:00", "5 Could not resolve proxy: a\x1b[2Jb\u202ec\x07"))
	for _, format := range []string{"text", "json", "ndjson", "markdown"} {
		if _, out, _ := withLogs(t, text, "-", "--format", format); strings.ContainsAny(out, "\x1b\u202e\x07") || out == "" {
			t.Errorf("%s: %q", format, out)
		}
	}
}

func TestWhatAPersonReadsFitsEightyColumns(t *testing.T) {
	_, out, _ := withLogs(t, "", "--summary", "../../checks/logs/testdata/article.txt")
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestALoginInALogLeavesNoReport(t *testing.T) {
	text := at(curl("10:00:00", "5 Could not resolve proxy: http://joe:geheim@gw.corp.example:3128"))
	for _, format := range []string{"text", "json", "ndjson", "markdown"} {
		if _, out, _ := withLogs(t, text, "-", "--format", format); strings.Contains(out, "geheim") {
			t.Errorf("%s: %s", format, out)
		}
	}
}

func TestLogsThatCannotBeReadAreNoVerdict(t *testing.T) {
	dir := t.TempDir()
	gone := filepath.Join(dir, "gone.log")
	if code, out, errs := withLogs(t, "", gone); code != 2 || out != "" || !strings.Contains(errs, "gone.log") {
		t.Errorf("exit code %d, %s, %s", code, out, errs)
	}
	good := put(t, dir, "fsscorplug.log", at("10:00:00 "+answers))
	code, r, raw := reported(t, gone, good)
	if code != 3 || !strings.Contains(raw, "gone.log") || r.Verdict.Status != wizard.Inconclusive {
		t.Errorf("exit code %d: %s", code, r.Verdict.Headline)
	}
	bad := put(t, dir, "orspplug.log", at(curl("10:00:00", "5 Could not resolve proxy: gw.corp.example")))
	if code, _, raw := reported(t, gone, bad); code != 1 || !strings.Contains(raw, "gone.log") {
		t.Errorf("exit code %d", code)
	}
}

func TestABundleIsJudgedLikeItsFiles(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range logScenes["two logs that agree are not more than one"].files {
		w, err := z.Create("support/" + name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	code, r, _ := reported(t, put(t, t.TempDir(), "bundle.zip", b.String()))
	if code != 1 || len(r.Verdict.Causes) != 1 || r.Verdict.Causes[0].ID != "tcp.dropped" || r.Verdict.AsOf == "" {
		t.Errorf("exit code %d: %+v", code, r.Verdict)
	}
}

func TestWrongCallsForLogsSaySo(t *testing.T) {
	for call, says := range map[string]string{"--follow --summary": "one of them", "--follow --format json x": "takes no --format", "--follow -": "cannot be followed"} {
		if code, _, errs := withLogs(t, "", strings.Fields(call)...); code != 2 || !strings.Contains(errs, says) {
			t.Errorf("%s: exit code %d, %s", call, code, errs)
		}
	}
}
