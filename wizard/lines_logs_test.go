package wizard

import (
	"context"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// talk is a session in lines with a person who types.
type talk struct {
	mu   sync.Mutex
	b    strings.Builder
	keys *io.PipeWriter
	done chan Session
}

func (k *talk) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(p)
}

func (k *talk) said() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.String()
}

// types types a line and lets the program answer.
func (k *talk) types(line string, d time.Duration) {
	_, _ = io.WriteString(k.keys, line+"\n")
	time.Sleep(d)
	synctest.Wait()
}

func begin(t *testing.T, o Options) *talk {
	in, keys := io.Pipe()
	k := &talk{keys: keys, done: make(chan Session, 1)}
	go func() {
		s, err := RunLines(t.Context(), o, in, k)
		if err != nil {
			t.Error(err)
		}
		k.done <- s
	}()
	time.Sleep(5 * time.Second)
	synctest.Wait()
	return k
}

func (k *talk) leave(t *testing.T, want ...string) {
	t.Helper()
	_ = k.keys.Close()
	<-k.done
	said := strings.Join(strings.Fields(k.said()), " ")
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("it does not say %q:\n%s", w, k.said())
		}
	}
}

func TestATailIsFollowedInLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-known"))
		k.types("8", 1100*time.Millisecond)
		k.types("", time.Second)
		n := len(k.said())
		time.Sleep(time.Minute)
		if len(k.said()) != n {
			t.Error("it goes on after Enter")
		}
		k.types("7", time.Second)
		k.leave(t, "Enter stops", "a.log: broken: the query got no answer (curl 28)", "What to do: Ask the proxy's people.", "Lines written:", "not known to linecheck:")
		if n := strings.Count(k.said(), "What to do"); n != 1 {
			t.Errorf("what to do is said %d times", n)
		}
	})
}

func TestABusyTailTellsInLinesOnlyWhatCanBeHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-busy"))
		k.types("8", 2*time.Second)
		k.types("", time.Second)
		k.types("7", time.Second)
		k.leave(t, "too fast to tell: ")
		if n := strings.Count(k.said(), "no answer"); n > 20*4*4 || n < 20 {
			t.Errorf("%d lines were told in two seconds", n)
		}
	})
}

func TestABundleIsReadInLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t)
		o.Ask = true
		o.Look = func(ctx context.Context, paths []string, tell func(checks.Progress)) (Looked, error) {
			if paths[0] == "nowhere.zip" {
				return Looked{Problems: []error{&fs.PathError{Op: "open", Path: paths[0], Err: fs.ErrNotExist}}}, nil
			}
			for range 20 {
				tell(checks.Progress{Waiting: "120 MB read"})
				select {
				case <-ctx.Done():
					return Looked{}, ctx.Err()
				case <-time.After(time.Second):
				}
			}
			return article(time.Date(2021, 11, 12, 17, 43, 2, 0, time.UTC)), nil
		}
		known, err := assets.Profiles()
		if err != nil {
			t.Fatal(err)
		}
		k := begin(t, o)
		k.types(string(rune('0'+len(known)+2)), time.Second)
		k.types("nowhere.zip", time.Second)
		k.types(`"big.zip"`, time.Second)
		k.types("", time.Second) // not wanted any more
		k.types("big.zip", 30*time.Second)
		k.types("1", 5*time.Second) // how the person works
		k.types("1", 5*time.Second)
		k.leave(t, "There is no such file or folder.", "Reading big.zip. Enter stops it.", "Left before it was read to its end.", "120 MB read",
			"This is what was read: support bundle.zip as of 2021-11-12 17:43", "Step 1 of 1: Logs.", "1 continue 2 evidence 5 save report 7 quit", "Verdict.")
	})
}
