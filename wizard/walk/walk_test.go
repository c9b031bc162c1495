package walk

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"linecheck/assets"
	"linecheck/checks"
	_ "linecheck/checks/all"
	"linecheck/checks/host"
	"linecheck/tui"
	"linecheck/wizard"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // the recorded sessions were
	os.Exit(m.Run())
}

// session reads a recorded one. They are written anew with
//
//	go run . lab --run NAME --role helpdesk --format json --record wizard/walk/testdata/sessions/NAME.jsonl
func session(t testing.TB, name string) wizard.Record {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "sessions", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rec, err := wizard.ReadRecord(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// options are those of a replay; without a name, of the start screen.
func options(t testing.TB, name string, role wizard.Role) wizard.Options {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	o := wizard.Options{Rules: rules, Role: role, Redact: wizard.RedactStandard, Checks: checks.All(), Tool: wizard.Tool{Version: "test"},
		Place: wizard.Place{Close: func() {}, Machine: host.Machine{Identity: host.Identity{Host: "FIN-PC-0231", User: "jane"}}}}
	if name == "" {
		o.Ask = true
		return o
	}
	rec := session(t, name)
	o.Replay = &rec
	return o
}

// out is where the screen's bytes go.
type out struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *out) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// walk is a person in front of the program, in virtual time.
type walk struct {
	t   testing.TB
	m   *wizard.Model
	p   *tea.Program
	out *out
	// done is closed when the program has ended.
	done chan struct{}
}

// walked starts the program in an 80x24 window, lets the session come to its end, and then does what the script says.
func walked(t *testing.T, o wizard.Options, ascii bool, script func(w *walk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		kit := tui.Kit{Theme: tui.NewTheme(colorprofile.ANSI), Glyphs: tui.GlyphsFor(ascii)}
		w := &walk{t: t, out: &out{}, done: make(chan struct{}), m: wizard.NewModel(ctx, o, kit)}
		w.p = tea.NewProgram(w.m, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(w.out), tea.WithWindowSize(80, 24),
			tea.WithColorProfile(colorprofile.ANSI), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignalHandler())
		go func() {
			defer close(w.done)
			_, _ = w.p.Run()
		}()
		w.waits(5 * time.Minute)
		script(w)
		w.p.Quit()
		<-w.done
		cancel()
		time.Sleep(time.Hour) // what the screen still waited for; virtual time ends with the test
	})
}

func (w *walk) waits(d time.Duration) {
	w.p.Send(nil) // what the test has read was read before what the program now does
	time.Sleep(d)
	synctest.Wait()
}

// presses gives the program keys by their names, with blanks between: "right enter esc ?".
func (w *walk) presses(keys string) {
	for _, name := range strings.Fields(keys) {
		w.p.Send(key(name))
		w.waits(time.Second)
	}
}

func key(name string) tea.KeyPressMsg {
	special := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "enter": tea.KeyEnter,
		"esc": tea.KeyEscape, "tab": tea.KeyTab, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"backspace": tea.KeyBackspace, "space": ' '}
	r, ok := special[name]
	switch {
	case name == "space":
		return tea.KeyPressMsg{Code: ' ', Text: " "}
	case ok:
		return tea.KeyPressMsg{Code: r}
	case strings.HasPrefix(name, "ctrl+"):
		return tea.KeyPressMsg{Code: rune(name[5]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is the text in the window.
func (w *walk) screen() string { return ansi.Strip(w.m.View().Content) }

// sees wants each of these texts in the window.
func (w *walk) sees(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if s := w.screen(); !strings.Contains(s, text) {
			w.t.Errorf("the screen does not show %q:\n%s", text, s)
		}
	}
}

func (w *walk) doesNotSee(text string) {
	w.t.Helper()
	if s := w.screen(); strings.Contains(s, text) {
		w.t.Errorf("the screen shows %q:\n%s", text, s)
	}
}

func (w *walk) resizes(width, height int) {
	w.p.Send(tea.WindowSizeMsg{Width: width, Height: height})
	w.waits(time.Second)
}

func windowOf(size [2]int) tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: size[0], Height: size[1]}
}
