package wizard_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestNoCanaryComesOnTheScreen walks every page of the real program on a terminal, at several sizes, and looks for
// secrets in every picture and in the recording.
func TestNoCanaryComesOnTheScreen(t *testing.T) {
	needsPty(t)
	scenes, _ := canaries()
	for _, s := range scenes {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			c := canaryRun{t: t, dir: t.TempDir()}
			c.file = c.write(s.Name+".yaml", sceneText(t, s))
			x := open(t, 100, 30, "lab", "--run", c.file)
			x.waitText("practice: " + s.Name)
			x.press("v")
			x.waitFor("the end of all runs", settled.MatchString)
			pages := map[string]bool{}
			look := func() {
				time.Sleep(120 * time.Millisecond) // a picture every 50 ms
				pages[x.screen()] = true
			}
			for i, size := range [][2]uint16{{100, 30}, {60, 16}, {160, 50}} {
				pty.Setsize(x.f, &pty.Winsize{Rows: size[1], Cols: size[0]})
				x.mu.Lock()
				x.vt.Resize(int(size[0]), int(size[1]))
				x.mu.Unlock()
				for _, key := range []string{"v", "t", "1", "2", "3", "\x1b", "?", "\x1b", "d", "\x1b"} {
					x.press(key)
					look()
				}
				within := []string{"\r", "\x1b[6~", "\x1b"}
				if i == 0 {
					within = append(within, "u", "\x1b", "o", "\x1b[B", "\r", "\x1b[6~", "\x1b")
				}
				x.press("v")
				for range 7 {
					x.press("p")
					for _, key := range within {
						x.press(key)
						look()
					}
				}
			}
			x.press("v")
			look()
			x.press("p") // to the logs, which grow
			x.press("F")
			for range 30 {
				look()
			}
			x.press("\r")
			look()
			x.press("\x1b")
			x.press("v")
			look()
			x.press("s")
			x.waitText("Saved")
			look()
			x.press("q")
			x.press("y")
			x.end()
			if len(pages) < 25 {
				t.Errorf("only %d different pictures were seen", len(pages))
			}
			for p := range pages {
				c.clean("a picture", p, secretMark)
			}
			x.mu.Lock()
			c.clean("the recording", plainBytes(string(x.raw)), secretMark)
			x.mu.Unlock()
			c.savedIn(x.cmd.Dir)
		})
	}
}

// settled is the status line of a verdict when nothing runs any more.
var settled = regexp.MustCompile(`(?m)^ *(?:certain ·|likely ·|possible ·|inconclusive|healthy)`)

// steering is what moves a cursor or colours a letter.
var steering = regexp.MustCompile(`\x1b(?:\[[0-9;?<>=]*[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>])`)

func plainBytes(raw string) string { return steering.ReplaceAllString(raw, "") }

// savedIn looks at everything that was saved.
func (c canaryRun) savedIn(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "linecheck-*"))
	if len(files) == 0 {
		c.t.Error("nothing was saved")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			c.t.Error(err)
		}
		c.clean("saved "+filepath.Ext(f), string(b), secretMark, personMark)
	}
}

// TestNoCanaryComesInLines does the same without a screen.
func TestNoCanaryComesInLines(t *testing.T) {
	needsPty(t)
	scenes, _ := canaries()
	for _, s := range scenes {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			c := canaryRun{t: t, dir: t.TempDir()}
			c.file = c.write(s.Name+".yaml", sceneText(t, s))
			x := open(t, 100, 50, "lab", "--run", c.file, "--accessible")
			answers := 0
			say := func(list ...string) {
				for _, answer := range list {
					answers++
					x.waitAsked(answers)
					x.press(answer + "\r")
				}
			}
			for range 7 { // each step, with its evidence
				say("2")
				x.waitAsked(answers + 1)
				switch asked := x.asked(); {
				case strings.Contains(asked, "goes back"): // all of it, and everything of the first
					say("0", "1", "2", "1", "")
				case strings.Contains(asked, "everything that was recorded"):
					say("2", "1")
				}
				say("1")
			}
			say("2", "8", "5", "1", "2", "5", "2", "1", "5", "3", "1", "1") // save, the whole report, three tickets, quit
			x.end()
			c.savedIn(x.cmd.Dir)
			x.mu.Lock()
			defer x.mu.Unlock()
			if said := plainBytes(string(x.raw)); len(said) < 3000 {
				t.Errorf("too little was said: %s", said)
			} else {
				c.clean("the lines", strings.ReplaceAll(said, "\r\n", "\n"), secretMark)
			}
		})
	}
}

// asks is what a question of the line mode ends in.
var asks = regexp.MustCompile(`Enter for [0-9]+:|Only Enter goes back:|Type a number:`)

// waitAsked waits until so many questions were put.
func (x *terminal) waitAsked(n int) {
	x.t.Helper()
	x.waitFor("a question", func(string) bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		return len(asks.FindAllString(string(x.raw), -1)) >= n
	})
}

// asked is the last question, with the lines before it.
func (x *terminal) asked() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	raw := strings.TrimRight(plainBytes(string(x.raw)), "\r\n ")
	return raw[max(0, len(raw)-120):]
}
