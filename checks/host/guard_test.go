package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// roles are what this test program plays in place of the tests, by its first argument.
var roles = map[string]func(args []string) error{"guard": playGuard, "watched": playWatched, "holder": playHolder}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if play := roles[os.Args[1]]; play != nil {
			if err := play(os.Args[2:]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// Where the players of one test meet.
const (
	atDir  = "LINECHECK_TEST_JOURNAL"
	atAddr = "LINECHECK_TEST_ADDR"
)

// playGuard is what the program does for "guard --promise ID [--alone]". Its work is to tell the test.
func playGuard(args []string) error {
	dir := os.Getenv(atDir)
	if dir == "" {
		return errors.New("no journal")
	}
	j := NewJournal(dir)
	return Stand(context.Background(), Duty{ID: args[1], Dir: dir, Journal: j, Alone: len(args) > 2, In: os.Stdin, Out: os.Stdout,
		Work: func(ctx context.Context) error {
			unlock, err := j.Lock(ctx)
			if err != nil {
				return err
			}
			defer unlock()
			if open, err := j.Open(); err != nil || len(open) == 0 {
				return err
			}
			if err := j.Strike(args[1]); err != nil {
				return err
			}
			return hail(fmt.Sprintf("kept by %d", os.Getpid()))
		}})
}

// playWatched holds the lock, makes a promise and lets it be watched; then it does what it is told on its input.
func playWatched([]string) error {
	dir := os.Getenv(atDir)
	j := NewJournal(dir)
	unlock, err := j.Lock(context.Background())
	if err != nil {
		return err
	}
	if err := j.Promise(Promise{ID: "p", Action: "clean"}); err != nil {
		return err
	}
	g, err := NewGuards(dir).Watch(context.Background(), "p")
	if err != nil {
		return err
	}
	if err := hail("watched: " + strings.Join(g.Told(), "; ")); err != nil {
		return err
	}
	in := bufio.NewReader(os.Stdin)
	for {
		word, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		switch strings.TrimSpace(word) {
		case "dismiss":
			err = errors.Join(j.Strike("p"), g.Dismiss())
		case "leave":
			err = g.Leave()
		case "unlock":
			unlock()
		case "panic":
			panic("as told")
		case "write":
			for err == nil {
				_, err = os.Stdout.WriteString("into nothing\n")
			}
		}
		if err := hail(fmt.Sprintf("%s: %v", strings.TrimSpace(word), err)); err != nil {
			return err
		}
	}
}

// playHolder holds the lock until it is killed.
func playHolder([]string) error {
	if _, err := NewJournal(os.Getenv(atDir)).Lock(context.Background()); err != nil {
		return err
	}
	if err := hail("locked"); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// hail tells the test one line.
func hail(line string) error {
	c, err := net.Dial("tcp", os.Getenv(atAddr))
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = fmt.Fprintln(c, strings.ReplaceAll(line, "\n", " "))
	return err
}

// stage is where the players of one test are heard.
type stage struct {
	t    *testing.T
	dir  string
	l    net.Listener
	proc *exec.Cmd
	in   io.WriteCloser
}

func newStage(t *testing.T) *stage {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	return &stage{t: t, dir: filepath.Join(t.TempDir(), "journal"), l: l}
}

// plays starts a player, which ends with the test.
func (s *stage) plays(args ...string) *exec.Cmd {
	s.t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), atDir+"="+s.dir, atAddr+"="+s.l.Addr().String())
	said := &bounded{}
	c.Stderr = said
	var err error
	s.in, err = c.StdinPipe()
	must(s.t, err)
	ownGroup(c)
	must(s.t, c.Start())
	s.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if s.t.Failed() {
			s.t.Logf("%q said: %s", args, said)
		}
	})
	s.proc = c
	return c
}

func (s *stage) say(word string) {
	s.t.Helper()
	_, err := io.WriteString(s.in, word+"\n")
	must(s.t, err)
}

// hears returns the next line that a player tells.
func (s *stage) hears(begin string) string {
	s.t.Helper()
	must(s.t, s.l.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute)))
	c, err := s.l.Accept()
	if err != nil {
		s.t.Fatalf("waiting for %q: %v", begin, err)
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	must(s.t, err)
	if !strings.HasPrefix(string(b), begin) {
		s.t.Fatalf("heard %q, want %q", b, begin)
	}
	return strings.TrimSpace(string(b))
}

func (s *stage) promises() int {
	s.t.Helper()
	open, err := NewJournal(s.dir).Open()
	must(s.t, err)
	return len(open)
}

// left names what is in the journal's folder but the lock.
func (s *stage) left() []string {
	s.t.Helper()
	list, err := os.ReadDir(s.dir)
	must(s.t, err)
	var out []string
	for _, e := range list {
		if e.Name() != lockName {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestAWatchdogKeepsThePromise(t *testing.T) {
	ends := map[string]func(*stage){
		"of a process that was killed":     func(s *stage) { must(s.t, s.proc.Process.Kill()) },
		"of a process that panicked":       func(s *stage) { s.say("panic") },
		"of a process that simply ended":   func(s *stage) { must(s.t, s.in.Close()) },
		"of a process that left it to it":  func(s *stage) { s.say("leave"); s.hears("leave: <nil>"); s.say("unlock"); s.hears("unlock: <nil>") },
		"of a process that lost its input": func(s *stage) { must(s.t, s.in.Close()); _ = s.proc.Wait() },
	}
	for name, end := range signalled {
		ends[name] = end
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.plays("watched")
			told := s.hears("watched: process")
			end(s)
			kept := s.hears("kept by ")
			if !strings.Contains(told, "process "+strings.TrimPrefix(kept, "kept by ")+" ") && !strings.Contains(told, "process "+strings.TrimPrefix(kept, "kept by ")+",") {
				t.Errorf("told %q, %s", told, kept)
			}
			if n := s.promises(); n != 0 {
				t.Errorf("%d promises are open", n)
			}
			gone(t, kept)
		})
	}
}

func TestADismissedWatchdogDoesNothing(t *testing.T) {
	s := newStage(t)
	s.plays("watched")
	s.hears("watched: ")
	s.say("dismiss")
	s.hears("dismiss: <nil>") // only once it has ended
	if left := s.left(); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestAWatchdogWaitsForWhoHoldsTheLock(t *testing.T) {
	s := newStage(t)
	must(t, NewJournal(s.dir).Promise(Promise{ID: "p", Action: "clean"}))
	holder := s.plays("holder")
	s.hears("locked")
	s.plays("guard", "--promise", "p", "--alone")
	if !(guards{s.dir}).reported(t.Context(), "p") {
		t.Fatal("it did not say that it watches")
	}
	if s.promises() != 1 {
		t.Error("it did not wait")
	}
	must(t, holder.Process.Kill())
	s.hears("kept by ")
	must(t, s.proc.Wait())
	if left := s.left(); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestASecondWatchdogIsDismissedByItsPost(t *testing.T) {
	s := newStage(t)
	must(t, NewJournal(s.dir).Promise(Promise{ID: "p", Action: "clean"}))
	s.plays("holder")
	s.hears("locked")
	s.plays("guard", "--promise", "p", "--alone")
	if !(guards{s.dir}).reported(t.Context(), "p") {
		t.Fatal("it did not say that it watches")
	}
	guards{s.dir}.strikePost("p")
	must(t, s.proc.Wait())
	if s.promises() != 1 {
		t.Error("it did something")
	}
}

func TestNothingWatchesWhatWasNotPromised(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	t.Setenv(atDir, dir)
	must(t, NewJournal(dir).Promise(Promise{ID: "told", Action: "told"}))
	for _, id := range []string{"nobody", "told", "../x", ""} {
		g, err := NewGuards(dir).Watch(t.Context(), id)
		if err == nil {
			_ = g.Leave()
			t.Errorf("%q is watched", id)
		}
	}
	_, err := NewGuards(dir).Watch(t.Context(), "nobody")
	if err == nil || !strings.Contains(err.Error(), `there is no promise "nobody"`) {
		t.Errorf("the watchdog's own words are lost: %v", err)
	}
	t.Setenv(guardVariable, "1")
	if _, err := NewGuards(dir).Watch(t.Context(), "told"); err == nil {
		t.Error("a watchdog started a watchdog")
	}
}

func TestWorkIsTriedAgain(t *testing.T) {
	j := NewJournal(t.TempDir())
	must(t, j.Promise(Promise{ID: "p", Action: "clean"}))
	synctest.Test(t, func(t *testing.T) {
		tries, began := 0, time.Now()
		d := Duty{ID: "p", Journal: j, Work: func(context.Context) error {
			if tries++; tries == 1 {
				panic("once")
			}
			return errors.New("not yet")
		}}
		if err := d.work(t.Context()); err == nil || err.Error() != "not yet" || tries < 100 || time.Since(began) != workWait {
			t.Errorf("%d tries in %s: %v", tries, time.Since(began), err)
		}
	})
}
