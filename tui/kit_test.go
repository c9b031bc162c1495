package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

func TestCleanLeavesNothingThatATerminalWouldObey(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a colour sequence does not colour":           {"a\x1b[31mb", "a?[31mb"},
		"an 8-bit control sequence is none":           {"a\u009b31mb", "a?31mb"},
		"a direction override does not turn a name":   {"exe.\u202egnp", "exe.?gnp"},
		"a line break does not make a row":            {"a\r\nb", "a  b"},
		"a broken byte does not break the next one":   {"\xffä", "?ä"},
		"a letter does not climb over other rows":     {"e" + strings.Repeat("\u0301", 9), "e\u0301\u0301\u0301"},
		"a mark at the start does not join a border":  {"\u0301a", "a"},
		"an ordinary path stays as it is":             {`C:\Users\Äiti\日本.log`, `C:\Users\Äiti\日本.log`},
		"a joined emoji does not shift the columns":   {"👨\u200d👩", "👨?👩"},
		"a host with a zero-width space is not clean": {"f-secure\u200b.com", "f-secure?.com"},
	} {
		if got := tui.Clean(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range tuitest.Nasty {
		f.Add(s, 20)
	}
	g := tui.GlyphsFor(false)
	f.Fuzz(func(t *testing.T, s string, w int) {
		c := tui.Clean(s)
		if !utf8.ValidString(c) || strings.ContainsFunc(c, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("not clean: %q", c)
		}
		if again := tui.Clean(c); again != c {
			t.Errorf("not idempotent: %q, %q", c, again)
		}
		w = max(0, w%120)
		if n := tui.Width(g.Fit(c, w)); n > w {
			t.Errorf("Fit(%q, %d) takes %d cells", c, w, n)
		}
		if n := tui.Width(g.Pad(c, w)); n != w {
			t.Errorf("Pad(%q, %d) takes %d cells", c, w, n)
		}
		for _, l := range tui.Wrap(c, w) {
			if tui.Width(l) > w {
				t.Errorf("Wrap(%q, %d) has the line %q", c, w, l)
			}
		}
	})
}

func TestFitSaysThatItCutAndKeepsEscapesWhole(t *testing.T) {
	red := tuitest.Kit(false).Theme.Bad.Render("abcdef")
	got := tui.GlyphsFor(false).Fit(red, 4)
	if ansi.Strip(got) != "abc…" || !strings.HasSuffix(got, "m") {
		t.Errorf("got %q", got)
	}
	if got := tui.GlyphsFor(true).Fit("abcdef", 4); got != "abc~" {
		t.Errorf("got %q", got)
	}
}

func TestBoxHasExactlyTheLinesAskedFor(t *testing.T) {
	if got := tui.Box([]string{"abc", "d", "e"}, 2, 2); got != "ab\nd" {
		t.Errorf("got %q", got)
	}
	if got := tui.Box(nil, 5, 3); got != "\n\n" {
		t.Errorf("got %q", got)
	}
}

func TestTheHelpLineNamesTheMostImportantKeysAndAlwaysTheLastOnes(t *testing.T) {
	var many []key.Binding
	for _, n := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
		many = append(many, tui.Bind(n[:1], n, n))
	}
	k, quit := tuitest.Kit(false), tui.Bind("q", "quit", "q")
	if got := ansi.Strip(k.Help(200, many, quit)); got != " o one   t two   t three   f four   f five   s six   q quit" {
		t.Errorf("got %q", got)
	}
	if got := ansi.Strip(k.Help(24, many, quit)); got != " o one   t two   q quit" {
		t.Errorf("got %q", got)
	}
}

func TestDurationsReadLikeTheProductsOwn(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "", time.Microsecond: "<1 ms", 182*time.Millisecond + 400*time.Microsecond: "182 ms",
		999*time.Millisecond + 600*time.Microsecond: "1.0 s", 1900 * time.Millisecond: "1.9 s", 3 * time.Minute: "3 min"} {
		if got := tui.Took(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestALineOfProgressKeepsTheSecondsWhereItIsShort(t *testing.T) {
	p := checks.Progress{Done: 9, Total: 14, Waiting: "api.sc.fsapi.com: waiting for TCP, 3 of 5 s"}
	for w, want := range map[int]string{80: "9 of 14 · api.sc.fsapi.com: waiting for TCP, 3 of 5 s", 50: "9 of 14 · api.sc.fs…: waiting for TCP, 3 of 5 s", 41: "9 of 14 · waiting for TCP, 3 of 5 s"} {
		if got := ansi.Strip(tuitest.Kit(false).Progress(p, w)); got != " ► "+want {
			t.Errorf("%d cells: %q", w, got)
		}
	}
}

func TestEveryStatusHasItsWords(t *testing.T) {
	defer lang.Use(lang.English)
	all := []checks.Status{checks.Unknown, checks.Skip, checks.Note, checks.Pass, checks.Warn, checks.Fail}
	for _, code := range lang.Known() {
		if err := lang.Use(code); err != nil {
			t.Fatal(err)
		}
		var found []checks.Finding
		for _, s := range all {
			if strings.Contains(tui.Word(s), ".") {
				t.Errorf("%s: no word for %s", code, s)
			}
			found = append(found, checks.Finding{Status: s})
		}
		if s := tui.Tally(found); strings.Contains(s, "panel.") {
			t.Errorf("%s: %s", code, s)
		}
	}
}

var clean = checks.Action{ID: "cache.clean", Title: "Clean the product's cache?", Confirm: "clean",
	Why:   "The line is open now, but the product may answer from 41 stored failures until 16:42. Cleaning makes it ask the cloud again at once.",
	Steps: []string{"stop fsulnethoster (Network Hoster), about 2 s", "move 1,204 files (3.1 MB) aside", "start fsulnethoster, check that it runs and that the cloud answers", "delete what was moved aside"},
	Effect: "For about 5 seconds files and sites are judged without the cloud. If anything fails the files go back and the " +
		"service is started again, even if this window is closed."}

func TestConfirmWantsTheWordAndEnter(t *testing.T) {
	c := tui.NewConfirm(tuitest.Kit(false), clean, false)
	for _, k := range []string{"enter", "c", "l", "enter", "c", "l", "e", "a", "n"} {
		if got := c.Update(tuitest.Key(k)); got != tui.Undecided {
			t.Fatalf("%s decided: %v", k, got)
		}
	}
	if got := c.Update(tuitest.Key("enter")); got != tui.Approved {
		t.Errorf("the word and Enter: %v", got)
	}
	if got := tui.NewConfirm(tuitest.Kit(false), clean, false).Update(tuitest.Key("esc")); got != tui.Left {
		t.Errorf("Esc: %v", got)
	}
}

func TestTheWordCountsOnlyAfterTheCustomerAgreed(t *testing.T) {
	asked := func() *tui.Confirm {
		c := tui.NewConfirm(tuitest.Kit(false), clean, false)
		c.Say = "May I restart a part of your security program?"
		return c
	}
	c := asked()
	c.Action.Confirm = "wipe"
	for _, k := range []string{"w", "i", "p", "e", "enter", "Y", "enter", "y", "enter", "w", "i", "p", "e"} {
		if got := c.Update(tuitest.Key(k)); got != tui.Undecided {
			t.Fatalf("%s decided: %v", k, got)
		}
	}
	if got := c.Update(tuitest.Key("enter")); got != tui.Approved || !c.Consented() {
		t.Errorf("%v, consented %v", got, c.Consented())
	}
	c = asked()
	if got := c.Update(tuitest.Key("n")); got != tui.Left || c.Consented() {
		t.Errorf("no: %v, consented %v", got, c.Consented())
	}
	tuitest.Views(t, "consent", tuitest.Whole, func(k tui.Kit) func(w, h int) string {
		c := asked()
		c.Kit = k
		return c.View
	})
}

func TestABlockedActionCannotBeApproved(t *testing.T) {
	a := clean
	a.Blocked = "This needs administrator rights."
	a.Confirm = ""
	c := tui.NewConfirm(tuitest.Kit(false), a, false)
	for _, k := range []string{"y", "e", "s", "enter", "enter"} {
		if got := c.Update(tuitest.Key(k)); got != tui.Undecided {
			t.Errorf("%s decided: %v", k, got)
		}
	}
}

func TestADialogThatAppearsByItselfDoesNotTakeKeysMeantForTheScreenBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := tui.NewConfirm(tuitest.Kit(false), clean, true)
		time.Sleep(tui.Grace - time.Millisecond)
		if got := c.Update(tuitest.Key("esc")); got != tui.Undecided {
			t.Errorf("too early: %v", got)
		}
		time.Sleep(time.Millisecond)
		if got := c.Update(tuitest.Key("esc")); got != tui.Left {
			t.Errorf("after the grace: %v", got)
		}
	})
}

func TestConfirmScreens(t *testing.T) {
	blocked := clean
	blocked.Blocked = "Stopping a service needs administrator rights, which this session does not have."
	blocked.Commands = []string{"net stop fsulnethoster", `del /q "C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor\*"`, "net start fsulnethoster"}
	for name, a := range map[string]checks.Action{"confirm": clean, "blocked": blocked} {
		tuitest.Views(t, name, tuitest.Whole, func(k tui.Kit) func(w, h int) string { return tui.NewConfirm(k, a, false).View })
	}
}

func TestConfirmFits(t *testing.T) {
	var views []func(w, h int) string
	for i, s := range tuitest.Nasty {
		a := checks.Action{Title: s, Why: s, Steps: []string{s, s}, Effect: s, Undo: s, Confirm: s, Commands: []string{s}}
		if i%2 == 0 {
			a.Blocked = s
		}
		c := tui.NewConfirm(tuitest.Kit(false), a, false)
		if i%3 == 0 {
			c.Say = s
		}
		for range i {
			c.Update(tuitest.Key("漢"))
		}
		views = append(views, c.View)
	}
	tuitest.Fits(t, views...)
}

func TestAPageKeyJumpsOverLinesOfAPlan(t *testing.T) {
	a := clean
	a.Steps = nil
	for i := range 30 {
		a.Steps = append(a.Steps, "step "+string(rune('A'+i)))
	}
	for _, h := range []int{6, 7, 9, 12, 20} {
		c := tui.NewConfirm(tuitest.Kit(false), a, false)
		seen := c.View(40, h)
		for range 60 {
			c.Update(tuitest.Key("pgdown"))
			seen += c.View(40, h)
		}
		for _, s := range a.Steps {
			if !strings.Contains(seen, s) {
				t.Errorf("%d rows: %q was never in sight", h, s)
			}
		}
	}
}
