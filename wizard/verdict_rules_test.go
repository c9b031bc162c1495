package wizard

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// everyRule are the rules for a run and those for logs alone.
func everyRule(t *testing.T) (live, logs []assets.Rule) {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return rules.Causes, rules.Logs.Causes
}

// met are findings that meet a rule's conditions, as few as can be, each with the mark and as grave as the rule allows.
func met(rule assets.Rule, mark assets.Mark) []Seen {
	var out []Seen
	var one func(m assets.Match) Seen
	one = func(m assets.Match) Seen {
		if len(m.Any) > 0 {
			return one(m.Any[0])
		}
		f := Seen{ID: "f" + string(rune('1'+len(out))), Check: "any", Profile: "p", Finding: checks.Finding{Subject: "a.example", Mark: mark, Status: checks.Fail,
			Args: map[string]string{"time": noon}}}
		if len(m.Code) > 0 {
			f.Code = checks.Code(strings.Replace(m.Code[0], "*", "dropped", 1))
		}
		if m.Check != "" {
			f.Check = checks.ID(m.Check)
		}
		for _, st := range []checks.Status{checks.Fail, checks.Warn, checks.Note, checks.Pass} {
			if len(m.Status) > 0 && slices.Contains(m.Status, st.String()) {
				f.Status = st
				break
			}
		}
		for k, v := range m.Where {
			f.Args[k] = v
		}
		f.Path = &checks.Path{Target: "a.example:443", URL: "https://a.example/", Route: "direct", Required: true}
		f.Path.Product = m.Product != nil && *m.Product
		if m.Route == "proxy" {
			f.Path.Route = proxyURL
		}
		return f
	}
	for _, m := range rule.When {
		out = append(out, one(m))
	}
	return out
}

func TestHintsAloneAreNeverAFaultByAnyRule(t *testing.T) {
	live, _ := everyRule(t)
	for _, mark := range []assets.Mark{assets.ThirdParty, assets.Inferred} {
		for _, rule := range live {
			found := met(rule, mark)
			if _, ok := matches(rule, found); !ok {
				t.Errorf("%s: the test knows no findings that meet it", rule.ID)
				continue
			}
			v := judged(t, Product{Name: "p", Title: "Product"}, found...)
			if v.Status == Fault {
				t.Errorf("%s from %s: %s", rule.ID, mark, v.Headline)
			}
			for _, c := range v.Causes {
				if c.Severity == Fault || c.Confidence != "possible" && !strings.HasPrefix(c.ID, "repair.") {
					t.Errorf("%s from %s alone: %s is a %s, %s", rule.ID, mark, c.ID, c.Severity, c.Confidence)
				}
			}
		}
	}
}

func TestAHintForOneOfItsConditionsKeepsACauseFromBeingCertain(t *testing.T) {
	live, _ := everyRule(t)
	for _, rule := range live {
		for i := range rule.When {
			if len(rule.When) < 2 {
				continue
			}
			found := met(rule, assets.Seed)
			found[i].Mark = assets.Inferred
			legs, ok := matches(rule, found)
			if !ok || !slices.ContainsFunc(legs, allHints) {
				continue // another finding meets that condition too
			}
			v := judged(t, Product{Name: "p", Title: "Product"}, found...)
			for _, c := range v.Causes {
				if c.ID == rule.ID && (c.Confidence == "certain" || c.Severity == Fault && !accused(legs)) {
					t.Errorf("%s with a hint for condition %d is a %s, %s", rule.ID, i, c.Severity, c.Confidence)
				}
			}
		}
	}
}

func TestNoRuleIsCertainByOneObservation(t *testing.T) {
	live, _ := everyRule(t)
	for _, rule := range live {
		if rule.Own && !strings.HasPrefix(rule.ID, "repair.") {
			t.Errorf("%s is certain by one observation; only what linecheck did itself is", rule.ID)
		}
		one := met(rule, assets.Seed)
		for i := range one {
			one[i].Check = one[0].Check
		}
		legs, ok := matches(rule, one)
		if ok && !rule.Own && confidence(standing{rule: rule, legs: legs, severity: Fault}, one) == "certain" {
			t.Errorf("%s is certain by what was seen once", rule.ID)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// TestEveryRuleHasWordsForEverybody: what a rule lacks, nobody is told.
func TestEveryRuleHasWordsForEverybody(t *testing.T) {
	live, logs := everyRule(t)
	for _, rule := range slices.Concat(live, logs) {
		if len([]rune(rule.Title)) > 40 {
			t.Errorf("%s: the title has %d letters", rule.ID, len([]rune(rule.Title)))
		}
		for name, text := range map[string]string{"say": rule.Say, "send": rule.Send, "headline": rule.Headline, "explanation": rule.Explanation} {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "}") && !strings.HasSuffix(text, "?") {
				t.Errorf("%s: %s is no sentence: %q", rule.ID, name, text)
			}
		}
		for _, fix := range rule.Fix {
			plain := placeholder.ReplaceAllString(fix, "x")
			if first, _, _ := strings.Cut(plain, " "); !imperative(first) {
				t.Errorf("%s: the fix tells nobody to do something: %q", rule.ID, fix)
			}
			if strings.Contains(strings.TrimSuffix(plain, "."), ". ") || !strings.HasSuffix(plain, ".") && !strings.HasSuffix(fix, "}") {
				t.Errorf("%s: the fix is not one sentence: %q", rule.ID, fix)
			}
		}
		if strings.Contains(rule.Say, "DNS") || strings.Contains(rule.Say, "TLS") || strings.Contains(rule.Say, "TCP") || strings.Contains(rule.Say, "MTU") || strings.Contains(rule.Say, "proxy") {
			t.Errorf("%s: a customer is told %q", rule.ID, rule.Say)
		}
	}
}

// imperative is any word that tells somebody to do something, or begins the condition of it.
func imperative(word string) bool {
	return slices.Contains(strings.Fields(`Allow Ask Bring Change Check Correct Dismiss Exempt Find Give Install Let Look Mend Open Point Put Remove Renew
		Repair Replace Run Send Set Start Stop Switch Tell Update Wait Watch Write Or In Where Until`), strings.TrimSuffix(word, ","))
}

func TestNoWordOfARuleIsLeftUnfilled(t *testing.T) {
	live, _ := everyRule(t)
	for _, rule := range live {
		v := judged(t, Product{Name: "p", Title: "Product", Wildcards: []string{"*.x.example"}}, met(rule, assets.Seed)...)
		for _, c := range v.Causes {
			for _, text := range append([]string{c.Headline, c.Explanation, c.Title, c.Say, c.Send}, c.Fix...) {
				if strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %q", c.ID, text)
				}
			}
		}
	}
}
