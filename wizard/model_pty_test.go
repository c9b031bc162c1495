package wizard_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// terminal is the real program on a real pseudo-terminal, with a screen that understands its bytes.
type terminal struct {
	t   testing.TB
	f   *os.File // our end
	cmd *exec.Cmd
	vt  vt10x.Terminal

	mu     sync.Mutex
	raw    []byte
	closes bool // after the next bytes
	news   chan struct{}
}

var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "linecheck-pty")
	if err != nil {
		return "", err
	}
	built = dir
	exe := filepath.Join(dir, "linecheck")
	out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", exe, "linecheck").CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	return exe, err
})

// built is the folder of the program, removed when all tests have ended.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// open starts the program on a terminal of this size.
func open(t testing.TB, cols, rows int, args ...string) *terminal {
	t.Helper()
	x := prepare(t, cols, rows, args...)
	if err := x.begin(&pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)}); err != nil {
		t.Fatal(err)
	}
	return x
}

// prepare is a terminal whose program does not run yet.
func prepare(t testing.TB, cols, rows int, args ...string) *terminal {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, vt: vt10x.New(vt10x.WithSize(cols, rows)), news: make(chan struct{}, 1)}
	x.cmd = exec.Command(exe, args...)
	x.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=", "ACCESSIBLE=", "HOME="+t.TempDir(), "TMPDIR="+t.TempDir())
	x.cmd.Dir = t.TempDir()
	return x
}

func (x *terminal) begin(told *pty.Winsize) (err error) {
	if x.f, err = pty.StartWithSize(x.cmd, told); err != nil {
		return err
	}
	// Where the test has not waited for its end, its files go only after it.
	x.t.Cleanup(func() { x.cmd.Process.Kill(); x.cmd.Wait(); x.f.Close() })
	go x.read()
	return nil
}

func (x *terminal) read() {
	buf := make([]byte, 4096)
	for {
		n, err := x.f.Read(buf)
		x.mu.Lock()
		x.raw = append(x.raw, buf[:n]...)
		x.vt.Write(buf[:n])
		closes := x.closes
		x.mu.Unlock()
		if closes {
			x.f.Close()
		}
		select {
		case x.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (x *terminal) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.vt.String()
}

// patience is for a machine under load; a test that waits for it has failed.
const patience = 30 * time.Second

func (x *terminal) waitFor(what string, see func(string) bool) string {
	x.t.Helper()
	end := time.After(patience)
	for {
		if s := x.screen(); see(s) {
			return s
		}
		select {
		case <-x.news:
		case <-end:
			x.t.Fatalf("never saw %s; the screen is\n%s", what, x.screen())
		}
	}
}

func (x *terminal) waitText(text string) string {
	x.t.Helper()
	return x.waitFor(text, func(s string) bool { return strings.Contains(s, text) })
}

func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.f, keys); err != nil {
		x.t.Fatal(err)
	}
}

// end waits for the program to end and returns its exit code.
func (x *terminal) end() int {
	x.t.Helper()
	done := make(chan error, 1)
	go func() { done <- x.cmd.Wait() }()
	select {
	case <-done:
		return x.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		x.t.Fatalf("the program does not end; the screen is\n%s", x.screen())
		return -1
	}
}

const right = "\x1b[C"

func TestTheRealProgramOnATerminal(t *testing.T) {
	needsPty(t)
	before := freshModes(t)
	x := open(t, 80, 24, "lab", "--run", "proxy.unresolvable")
	x.waitText("practice: proxy.unresolvable")
	for _, step := range []string{"Clock", "Proxy", "Allowlist", "Cache", "Domain", "Logs"} {
		x.press(right)
		x.waitFor("the step "+step, func(s string) bool { return strings.Contains(line(s, 1), "►"+step) })
	}
	x.press("v")
	x.waitText("certain · proxy.unresolvable") // the status line says so only when nothing runs any more
	pty.Setsize(x.f, &pty.Winsize{Rows: 40, Cols: 120})
	x.mu.Lock()
	x.vt.Resize(120, 40)
	x.mu.Unlock()
	x.waitFor("the help line at the new bottom", func(s string) bool { return strings.Contains(line(s, 39), "quit") })
	x.press("q")
	if code := x.end(); code != 1 {
		t.Errorf("exit code %d, want 1 for a fault", code)
	}
	after, err := term.GetState(x.f.Fd())
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the terminal's modes are not as before: %v\n%+v\n%+v", err, before, after)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !strings.Contains(string(x.raw), "\x1b[?1049l") || !strings.Contains(string(x.raw), "\x1b[?25h") {
		t.Error("the screen or the cursor is not given back")
	}
}

// freshModes are the modes of a terminal that no program has touched.
func freshModes(t *testing.T) *term.State {
	t.Helper()
	f, s, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	defer s.Close()
	st, err := term.GetState(f.Fd())
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func line(screen string, n int) string {
	lines := strings.Split(screen, "\n")
	if n < len(lines) {
		return lines[n]
	}
	return ""
}

func TestCtrlCGivesTheTerminalBack(t *testing.T) {
	needsPty(t)
	x := open(t, 80, 24, "lab", "--run", "every-endpoint-silent")
	x.waitText("practice: ")
	x.press("\x03")
	if code := x.end(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
}

func TestAPasswordIsAskedForAndNotShown(t *testing.T) {
	needsPty(t)
	x := open(t, 80, 24, "lab", "--run", "healthy", "--proxy-login")
	x.waitText("User for the proxy:")
	x.press("jane\r")
	x.waitText("Password (it is not shown):")
	x.press("C4n4ry\r")
	x.waitText("practice: healthy")
	x.press("\x03")
	x.end()
	x.mu.Lock()
	defer x.mu.Unlock()
	if strings.Contains(string(x.raw), "C4n4ry") {
		t.Error("the password is shown")
	}
}

func TestCtrlCAtThePasswordGivesTheTerminalBack(t *testing.T) {
	needsPty(t)
	before := freshModes(t)
	x := open(t, 80, 24, "lab", "--run", "healthy", "--proxy-login")
	x.waitText("User for the proxy:")
	x.press("jane\r")
	x.waitText("Password (it is not shown):")
	x.press("\x03")
	if code := x.end(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	if after, err := term.GetState(x.f.Fd()); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("what is typed next is not shown: %v\n%+v\n%+v", err, before, after)
	}
}

func TestAClosedTerminalEndsTheProgram(t *testing.T) {
	needsPty(t)
	x := open(t, 80, 24, "lab", "--run", "every-endpoint-silent")
	x.waitText("practice: ")
	x.mu.Lock()
	x.closes = true // a file that is being read is closed only after it, and a settled screen writes nothing
	x.mu.Unlock()
	io.WriteString(x.f, "?")
	x.end()
}

func needsPty(t testing.TB) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no pseudo-terminal that this test could open; the lines mode is tested there instead")
	}
}
