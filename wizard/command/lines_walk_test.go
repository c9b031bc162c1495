package command_test

import (
	"context"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/lab"
	"linecheck/tui"
	"linecheck/wizard"
)

// listener hears the line mode, and answers every question with the next line of a script. After the last one the input
// ends.
type listener struct {
	mu      sync.Mutex
	b       strings.Builder
	answers []string
	keys    *io.PipeWriter
}

func (p *listener) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.b.Write(b)
	if !strings.HasSuffix(string(b), ": ") {
		return len(b), nil
	}
	if len(p.answers) == 0 {
		go p.keys.Close()
		return len(b), nil
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	p.b.WriteString(answer + "\n") // as a terminal shows it
	go func() { _, _ = io.WriteString(p.keys, answer+"\n") }()
	return len(b), nil
}

// walk plays a scene in lines of that width.
func walk(t *testing.T, scene string, role wizard.Role, width int, answers ...string) (said string, s wizard.Session) {
	t.Helper()
	t.Chdir(t.TempDir())
	scenes, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	p, err := assets.LoadProfile("withsecure", nil)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenes {
		if sc.Name != scene {
			continue
		}
		l, err := lab.Start(sc, []*assets.Profile{p})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		o := wizard.Options{Profiles: []*assets.Profile{p}, Checks: checks.All(), Role: role, Since: 24 * time.Hour, Width: width,
			Redact: wizard.RedactStandard, Rules: rules,
			Place: wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Practice: sc.Name, Close: func() {}}}
		in, keys := io.Pipe()
		person := &listener{answers: answers, keys: keys}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if s, err = wizard.RunLines(ctx, o, in, person); err != nil || ctx.Err() != nil {
			t.Errorf("%v, %v", err, ctx.Err())
		}
		if len(person.answers) > 0 {
			t.Errorf("it did not ask for %q", person.answers)
		}
		return person.b.String(), s
	}
	t.Fatal("the scene is gone: " + scene)
	return "", s
}

func tells(t *testing.T, said string, want ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(said), " ")
	for _, w := range want {
		if !strings.Contains(flat, w) {
			t.Errorf("it does not say %q:\n%s", w, said)
		}
	}
}

// stray is a number of a choice that lost its words.
var stray = regexp.MustCompile(`(?m)(?:^|  )\d+$`)

func TestTheLineModeIsWalkedFromStartToEndInFortyColumns(t *testing.T) {
	answers := []string{
		"2", "2", "1", "", "wrong", "1", // evidence of one finding, back to the list, back
		"1", "1", "2", "0", "", "1", // all evidence of the third and fourth
		"1", "1", "5", "1", // save at a step
		"7-is-no-number", "e", "0", "", // at the verdict
		"8", "5", "1", "1", "5", "2", "2", "5", "3", "1", "2", "9", "1", "1"}
	said, s := walk(t, "proxy.unresolvable", wizard.Guided, 40, answers...)
	tells(t, said, "This is the practice network, scene proxy.unresolvable", "Step 1 of 7: Product.", "Step 7 of 7: Logs.", "Do: ", "Say: \"",
		"\"wrong\" is none of the choices.", "Verdict. fault: The product cannot reach its cloud", "To do (the administrator of the product's policy)",
		"For whom? 1 the customer 2 the network team 3 the vendor's support Enter for 2:", "What was checked", "linecheck has ended.")
	if len(s.Steps) != 7 || s.Ended {
		t.Errorf("%d steps, ended %v", len(s.Steps), s.Ended)
	}
	for line := range strings.SplitSeq(said, "\n") {
		if body := strings.TrimSpace(line); tui.Width(line) >= 40 && strings.Contains(body, " ") && !strings.HasPrefix(body, "Saved in") && !strings.Contains(line, ": ") {
			t.Errorf("%d cells: %q", tui.Width(line), line)
		}
	}
	if i := strings.IndexAny(said, "\x1b►▶│┃─━┌┐└┘·√×→←↑↓○●…"); i >= 0 {
		t.Errorf("a voice stumbles over %q", said[max(0, i-40):min(len(said), i+40)])
	}
	if lone := stray.FindString(said); lone != "" && !strings.HasPrefix(strings.TrimSpace(lone), "7-") {
		for _, m := range stray.FindAllStringIndex(said, -1) {
			if at := said[max(0, m[0]-30):m[1]]; !strings.Contains(at, ": ") { // what was typed behind a question is one
				t.Errorf("a number stands alone: %q", at)
			}
		}
	}
	for _, end := range []string{".json", ".html", "-ticket.txt"} {
		if files, _ := filepath.Glob("linecheck-*" + end); len(files) == 0 {
			t.Errorf("no file ends in %s", end)
		}
	}
}

func TestTheLineModeCleansOnlyWithConsentAndTheWord(t *testing.T) {
	said, s := walk(t, "cache.stale_failures", wizard.Guided, 40, "v", "c", "1", "4", "2", "wrong", "4", "2", "clean", "1")
	tells(t, said, "To say: \"", "Did the customer agree? 1 no, leave it 2 yes Enter for 1:", "Nothing was changed.",
		"Nothing was changed. To go on, choose it again and type clean.", "Type clean to go on, only Enter to leave it:", "Done, ", "the customer agreed")
	if len(s.Repairs) != 1 || s.Repairs[0].Approved.Customer != wizard.Agreed || s.Repairs[0].Approved.How != wizard.InLines {
		t.Errorf("repairs: %+v", s.Repairs)
	}
	if n := strings.Count(said, "Verdict."); n != 4 {
		t.Errorf("the verdict is told %d times", n)
	}
}

func TestTheLineModeEndsAHealthyRunInOneCalmPlace(t *testing.T) {
	said, _ := walk(t, "healthy", wizard.Self, 80, "6", "2")
	tells(t, said, "Why this matters: ", "Verdict. ok: Every address", "Product: ok.", "Saved in ", "The input has ended, so linecheck ends too.")
	_, end, _ := strings.Cut(said, "Verdict.")
	if strings.Contains(end, "broken") || strings.Count(end, "\n") > 24 {
		t.Errorf("that is not calm:\n%s", end)
	}
}

func TestTheLineModeTellsEverythingThatWasRecorded(t *testing.T) {
	said, _ := walk(t, "proxy.unresolvable", wizard.Helpdesk, 40, "1", "1", "e", "1", "2")
	tells(t, said, "everything that was recorded", "Everything that was recorded: code: proxy.", "status: fail", "Seen by: ")
}
