package all

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/lab"
)

// words are what engines said in a run, as people read it, each with where it came from.
type words struct {
	mu  sync.Mutex
	all map[string]string
}

func (w *words) add(where string, said ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range said {
		if s = strings.TrimSpace(s); s != "" {
			w.all[s] = where
		}
	}
}

// result adds what a check said, of each finding only those values that its text has.
func (w *words) result(id checks.ID, res checks.Result) {
	w.add(string(id)+" reason", res.Reason)
	for _, f := range res.Findings {
		for name, v := range f.Args {
			if told(id, f, name) {
				w.add(string(f.Code)+" "+name, v)
			}
		}
		for name, v := range map[string]string{"subject": f.Subject, "view": f.View} {
			w.add(string(f.Code)+" "+name, v)
		}
		if f.Path != nil {
			for _, s := range f.Path.Stages {
				w.add(string(f.Code)+" note", s.Note)
			}
		}
		if f.Table != nil {
			w.add(string(f.Code)+" head", f.Table.Head...)
			for _, row := range f.Table.Rows {
				w.add(string(f.Code)+" cell", row...)
			}
		}
	}
}

// told reports whether the text of a finding says that value.
func told(id checks.ID, f checks.Finding, name string) bool {
	const mark = "\x01"
	t := checks.TextOf(id, f.With(name, mark))
	return strings.Contains(t.Title+t.Text+t.Fix+t.Say, mark)
}

// everySaid plays the whole practice network.
func everySaid(t *testing.T) map[string]string {
	t.Helper()
	scenes, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	w := &words{all: map[string]string{}}
	var wg sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	for _, sc := range scenes {
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			if err := w.play(t.Context(), sc); err != nil {
				t.Errorf("%s: %v", sc.Name, err)
			}
		})
	}
	wg.Wait()
	return w.all
}

func (w *words) play(ctx context.Context, sc lab.Scene) (err error) {
	list, err := sc.Load()
	if err != nil {
		return err
	}
	l, err := lab.Start(sc, list)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := l.Close(); err == nil {
			err = cerr
		}
	}()
	env := checks.Env{Machine: l.Machine(), Profile: list[0], Facts: checks.Facts{}, Roots: l.Roots(), Public: l.Public(), Turns: checks.NewTurns()}
	for _, c := range checks.All() {
		id := c.Spec().ID
		within, cancel := context.WithTimeout(ctx, c.Spec().Timeout)
		res, err := c.Run(within, env, func(e checks.Event) {
			if p, ok := e.(checks.Progress); ok {
				w.add(string(id)+" progress", p.Waiting)
			}
		})
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		w.result(id, res)
		for _, a := range res.Actions {
			w.add(string(id)+" action", append([]string{a.Blocked, a.Takes}, a.Steps...)...)
		}
		env.Facts = maps.Clone(env.Facts)
		for _, f := range res.Facts {
			env.Facts[f.Name] = f.Value
		}
	}
	return nil
}

// raw are words of others that stay as they were seen: of Go's network library, of a status line, of a script, of a file.
var raw = regexp.MustCompile(`dial tcp|read tcp|tls: |x509: |^\d{3} [A-Z]|^(?:PROXY|SOCKS|HTTP|DIRECT)|instead of "|statt "|^\w+ = `)

// english are small words that no German sentence has.
var english = regexp.MustCompile(`(?i)(?:^|[ (])(?:the|is|are|not|and|of|its|it|were|which|that|no|to|with|from|your|has|cannot|could)(?:[ ,.;:)]|$)`)

func TestGermanSaysWhatTheEnginesRecord(t *testing.T) {
	all := everySaid(t)
	if err := lang.Use("de"); err != nil {
		t.Fatal(err)
	}
	defer lang.Use(lang.English)
	for _, s := range slices.Sorted(maps.Keys(all)) {
		if said := lang.Phrase(assets.Spoken(s)); english.MatchString(said) && !raw.MatchString(said) {
			t.Errorf("%s: %q", all[s], said)
		}
	}
}
