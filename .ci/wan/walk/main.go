// Command walk starts a command on a terminal of 80x24 and walks linecheck's screen in it, and prints what each part cost: the
// bytes that came, and how long it took until the last of them was there.
//
//	walk ssh -tt host linecheck lab --run dns.no_such_name
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// quiet is how long nothing comes when a screen is complete: more than the way there and back.
const quiet = 700 * time.Millisecond

type screen struct {
	f    *os.File
	mu   sync.Mutex
	vt   vt10x.Terminal
	n    int
	last time.Time
}

func (s *screen) read() {
	buf := make([]byte, 8192)
	for {
		n, err := s.f.Read(buf)
		s.mu.Lock()
		s.vt.Write(buf[:n])
		s.n += n
		s.last = time.Now()
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) now() (text string, n int, last time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vt.String(), s.n, s.last
}

// until waits for a screen that the function takes.
func (s *screen) until(what string, see func(string) bool) {
	for end := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		text, _, _ := s.now()
		if see(text) {
			return
		}
		if time.Now().After(end) {
			log.Fatalf("never saw %s:\n%s", what, text)
		}
	}
}

// settle waits until nothing came for a while and returns when the last byte did.
func (s *screen) settle(since time.Time) time.Time {
	for {
		_, _, last := s.now()
		if last.Before(since) {
			last = since
		}
		if time.Since(last) > quiet {
			return last
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func main() {
	log.SetFlags(0)
	c := exec.Command(os.Args[1], os.Args[2:]...)
	c.Env = append(os.Environ(), "TERM=xterm-256color")
	began := time.Now()
	f, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		log.Fatal(err)
	}
	s := &screen{f: f, vt: vt10x.New(vt10x.WithSize(80, 24)), last: began}
	go s.read()
	row := func(what string, n int, took time.Duration) {
		fmt.Printf("%-34s %7d B %7d ms\n", what, n, took.Milliseconds())
	}
	s.until("the first frame", func(t string) bool { return strings.Contains(t, "linecheck") })
	_, first, _ := s.now()
	row("start to first frame", first, time.Since(began))
	s.until("the end of the runs", func(t string) bool {
		return !strings.Contains(t, "still looking") && strings.Count(t, ":") > 0 && settledRow(t)
	})
	end := s.settle(time.Now())
	_, all, _ := s.now()
	ran := end.Sub(began)
	row("start to the end of the run", all, ran)
	fmt.Printf("%-34s %7.0f B/s\n", "  while it runs", float64(all-first)/max(1, ran.Seconds()))
	time.Sleep(10 * time.Second)
	_, idle, _ := s.now()
	row("ten seconds of nothing", idle-all, 10*time.Second)
	worst, sum, keys := 0, time.Duration(0), 0
	for _, k := range []struct{ name, keys string }{{"right: the next step", "\x1b[C"}, {"right", "\x1b[C"}, {"right", "\x1b[C"}, {"down: the next row", "\x1b[B"},
		{"Enter: evidence", "\r"}, {"Enter: raw", "\r"}, {"Esc", "\x1b"}, {"Esc", "\x1b"}, {"v: verdict", "v"}, {"down: scroll", "\x1b[B"}, {"t: ticket", "t"}, {"Esc", "\x1b"}, {"?: help", "?"}, {"Esc", "\x1b"}} {
		_, before, _ := s.now()
		at := time.Now()
		if _, err := f.WriteString(k.keys); err != nil {
			log.Fatal(err)
		}
		end := s.settle(at)
		_, after, _ := s.now()
		row(k.name, after-before, end.Sub(at))
		worst, sum, keys = max(worst, after-before), sum+end.Sub(at), keys+1
	}
	fmt.Printf("%-34s %7d B %7d ms on average\n", "the dearest key", worst, sum.Milliseconds()/int64(keys))
	_, before, _ := s.now()
	at := time.Now()
	pty.Setsize(f, &pty.Winsize{Rows: 40, Cols: 120})
	end = s.settle(at)
	_, after, _ := s.now()
	row("a window of 120x40", after-before, end.Sub(at))
	f.WriteString("q")
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		log.Fatal(err)
	}
}

// settledRow: the second line holds the steps, and none of them waits any more.
func settledRow(t string) bool {
	lines := strings.Split(t, "\n")
	return len(lines) > 2 && !strings.Contains(lines[1]+lines[2], " : ") && !strings.Contains(t, "looking for known products")
}
