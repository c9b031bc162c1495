package command_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"linecheck/assets"
	"linecheck/checks"
)

// What explain says fits a screen of 80 columns, and names what was asked.
func TestExplainSaysWhatACodeMeansAndWhoActs(t *testing.T) {
	const logLine = "2021-11-12 17:43:02.424 [15c0.1d1c] .W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 201 (28) for http task 0000023C45E76790, time 1006 ms"
	for title, c := range map[string]struct {
		args []string
		want []string
		code int
	}{
		"a number of one table":              {[]string{"curl:28"}, []string{"CURLE_OPERATION_TIMEDOUT", "Timeout was reached", "administrator", "7.87", "Resolving timed out after N milliseconds"}, 0},
		"a table and a number in two words":  {[]string{"curl", "28"}, []string{"curl:28"}, 0},
		"two codes are two questions":        {[]string{"curl:5", "fserr:111"}, []string{"curl:5", "fserr:111"}, 0},
		"a wait result":                      {[]string{"258"}, []string{"windows:258", "no socket error", "our conclusion", "0x80070102"}, 0},
		"a number in hexadecimal":            {[]string{"0x80072EE7"}, []string{"winhttp:12007", "(DNS)"}, 0},
		"a negative HRESULT":                 {[]string{"--", "-2146893019"}, []string{"sspi:0x80090325", "SEC_E_UNTRUSTED_ROOT"}, 0},
		"a name":                             {[]string{"ERROR_SERVICE_DISABLED"}, []string{"windows:1058"}, 0},
		"a whole line of a log":              {[]string{logLine}, []string{"no answer in the time", "as a failure", "curl:28", "fserr:201", "from the vendor's article"}, 0},
		"a whole line without quotes":        {strings.Fields(logLine), []string{"no answer in the time", "curl:28", "fserr:201"}, 0},
		"a line of an event":                 {[]string{"Event ID: 9012"}, []string{"event:9012", "three times"}, 0},
		"a row of an export":                 {[]string{"9012 Warning Smart Protection Server Disconnected for Smart Scan"}, []string{"lost its Smart Protection Server", "event:9012"}, 0},
		"what only others have seen":         {[]string{"HTTP Status: 403 - Forbidden - untrusted peer."}, []string{"third party", "as a hint"}, 0},
		"a line with codes that nobody knew": {[]string{"the client gave up with fserr 218 today"}, []string{"No signature", "fserr:218"}, 0},
		"a cause":                            {[]string{"cause:proxy.denied"}, []string{"cause:proxy.denied", "To do"}, 0},
		"a number that its table lacks":      {[]string{"winsock:10062"}, []string{"does not know", "Near it are", "winsock:10061"}, 2},
		"a number far from its table's":      {[]string{"fserr:300"}, []string{"does not know", "publishes no list", "fserr:218"}, 2},
		"a mistyped table":                   {[]string{"crul:28"}, []string{"does not know", "curl:28"}, 2},
		"nothing that anybody knows":         {[]string{"bananas"}, []string{"bananas: linecheck does not know"}, 2},
		"a name that would paint the screen": {[]string{"\x1b[31mred\u202e"}, []string{"does not know"}, 2},
		"codes between other words, apart":   {[]string{"fserr:111", "and", "winsock:10060"}, []string{"fserr:111 Means", "and: linecheck does not know", "winsock:10060 WSAETIMEDOUT"}, 2},
	} {
		t.Run(title, func(t *testing.T) {
			code, out, errs := typed(t, append([]string{"explain"}, c.args...)...)
			if code != c.code || errs != "" {
				t.Errorf("exit code %d, want %d; said %q", code, c.code, errs)
			}
			for _, w := range c.want {
				if !strings.Contains(strings.Join(strings.Fields(out), " "), w) {
					t.Errorf("says nothing of %q:\n%s", w, out)
				}
			}
			for line := range strings.Lines(out) {
				if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > 80 || strings.HasSuffix(line, " ") {
					t.Errorf("%d columns: %q", len([]rune(line)), line)
				}
				if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
					t.Errorf("acts on the screen: %q", line)
				}
			}
		})
	}
}

// TestEveryCauseAndCodeHasAPage holds the promise that whatever stands in a report, a log table or a verdict can be asked
// for: causes with who mends them and what is to be seen, codes of findings, and every number of every table.
func TestEveryCauseAndCodeHasAPage(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, c := range rules.Causes {
		asked = append(asked, "cause:"+c.ID)
	}
	for _, c := range checks.All() {
		texts, err := checks.ParseTexts(string(c.Spec().ID), c.Spec().Texts)
		if err != nil {
			t.Fatal(err)
		}
		for code := range texts {
			asked = append(asked, string(code))
		}
	}
	for _, table := range assets.Codes() {
		for _, c := range table.Codes {
			asked = append(asked, c.Ref())
		}
	}
	for _, q := range asked {
		code, out, errs := typed(t, "explain", "--", q)
		if code != 0 || errs != "" || strings.Count(out, "\n") < 2 {
			t.Errorf("%s: exit code %d, %q\n%s", q, code, errs, out)
		}
		if strings.HasPrefix(q, "cause:") && (!strings.Contains(out, "Who mends it  ") || !strings.Contains(out, "Seen  ") || !strings.Contains(out, "Customer  ")) {
			t.Errorf("%s: its page lacks who mends it, what is to be seen, or what to tell a customer:\n%s", q, out)
		}
		for line := range strings.Lines(out) {
			if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > 80 || strings.ContainsAny(line, "{}") || strings.HasSuffix(line, " ") {
				t.Errorf("%s: no line for a screen: %q", q, line)
			}
		}
	}
	if len(asked) < 300 {
		t.Errorf("only %d causes and codes", len(asked))
	}
}

func TestExplainForPrograms(t *testing.T) {
	code, out, errs := typed(t, "explain", "--format", "json", "curl 28", "Event ID: 9012", "fserr:300", "cause:proxy.denied")
	var got []struct {
		Query string
		Known bool
		Line  *struct{ Signature, Meaning string }
		Cause *struct{ ID string }
		Codes []struct{ Ref, Do, Mark string }
		Near  []struct{ Ref string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 2 || errs != "" || len(got) != 4 {
		t.Fatalf("exit code %d, %v, %q\n%s", code, err, errs, out)
	}
	switch {
	case !got[0].Known || len(got[0].Codes) != 1 || got[0].Codes[0].Ref != "curl:28" || got[0].Codes[0].Do == "":
		t.Errorf("a code: %+v", got[0])
	case !got[1].Known || got[1].Line == nil || got[1].Line.Signature != "event.number":
		t.Errorf("a line: %+v", got[1])
	case got[2].Known || len(got[2].Near) == 0:
		t.Errorf("an unknown code: %+v", got[2])
	case got[3].Cause == nil || got[3].Cause.ID != "proxy.denied":
		t.Errorf("a cause: %+v", got[3])
	}
	if code, _, errs := typed(t, "explain", "--format", "html", "28"); code != 2 || !strings.Contains(errs, "text or json") {
		t.Errorf("a format that explain does not write: exit code %d, said %q", code, errs)
	}
}
