package wizard

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func sample(t *testing.T) Report {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	c, _ := checks.Lookup("t-provider")
	h, _ := checks.Lookup("t-hangs")
	at := time.Date(2026, 11, 22, 17, 40, 30, 152e6, time.UTC)
	s := New(Helpdesk, []*assets.Profile{{Name: "p", Title: "Product", Vendor: "Vendor", Revision: "1", Origin: "embedded", Wildcards: []string{"*.example"},
		Impact: []assets.Impact{{Feature: "Browsing protection", Effect: "does not work"}}}}, []checks.Check{c, h}, at)
	k := Key{"t-provider", "p"}
	s = s.Apply(RunStarted{Key: k, At: at}).Apply(RunFinished{Key: k, At: at.Add(time.Second), Result: checks.Result{Findings: []checks.Finding{
		{Code: "tcp.dropped", Status: checks.Fail, Subject: "a.example", View: "you, direct", At: at, Took: 4 * time.Second, Mark: assets.Seed,
			Args: map[string]string{"proxy": "http://" + "jane:" + "hunter2@proxy.corp:3128"},
			Path: &checks.Path{Target: "a.example:443", Route: "direct", Family: "ipv4", Product: true, Required: true,
				Stages: []checks.Stage{{Name: checks.Resolve, Status: checks.Pass}, {Name: checks.Connect, Status: checks.Fail, Failure: checks.Dropped, Error: "i/o timeout"}}},
			Evidence: []checks.Evidence{{Source: `C:\Users\jane.doe\log.txt`, Line: 3, Text: "jane.doe@corp.example on FIN-PC-0231 from 10.1.2.3, Proxy-Authorization: Basic c2VjcmV0 \x1b[2J"}}},
		{Code: "x.y", Status: checks.Note, Subject: "two ways", At: at, Table: &checks.Table{Head: []string{"address", "you", "the product"},
			Rows: [][]string{{"a.example", "jane.doe|gw", "http://" + "jane:" + "hunter2@proxy.corp:3128\nx"}, {"b.example", "direct", "direct at 10.1.2.3"}}}},
	}}})
	return Build(s, rules, About{Tool: Tool{"1", "c", "linux", "amd64"}, RunID: "abc", Finished: at.Add(2 * time.Second),
		Identity: host.Identity{User: `CORP\jane.doe`, Host: "FIN-PC-0231"}})
}

// validate holds a report against the schema in assets. Only what the report itself does wrong is an error; a schema that
// cannot be read ends the test.
func validate(t *testing.T, b []byte) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../assets/schema/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(inst)
}

func TestTheReportFollowsItsSchema(t *testing.T) {
	var b bytes.Buffer
	if err := sample(t).Write(&b, "json"); err != nil {
		t.Fatal(err)
	}
	if err := validate(t, b.Bytes()); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"duration_ms": 2000`, `"code": "tcp.dropped"`, `"reason": "it did not run"`, `"at": "2026-11-22T17:40:30.152Z"`, `"the product"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
}

func TestTheSchemaRefusesAPassWithoutProof(t *testing.T) {
	r := sample(t)
	r.Checks[0].Status = checks.Pass
	var b bytes.Buffer
	r.Write(&b, "json")
	if err := validate(t, b.Bytes()); err == nil || !strings.Contains(err.Error(), "/checks/0/findings") {
		t.Errorf("a check that passes on failing findings gives %v", err)
	}
}

func TestASavedReportIsJudgedAgainByteForByte(t *testing.T) {
	rules, _ := assets.LoadRules()
	var first, again bytes.Buffer
	sample(t).Write(&first, "json")
	var r Report
	if err := json.Unmarshal(first.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	r.Rejudge(rules).Write(&again, "json")
	if first.String() != again.String() {
		t.Errorf("judged again it differs:\n%s\n%s", first.String(), again.String())
	}
}

func TestRedaction(t *testing.T) {
	secrets := map[RedactLevel][]string{
		RedactStandard: {"hunter2", "jane", "FIN-PC-0231", "c2VjcmV0", "CORP\\"},
		RedactStrict:   {"hunter2", "jane", "FIN-PC-0231", "c2VjcmV0", "10.1.2.3"},
		"no such word": {"hunter2", "10.1.2.3"},
	}
	for level, list := range secrets {
		for _, format := range Formats {
			var b bytes.Buffer
			r := sample(t).Redact(level, host.Identity{User: `CORP\jane.doe`, Host: "FIN-PC-0231"})
			if err := r.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				if strings.Contains(strings.ToLower(b.String()), strings.ToLower(s)) {
					t.Errorf("level %q leaves %q in the %s report", level, s, format)
				}
			}
			if format != "json" && format != "ndjson" && strings.Contains(b.String(), "\x1b") {
				t.Errorf("an escape code reaches the %s report", format)
			}
		}
	}
	if s := sample(t).Redact(RedactOff, host.Identity{}).Run.Host; s != "FIN-PC-0231" {
		t.Errorf("off replaced the host by %q", s)
	}
}

// Lines of a log hold what a product was given to say.
func TestRedactionOfLinesOfALog(t *testing.T) {
	text := Options{Redact: RedactStandard}.Redactor()
	for line, want := range map[string]string{
		"Could not resolve proxy: alice:S3cr3tPw@proxy.corp.example":         "Could not resolve proxy: <login-1>@proxy.corp.example",
		"proxy=alice:S3cr3t:Pw@10.1.2.3:8080 refused":                        "proxy=<login-2>@10.1.2.3:8080 refused",
		"GET https://api.example/x?access_token=AbCdEf123456SECRET timed":    "GET https://api.example/x?access_token=<secret-1> timed",
		"client_secret: hush, X-Api-Key: 12ab":                               "client_secret: <secret-2> X-Api-Key: <secret-3>",
		"Cookie: lang=de; session=abcdef0123; id=7":                          "Cookie: <secret-4>",
		"at 10:20:30, 3:4 in the second half; see a:b and http://a.example/": "at 10:20:30, 3:4 in the second half; see a:b and http://a.example/",
		"passes: 3, tokens left 4, no cookie was set":                        "passes: 3, tokens left 4, no cookie was set",
	} {
		if got := numbersOut(text(line)); got != numbersOut(want) {
			t.Errorf("%s\nbecame %s\nwant   %s", line, got, want)
		}
	}
}

// numbersOut takes the numbers out of stand-ins: which comes first does not count.
func numbersOut(s string) string { return regexp.MustCompile(`-\d+>`).ReplaceAllString(s, ">") }

func TestATableStandsInTheReportsForPeople(t *testing.T) {
	for format, want := range map[string]string{
		"markdown": "| address | you | the product |\n| --- | --- | --- |\n| a.example | jane.doe\\|gw | http://jane:hunter2@proxy.corp:3128 x |\n",
		"text":     "  address    you          the product\n  a.example  jane.doe|gw  http://jane:hunter2@proxy.corp:3128 x\n",
	} {
		var b bytes.Buffer
		if err := sample(t).Write(&b, format); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%s: %v, no\n%s\nin\n%s", format, err, want, b.String())
		}
	}
}

func TestTheSameValueGetsTheSameStandIn(t *testing.T) {
	r := sample(t)
	r.Verdict.Headline, r.Verdict.Missing = "seen on FIN-PC-0231", []string{"fin-pc-0231 again"}
	r = r.Redact(RedactStandard, host.Identity{Host: "FIN-PC-0231"})
	if r.Verdict.Headline != "seen on <host-1>" || r.Verdict.Missing[0] != "<host-1> again" || r.Redaction.Replaced["host"] != 1 {
		t.Errorf("%q %q %v", r.Verdict.Headline, r.Verdict.Missing, r.Redaction.Replaced)
	}
}
