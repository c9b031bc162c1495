package command_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// flat is a text without the breaks that make it fit.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestOneLogThatLeavesFailuresOutIsNotTakenForAll(t *testing.T) {
	dir := filled(t, map[string]string{"DeepGuard.log": at("10:00:00 "+noORSP, "10:00:01 "+hushed),
		"fsscorplug.log": at(curl("09:59:00", "5 Could not resolve proxy: gw.corp.example"), curl("12:00:00", "5 Could not resolve proxy: gw.corp.example"))})
	_, out, _ := withLogs(t, "", "--summary", dir)
	if !strings.Contains(flat(out), "last at 2021-11-12 12:00:00, in fsscorplug.log. Since 2021-11-12 10:00:01 the product leaves failures out of DeepGuard.log") {
		t.Error(out)
	}
}

func TestTheVerdictOfLongLogsStandsAboveAndBelow(t *testing.T) {
	var lines []string
	for i := range 60 {
		lines = append(lines, curl(fmt.Sprintf("10:%02d:00", i), "5 Could not resolve proxy: gw.corp.example"))
	}
	_, out, _ := withLogs(t, "", put(t, t.TempDir(), "fsscorplug.log", at(lines...)))
	verdict := "fault: As of 2021-11-12 10:59:00: the product could not reach its cloud"
	if !strings.HasPrefix(flat(out), verdict) || strings.Count(flat(out), verdict) != 2 {
		t.Errorf("the verdict is not said at both ends:\n%s", out)
	}
	if last := strings.LastIndex(out, "fault: "); strings.Count(out[last:], "\n") > 20 {
		t.Errorf("%d lines stand below the verdict's sentence", strings.Count(out[last:], "\n"))
	}
	if _, out, _ := withLogs(t, "", put(t, t.TempDir(), "fsscorplug.log", at("10:00:00 I: words"))); strings.Count(out, "cannot tell: ") != 1 {
		t.Errorf("a short one says it twice:\n%s", out)
	}
}

func TestAPathThatIsNotThereIsNoMatterOfRights(t *testing.T) {
	dir := t.TempDir()
	good, gone := put(t, dir, "fsscorplug.log", at("10:00:00 "+answers)), filepath.Join(dir, "gone.log")
	_, out, _ := withLogs(t, "", "--redact", "off", gone, good)
	if text := flat(out); !strings.Contains(text, "gone.log could not be read: there is no such file or folder. To do: Check the path") {
		t.Error(out)
	}
}

func TestARemedyNamesNoStepThatLogsAloneDoNotHave(t *testing.T) {
	_, out, _ := withLogs(t, "", put(t, t.TempDir(), "fsscorplug.log", at(curl("10:00:00", "28 Operation timed out after 1006 milliseconds with 0 bytes received"))))
	if !strings.Contains(flat(out), "Compare with the Allowlist step of a run on that computer, which shows") {
		t.Error(out)
	}
}

func TestHowMuchWasReadIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"an empty log is not said to be empty": {"", "1 log with 0 lines was read."},
		"one line are lines":                   {at("10:00:00 " + answers), "1 log with 1 line was read. The newest line is from 2021-11-12 10:00:00"},
		"a log without times has one":          {"words\n", "1 log with 1 line was read. No line that linecheck knows names a time."},
	} {
		t.Run(name, func(t *testing.T) {
			if _, out, _ := withLogs(t, "", put(t, t.TempDir(), "fsscorplug.log", c.text)); !strings.Contains(flat(out), c.says) {
				t.Error(out)
			}
		})
	}
}

func TestAMisspeltCauseIsAnsweredWithItsArea(t *testing.T) {
	code, out, _ := linecheck(t, "explain", "cause:proxy.unresolvabel")
	if code != 2 || !strings.Contains(out, "cause:proxy.unresolvable ") || strings.Contains(out, "cause:dns.") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if _, out, _ := linecheck(t, "explain", "cause:banana"); !strings.Contains(out, "cause:dns.no_answer ") {
		t.Error(out)
	}
}

func TestAnEventThatWasCopiedWithItsTimeHasOne(t *testing.T) {
	_, out, _ := withLogs(t, "Time: 2024-05-06 10:00:00\r\nEvent ID: 9012\r\nEvent: Smart Protection Server Disconnected for Smart Scan\r\n", "-")
	if text := flat(out); !strings.Contains(text, "As of 2024-05-06 10:00:00: ") || !strings.Contains(text, "2024-05-06 10:00:00 or later") {
		t.Error(out)
	}
}
