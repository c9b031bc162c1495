package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

const (
	lostScan = ": [am.SmartScan/4] | Event: Smart Protection Server Disconnected for Smart Scan | x.lua:1:f | 1:2:t\n"
	backScan = ": [am.SmartScan/4] | Event: Smart Protection Server Connected for Smart Scan | x.lua:1:f | 1:2:t\n"
	lostWeb  = ": [wrs/4] | Event: Smart Protection Server Disconnected for Web Reputation | x.lua:1:f | 1:2:t\n"
	backWeb  = ": [wrs/4] | Event: Smart Protection Server Connected for Web Reputation | x.lua:1:f | 1:2:t\n"
)

// lostAt is the event that names its server.
func lostAt(url string) string {
	return ": [am/4] | Disconnected from Smart Protection Server: " + url + " : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached) | x.lua:1:f | 1:2:t\n"
}

const (
	one = "https://one.corp.example/tmcss/?"
	two = "https://two.corp.example/tmcss/?"
)

// icrc is a query of the scanner that failed.
func icrc(at string) string {
	return "2026/11/22 " + at + ":00:000 +0000 [11:22] [ERROR] [icrc.cpp ( 47)] [iCRCChkServerStatus] https://ds20.icrc.trendmicro.com/tmcss/?: Timeout was reached\n"
}

func trend() *assets.Profile {
	return &assets.Profile{Name: "t", Retry: assets.Retry{Tries: 3, WaitMS: 5000, EveryMS: 300_000}}
}

func TestWhatTheManagerShows(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		want  []string // subject, service, status, state, since, alert
		notes string
	}{
		"a failed query makes a server suspect and no more": {
			map[string]string{"ds_am-icrc.log": icrc("11:58")},
			[]string{"ds20.icrc.trendmicro.com Smart Scan note suspect 11:58 none"}, "only when the next tries fail too"},
		"a suspicion that no event followed came to nothing, or the events are elsewhere": {
			map[string]string{"ds_am-icrc.log": icrc("10:00")},
			[]string{"ds20.icrc.trendmicro.com Smart Scan note suspect 10:00 none"}, "No event followed within 5 min 15 s"},
		"a lost server is disconnected since the first event": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:05", lostAt(one)) + line("10:10", lostAt(one))},
			[]string{"one.corp.example Smart Scan warn disconnected 10:00 stands"}, "tries a lost server again every 5 min"},
		"a server that came back leaves its alert": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:20", backScan)},
			[]string{"one.corp.example Smart Scan note connected again 10:20 dismissed by hand needed"}, ""},
		"a server that was never lost has no alert": {
			map[string]string{"ds_agent.log": line("10:20", backScan)},
			[]string{"Smart Scan Smart Scan note connected again 10:20 none"}, ""},
		"events of two files in any order": {
			map[string]string{"ds_agent.log": line("10:20", backScan), "ds_agent-01.log": line("10:00", lostAt(one)) + line("10:30", lostAt(one))},
			[]string{"one.corp.example Smart Scan warn disconnected 10:30 stands"}, ""},
		"an event that stands in two copies of a log is one": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)), "ds_agent-copy.log": line("10:00", lostAt(one))},
			[]string{"one.corp.example Smart Scan warn disconnected 10:00 stands"}, ""},
		"one of two servers came back, and nobody says which": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:01", lostAt(two)) + line("10:20", backScan)},
			[]string{"one.corp.example Smart Scan note not known 10:20 stands", "two.corp.example Smart Scan note not known 10:20 stands"}, "does not name which"},
		"the only one that was lost by then came back": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:20", backScan) + line("11:00", lostAt(two))},
			[]string{"one.corp.example Smart Scan note connected again 10:20 dismissed by hand needed", "two.corp.example Smart Scan warn disconnected 11:00 stands"}, ""},
		"what came back was reported as lost, not only suspect": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:20", backScan), "ds_am-icrc.log": icrc("10:10")},
			[]string{"ds20.icrc.trendmicro.com Smart Scan note suspect 10:10 none", "one.corp.example Smart Scan note connected again 10:20 dismissed by hand needed"}, ""},
		"a lost server of one service is not one of the other": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("11:59", lostAt("http://web.corp.example:5274"))},
			[]string{"one.corp.example Smart Scan warn disconnected 10:00 stands", "web.corp.example Web Reputation warn disconnected 11:59 stands"}, ""},
		"Web Reputation of which nothing is heard is not known": {
			map[string]string{"ds_agent.log": line("10:00", lostWeb) + line("10:05", lostWeb)},
			[]string{"Web Reputation Web Reputation note not known 10:05 stands"}, "takes a missing one for not known, not for still disconnected"},
		"Web Reputation that goes on failing is disconnected": {
			map[string]string{"ds_agent.log": line("11:50", lostWeb) + line("11:55", lostWeb)},
			[]string{"Web Reputation Web Reputation warn disconnected 11:50 stands"}, "9301 of the agent, 933 of the manager"},
		"Web Reputation that comes back says so, whatever the article says": {
			map[string]string{"ds_agent.log": line("11:50", lostWeb) + line("11:55", backWeb)},
			[]string{"Web Reputation Web Reputation note connected again 11:55 dismissed by hand needed"}, "no event tells of the return"},
		"an old disconnection stands in the manager and warns no more": {
			map[string]string{"ds_agent.log": line("15 10:00", lostAt(one))},
			[]string{"one.corp.example Smart Scan note disconnected 15 10:00 stands"}, ""},
		"an event with its number and its text is one event": {
			map[string]string{"console.txt": "Level: Warning\nEvent ID: 9012\nEvent: Smart Protection Server Disconnected for Smart Scan\n" +
				"Description: Disconnected from Smart Protection Server: " + one + " : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached)\n"},
			[]string{"one.corp.example Smart Scan warn disconnected a time the log does not name stands"}, ""},
	} {
		t.Run(title, func(t *testing.T) {
			parts := poured(t, c.files)
			for _, order := range [][]string{sorted(parts), backwards(sorted(parts))} {
				found := merged(parts, order).serverFindings(trend(), noon, 24*time.Hour, time.UTC)
				var got []string
				notes := ""
				for _, f := range found {
					since := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(f.Args["since"], "2026-11-"), "22 "), ":00")
					got = append(got, strings.Join([]string{f.Subject, f.Args["service"], f.Status.String(), f.Args["state"], since, f.Args["alert"]}, " "))
					notes += f.Args["note"]
				}
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("%q found\n%s\nwant\n%s", order, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
				}
				if !strings.Contains(notes, c.notes) {
					t.Errorf("notes %q, want %q in them", notes, c.notes)
				}
			}
		})
	}
}

func backwards(in []string) []string {
	out := slices.Clone(in)
	slices.Reverse(out)
	return out
}

func TestTheTimelineOfAServer(t *testing.T) {
	parts := poured(t, map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:05", lostAt(one)) + line("10:10", lostAt(one)) + line("10:20", backScan) + line("11:00", lostAt(one))})
	found := merged(parts, sorted(parts)).serverFindings(trend(), noon, 24*time.Hour, time.UTC)
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	var got []string
	for _, r := range found[0].Table.Rows {
		got = append(got, strings.Join(r, " | "))
	}
	want := []string{
		"2026-11-22 10:00:00 to 10:10:00 | disconnected (3 times) | all tries failed; the manager is told and raises an alert: Timeout was reached | disconnected",
		"2026-11-22 10:20:00 | connected | it answers again; the alert stays | connected again",
		"2026-11-22 11:00:00 | disconnected | all tries failed; the manager is told and raises an alert: Timeout was reached | disconnected",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the table has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if found[0].Args["server"] != one || found[0].Mark != assets.Seed {
		t.Errorf("server %q, mark %q", found[0].Args["server"], found[0].Mark)
	}
}

// A server that goes up and down for months leaves only its last turns.
func TestTurnsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		at := noon.Add(time.Duration(i-3000) * time.Minute).Format("2006-01-02 15:04:05.000")
		b.WriteString(at + []string{lostAt(one), backScan}[i%2])
	}
	g := merged(poured(t, map[string]string{"ds_agent.log": b.String()}), []string{"ds_agent.log"})
	f := g.serverFindings(trend(), noon, 0, time.UTC)[0]
	if len(g.servers.runs) != maxTurns || len(f.Table.Rows) != maxRows+1 || f.Table.Rows[0][1] != fmt.Sprintf("%d more", 3000-maxRows) {
		t.Errorf("%d turns are kept, %d rows, first %q", len(g.servers.runs), len(f.Table.Rows), f.Table.Rows[0])
	}
	if f.Args["state"] != string(connected) || f.Status != checks.Note {
		t.Errorf("%s, %s", f.Args["state"], f.Status)
	}
}
