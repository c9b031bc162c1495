package command_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"linecheck/assets/lang"
	"linecheck/checks/host"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

// german makes the program speak German for one test, which must not run beside others.
func german(t *testing.T) {
	t.Helper()
	if err := lang.Use("de"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lang.Use(lang.English); err != nil {
			t.Fatal(err)
		}
	})
}

// englishWords are ones that no German sentence has.
var englishWords = regexp.MustCompile(`(?i)\b(the|is|and|are|were|this|that|which|with|does|from)\b`)

// raw is what is quoted as it was seen or as its maker named it: evidence and the style on a page, what is no text there;
// lines of logs, texts of libcurl, titles of articles, errors of the system.
var raw = []*regexp.Regexp{
	regexp.MustCompile(`(?s)<pre>.*?</pre>|<style>.*?</style>`), regexp.MustCompile(`<[^>]*>`),
	regexp.MustCompile("(?m)^ +(?:- `)?\\S+ Zeile \\d+: .*$|^  Länger .*$|^ {9}.*timed out.*$"),
	regexp.MustCompile(`How to troubleshoot[^,\n]*|https?://\S+|\b(?:windows|curl|winsock|winhttp|sspi) \S+ \S+ "[^"\n]*"|\b(?:lookup|dial|x509:) [^\n]*`),
}

// english are the lines of a text in which English was left.
func english(text string) (lines []string) {
	for _, r := range raw {
		text = r.ReplaceAllString(text, "\n")
	}
	for line := range strings.SplitSeq(text, "\n") {
		if englishWords.MatchString(line) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// germanScenes are of every kind of cause, and of every kind of end.
var germanScenes = []string{"healthy", "healthy-two-products", "healthy-old-failures", "proxy.unresolvable", "proxy.denied", "proxy.auth_required",
	"proxy.product_bypasses", "dns.no_such_name", "tcp.dropped", "tls.intercepted", "tls.expired", "http.captive_portal", "cache.stale_failures",
	"service.stopped", "clock.skew", "domain.controller_unreachable", "path.too_slow", "odd-not-found"}

// germanReports plays those scenes in German and returns their reports.
func germanReports(t *testing.T) map[string]string {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[string]string{}
	turns := make(chan struct{}, 6)
	for _, name := range germanScenes {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			_, text, _ := linecheck(t, "lab", "--run", name, "--format", "json")
			mu.Lock()
			defer mu.Unlock()
			out[name] = text
		})
	}
	wg.Wait()
	return out
}

func TestGermanLeavesNoEnglish(t *testing.T) {
	german(t)
	dir := t.TempDir()
	told := map[string][]string{} // the sentence, and where it was left
	see := func(where, text string) {
		if text == "" {
			t.Errorf("%s: nothing was written", where)
		}
		for _, line := range english(text) {
			if !slices.Contains(told[line], where) {
				told[line] = append(told[line], where)
			}
		}
	}
	files := map[string]string{}
	for name, text := range germanReports(t) {
		files[name] = saved(t, dir, name, text)
		for _, form := range []string{"text", "markdown", "html", "junit"} {
			_, out, _ := linecheck(t, "report", "show", files[name], "--format", form)
			see(name+" as "+form, out)
		}
		for _, reader := range []string{"customer", "network", "vendor"} {
			_, out, _ := linecheck(t, "report", "ticket", files[name], "--for", reader, "--format", "markdown")
			see(name+" for the "+reader, out)
		}
	}
	for _, name := range []string{"proxy.unresolvable", "tcp.dropped", "service.stopped", "proxy.denied"} {
		_, out, _ := linecheck(t, "report", "diff", files["healthy"], files[name])
		see("healthy and "+name, out)
		_, out, _ = linecheck(t, "report", "diff", files[name], files["healthy"])
		see(name+" and healthy", out)
	}
	for _, call := range [][]string{{"--help"}, {"run", "--help"}, {"watch", "--help"}, {"logs", "--help"}, {"report", "--help"}, {"report", "show", "--help"},
		{"report", "ticket", "--help"}, {"report", "diff", "--help"}, {"clean", "--help"}, {"lab", "--help"}, {"explain", "--help"}, {"replay", "--help"},
		{"profile", "--help"}, {"explain", "cause:proxy.denied"}, {"explain", "cause:tls.intercepted"}, {"explain", "proxy.denied"}, {"explain", "curl:28"},
		{"explain", "nothing:1"}} {
		_, out, errs := linecheck(t, call...)
		see(strings.Join(call, " "), out+errs)
	}
	for _, call := range [][]string{{"runn"}, {"--nonsense"}, {"run", "--since", "x"}, {"run", "--since"}, {"run", "--role", "boss"}, {"report"}, {"report", "show"},
		{"report", "show", "missing.json"}, {"lab", "--run", "nowhere"}, {"run", "--checks", "none"}, {"run", "--var", "a=b"}, {"explain"}} {
		code, _, errs := linecheck(t, call...)
		errs = strings.ReplaceAll(errs, "no such file or directory", "")
		if code == 0 {
			t.Errorf("%q is no error", call)
		}
		see(strings.Join(call, " "), errs)
	}
	for line, where := range told {
		t.Errorf("%s (in %d places, one is %s)", line, len(where), where[0])
	}
}

func TestAReportIsToldInTheLanguageOfItsReader(t *testing.T) {
	_, english, _ := linecheck(t, "lab", "--run", "proxy.unresolvable", "--format", "json")
	file := saved(t, t.TempDir(), "english", english)
	_, out, errs := linecheck(t, "report", "show", file, "--format", "json", "--lang", "de")
	if errs != "" {
		t.Fatal(errs)
	}
	var was, is wizard.Report
	if err := json.Unmarshal([]byte(english), &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &is); err != nil {
		t.Fatal(err)
	}
	if was.Run.Lang != "en" || is.Run.Lang != "de" {
		t.Errorf("the languages are %q and %q", was.Run.Lang, is.Run.Lang)
	}
	if a, b := was.Verdict.Headline, is.Verdict.Headline; a == b || !strings.Contains(b, "Das Produkt erreicht seine Cloud nicht") {
		t.Errorf("%q is told as %q", a, b)
	}
	if was.Verdict.Status != is.Verdict.Status || was.Verdict.Causes[0].ID != is.Verdict.Causes[0].ID || !slices.Equal(was.Verdict.Causes[0].Evidence, is.Verdict.Causes[0].Evidence) {
		t.Errorf("the verdict is another one: %+v", is.Verdict)
	}
	for i, c := range is.Checks {
		for j, f := range c.Findings {
			w := was.Checks[i].Findings[j]
			if f.Code != w.Code || f.Status != w.Status {
				t.Errorf("%s was %s %s and is %s %s", f.ID, w.Code, w.Status, f.Code, f.Status)
			}
			if englishWords.MatchString(f.Summary) {
				t.Errorf("%s is told as %q", f.ID, f.Summary)
			}
		}
	}
	// The other way round every sentence is what it was.
	back := saved(t, t.TempDir(), "german", out)
	if _, again, _ := linecheck(t, "report", "show", back, "--format", "json"); again != english {
		t.Error("told in German and in English again, it is another report: " + firstDifference(english, again))
	}
	if lang.Code() != lang.English {
		t.Error("a call leaves its language behind")
	}
}

func TestTheLanguageOfACallIsChosenBeforeItsHelp(t *testing.T) {
	const inEnglish, inGerman = "linecheck finds out why", "linecheck findet heraus"
	for name, tt := range map[string]struct {
		system, file string
		args         []string
		want         string
	}{
		"nothing is said":                  {"", "", nil, inEnglish},
		"a German system":                  {"de_AT.UTF-8", "", nil, inGerman},
		"Windows says it in its own way":   {"de-DE", "", nil, inGerman},
		"a system without a language":      {"C.UTF-8", "", nil, inEnglish},
		"a language that nobody wrote":     {"tlh", "", nil, inEnglish},
		"the settings file":                {"", "lang: de\n", nil, inGerman},
		"a flag wins":                      {"de_DE", "lang: de\n", []string{"--lang", "en"}, inEnglish},
		"a flag in one word":               {"", "", []string{"--lang=de"}, inGerman},
		"the system's, asked for by name":  {"de_DE", "lang: en\n", []string{"--lang", "auto"}, inGerman},
		"a settings file that is no such":  {"", "lang: [\n", nil, inEnglish},
		"a language that there is not yet": {"", "", []string{"--lang", "xx"}, inEnglish},
	} {
		t.Run(name, func(t *testing.T) {
			own := saved(t, t.TempDir(), "settings", tt.file)
			p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands, Settings: func() []string { return []string{own} }}
			if tt.system != "" {
				p.Lang = func() string { return tt.system }
			}
			var out strings.Builder
			p.Run(t.Context(), append(tt.args, "--help"), strings.NewReader(""), &out, &out)
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("it says %.200q", out.String())
			}
			if lang.Code() != lang.English {
				t.Error("a call leaves its language behind")
			}
		})
	}
}
