package all

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// overlaid are the files of a language that lie over English which stands elsewhere, and that this test can ask for.
func overlaid(key string) bool {
	file, _, _ := strings.Cut(key, ".")
	return strings.HasPrefix(file, "check_") || strings.HasPrefix(file, "profile_") ||
		slices.Contains([]string{"rules", "rules_logs", "texts_ticket", "texts_change", "middleboxes"}, file)
}

// askAll tells everything that is known of causes, findings, tickets and products, and returns what was asked for.
func askAll(t *testing.T) map[string]string {
	t.Helper()
	end := lang.Listen()
	defer end()
	if _, err := assets.LoadRules(); err != nil {
		t.Fatal(err)
	}
	if _, err := assets.LoadTicket(); err != nil {
		t.Fatal(err)
	}
	if _, err := assets.LoadChange(); err != nil {
		t.Fatal(err)
	}
	for _, english := range assets.SpokenWords() {
		assets.Spoken(english)
	}
	for _, c := range checks.All() {
		checks.Texts(c.Spec().ID)
	}
	asked := end()
	maps.DeleteFunc(asked, func(key, _ string) bool { return !overlaid(key) })
	return asked
}

var hole = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func holes(s string) []string {
	out := hole.FindAllString(s, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

func speak(t *testing.T, code string) {
	t.Helper()
	if err := lang.Use(code); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lang.Use(lang.English) })
}

func TestEverythingKnownIsSaidInGerman(t *testing.T) {
	speak(t, "de")
	words, err := lang.All("de")
	if err != nil {
		t.Fatal(err)
	}
	asked := askAll(t)
	if len(asked) < 500 {
		t.Fatalf("only %d texts were asked for", len(asked))
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		if _, ok := words[key]; !ok && strings.Trim(hole.ReplaceAllString(asked[key], ""), " .:;") != "" {
			t.Errorf("%s is not said in German: %q", key, asked[key])
		}
	}
}

func TestATranslationFitsItsEnglish(t *testing.T) {
	for _, code := range lang.Known()[1:] {
		t.Run(code, func(t *testing.T) {
			speak(t, code)
			words, err := lang.All(code)
			if err != nil {
				t.Fatal(err)
			}
			asked := askAll(t)
			for _, key := range slices.Sorted(maps.Keys(words)) {
				english, ok := asked[key]
				switch {
				case !overlaid(key):
				case !ok:
					t.Errorf("nothing asks for %s", key)
				case !slices.Equal(holes(english), holes(words[key])):
					t.Errorf("%s fills %v, in English %v", key, holes(words[key]), holes(english))
				case strings.HasSuffix(key, ".title") && tui.Width(words[key]) > 40:
					t.Errorf("%s is %d cells wide: %q", key, tui.Width(words[key]), words[key])
				}
			}
		})
	}
}

func TestAValueIsSaidAndANameIsNot(t *testing.T) {
	speak(t, "de")
	for name, c := range map[string]struct{ value, want string }{
		"the name of a variable":             {"gateway", "gateway"},
		"the purpose of an address":          {"reputation of mail", "Reputation von E-Mails"},
		"a name for what stands on the way":  {"a web filter", "ein Webfilter"},
		"a text that is nobody's":            {"reputation of nothing", "reputation of nothing"},
		"a variable's help, said only once":  {"yes: also try addresses outside Security Cloud that only others have seen", "yes: auch Adressen außerhalb der Security Cloud versuchen, die nur andere gesehen haben"},
		"the product of a box, a proper one": {"Zscaler", "Zscaler"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := checks.Fill("{it}", checks.Finding{Args: map[string]string{"it": c.value}}); got != c.want {
				t.Errorf("%q is said %q, want %q", c.value, got, c.want)
			}
		})
	}
}

func TestAnotherLanguageNeverStays(t *testing.T) {
	title := func() string {
		r, err := assets.LoadRules()
		if err != nil {
			t.Fatal(err)
		}
		c, _ := r.Cause("tcp.dropped")
		texts, err := assets.LoadTicket()
		if err != nil {
			t.Fatal(err)
		}
		return c.Title + c.Fix[0] + texts["tcp.dropped"].Ask
	}
	before := title()
	speak(t, "de")
	if title() == before {
		t.Error("the causes are said in English, although German is spoken")
	}
	if err := lang.Use(lang.English); err != nil {
		t.Fatal(err)
	}
	if got := title(); got != before {
		t.Errorf("back in English the causes say %q, before %q", got, before)
	}
}
