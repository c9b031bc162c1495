package logs

import (
	"fmt"
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

// eventProfile is a product with a service, a host and a folder, and another one's.
func eventProfiles() []*assets.Profile {
	return []*assets.Profile{
		{Name: "one", Title: "One", Services: []assets.Service{{Name: "onesvc", Title: "One Service", OS: "windows"}},
			Endpoints: []assets.Endpoint{{Host: "cloud.one.example"}}, Wildcards: []string{"*.one.example"},
			Detect: assets.Detect{Paths: []string{`C:\Program Files\One`}},
			Logs:   []assets.Log{{Name: "fsscorplug", Files: []string{`C:\Log\fsscorplug.log*`}, Signatures: []string{"fsscorplug"}}}},
		{Name: "two", Title: "Two", Services: []assets.Service{{Name: "twosvc", Title: "Two Service", OS: "windows"}},
			Endpoints: []assets.Endpoint{{Host: "cloud.two.example"}},
			Logs:      []assets.Log{{Name: "ds_agent", Files: []string{`C:\Log\ds_agent.log*`}, Signatures: []string{"dsagent"}}}},
	}
}

// row is one row of Event Viewer's CSV.
func row(hour int, source string, id int, message string) string {
	return fmt.Sprintf("Error,20.11.2026 %02d:00:00,%s,%d,None,%q\r\n", hour, source, id, message)
}

const viewerHead = "Level,Date and Time,Source,Event ID,Task Category\r\n"

// said is what a look says of a product in short: "code status subject count", without what the look says of itself.
func said(r checks.Result) map[string]bool {
	out := map[string]bool{}
	for _, f := range r.Findings {
		if f.Code != AsOf && f.Code != Events && f.Code != Hours && f.Code != Quiet && f.Code != Hosts {
			out[fmt.Sprintf("%s %s %s x%s", strings.TrimPrefix(string(f.Code), "logs."), f.Status, f.Subject, f.Args["count"])] = true
		}
	}
	return out
}

func stopped(name string) string { return "The " + name + " service entered the stopped state." }
func running(name string) string { return "The " + name + " service entered the running state." }

// Event Viewer writes the newest event first, so the rows stand against the order of time.
func TestExportedEventsOfWindows(t *testing.T) {
	const scm, dns = "Service Control Manager", "Microsoft-Windows-DNS-Client"
	timedOut := func(host string) string {
		return "Name resolution for the name " + host + " timed out after none of the configured DNS servers responded."
	}
	for name, c := range map[string]struct {
		rows     []string
		one, two []string
		nothing  bool // that concerns product two
	}{
		"a service that stopped and runs again": {[]string{row(9, scm, 7036, running("One Service")), row(8, scm, 7036, stopped("One Service"))},
			[]string{"system_event note One Service x1", "system_event note One Service, running x1"}, nil, true},
		"a service that ran and stopped": {[]string{row(9, scm, 7036, stopped("One Service")), row(8, scm, 7036, running("One Service"))},
			[]string{"system_event warn One Service x1", "system_event note One Service, running x1"}, nil, true},
		"services of nobody's product say nothing": {[]string{row(9, scm, 7034, "The Print Spooler service terminated unexpectedly.  It has done this 1 time(s)."), row(8, scm, 7034, "The twosvc service terminated unexpectedly.  It has done this 1 time(s).")},
			nil, []string{"system_event warn twosvc x1"}, false},
		"a host of the cloud":  {[]string{row(9, dns, 1014, timedOut("cloud.one.example"))}, []string{"system_event warn cloud.one.example x1"}, nil, true},
		"a host of a wildcard": {[]string{row(9, dns, 1014, timedOut("x.y.one.example"))}, []string{"system_event warn x.y.one.example x1"}, nil, true},
		"another host": {[]string{row(9, dns, 1014, timedOut("weather.example")), row(8, dns, 1014, timedOut("news.example"))},
			[]string{"system_event note other names x2"}, nil, true},
		"what concerns the whole computer": {[]string{row(9, "Schannel", 36887, "A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 48.")},
			[]string{"system_event note alerts x1"}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			putFile(t, dir, "system.csv", viewerHead+strings.Join(c.rows, ""))
			profiles := eventProfiles()
			l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, profiles, []string{dir}, nil, 0, nil)
			must(t, err)
			for i, want := range [][]string{c.one, c.two} {
				r, ok := l.Result(profiles[i])
				if i == 1 && ok == c.nothing {
					t.Errorf("concerns two: %v", ok)
				}
				got := said(r)
				for _, fact := range r.Facts {
					if hosts, ok := fact.Value.([]string); ok && slices.ContainsFunc(hosts, func(h string) bool { return !strings.HasSuffix(h, ".one.example") }) {
						t.Errorf("hosts of nobody's cloud are offered: %q", hosts)
					}
				}
				if len(got) != len(want) {
					t.Errorf("%s: %v, want %q", profiles[i].Name, got, want)
				}
				for _, w := range want {
					if !got[w] {
						t.Errorf("%s: %v, want %q", profiles[i].Name, got, w)
					}
				}
			}
			if want := time.Date(2026, 11, 20, 9, 0, 0, 0, time.Local); !l.AsOf.Equal(want) {
				t.Errorf("as of %s", l.AsOf)
			}
		})
	}
}

// The manager's export holds the events of many computers: what one recovers from says nothing about another.
func TestExportedEventsOfTheManager(t *testing.T) {
	const head = "Time,Level,Event ID,Event,Tag(s),Target,Action By,Description\r\n"
	event := func(hour, id int, name, computer, text string) string {
		return fmt.Sprintf("2026-11-20 %02d:00:00,Warning,%d,%s,,%s,System,%s\r\n", hour, id, name, computer, text)
	}
	const lost, back = "Smart Protection Server Disconnected for Smart Scan", "Smart Protection Server Connected for Smart Scan"
	why := "Disconnected from Smart Protection Server: https://ds20.icrc.trendmicro.com/tmcss/? : Error message=536870919[0x20000007](ICRC_HTTP_ERROR)\u002c 28[0x1c](Timeout was reached)"
	why = `"` + why + `"`
	for name, c := range map[string]struct {
		rows []string
		want string // the finding's status
	}{
		"lost":                              {[]string{event(9, 9012, lost, "pc1", why)}, "warn"},
		"lost and back, newest first":       {[]string{event(9, 9013, back, "pc1", ""), event(8, 9012, lost, "pc1", why)}, "note"},
		"lost here, back on another":        {[]string{event(9, 9013, back, "pc2", ""), event(8, 9012, lost, "pc1", why)}, "warn"},
		"back and lost, oldest event first": {[]string{event(8, 9013, back, "pc1", ""), event(9, 9012, lost, "pc1", why)}, "warn"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			putFile(t, dir, "events.csv", head+strings.Join(c.rows, ""))
			profiles := eventProfiles()
			l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, profiles, []string{dir}, nil, 0, nil)
			must(t, err)
			r, ok := l.Result(profiles[1])
			f := finding(r, Disconnected)
			if !ok || f.Status.String() != c.want || f.Args["count"] != "1" {
				t.Errorf("%v %s x%s %v", ok, f.Status, f.Args["count"], said(r))
			}
			if len(f.Evidence) == 0 || f.Evidence[0].Line < 2 || !strings.HasSuffix(f.Evidence[0].Source, "events.csv") {
				t.Errorf("evidence %+v", f.Evidence)
			}
			if _, ok := l.Result(profiles[0]); ok {
				t.Error("Trend Micro's events concern another product")
			}
		})
	}
}

func putFile(t *testing.T, dir, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}
