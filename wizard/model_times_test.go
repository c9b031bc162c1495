package wizard

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
)

// The verdict's page says in words what no cause explains, and keeps now and before apart.
func TestThePageOfTheVerdictTellsWhatIsNotExplainedAndWhenItWas(t *testing.T) {
	m := NewModel(context.Background(), optionsOf(t), tui.Kit{Theme: tui.NewTheme(colorprofile.ANSI), Glyphs: tui.GlyphsFor(false)})
	strange := checks.Finding{Code: "t.strange", Status: checks.Fail, Subject: "a strange thing"}
	m.session = New(Self, []*assets.Profile{{Name: "p", Title: "Product"}}, []checks.Check{fake{spec: spec("t-any", 0)}}, time.Now())
	m.session.Steps[0].Runs[0] = Run{Check: "t-any", State: Done, Result: checks.Result{Findings: []checks.Finding{strange}}}
	for name, v := range map[string]Verdict{
		"without a cause": {Status: Fault, Headline: "Broken.", Unexplained: []string{"f1"}},
		"beside a cause": {Status: Fault, Headline: "Broken.", Unexplained: []string{"f1"}, Causes: []Cause{{ID: "tcp.dropped", Title: "Silence", Fix: []string{"Mend it."}}},
			Times: Times{Now: "One of two answers.", Then: []Past{{What: "It failed at noon"}}, Differs: DiffersComes}},
	} {
		m.verdict = v
		for _, w := range []int{40, 80, 200} {
			page := strings.Join(strings.Fields(strings.Join(verdictPage{}.lines(m, w, 200), " ")), " ")
			for _, want := range []string{"Not explained", "f1"} {
				if !strings.Contains(page, want) {
					t.Errorf("%s, %d columns: no %q in %s", name, w, want, page)
				}
			}
			if told := strings.Contains(page, "It failed at noon.") && strings.Contains(page, "Before") && strings.Contains(page, "comes and goes"); told != (len(v.Times.Then) > 0) {
				t.Errorf("%s, %d columns: before is told: %v: %s", name, w, told, page)
			}
		}
	}
}
