package logs

import (
	"slices"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

const (
	censusLost = ": [am.Census/4] | Event: Census, Good File Reputation, and Predictive Machine Learning Service Disconnected | a\n"
	censusBack = ": [am.Census/4] | Event: Census, Good File Reputation, and Predictive Machine Learning Service Connected | a\n"
)

// The manager's alert that does not clear by itself is one about Smart Protection Servers; of Census nobody says so.
func TestALostCensusLeavesAnAlertBehind(t *testing.T) {
	for title, c := range map[string]struct {
		lines string
		want  string
	}{
		"a lost server leaves none":   {line("10:00", lostAt(one)), "yes"},
		"a server that is back, none": {line("10:00", lostAt(one)) + line("11:00", backScan), "yes"},
		"a lost Census leaves one":    {line("10:00", censusLost), "no"},
		"a Census that is back, one":  {line("10:00", censusLost) + line("11:00", censusBack), "no"},
	} {
		t.Run(title, func(t *testing.T) {
			n := 0
			for _, f := range judged(t, map[string]string{"ds_am.log": c.lines}) {
				if f.Code == Disconnected {
					if n++; f.Arg("alert") != c.want {
						t.Errorf("alert: %q, want %q in %+v", f.Arg("alert"), c.want, f.Args)
					}
				}
			}
			if n != 1 {
				t.Errorf("%d findings of a lost server", n)
			}
		})
	}
}

// Of the doorman's line it is only concluded that it means recovery: the vendor's own example has it amid failures.
func TestAMomentLooksLikeAnOutage(t *testing.T) {
	for title, c := range map[string]struct {
		lines string
		want  string
	}{
		"an outage of a quarter of an hour was none":  {line("11:30", curl28) + line("11:45", doorman), "yes"},
		"a laptop that woke up was cut off":           {line("11:30", curl28) + line("11:30", doorman), "no"},
		"three moments are taken for one long outage": {line("11:10", curl28) + line("11:10", doorman) + line("11:20", curl28) + line("11:20", doorman) + line("11:30", curl28) + line("11:30", doorman), "no"},
		"an outage that the product has forgotten is": {line("08:00", curl28) + line("08:30", doorman) + line("11:30", curl28) + line("11:30", doorman), "no"},
	} {
		t.Run(title, func(t *testing.T) {
			for _, f := range judged(t, map[string]string{"fsscorplug.log": c.lines}) {
				if f.Code == Timeout && f.Arg("lasted") != c.want {
					t.Errorf("lasted: %q, want %q in %+v", f.Arg("lasted"), c.want, f.Args)
				}
			}
		})
	}
}

func TestAConcludedRecoveryLooksLikeASureOne(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		code  checks.Code
		want  string
	}{
		"the doorman's word is sure":   {map[string]string{"fsscorplug.log": line("10:00", curl28) + line("11:00", doorman)}, Timeout, "yes"},
		"an event only seems so":       {map[string]string{"ds_agent.log": line("10:00", lostAt(one)) + line("11:00", backScan)}, Disconnected, "no"},
		"a failure that lasts is over": {map[string]string{"fsscorplug.log": line("10:00", curl28)}, Timeout, ""},
	} {
		t.Run(title, func(t *testing.T) {
			for _, f := range judged(t, c.files) {
				if f.Code == c.code && f.Arg("seems") != c.want {
					t.Errorf("seems: %q, want %q in %+v", f.Arg("seems"), c.want, f.Args)
				}
			}
		})
	}
}

// judged are the findings of logs as of noon.
func judged(t *testing.T, files map[string]string) []checks.Finding {
	t.Helper()
	parts := poured(t, files)
	return merged(parts, sorted(parts)).judge(noon, 24*time.Hour, time.Hour, time.UTC)
}

func TestALostServerThatNobodyTestedCountsAsTested(t *testing.T) {
	p := &assets.Profile{Name: "p", Values: map[string]string{"set": "sps2.corp.example"}, Endpoints: []assets.Endpoint{
		{Host: "sps.corp.example", Scheme: "https"}, {Host: "later.corp.example", Scheme: "https", When: "region"}}}
	for title, c := range map[string]struct {
		lines string
		want  []string
	}{
		"one of the profile is told":                {line("10:00", lostAt("https://SPS.corp.example:443/tmcss")), nil},
		"another one is not told":                   {line("10:00", lostAt("https://sps7.corp.example:443/tmcss")), []string{"sps7.corp.example"}},
		"one whose variable has no value is tested": {line("10:00", lostAt("https://later.corp.example:443/tmcss")), []string{"later.corp.example"}},
		"one that is back is told":                  {line("10:00", lostAt("https://sps7.corp.example:443/tmcss")) + line("11:00", backScan), nil},
		"one is told twice": {line("10:00", lostAt("https://sps7.corp.example:443/tmcss")) + line("10:01", lostAt("https://sps7.corp.example:5274")),
			[]string{"sps7.corp.example"}},
	} {
		t.Run(title, func(t *testing.T) {
			found := judged(t, map[string]string{"ds_am.log": c.lines})
			var got []string
			for _, f := range untested(p, found) {
				if got = append(got, f.Subject); f.Code != ServerUntested || f.Status != checks.Unknown || len(f.Evidence) == 0 {
					t.Errorf("%+v", f)
				}
			}
			for _, f := range found {
				if f.Code == Disconnected && (f.Arg("alert") == "untested") != (len(c.want) > 0) {
					t.Errorf("alert: %q in %+v", f.Arg("alert"), f.Args)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
