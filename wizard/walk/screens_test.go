package walk

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"linecheck/tui"
	"linecheck/wizard"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// state is a screen that a person comes to: in which session, as who, by which keys.
type state struct {
	session string // "": the start screen
	role    wizard.Role
	keys    string
}

// states are all that are looked at at every size. The names are those of the golden files.
var states = func() map[string]state {
	const fault = "proxy.unresolvable"
	out := map[string]state{
		"start-helpdesk": {"", wizard.Helpdesk, ""}, "start-guided": {"", wizard.Guided, ""}, "start-self": {"", wizard.Self, ""},
		"verdict-healthy": {"healthy-two-products", wizard.Helpdesk, "v"}, "verdict-healthy-guided": {"healthy-two-products", wizard.Guided, "v"},
		"verdict-healthy-self": {"healthy-two-products", wizard.Self, "v"},
		"verdict-fault":        {fault, wizard.Helpdesk, "v"}, "verdict-fault-guided": {fault, wizard.Guided, "v"}, "verdict-fault-self": {fault, wizard.Self, "v"},
		"verdict-evidence": {fault, wizard.Helpdesk, "v enter"}, "verdict-warning": {"tls.intercepted", wizard.Helpdesk, "v"},
		"verdict-cache": {"cache.stale_failures", wizard.Helpdesk, "v"}, "verdict-rights": {"limited-rights", wizard.Helpdesk, "v"},
		"ticket-network": {fault, wizard.Helpdesk, "v t"}, "ticket-customer": {fault, wizard.Helpdesk, "v t 1"}, "ticket-vendor": {fault, wizard.Helpdesk, "v t 3"},
		"help-verdict": {fault, wizard.Helpdesk, "v ?"}, "help-step": {fault, wizard.Helpdesk, "right right ?"},
		"allowlist-inspected": {"tls.intercepted", wizard.Helpdesk, "right right right"}, "domain-ping": {"domain.icmp_filtered", wizard.Helpdesk, stepKeys(5)},
		"domain-ping-evidence": {"domain.icmp_filtered", wizard.Helpdesk, stepKeys(5) + " enter"}, "cache-offer": {"cache.stale_failures", wizard.Helpdesk, stepKeys(4)},
		"two-products": {"healthy-two-products", wizard.Helpdesk, ""},
	}
	for i, step := range []string{"product", "clock", "proxy", "allowlist", "cache", "domain", "logs"} {
		out[step] = state{fault, wizard.Helpdesk, stepKeys(i)}
		out[step+"-guided"] = state{fault, wizard.Guided, stepKeys(i)}
		out[step+"-self"] = state{fault, wizard.Self, stepKeys(i)}
		out[step+"-evidence"] = state{fault, wizard.Helpdesk, stepKeys(i) + " enter"}
		out[step+"-raw"] = state{fault, wizard.Helpdesk, stepKeys(i) + " enter enter"}
	}
	return out
}()

// stepKeys lead from the first step to the one with that number.
func stepKeys(n int) string { return strings.TrimSpace(strings.Repeat(" right", n)) }

// sizes are a phone's SSH client, the classic console, a wide window, and a whole screen.
var sizes = [][2]int{{40, 12}, {80, 24}, {120, 40}, {200, 60}}

func TestScreens(t *testing.T) {
	for name, st := range states {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, ascii := range []bool{false, true} {
				walked(t, options(t, st.session, st.role), ascii, func(w *walk) {
					w.presses(st.keys)
					for _, size := range sizes {
						w.resizes(size[0], size[1])
						fits(t, w, size[0], size[1])
						set := "Unicode"
						if ascii {
							set = "ASCII"
							if i := strings.IndexFunc(w.screen(), func(r rune) bool { return r > 126 && !unicode.IsLetter(r) }); i >= 0 {
								t.Errorf("%dx%d: an ASCII screen has %q", size[0], size[1], w.screen()[i:min(len(w.screen()), i+12)])
							}
						}
						fmt.Fprintf(&b, "==== %dx%d %s\n", size[0], size[1], set)
						for l := range strings.Lines(w.screen() + "\n") {
							b.WriteString(strings.TrimRight(l, " \n") + "\n")
						}
					}
				})
			}
			golden(t, name, b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "screens", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	want := strings.ReplaceAll(string(b), "\r\n", "\n")
	if got == want {
		return
	}
	x, y := strings.Split(got, "\n"), strings.Split(want, "\n")
	size := ""
	for i := range min(len(x), len(y)) {
		if strings.HasPrefix(x[i], "====") {
			size = x[i]
		}
		if x[i] != y[i] {
			t.Fatalf("%s differs at %s; look at it, then -update. Got\n%s\nwant\n%s", file, size, strings.Join(x[max(0, i-3):min(len(x), i+4)], "\n"), strings.Join(y[max(0, i-3):min(len(y), i+4)], "\n"))
		}
	}
	t.Fatalf("%s is longer or shorter than it was", file)
}

// fits wants nothing to be drawn outside of the window.
func fits(t *testing.T, w *walk, width, height int) {
	t.Helper()
	lines := strings.Split(w.m.View().Content, "\n")
	if len(lines) > max(1, height) {
		t.Fatalf("%dx%d: %d lines:\n%s", width, height, len(lines), w.screen())
	}
	for _, l := range lines {
		if tui.Width(l) > width {
			t.Fatalf("%dx%d: a line of %d cells: %q", width, height, tui.Width(l), l)
		}
	}
}

// TestEveryStateFitsEveryWindow draws each state in windows of 0 to 200 columns and lines: all widths, all heights, and
// the pairs of both in turn.
func TestEveryStateFitsEveryWindow(t *testing.T) {
	turn := 0
	for name, st := range states {
		t.Run(name, func(t *testing.T) {
			walked(t, options(t, st.session, st.role), false, func(w *walk) {
				w.presses(st.keys)
				for n := 0; n <= 200; n++ {
					turn++
					for _, size := range [][2]int{{n, 24}, {80, n}, {n, (turn * 37) % 201}} {
						w.m.Update(windowOf(size))
						fits(t, w, size[0], size[1])
					}
				}
			})
		})
	}
}
