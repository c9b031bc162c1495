package logs

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// place is a machine with nothing but files.
type place struct {
	t    *testing.T
	root string
	env  checks.Env
}

func at(t *testing.T, logs ...assets.Log) *place {
	root := t.TempDir()
	if len(logs) == 0 {
		logs = []assets.Log{{Name: "fsscorplug", Files: []string{`C:\Log\**\fsscorplug*.log*`}, Signatures: []string{"fsscorplug"}}}
	}
	return &place{t: t, root: root, env: checks.Env{Machine: host.Machine{OS: "windows", Files: host.Disk{Root: root}},
		Profile: &assets.Profile{Name: "p", Title: "Product", Logs: logs}}}
}

func (p *place) path(name string) string { return filepath.Join(p.root, "C", "Log", name) }

func (p *place) write(name, text string) {
	p.t.Helper()
	must(p.t, os.MkdirAll(filepath.Dir(p.path(name)), 0o755))
	must(p.t, os.WriteFile(p.path(name), []byte(text), 0o644))
}

func (p *place) add(name, text string) {
	p.t.Helper()
	must(p.t, os.MkdirAll(filepath.Dir(p.path(name)), 0o755))
	f, err := os.OpenFile(p.path(name), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	must(p.t, err)
	_, err = f.WriteString(text)
	must(p.t, err)
	must(p.t, f.Close())
}

func (p *place) run() checks.Result {
	p.t.Helper()
	r, err := check{}.Run(p.t.Context(), p.env, func(checks.Event) {})
	must(p.t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ago writes a time as the product does.
func ago(d time.Duration) string { return time.Now().Add(-d).Format("2006-01-02 15:04:05.000") }

func timeout(d time.Duration) string {
	return ago(d) + " [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after 1006 milliseconds with 0 bytes received\n"
}

func noProxy(d time.Duration) string {
	return ago(d) + " [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 5 Could not resolve proxy: proxy.example.intern\n"
}

func answers(d time.Duration) string {
	return ago(d) + " [15c0.1d1c] I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0\n"
}

const (
	unheard    = ".W: fs::rs::WinSocket::Impl::connect: Conection timeout: doorman.sc.fsapi.com\n"
	suppressed = " [1.2] .W: SecurityCloud::Query: Too many successive ORSP failures. Further failure logs will be suppressed\n"
	chatter    = " [1.2] I: fs::nothing: to see\n"
)

// told is code, status, subject and count of each finding that one line can have made; the views of all lines together
// have tests of their own.
func told(found []checks.Finding) (out []string) {
	for _, f := range found {
		if f.Code == Hours || f.Code == Hosts || f.Code == Latency {
			continue
		}
		s := strings.TrimPrefix(string(f.Code), "logs.") + " " + f.Status.String()
		if f.Args["count"] != "" {
			s += " " + f.Subject + " x" + f.Args["count"]
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func TestRun(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		since time.Duration
		want  []string
	}{
		"a failure without a recovery stands": {
			map[string]string{"fsscorplug.log": timeout(time.Hour)}, 0, []string{"timeout warn fsscorplug.log x1"}},
		"a failure before a recovery is a note": {
			map[string]string{"fsscorplug.log": noProxy(time.Hour) + answers(30*time.Minute)}, 0,
			[]string{"connected pass fsscorplug.log x1", "proxy_unresolvable note proxy.example.intern x1"}},
		"a failure after a recovery stands": {
			map[string]string{"fsscorplug.log": answers(time.Hour) + noProxy(30*time.Minute)}, 0,
			[]string{"connected note fsscorplug.log x1", "proxy_unresolvable warn proxy.example.intern x1"}},
		"a recovery in the new file ends a failure in the rotated one": {
			map[string]string{"fsscorplug.log.1": noProxy(time.Hour), "fsscorplug.log": answers(time.Minute)}, 0,
			[]string{"connected pass fsscorplug.log x1", "proxy_unresolvable note proxy.example.intern x1"}},
		"a recovery in the rotated file ends nothing in the new one": {
			map[string]string{"fsscorplug.log.1": answers(time.Hour), "fsscorplug.log": noProxy(time.Minute)}, 0,
			[]string{"connected note fsscorplug.log.1 x1", "proxy_unresolvable warn proxy.example.intern x1"}},
		"the same failure in two files is one finding": {
			map[string]string{"a/fsscorplug.log": noProxy(time.Hour), "b/fsscorplug.log": noProxy(time.Minute)}, 0,
			[]string{"proxy_unresolvable warn proxy.example.intern x2"}},
		"an old failure is a note beside a quiet day": {
			map[string]string{"fsscorplug.log": timeout(50*time.Hour) + ago(time.Minute) + chatter}, 0,
			[]string{"quiet pass", "timeout note fsscorplug.log x1"}},
		"how far back a look goes can be told": {
			map[string]string{"fsscorplug.log": timeout(2 * time.Hour)}, time.Hour,
			[]string{"quiet pass", "timeout note fsscorplug.log x1"}},
		"a line without a time has that of the line before": {
			map[string]string{"fsscorplug.log": ago(50*time.Hour) + chatter + unheard}, 0,
			[]string{"connect_timeout note doorman.sc.fsapi.com x1", "quiet pass"}},
		"a line without any time before it may be new": {
			map[string]string{"fsscorplug.log": unheard}, 0, []string{"connect_timeout warn doorman.sc.fsapi.com x1"}},
		"three lines of one failed query are one failure": {
			map[string]string{"fsscorplug.log": noProxy(time.Hour) +
				ago(time.Hour) + " [15c0.1d1c] .W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 111 (5) for http task 0B, time 4 ms\n" +
				ago(time.Hour) + " [15c0.1d1c] .W: ipc_impl::on_async_complete_ex: winrpc call completed err 111\n"}, 0,
			[]string{"proxy_unresolvable warn proxy.example.intern x1"}},
		"the echo of another thread is a failure of its own": {
			map[string]string{"fsscorplug.log": noProxy(time.Hour) +
				ago(time.Hour) + " [15c0.9999] .W: ipc_impl::on_async_complete_ex: winrpc call completed err 201\n"}, 0,
			[]string{"proxy_unresolvable warn proxy.example.intern x1", "timeout warn fsscorplug.log x1"}},
		"the wait and the host that was waited for are one failure": {
			map[string]string{"fsscorplug.log": ago(time.Hour) + chatter + ".W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258\n" + unheard}, 0,
			[]string{"connect_timeout warn doorman.sc.fsapi.com x1"}},
		"a wait without a host counts too": {
			map[string]string{"fsscorplug.log": ago(time.Hour) + chatter + ".W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258\n"}, 0,
			[]string{"connect_timeout warn fsscorplug.log x1"}},
		"only other lines are a quiet day": {
			map[string]string{"fsscorplug.log": ago(time.Hour) + chatter}, 0, []string{"quiet pass"}},
		"no file": {nil, 0, []string{"no_files note"}},
		"a file of another product is not read": {
			map[string]string{"other.log": timeout(time.Hour)}, 0, []string{"no_files note"}},
		"a packed log is left alone": {
			map[string]string{"fsscorplug.log.7z": timeout(time.Hour)}, 0, []string{"no_files note"}},
	} {
		t.Run(title, func(t *testing.T) {
			p := at(t)
			for name, text := range c.files {
				p.write(name, text)
			}
			p.env.Since = c.since
			if got := told(p.run().Findings); !slices.Equal(got, c.want) {
				t.Errorf("found %q\nwant  %q", got, c.want)
			}
		})
	}
}

func TestHowLongAFailureCanStillBeFelt(t *testing.T) {
	for name, c := range map[string]struct {
		ago, keeps time.Duration
		fresh, old string
	}{
		"one whose cached answer lives":                      {90 * time.Minute, 2 * time.Hour, "yes", "no"},
		"one whose cached answer has run out":                {150 * time.Minute, 2 * time.Hour, "no", "no"},
		"one of a product without a cache, an hour later on": {90 * time.Minute, 0, "no", "no"},
		"one of a product without a cache, just now":         {10 * time.Minute, 0, "yes", "no"},
		"one of last week":                                   {7 * 24 * time.Hour, 2 * time.Hour, "no", "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			p := at(t)
			if c.keeps > 0 {
				p.env.Profile.Cache = &assets.Cache{TTL: assets.Duration(c.keeps)}
			}
			p.write("fsscorplug.log", timeout(c.ago))
			for _, f := range p.run().Findings {
				if f.Code == Timeout && (f.Args["fresh"] != c.fresh || f.Args["old"] != c.old) {
					t.Errorf("fresh %q, old %q; want %q, %q", f.Args["fresh"], f.Args["old"], c.fresh, c.old)
				}
			}
		})
	}
}

func TestSilenceAfterSuppressionIsNoPass(t *testing.T) {
	for age, want := range map[time.Duration]string{50 * time.Hour: "suppressed warn DeepGuard.log x1", 8 * 24 * time.Hour: "suppressed note DeepGuard.log x1"} {
		p := at(t, assets.Log{Name: "DeepGuard", Files: []string{`C:\Log\DeepGuard.log`}, Signatures: []string{"deepguard"}})
		p.write("DeepGuard.log", ago(age)+suppressed+ago(time.Minute)+chatter)
		if got := told(p.run().Findings); !slices.Equal(got, []string{want}) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}

func TestALogThatNobodyWritesProvesNothing(t *testing.T) {
	p := at(t)
	p.write("fsscorplug.log", ago(72*time.Hour)+chatter)
	old := time.Now().Add(-72 * time.Hour)
	must(t, os.Chtimes(p.path("fsscorplug.log"), old, old))
	r := p.run()
	if got := told(r.Findings); !slices.Equal(got, []string{"silent note"}) || checks.Overall(r.Findings) != checks.Unknown {
		t.Errorf("found %q, overall %s", got, checks.Overall(r.Findings))
	}
}

func TestEvidence(t *testing.T) {
	p := at(t)
	text := "first\n"
	for i := range 20 {
		text += noProxy(time.Duration(60-i) * time.Minute)
	}
	evil := strings.Replace(noProxy(time.Minute), "proxy.example.intern", "proxy\x1b[2Jhidden\x07", 1)
	p.write("fsscorplug.log", text+evil)
	r := p.run()
	r.Findings = slices.DeleteFunc(r.Findings, func(f checks.Finding) bool { return f.Code != ProxyUnresolvable })
	i := slices.IndexFunc(r.Findings, func(f checks.Finding) bool { return f.Subject == "proxy.example.intern" })
	if i < 0 || len(r.Findings) != 2 {
		t.Fatalf("found %q", told(r.Findings))
	}
	f := r.Findings[i]
	var numbers []int
	for _, e := range f.Evidence {
		numbers = append(numbers, e.Line)
		if e.Source != `C:\Log\fsscorplug.log` {
			t.Errorf("evidence from %q", e.Source)
		}
	}
	if want := []int{2, 18, 19, 20, 21}; !slices.Equal(numbers, want) {
		t.Errorf("evidence lines %v, want the first and the last four: %v", numbers, want)
	}
	if f.Args["count"] != "20" || f.Args["ref"] != "curl 5" || f.Args["file"] != "fsscorplug.log" || f.Args["first"] >= f.Args["last"] {
		t.Errorf("args %v", f.Args)
	}
	other := r.Findings[1-i]
	if !strings.Contains(other.Evidence[0].Text, "\x1b[2J") {
		t.Errorf("the raw line was changed: %q", other.Evidence[0].Text)
	}
	for name, v := range other.Args {
		if strings.ContainsAny(v+other.Subject, "\x1b\x07") {
			t.Errorf("%s holds a control character: %q", name, v)
		}
	}
}

func TestFacts(t *testing.T) {
	p := at(t, assets.Log{Name: "events", Files: []string{`C:\Log\*.log`}})
	p.env.Profile.Endpoints = []assets.Endpoint{{Scheme: "https", Host: "ds20.icrc.trendmicro.com", Port: 443, Path: "/tmcss/?LCRC=08"}}
	const event = "Disconnected from Smart Protection Server: %s : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached)\n"
	for _, url := range []string{"https://ds20.icrc.trendmicro.com/tmcss/?", "https://ds20.icrc.trendmicro.com/TMCSS/?", "https://DS20.icrc.trendmicro.com:443/tmcss", "https://sps.corp.example/TMCSS"} {
		p.add("a.log", strings.Replace(event, "%s", url, 1))
	}
	p.add("a.log", noProxy(time.Minute)+unheard+
		".W: CurlQuery::completeWithStatus: failure on handle 0A 7 Failed to connect to gw.corp.example port 3128: Connection refused\n"+
		".W: FSecure.Ess.Fsscore.Client: FSSCORE query for URL('http://schemas.microsoft.com/') Failed, error=Timeout\n")
	r := p.run()
	hosts, _ := r.Facts[0].Value.([]string)
	if want := []string{"doorman.sc.fsapi.com", "ds20.icrc.trendmicro.com", "sps.corp.example"}; !slices.Equal(hosts, want) {
		t.Errorf("hosts %q, want %q: neither proxies nor addresses in mails", hosts, want)
	}
	if servers, _ := r.Facts[1].Value.([]string); len(servers) != 4 || servers[0] != "https://DS20.icrc.trendmicro.com:443/tmcss" {
		t.Errorf("servers %q: they are kept as they are spelt", servers)
	}
	var wrong []string
	for _, f := range r.Findings {
		if f.Code == URLCase {
			wrong = append(wrong, f.Subject+" for "+f.Args["expected"])
		}
	}
	if want := []string{"https://DS20.icrc.trendmicro.com:443/tmcss for https://ds20.icrc.trendmicro.com/tmcss/",
		"https://ds20.icrc.trendmicro.com/TMCSS/? for https://ds20.icrc.trendmicro.com/tmcss/"}; !slices.Equal(wrong, want) {
		t.Errorf("misspelt %q, want %q", wrong, want)
	}
}

// denied is a disk with files that may not be opened.
type denied struct {
	host.Files
	path string
	err  error
}

func (d denied) Open(path string) (host.File, error) {
	if strings.Contains(path, d.path) {
		return nil, d.err
	}
	return d.Files.Open(path)
}

func TestUnreadable(t *testing.T) {
	p := at(t)
	p.write("a/fsscorplug.log", ago(time.Hour)+chatter)
	p.write("b/fsscorplug.log", timeout(time.Hour))
	p.env.Machine.Files = denied{p.env.Machine.Files, `\b\`, errors.New("access is denied")}
	r := p.run()
	if got := told(r.Findings); !slices.Equal(got, []string{"quiet pass", "unreadable unknown"}) || checks.Overall(r.Findings) != checks.Unknown {
		t.Errorf("found %q, overall %s", got, checks.Overall(r.Findings))
	}
}

func TestOfALargeFileOnlyWhatIsAskedForIsRead(t *testing.T) {
	p := at(t)
	old := strings.Repeat(ago(30*time.Hour)+chatter, 4*wholeMax/(len(ago(0))+len(chatter)))
	text := noProxy(40*time.Hour) + old + strings.Repeat(ago(time.Hour)+chatter, 10_000) + timeout(time.Minute)
	p.write("fsscorplug.log", text)
	r := p.run()
	if got := told(r.Findings); !slices.Equal(got, []string{"timeout warn fsscorplug.log x1"}) {
		t.Fatalf("found %q", got)
	}
	if e := r.Findings[0].Evidence[0]; e.Line != 0 || !strings.HasSuffix(e.Source, "near the end") {
		t.Errorf("evidence claims line %d of %s", e.Line, e.Source)
	}
}

func TestAtMostSoManyFilesTheNewestOnes(t *testing.T) {
	p := at(t)
	for i := range maxFiles + 3 {
		name := "fsscorplug" + string(rune('A'+i%26)) + strings.Repeat("x", i/26) + ".log"
		p.write(name, noProxy(time.Hour))
		when := time.Now().Add(-time.Duration(i) * time.Hour)
		must(t, os.Chtimes(p.path(name), when, when))
	}
	if got := told(p.run().Findings); !slices.Equal(got, []string{"proxy_unresolvable warn proxy.example.intern x64"}) {
		t.Errorf("found %q", got)
	}
}

func TestLogsOfAnotherSystem(t *testing.T) {
	p := at(t)
	p.env.Machine.OS = "linux"
	if r := p.run(); r.Reason == "" || checks.Overall(r.Findings) != checks.Skip {
		t.Errorf("reason %q, overall %s", r.Reason, checks.Overall(r.Findings))
	}
}

func TestManySubjectsAreBounded(t *testing.T) {
	p := at(t)
	var b strings.Builder
	for i := range 2000 {
		b.WriteString(strings.Replace(noProxy(time.Hour), "proxy.example", "p"+string(rune('a'+i%26))+strings.Repeat("q", i/26), 1))
	}
	p.write("fsscorplug.log", b.String())
	r := p.run()
	total := 0
	for _, f := range r.Findings {
		n := 0
		for _, c := range f.Args["count"] {
			n = n*10 + int(c-'0')
		}
		total += n
	}
	if len(r.Findings) > maxGroups+1 || total != 2000 {
		t.Errorf("%d findings for %d lines", len(r.Findings), total)
	}
}

func TestEveryCodeOfASignatureHasAText(t *testing.T) {
	sigs, err := assets.Signatures()
	must(t, err)
	codes := check{}.Spec().Codes
	for _, s := range sigs {
		for _, sample := range s.Samples {
			if !slices.Contains(codes, checks.Code(sample.Code)) {
				t.Errorf("%s gives %s, which the check does not name", s.ID, sample.Code)
			}
		}
	}
	m, err := checks.ParseTexts("texts.yaml", texts)
	must(t, err)
	for code, text := range m {
		if len([]rune(text.Title)) > 40 {
			t.Errorf("%s: the title has %d letters", code, len([]rune(text.Title)))
		}
		if !slices.Contains(codes, code) {
			t.Errorf("%s has a text and is never reported", code)
		}
	}
}
