package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linecheck/wizard"
)

// saved writes a report into a folder of the test.
func saved(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name+".json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// shownAgain holds a saved report against what "report show" makes of it.
func shownAgain(t *testing.T, name, file string) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, out, errs := linecheck(t, "report", "show", file, "--format", "json")
	if errs != "" {
		t.Fatal(errs)
	}
	if out != string(want) {
		t.Errorf("%s is shown otherwise than it was written:\n%s", name, firstDifference(string(want), out))
	}
}

// firstDifference is the line in which two texts part.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "written: " + x[i] + "\nshown:   " + y[i]
		}
	}
	return "one of them is longer"
}

func TestAReportIsShownAgainByteForByte(t *testing.T) {
	scenes, results := several(t)
	dir := t.TempDir()
	for _, sc := range scenes {
		file := saved(t, dir, sc.Name, results[sc.Name].raw)
		shownAgain(t, sc.Name, file)
		for _, level := range []string{"standard", "strict"} {
			less := filepath.Join(dir, sc.Name+"-"+level+".json")
			if code, _, errs := linecheck(t, "report", "redact", file, "--redact", level, "--output", less); code != 0 {
				t.Fatal(errs)
			}
			shownAgain(t, sc.Name+" redacted "+level, less)
		}
	}
	for _, name := range []string{"healthy-two-products", "proxy.auth_required", "tls.intercepted", "cache.stale_failures", "domain.icmp_filtered", "healthy-linux"} {
		_, out, _ := linecheck(t, "lab", "--run", name, "--redact", "off", "--format", "json")
		file := saved(t, dir, name+"-off", out)
		shownAgain(t, name+" as it is", file)
		less := filepath.Join(dir, name+"-less.json")
		if code, _, errs := linecheck(t, "report", "redact", file, "--redact", "strict", "--output", less); code != 0 {
			t.Fatal(errs)
		}
		shownAgain(t, name+" redacted later", less)
	}
}

// trade are words and signs that a customer need not know.
var trade = regexp.MustCompile(`(?i)\b(dns|tcp|tls|https?|ldap|proxy|proxies|sni|icmp|registry|port \d+|udp|winhttp|pac|curl|ssl|handshake|\d{1,3}(\.\d{1,3}){3}|[a-z0-9-]+\.(com|net|example|intern)|f\d+)\b|[{}<>]`)

func TestEachSceneCanBeHandedOn(t *testing.T) {
	scenes, results := several(t)
	dir := t.TempDir()
	for _, sc := range scenes {
		r := results[sc.Name].report
		r.Run.Practice = "" // its scene's name would say what only others may read
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		file := saved(t, dir, sc.Name, string(b))
		got := map[string]string{}
		for _, whose := range []string{"customer", "network", "vendor"} {
			for _, format := range wizard.TicketFormats {
				code, out, errs := linecheck(t, "report", "ticket", file, "--for", whose, "--format", format)
				if code != 0 || errs != "" || out == "" {
					t.Fatalf("%s for the %s in %s: exit code %d, %q %q", sc.Name, whose, format, code, out, errs)
				}
				if strings.Contains(out, "{") || strings.Contains(out, "()") {
					t.Errorf("%s for the %s: a value is missing in\n%s", sc.Name, whose, out)
				}
			}
			_, got[whose], _ = linecheck(t, "report", "ticket", file, "--for", whose)
		}
		if bad := trade.FindString(got["customer"]); bad != "" {
			t.Errorf("%s tells the customer %q:\n%s", sc.Name, bad, got["customer"])
		}
		flat := strings.Join(strings.Fields(got["vendor"]), " ")
		want := []string{"Redaction " + string(r.Redaction.Level), "Looked at from " + r.Run.Started[:10]}
		for _, p := range r.Profiles {
			want = append(want, "the profile "+p.Name+" of "+p.Revision)
		}
		for _, c := range r.Verdict.Causes {
			want = append(want, "("+c.ID+", "+c.Confidence+")")
		}
		for _, w := range want {
			if !strings.Contains(flat, w) {
				t.Errorf("%s: the vendor is not told %q:\n%s", sc.Name, w, got["vendor"])
			}
		}
	}
}

func TestTwoRunsAreCompared(t *testing.T) {
	scenes, results := several(t)
	dir := t.TempDir()
	well := results["healthy"].report
	well.Run.Started = "2020-01-01T00:00:00.000Z"
	b, err := json.Marshal(well)
	if err != nil {
		t.Fatal(err)
	}
	old := saved(t, dir, "old", string(b))
	form, err := jsonschema.NewCompiler().Compile("../../assets/schema/diff.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenes {
		now := saved(t, dir, sc.Name, results[sc.Name].raw)
		code, out, errs := linecheck(t, "report", "diff", old, now, "--format", "json")
		var d wizard.Comparison
		if err := json.Unmarshal([]byte(out), &d); err != nil || errs != "" {
			t.Fatalf("%s: %v %s", sc.Name, err, errs)
		}
		inst, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err == nil {
			err = form.Validate(inst)
		}
		if err != nil {
			t.Errorf("%s: %v", sc.Name, err)
		}
		if code != codes[results[sc.Name].report.Verdict.Status] || d.Swapped {
			t.Errorf("%s: exit code %d for %s, swapped %v", sc.Name, code, d.New.Status, d.Swapped)
		}
		back, turned, _ := linecheck(t, "report", "diff", now, old, "--format", "text")
		if back != code || !strings.Contains(turned, "The newer one was named first") {
			t.Errorf("%s the wrong way round: exit code %d\n%s", sc.Name, back, turned)
		}
		if same, text, _ := linecheck(t, "report", "diff", now, now); same != code || !strings.Contains(text, "one and the same run") {
			t.Errorf("%s and itself: exit code %d\n%s", sc.Name, same, text)
		}
		for _, c := range results[sc.Name].report.Verdict.Causes {
			if c.Profile == well.Profiles[0].Name && !strings.Contains(out, `"`+c.ID+`"`) {
				t.Errorf("%s: the new cause %s is not told", sc.Name, c.ID)
			}
		}
	}
}

func TestWrongCallsOfReportAreRefused(t *testing.T) {
	dir := t.TempDir()
	junk := saved(t, dir, "junk", "{}")
	for name, args := range map[string][]string{
		"a reader that nobody knows":       {"report", "ticket", junk, "--for", "boss"},
		"a ticket as a web page":           {"report", "ticket", junk, "--format", "html"},
		"one report compared with nothing": {"report", "diff", junk},
		"no report":                        {"report", "diff", junk, junk},
		"a file that is not there":         {"report", "diff", filepath.Join(dir, "none.json"), junk},
		"two reports from one input":       {"report", "diff", "-", "-"},
		"a comparison as a web page":       {"report", "diff", junk, junk, "--format", "html"},
	} {
		if code, out, errs := linecheck(t, args...); code != 2 || out != "" || !strings.HasPrefix(errs, "linecheck: ") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, out, errs)
		}
	}
}
