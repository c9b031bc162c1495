package wizard_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

func TestASignalWhileTheScreenOpensEndsTheProgram(t *testing.T) {
	needsPty(t)
	for range 12 { // a race: without the remedy one of five hung
		x := open(t, 80, 24, "lab", "--run", "every-endpoint-silent")
		x.waitFor("anything", func(string) bool { x.mu.Lock(); defer x.mu.Unlock(); return len(x.raw) > 0 })
		if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if code := x.end(); code != 130 {
			t.Errorf("exit code %d, want 130", code)
		}
	}
}

// absurd is a window that a broken remote session tells of; painting it whole took gigabytes and never ended.
var absurd = pty.Winsize{Rows: 65535, Cols: 65535}

func TestAWindowThatBecomesAbsurdlyLargeDoesNotStopTheProgram(t *testing.T) {
	needsPty(t)
	x := open(t, 80, 24, "lab", "--run", "healthy")
	x.waitText("practice: ")
	if err := pty.Setsize(x.f, &absurd); err != nil {
		t.Fatal(err)
	}
	x.press("v?")
	x.press("\x03")
	x.end()
}

func TestAWindowThatBeginsAbsurdlyLargeGoesOnInLines(t *testing.T) {
	needsPty(t)
	x := prepare(t, 80, 24, "lab", "--run", "healthy")
	if err := x.begin(&absurd); err != nil {
		t.Fatal(err)
	}
	x.waitText("What next?")
	x.press("7\n2\n") // leaving is asked for where something still runs
	x.end()
}

func TestASettledScreenOfTheRealProgramWritesNothing(t *testing.T) {
	needsPty(t)
	x := open(t, 100, 30, "lab", "--run", "proxy.unresolvable")
	x.waitText("practice: ")
	for _, step := range []string{"Verdict", "Logs", "Product"} {
		switch step {
		case "Verdict":
			x.press("v")
			x.waitText("certain · proxy.unresolvable")
		case "Logs":
			x.press("\x1b[D")
			x.waitFor("the step", func(s string) bool { return strings.Contains(line(s, 1), "►Logs") })
		case "Product":
			x.press("\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D")
			x.waitFor("the step", func(s string) bool { return strings.Contains(line(s, 1), "►Product") })
		}
		if wrote := x.quiet(2 * time.Second); wrote != "" {
			t.Errorf("on %s, where nothing happens, it wrote %d bytes: %.200q", step, len(wrote), wrote)
		}
	}
}

// quiet waits until the program has drawn what it had to draw, and returns what it writes in a time after that.
func (x *terminal) quiet(long time.Duration) string {
	x.t.Helper()
	length := func() int { x.mu.Lock(); defer x.mu.Unlock(); return len(x.raw) }
	for end := time.Now().Add(patience); ; {
		before := length()
		time.Sleep(200 * time.Millisecond) // a few frames
		if length() == before {
			break
		}
		if time.Now().After(end) {
			x.t.Fatalf("the screen never comes to rest:\n%s", x.screen())
		}
	}
	before := length()
	time.Sleep(long)
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.raw[before:])
}

// BenchmarkFirstFrame is from the start of the real program on a terminal to the first frame with text; 60 ms is the
// budget. The start screen looks for products and asks nothing of the network; the other opens the practice network first.
func BenchmarkFirstFrame(b *testing.B) {
	needsPty(b)
	if _, err := binary(); err != nil {
		b.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		text string
	}{
		"the start screen":     {nil, "security product"},
		"the practice network": {[]string{"lab", "--run", "healthy-two-products"}, "practice: "},
	} {
		b.Run(name, func(b *testing.B) {
			var wrote int
			best := time.Hour // another program on the machine can only make it slower
			for b.Loop() {
				began := time.Now()
				x := open(b, 120, 40, c.args...)
				x.waitText(c.text)
				best = min(best, time.Since(began))
				b.StopTimer()
				x.mu.Lock()
				wrote = len(x.raw)
				x.mu.Unlock()
				x.press("\x03")
				x.end()
				b.StartTimer()
			}
			b.ReportMetric(float64(wrote), "bytes-first-frame")
			b.ReportMetric(float64(best.Microseconds())/1000, "ms-best")
		})
	}
}
