package logs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	cbs    = "2026-04-09 10:00:00 request failed, hr=0x80072EE7\n"
	wiki   = "curl: (6) Could not resolve host: wiki.corp.example\n"
	door   = "curl: (6) Could not resolve host: doorman.sc.fsapi.com\n"
	quoted = "2026-03-02 08:30:00.000000: [dsa.IM/5] | SecurityCloud::Query: ORSP failed for 0dac68816ae7c09efc24d11c27c3274dfd147dee (0, 0)\n"
)

// concerned is what is said of the products that the logs name: name, as of when, and the failures that stand.
func concerned(t *testing.T, files map[string]string) (out []string) {
	t.Helper()
	l, _ := looked(t, files)
	for _, p := range l.sorter.profiles {
		r, ok := l.Result(p)
		if !ok || !l.names(p) {
			continue
		}
		s := p.Name + " " + finding(r, AsOf).Args["time"]
		for _, f := range r.Findings {
			if f.Status == checks.Warn && f.Args["count"] != "" {
				s += " " + strings.TrimPrefix(string(f.Code), "logs.")
			}
		}
		out = append(out, s)
	}
	return out
}

func TestWhoseTheLinesAreAndAsOfWhen(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a product whose log ended is judged as of another's newest line": {map[string]string{"fsscorplug.log": wsFails, "ds_agent.log": trendDown},
			[]string{"deepsecurity 2026-03-02 08:00:00 manager_unreachable", "withsecure 2026-03-01 10:00:00 timeout"}},
		"a log of Windows tells as of when a product was well": {map[string]string{"fsscorplug.log": wsFails, "cbs.txt": cbs},
			[]string{"withsecure 2026-03-01 10:00:00 timeout"}},
		"one product's log that quotes another's line fails the other": {map[string]string{"ds_agent.log": trendIdle + quoted},
			[]string{"deepsecurity 2026-03-02 08:30:00"}},
		"a host of nobody's cloud fails a product": {map[string]string{"fsscorplug.log": wsQuiet, "try.txt": wiki},
			[]string{"withsecure 2026-03-01 11:00:00"}},
		"a host of nobody's cloud names a product":         {map[string]string{"try.txt": wiki}, nil},
		"a host of one product's cloud is the first one's": {map[string]string{"try.txt": door}, []string{"withsecure a time the logs do not name host_unresolvable"}},
		"words of anybody are the first product's":         {map[string]string{"try.txt": "curl: (28) Connection timeout after 10001 ms\n"}, nil},
	} {
		t.Run(title, func(t *testing.T) {
			if got := concerned(t, c.files); !slices.Equal(got, c.want) {
				t.Errorf("said %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhatIsAnybodysIsNoProductsUntilSomebodySaysSo(t *testing.T) {
	all, err := assets.Profiles()
	must(t, err)
	ask := Ask{Machine: host.Machine{OS: runtime.GOOS, Files: host.Disk{}}, Profiles: all, Paths: []string{"-"}, In: strings.NewReader("curl: (28) Connection timeout after 10001 ms\n")}
	said, err := Read(t.Context(), ask)
	must(t, err)
	if said.Known || finding(said.Results[0], ConnectTimeout).Code != "" {
		t.Errorf("said %v of %s", said.Results[0].Findings, said.Profiles[0].Name)
	}
	ask.Chosen, ask.Profiles, ask.In = true, all[:1], strings.NewReader("curl: (28) Connection timeout after 10001 ms\n")
	if said, err = Read(t.Context(), ask); err != nil || !said.Known || finding(said.Results[0], ConnectTimeout).Status != checks.Warn {
		t.Errorf("of the product that was named: %v %+v", err, said)
	}
}

// A manager's export holds the events of many computers. What one of them says of its server says nothing of another's.
func TestTheServersOfTwoComputersAreTwo(t *testing.T) {
	l, _ := looked(t, map[string]string{"events.csv": "Time,Level,Event ID,Event,Target\n" +
		"\"March 1, 2026 11:00:00\",Info,9013,Smart Protection Server Connected for Smart Scan,pc02\n" +
		"\"March 1, 2026 10:00:00\",Warning,9012,Smart Protection Server Disconnected for Smart Scan,pc01\n"})
	r, _ := l.Result(profileOf(l, "deepsecurity"))
	var got []string
	for _, f := range r.Findings {
		if f.Code == SmartProtection {
			got = append(got, f.Subject+": "+f.Args["state"]+", "+f.Args["alert"])
		}
	}
	if want := []string{"Smart Scan on pc01: disconnected, stands", "Smart Scan on pc02: connected again, none"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestATimeThatCannotBeRightProvesNothing(t *testing.T) {
	const lostNow, backNow = ": [dsa.AM/1] | Disconnected from Smart Protection Server: https://one.corp.example/tmcss/?\n", ": [dsa.AM/5] | Smart Protection Server Connected for Smart Scan\n"
	for title, c := range map[string]struct {
		files map[string]string
		code  checks.Code
		want  string // its status and state
	}{
		"the newest line stands first and all is taken as in order": {map[string]string{"ds_agent.txt": "2026-03-01 11:00:00.000000" + lostNow + "2026-03-01 10:00:00.000000" + backNow},
			ClockChanged, "unknown "},
		"a clock that was set back once makes the order unknown": {map[string]string{"ds_agent.txt": "2026-03-01 10:00:00.000000" + backNow + "2026-03-01 11:00:00.000000" + lostNow +
			"2026-03-01 10:30:00.000000" + lostNow + "2026-03-01 10:40:00.000000" + backNow}, ClockChanged, "note "},
		"a recovery of another zone is taken for a later one": {map[string]string{"ds_am.log": "2026-03-01 12:00:00.000000: [ds_am/1] | ICRC ERROR: query timeout\n",
			"ds_am-icrc.log": "2026/03/01 23:00:00:000 -1200 [1:2] [ INFO] [a] [b] Smart Protection Server Connected for Smart Scan\n"}, Timeout, "warn unknown"},
		"a recovery of a day after is of another zone": {map[string]string{"ds_am.log": "2026-03-01 12:00:00.000000: [ds_am/1] | ICRC ERROR: query timeout\n",
			"ds_am-icrc.log": "2026/03/03 23:00:00:000 +0000 [1:2] [ INFO] [a] [b] Smart Protection Server Connected for Smart Scan\n"}, Timeout, "note recovered"},
	} {
		t.Run(title, func(t *testing.T) {
			l, _ := looked(t, c.files)
			r, _ := l.Result(profileOf(l, "deepsecurity"))
			f := finding(r, c.code)
			if got := f.Status.String() + " " + f.Args["is"]; got != c.want || f.Code == "" {
				t.Errorf("%s is %q, want %q: %+v", c.code, got, c.want, r.Findings)
			}
		})
	}
}

func TestALineFromAfterItsFileSaysNotAsOfWhen(t *testing.T) {
	l, _ := looked(t, map[string]string{"s.tgz": packTarAt(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), "fsscorplug.log", strings.Replace(wsWorks, "2026", "2099", 1)+wsFails+wsQuiet)})
	r, _ := l.Result(profileOf(l, "withsecure"))
	if as := finding(r, AsOf).Args["time"]; as != "2026-03-01 11:00:00" {
		t.Errorf("as of %s", as)
	}
	if more := finding(r, AsOf).Args["more"]; !strings.Contains(more, "without a zone is taken as one of this computer's (UTC") {
		t.Errorf("of the zone it says %q", more)
	}
}

func packTarAt(t *testing.T, at time.Time, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	noErr(t, w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, ModTime: at}))
	_, err := io.WriteString(w, text)
	noErr(t, err)
	noErr(t, w.Close())
	noErr(t, z.Close())
	return b.String()
}

func TestAnEventsNumberAloneIsNoSilence(t *testing.T) {
	l, _ := looked(t, map[string]string{"event.txt": "Event ID: 9012\n"})
	r, _ := l.Result(profileOf(l, "deepsecurity"))
	if finding(r, SmartProtection).Status != checks.Warn || finding(r, Quiet).Code != "" {
		t.Errorf("it says that a server is lost and that no line tells of a failure: %+v", r.Findings)
	}
}

func TestASlowAnswerIsNoFailure(t *testing.T) {
	l, _ := looked(t, map[string]string{"DeepGuard.log": line("10:00", orspSlow) + line("10:01", orspSlow) + line("10:02", orsp) + line("10:03", orsp)})
	r, _ := l.Result(profileOf(l, "withsecure"))
	if got := finding(r, Hours).Args["failures"]; got != "2" {
		t.Errorf("%s failures", got)
	}
}

// In the night when summer ends the clock shows the hour from two to three twice. No clock was set then, and what is
// written in the second one is an hour later than it looks.
func TestALogOfTheHourThatComesTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zones here: ", err)
	}
	text := "2026-10-25 02:50:00.000" + curl28 + "2026-10-25 02:10:00.000" + doorman + "2026-10-25 02:40:00.000" + curl28 + "2026-10-25 03:10:00.000" + nothing
	for _, every := range []bool{false, true} { // in blocks and line by line
		var got []string
		c, err := newCursor(sourceOf("fsscorplug.log"), berlin, every, func(e *Entry) { got = append(got, e.When.UTC().Format("15:04")) })
		must(t, err)
		must(t, c.pour(t.Context(), strings.NewReader(text)))
		c.end()
		if want := []string{"00:50", "01:10", "01:40", "02:10"}; !slices.Equal(got, want[:len(got)]) || len(c.jumps) > 0 {
			t.Errorf("every %v: %v, want %v; the clock went back %d times", every, got, want, len(c.jumps))
		}
	}
}
