package command_test

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

// severed is a service manager that loses the person's terminal as soon as a service stands still.
type severed struct {
	host.Controller
	cut func()
}

func (s severed) Stop(ctx context.Context, name string) error {
	err := s.Controller.Stop(ctx, name)
	s.cut()
	return err
}

// stale opens the practice network whose cache wants to be emptied.
func stale(t *testing.T, cut func()) (*lab.Lab, wizard.Options) {
	t.Helper()
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
	for _, s := range scenes {
		if s.Name != "cache.stale_failures" {
			continue
		}
		l, err := lab.Start(s, []*assets.Profile{p})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		hands := l.Hands()
		hands.Services = severed{hands.Services, cut}
		return l, wizard.Options{Profiles: []*assets.Profile{p}, Checks: checks.All(), Role: wizard.Helpdesk, Since: 24 * time.Hour,
			Redact: wizard.RedactStandard, Rules: rules,
			Place: wizard.Place{Machine: l.Machine(), Hands: hands, Roots: l.Roots(), Practice: s.Name, Close: func() {}}}
	}
	t.Fatal("the scene is gone")
	return nil, wizard.Options{}
}

// runsAgain wants the service back and no promise left.
func runsAgain(t *testing.T, l *lab.Lab, hands host.Hands, lost bool) {
	t.Helper()
	if !lost {
		t.Fatal("the cleanup never stopped the service, so nothing was tried")
	}
	s, err := l.Machine().Services.Query(t.Context(), "fsulnethoster")
	if err != nil || s.State != host.Running {
		t.Errorf("the service is left %q, %v", s.State, err)
	}
	if open, err := hands.Journal.Open(); err != nil || len(open) != 0 {
		t.Errorf("promises left: %v, %v", open, err)
	}
}

// gone is a terminal that answers writes with an error once it is closed.
type gone struct {
	mu     sync.Mutex
	closed bool
}

func (g *gone) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return 0, errors.New("input/output error")
	}
	return len(p), nil
}

func TestALineModeThatLosesItsTerminalDuringTheCleanupStartsTheServiceAgain(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &gone{}
	l, o := stale(t, func() {
		cancel() // what main makes of SIGHUP
		out.mu.Lock()
		defer out.mu.Unlock()
		out.closed = true
	})
	if _, err := wizard.RunLines(ctx, o, strings.NewReader("6\n4\nclean\n"), wizard.NewOutlet(ctx, out)); err != nil {
		t.Error(err)
	}
	runsAgain(t, l, o.Place.Hands, out.closed)
}

func TestAScreenThatLosesItsTerminalDuringTheCleanupStartsTheServiceAgain(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no pseudo-terminal that this test could open")
	}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("a program of the screen library that is ended from outside closes its input while it still reads it; the end of the process hides that, the race detector does not")
	}
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	// tty stays open: the library's reader may still hold it after a loss.
	if err := pty.Setsize(master, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lost := false
	l, o := stale(t, func() {
		lost = true
		master.Close()
		cancel()
	})
	ended := make(chan error, 1)
	go func() {
		_, err := wizard.Screen(ctx, o, tty, tty)
		ended <- err
	}()
	seen := &sync.Map{}
	go person(master, seen, [][2]string{{"practice: ", "v"}, {"· cache.stale_failures", "c"}, {"and press Enter", "clean\r"}})
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		last, _ := seen.Load("screen")
		t.Fatalf("the screen does not end:\n%v", last)
	}
	runsAgain(t, l, o.Place.Hands, lost)
}

// person types the second of each pair when the first is on the screen, until the terminal is closed.
func person(master *os.File, seen *sync.Map, script [][2]string) {
	vt := vt10x.New(vt10x.WithSize(100, 30))
	buf := make([]byte, 1<<14)
	for {
		n, err := master.Read(buf)
		if err != nil {
			return
		}
		_, _ = vt.Write(buf[:n])
		seen.Store("screen", vt.String())
		if len(script) > 0 && strings.Contains(vt.String(), script[0][0]) {
			if _, err := io.WriteString(master, script[0][1]); err != nil {
				return
			}
			script = script[1:]
		}
	}
}
