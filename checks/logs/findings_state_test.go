package logs

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/checks"
)

// noon is when the logs of these tests are judged.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clockedAt is a time of noon's day, or of days before, as the products write it.
func clockedAt(text string) string {
	if len(text) == len("15:04") {
		return "2026-11-22 " + text + ":00.000"
	}
	return "2026-11-" + text + ":00.000"
}

const (
	curl28   = " [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after 1006 milliseconds with 0 bytes received\n"
	curl5    = " [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 5 Could not resolve proxy: proxy.example.intern\n"
	doorman  = " [15c0.1d1c] I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0\n"
	orsp     = " [1.2] .W: SecurityCloud::Query: ORSP failed for 0dac68816ae7c09efc24d11c27c3274dfd147dee (0, 0)\n"
	tooMany  = " [1.2] .W: SecurityCloud::Query: Too many successive ORSP failures. Further failure logs will be suppressed\n"
	orspSlow = " [1.2] .W: SecurityCloud::Query: ORSP query took 3016ms\n"
	nothing  = " [1.2] I: fs::nothing: to see\n"
)

// line is one line of a log.
func line(at, text string) string { return clockedAt(at) + text }

// sources of the products' logs, by name.
func sourceOf(name string) source {
	s := source{path: `C:\Log\` + name, family: family(name)}
	switch {
	case strings.HasPrefix(name, "fsscorplug"), strings.HasPrefix(name, "orspplug"):
		s.kinds = []string{family(name)}
	case strings.HasPrefix(name, "DeepGuard"):
		s.kinds = []string{"deepguard"}
	case strings.HasPrefix(name, "ds_am-icrc"):
		s.kinds = []string{"icrc"}
	case strings.HasPrefix(name, "ds_a"):
		s.kinds = []string{"dsagent"}
	}
	return s
}

// poured reads logs, each by itself, in the order of the names.
func poured(t *testing.T, files map[string]string) map[string]*gather {
	t.Helper()
	out := map[string]*gather{}
	for name, text := range files {
		c, err := newCursor(sourceOf(name), time.UTC, false, nil)
		must(t, err)
		must(t, c.pour(context.Background(), strings.NewReader(text)))
		c.end()
		out[name] = c.got
	}
	return out
}

func merged(parts map[string]*gather, order []string) *gather {
	g := newGather(time.Time{})
	for _, name := range order {
		g.merge(parts[name])
	}
	return g
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// stands is a finding in one line: code, status, state, count, first, last.
func stands(found []checks.Finding) (out []string) {
	short := func(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, "2026-11-"), ":00") }
	for _, f := range found {
		s := strings.Join([]string{strings.TrimPrefix(string(f.Code), "logs."), f.Status.String(), f.Args["is"], "x" + f.Args["count"],
			short(f.Args["first"]), short(f.Args["last"])}, " ")
		if f.Args["since"] != "" {
			s += " since " + short(f.Args["since"])
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func TestStates(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a failure without a recovery goes on": {
			map[string]string{"fsscorplug.log": line("10:00", curl28) + line("11:00", curl28)},
			[]string{"timeout warn failing x2 22 10:00 22 11:00 since 22 10:00"}},
		"it fails since the first failure after the last recovery": {
			map[string]string{"fsscorplug.log": line("08:00", curl28) + line("09:00", doorman) + line("10:00", curl28) + line("11:00", curl28)},
			[]string{"connected note  x1 22 09:00 22 09:00", "timeout warn failing x3 22 08:00 22 11:00 since 22 10:00"}},
		"a recovery ends every failure of its log": {
			map[string]string{"fsscorplug.log": line("10:00", curl28) + line("10:30", curl5) + line("11:00", doorman)},
			[]string{"connected pass  x1 22 11:00 22 11:00", "proxy_unresolvable note recovered x1 22 10:30 22 10:30 since 22 11:00",
				"timeout note recovered x1 22 10:00 22 10:00 since 22 11:00"}},
		"the doorman's answer in one log says nothing on another part of the product": {
			map[string]string{"DeepGuard.log": line("10:00", orsp), "orspplug.log": line("10:30", curl28), "fsscorplug.log": line("11:00", doorman)},
			[]string{"connected pass  x1 22 11:00 22 11:00", "query_failed warn failing x1 22 10:00 22 10:00 since 22 10:00",
				"timeout warn failing x1 22 10:30 22 10:30 since 22 10:30"}},
		"nor where both parts are in one file that somebody put together": {
			map[string]string{"all.txt": line("10:00", orsp) + line("11:00", doorman)},
			[]string{"connected pass  x1 22 11:00 22 11:00", "query_failed warn failing x1 22 10:00 22 10:00 since 22 10:00"}},
		"a recovery at the very time of a failure in another file proves nothing": {
			map[string]string{"fsscorplug.log": line("10:00", curl28), "fsscorplug.log.1": line("10:00", doorman)},
			[]string{"connected pass  x1 22 10:00 22 10:00", "timeout warn failing x1 22 10:00 22 10:00 since 22 10:00"}},
		"silence after too many failures is none": {
			map[string]string{"DeepGuard.log": line("10:00", orsp) + line("10:01", tooMany) + line("11:59", nothing)},
			[]string{"query_failed warn silent x1 22 10:00 22 10:00 since 22 10:01", "suppressed warn silent x1 22 10:01 22 10:01 since 22 10:01"}},
		"silence warns though it began before the look does": {
			map[string]string{"DeepGuard.log": line("19 10:00", orsp) + line("19 10:01", tooMany) + line("11:59", nothing)},
			[]string{"query_failed note silent x1 19 10:00 19 10:00 since 19 10:01", "suppressed warn silent x1 19 10:01 19 10:01 since 19 10:01"}},
		"silence of last week is history": {
			map[string]string{"DeepGuard.log": line("12 10:01", tooMany) + line("11:59", nothing)},
			[]string{"suppressed note silent x1 12 10:01 12 10:01 since 12 10:01"}},
		"failures that are written again end the silence": {
			map[string]string{"DeepGuard.log": line("10:01", tooMany) + line("11:00", orsp)},
			[]string{"query_failed warn failing x1 22 11:00 22 11:00 since 22 11:00", "suppressed note failing x1 22 10:01 22 10:01 since 22 10:01"}},
		"a slow answer does not end the silence": {
			map[string]string{"DeepGuard.log": line("10:01", tooMany) + line("11:00", orspSlow)},
			[]string{"slow warn failing x1 22 11:00 22 11:00 since 22 11:00", "suppressed warn silent x1 22 10:01 22 10:01 since 22 10:01"}},
		"which of two lost servers is back is not known where no event says": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:01", lostAt(two)) + line("11:00", backScan)},
			[]string{"connected pass  x1 22 11:00 22 11:00", "disconnected warn unknown x1 22 10:00 22 10:00 since 22 11:00",
				"disconnected warn unknown x1 22 10:01 22 10:01 since 22 11:00"}},
		"one lost server is back where an event says so": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("11:00", backScan)},
			[]string{"connected pass  x1 22 11:00 22 11:00", "disconnected note recovered x1 22 10:00 22 10:00 since 22 11:00"}},
		"a server that was only suspect did not come back with the one that was lost": {
			map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("10:20", backScan), "ds_am-icrc.log": icrc("10:10")},
			[]string{"connected pass  x1 22 10:20 22 10:20", "disconnected note recovered x1 22 10:00 22 10:00 since 22 10:20",
				"timeout warn failing x1 22 10:10 22 10:10 since 22 10:10"}},
		"Web Reputation that says no more is neither lost nor back": {
			map[string]string{"ds_agent.log": line("10:00", lostWeb)},
			[]string{"disconnected warn unknown x1 22 10:00 22 10:00 since 22 10:00"}},
		"Web Reputation that still says so is lost": {
			map[string]string{"ds_agent.log": line("11:58", lostWeb)},
			[]string{"disconnected warn failing x1 22 11:58 22 11:58 since 22 11:58"}},
		"what is older than the look is not known to go on": {
			map[string]string{"fsscorplug.log": line("20 10:00", curl28)},
			[]string{"timeout note unknown x1 20 10:00 20 10:00 since 20 10:00"}},
	} {
		t.Run(title, func(t *testing.T) {
			parts := poured(t, c.files)
			g := merged(parts, sorted(parts))
			if got := stands(g.judge(noon, 24*time.Hour, time.Hour, time.UTC)); !slices.Equal(got, c.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
