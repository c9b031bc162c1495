package logs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// shownTimes is everything that findings say of times.
func shownTimes(t *testing.T, text string, changed time.Time) string {
	t.Helper()
	c, err := newCursor(source{path: "all.txt", family: "all", changed: changed}, time.UTC, false, nil)
	must(t, err)
	must(t, c.pour(t.Context(), strings.NewReader(text)))
	c.end()
	found := c.got.judge(noon, 0, time.Hour, time.UTC)
	found = append(found, c.got.serverFindings(&assets.Profile{}, noon, 0, time.UTC)...)
	found = append(found, c.got.hostFindings(&assets.Profile{}, checks.Route{}, time.UTC)...)
	found = append(found, c.got.hourFindings(noon, time.UTC)...)
	var out []string
	for _, f := range found {
		for _, k := range []string{"first", "last", "since", "often", "state", "summary", "note"} {
			if f.Args[k] != "" {
				out = append(out, string(f.Code)+" "+k+": "+f.Args[k])
			}
		}
		if !f.At.IsZero() {
			out = append(out, string(f.Code)+" at "+f.At.UTC().Format(clockForm))
		}
		if f.Table != nil {
			for _, r := range f.Table.Rows {
				out = append(out, string(f.Code)+" row: "+strings.Join(r, " | "))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestNoLineIsGivenATimeThatItDoesNotHave(t *testing.T) {
	const down = "Description: Disconnected from Smart Protection Server: https://ds20.icrc.trendmicro.com/tmcss/? : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached)\n"
	changed := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	for title, c := range map[string]struct {
		text    string
		changed time.Time
		plain   string // may not stand without the words after it
		words   string
		not     []string
		has     []string
	}{
		"the file's time of change is told as that of a lost server": {down, changed, "2026-11-20 07:00:00", " or before",
			[]string{"logs.smart_protection at ", "logs.hosts at ", "logs.disconnected at "}, []string{"logs.smart_protection since: 2026-11-20 07:00:00 or before"}},
		"the time of a line far above is told as the line's own": {line("09:00", nothing) + strings.Repeat("words\n", 30) + down, changed, "09:00:00", " or later",
			[]string{"logs.hours"}, []string{"logs.disconnected last: 2026-11-22 09:00:00 or later"}},
		"a line of the same event has no time": {"2026-11-22 09:00:00 Warning 9012 Smart Protection Server Disconnected for Smart Scan\n" + down, changed, "", "",
			nil, []string{"logs.disconnected last: 2026-11-22 09:00:00\n", "logs.smart_protection since: 2026-11-22 09:00:00\n"}},
		"lines without a time are counted in the hour of one before them": {line("09:00", curl28) + line("09:10", curl28) + strings.Repeat("words\n", 30) + ".W: CurlQuery::completeWithStatus: failure on handle 0A 6 Could not resolve host: a.fsapi.com\n", changed, "", "",
			nil, []string{"logs.hours summary: 2 failures since 09:00, all between 09:00 and 10:00, and 1 more in lines without a time of their own; none in the last 2 h",
				"logs.hours row: no time of their own | 1 | host name 1"}},
		"a suspect server without a time is old": {"ICRC ERROR: query timeout\n", time.Time{}, "", "", []string{"No event followed within"}, nil},
	} {
		t.Run(title, func(t *testing.T) {
			got := shownTimes(t, c.text, c.changed) + "\n"
			rest := strings.ReplaceAll(got, " at 2026-11-22 "+c.plain, "") // when a finding stands among others
			if c.plain != "" {
				rest = strings.ReplaceAll(rest, c.plain+c.words, "")
			}
			if c.plain != "" && strings.Contains(rest, c.plain) {
				t.Errorf("%s stands without %q:\n%s", c.plain, c.words, got)
			}
			for _, s := range c.not {
				if strings.Contains(got, s) {
					t.Errorf("it says %q:\n%s", s, got)
				}
			}
			for _, s := range c.has {
				if !strings.Contains(got, s) {
					t.Errorf("it does not say %q:\n%s", s, got)
				}
			}
		})
	}
}
