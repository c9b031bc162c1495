package wizard

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linecheck/checks"
)

// stages are the hops of a walk to an https address; the one called broken fails with code.
func stages(proxied bool, broken checks.StageName, code checks.Failure) []StageReport {
	names := []checks.StageName{checks.Resolve, checks.Connect, checks.TLS, checks.HTTP, checks.Content}
	if proxied {
		names = slices.Insert(names, 2, checks.Tunnel)
	}
	var out []StageReport
	status := checks.Pass
	for _, n := range names {
		s := StageReport{Name: n, Status: status, DurationMS: 3}
		if n == broken {
			s.Status, s.Code, s.Error, status = checks.Fail, code, "i/o timeout", checks.Unknown
		}
		out = append(out, s)
	}
	return out
}

// blockedPage is a report of one product whose own way through a proxy is closed while a direct one is open.
func blockedPage() Report {
	walk := func(id, target, route string, status checks.Status, own bool, st []StageReport) FindingReport {
		f := FindingReport{ID: id, Code: "path.open", Status: status, Subject: target, Summary: target + " was reached.", View: "you, " + route,
			Detail: Detail{Target: target, URL: "https://" + target, Route: route, Product: own, Required: own, Stages: st, TookMS: 41}}
		if status != checks.Pass && status != checks.Note {
			f.Code, f.Summary = "tls.no_answer", target+" does not answer."
		}
		return f
	}
	return Report{Schema: ReportSchema, Tool: Tool{"1.2", "abc", "windows", "amd64"},
		Run:      RunInfo{ID: "r1", Started: "2026-11-22T17:40:30.152Z", Host: "<host-1>", Role: Helpdesk, DurationMS: 4100},
		Profiles: []ProfileInfo{{Name: "p", Vendor: "Vendor", Product: "Product", Revision: "7"}},
		Verdict: Verdict{Status: Fault, Headline: "The handshake to a.example gets no answer.",
			Causes: []Cause{
				{ID: "tls.no_answer", Profile: "p", Severity: Fault, Confidence: "likely", Title: "No answer", Headline: "The handshake gets no answer.",
					Explanation: "Nothing came back.", Who: "network", Fix: []string{"Let the handshake through."}, Say: "Something is in the way.", Send: "Please let a.example through.",
					Sources: []Source{{Title: "Article 35235", URL: "https://vendor.example/35235"}}, Evidence: []string{"f1", "f99"}},
				{ID: "clock.skew", Profile: "p", Severity: Warning, Confidence: "certain", Headline: "The clock is slow.", Explanation: "By 3 minutes.", Who: "user", Fix: []string{"Set it."}, Evidence: []string{"f4"}}},
			Impact: []Effect{{Profile: "p", Feature: "Browsing", Effect: "It stops.", Source: Source{Title: "Article 1"}}, {Profile: "p", Feature: "Files", Effect: "They wait."}},
			Times:  Times{Now: "1 of 2 addresses answers.", Then: []Past{{Profile: "p", What: "No answer, last at 17:40", Evidence: []string{"f4"}}}, Differs: DiffersComes}},
		Checks: []CheckReport{
			{ID: "allowlist", Title: "Allowlist", Profile: "p", Status: checks.Fail, Findings: []FindingReport{
				walk("f1", "a.example:443", "http://gw.example:8080", checks.Fail, true, stages(true, checks.TLS, checks.TLSNoAnswer)),
				walk("f2", "a.example:443", "direct", checks.Note, false, stages(false, "", "")),
				walk("f3", "b.example:80", "http://gw.example:8080", checks.Pass, true, []StageReport{{Name: checks.Resolve, Status: checks.Pass}, {Name: checks.Connect, Status: checks.Pass}, {Name: checks.HTTP, Status: checks.Pass}}),
			}},
			{ID: "clock", Title: "Clock", Profile: "p", Status: checks.Warn, Reason: "", Findings: []FindingReport{
				{ID: "f4", Code: "clock.skew", Status: checks.Warn, Subject: "clock", Summary: "It is 3 minutes slow.", Detail: Detail{
					Evidence: []checks.Evidence{{Source: "HTTP", Line: 3, Text: "Date: yesterday"}},
					Table:    &checks.Table{Head: []string{"who", "when"}, Rows: [][]string{{"here", "17:40"}, {"there", "17:43"}}}}}}},
			{ID: "logs", Title: "Logs", Profile: "p", Status: checks.Fail, Findings: []FindingReport{
				{ID: "f5", Code: "logs.timeout", Status: checks.Fail, Summary: "It says so.", Detail: Detail{Args: map[string]string{"count": "7", "meaning": "no answer in time", "first": "17:01", "last": "17:39", "ref": "curl 28"}}}}},
		},
		Changes: []checks.Change{{What: "Stopped the service", When: time.Date(2026, 11, 22, 17, 41, 0, 0, time.UTC), Result: "done"}},
		Repairs: []RepairReport{{Profile: "p", Title: "Clean the cache", Result: "failed: it is held", Plan: []string{"Stop the service"},
			Approved: ApprovalReport{At: "2026-11-22T17:41:00.000Z", How: OnScreen, Role: Helpdesk},
			Before:   BeforeReport{Verdict: Verdict{Status: Warning, Headline: "Old answers may be kept."}, Checks: []CheckReport{{ID: "clock", Profile: "p", Status: checks.Pass}}}}},
		Redaction: Redaction{Level: RedactStandard, Replaced: map[string]int{"host": 1, "user": 2}}}
}

// paged renders a report and holds it to what every page must be: the parser of a browser finds nothing to put right, it
// asks for nothing, runs nothing, and every link leads to a place of its own.
func paged(t *testing.T, r Report) (string, *html.Node) {
	t.Helper()
	var b, again bytes.Buffer
	if err := r.Write(&b, "html"); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := html.Render(&again, doc); err != nil {
		t.Fatal(err)
	}
	if read := strings.Replace(again.String(), "\n</body></html>", "</body></html>\n", 1); read != b.String() {
		t.Errorf("a browser puts the page right:\n%s", firstDifference(b.String(), read))
	}
	ids, links, styles := map[string]int{}, []string{}, 0
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && strings.ContainsFunc(n.Data, func(c rune) bool { return Printable(string(c)) != string(c) }) {
			t.Errorf("text on the page can steer: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "link", "img", "iframe", "object", "embed", "form", "base", "input":
			t.Errorf("the page holds <%s>", n.Data)
		case "style":
			styles++
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if !strings.Contains(b.String(), "&#39;sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"&#39;") {
				t.Error("the policy does not hold the hash of the style")
			}
		case "details":
			if n.FirstChild == nil || n.FirstChild.Data != "summary" {
				t.Errorf("a <details> does not begin with its <summary>")
			}
		case "ul", "ol", "dl", "tr", "tbody":
			if n.FirstChild == nil {
				t.Errorf("an empty <%s>", n.Data)
			}
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "href":
				links = append(links, a.Val)
			case a.Key == "style" || a.Key == "src" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("the id %s is there %d times", id, n)
		}
	}
	for _, l := range links {
		if ids[strings.TrimPrefix(l, "#")] == 0 {
			t.Errorf("a link leads to %q", l)
		}
	}
	if styles != 1 || !strings.HasPrefix(b.String(), `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy"`) {
		t.Errorf("%d styles, and the page begins with %.160s", styles, b.String())
	}
	return b.String(), doc
}

func firstDifference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%.200s\nis read as\n%.200s", a[max(0, i-40):], b[max(0, i-40):])
}

// words is everything that a person reads below the first element of that kind, "" where there is none.
func words(doc *html.Node, kind string) string {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (n.Data == kind || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
			return a.Key == "class" && slices.Contains(strings.Fields(a.Val), kind)
		})) {
			var b strings.Builder
			for t := range n.Descendants() {
				if t.Type == html.TextNode {
					b.WriteString(t.Data + " ")
				}
			}
			return strings.Join(strings.Fields(b.String()), " ")
		}
	}
	return ""
}

func TestThePageSays(t *testing.T) {
	_, doc := paged(t, blockedPage())
	for place, wants := range map[string][]string{
		"h1":       {"The handshake to a.example gets no answer."},
		"word":     {"Fault"},
		"cause":    {"Nothing came back.", "the network team", "Let the handshake through.", "likely: 1 finding of allowlist", "Something is in the way.", "Please let a.example through.", "https://vendor.example/35235"},
		"article":  {"Also: The clock is slow.", "certain: 1 finding of clock", "How we know: 1 finding", "f4"},
		"times":    {"The fault comes and goes.", "1 of 2 addresses answers.", "No answer, last at 17:40"},
		"impact":   {"Browsing", "It stops.", "Vendor's article: Article 1"},
		"repairs":  {"Clean the cache: failed: it is held", "Before", "Old answers may be kept.", "Clock: pass before, warn now"},
		"checked":  {"Allowlist", "1 broken", "Clock"},
		"logs":     {"7", "no answer in time", "curl 28", "17:01 to 17:39"},
		"tables":   {"there", "17:43"},
		"changes":  {"Stopped the service: done"},
		"evidence": {"HTTP, line 3", "Date: yesterday"},
		"footer":   {"host 1, user 2", "Not affiliated with any vendor named here."},
		"others":   {"Ways that the product does not take:", "directly", "answers"},
		"own":      {"you proxy's name ok proxy ok tunnel ok TLS broken HTTP not tested content not tested"},
		"about":    {"Product", "<host-1>", "2026-11-22 17:40:30 +00:00"},
	} {
		got := words(doc, place)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q: %s", place, want, got)
			}
		}
	}
}

func TestAHealthyPageIsCalm(t *testing.T) {
	r := blockedPage()
	r.Verdict = Verdict{Status: Healthy, Headline: "Every address answers."}
	r.Repairs, r.Changes, r.Run.Practice = nil, nil, "healthy"
	r.Redaction.Level = RedactOff
	_, doc := paged(t, r)
	for n := range doc.Descendants() {
		if n.Data == "details" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "open" }) {
			t.Error("something is open on a page that has nothing to tell")
		}
	}
	for _, kind := range []string{"cause", "times", "impact", "repairs", "changes", "odd"} {
		if s := words(doc, kind); s != "" {
			t.Errorf("the part %s says %q", kind, s)
		}
	}
	for place, want := range map[string]string{"practice": "nothing of this is real", "footer": "Nothing was replaced", "word": "All well"} {
		if got := words(doc, place); !strings.Contains(got, want) {
			t.Errorf("%s does not say %q: %s", place, want, got)
		}
	}
}

func TestThePageOfWhatNobodyCanTell(t *testing.T) {
	r := blockedPage()
	r.Verdict = Verdict{Status: Inconclusive, Headline: "Whether it answers cannot be told.", Missing: []string{"the first", "the clock"}, Unexplained: []string{"f1"}}
	_, doc := paged(t, r)
	if got := words(doc, "main"); !strings.Contains(got, "Cannot tell") || !strings.Contains(got, "Not known the clock") || !strings.Contains(got, "explained by no cause broken: f1 a.example:443 does not answer.") {
		t.Error(got)
	}
}

// poisoned is what a proxy, a log or a saved report of somebody else may hold.
const poisoned = `"'><script>alert(1)</script><img src=http://x.example onerror=alert(1)></style>` + "\u202e\x1b[2J\x00\xff&lt;"

func TestNothingFromOutsideBecomesMarkup(t *testing.T) {
	r := blockedPage()
	poison(reflect.ValueOf(&r).Elem())
	_, doc := paged(t, r)
	if got := words(doc, "main"); strings.Count(got, "<script>alert(1)</script>") < 20 {
		t.Errorf("what was seen is not told as it was: %s", got)
	}
}

// poison puts hostile text into every string there is, the ids of findings among them.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(poisoned)
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				poison(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if v.Type().Elem().Kind() == reflect.String {
				v.SetMapIndex(k, reflect.ValueOf(poisoned))
			}
		}
	}
}

func TestAPageOfTenThousandFindingsStillOpens(t *testing.T) {
	r := blockedPage()
	long := strings.Repeat("é<", 3000)
	for i := range 10000 {
		f := r.Checks[0].Findings[0]
		f.ID, f.Detail.Target, f.Summary = fmt.Sprintf("f%d", 1000+i), fmt.Sprintf("h%d.example:443", i), long
		f.Detail.Evidence = slices.Repeat([]checks.Evidence{{Source: long, Text: long}}, 30)
		f.Detail.Stages = slices.Repeat(f.Detail.Stages, 20)
		rows := slices.Repeat([][]string{{long, long}}, 100)
		f.Detail.Table = &checks.Table{Head: []string{"a", "b"}, Rows: rows}
		r.Checks[0].Findings = append(r.Checks[0].Findings, f)
		r.Verdict.Causes = append(r.Verdict.Causes, Cause{ID: "tls.no_answer", Profile: "p", Evidence: []string{f.ID}, Fix: []string{long}})
		r.Verdict.Missing = append(r.Verdict.Missing, long)
		r.Verdict.Unexplained = append(r.Verdict.Unexplained, f.ID)
		r.Verdict.Impact = append(r.Verdict.Impact, Effect{Profile: "p", Feature: long, Effect: long})
		r.Verdict.Times.Then = append(r.Verdict.Times.Then, Past{What: long})
		r.Changes = append(r.Changes, r.Changes[0])
		r.Repairs = append(r.Repairs, r.Repairs[0])
	}
	text, doc := paged(t, r)
	if len(text) > 10<<20 {
		t.Errorf("the page has %d MB", len(text)>>20)
	}
	if !strings.Contains(words(doc, "evidence"), "more in the JSON report") || !strings.Contains(words(doc, "evidence"), "f1000") {
		t.Error("it is not said that there is more, or what the verdict names is not there")
	}
}

func TestCutKeepsLettersWhole(t *testing.T) {
	for in, want := range map[string]string{"": "", "é": "é", "éé": "éé", "ééé": "éé …", strings.Repeat("é", 1000): "éé …", "\U0001f600\U0001f600\U0001f600": "\U0001f600\U0001f600 …", "a\x1bb": "a· …"} {
		if got := cut(in, 2); got != want {
			t.Errorf("cut(%q) is %q, not %q", in, got, want)
		}
	}
}
