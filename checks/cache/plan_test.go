package cache

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

func TestThePlanHidesAStep(t *testing.T) {
	for name, c := range map[string]struct {
		set      func(*bed)
		steps    []string
		commands []string
		takes    string
		effect   string
	}{
		"of a running service": {
			func(*bed) {},
			[]string{"one of the product's addresses answers now", "write down what must run again", "stop fsulnethoster (Network Hoster)",
				"move 2 files (1.2 kB) in " + folder + " aside", "start fsulnethoster again", "see that fsulnethoster runs", "only then delete"},
			[]string{"net stop fsulnethoster", `del /q /s "` + folder + `\*"`, "net start fsulnethoster"},
			"at most 6 minutes", "without its cloud",
		},
		"of a service that others need": {
			func(b *bed) { b.depend("near") },
			[]string{"answers now", "write down", "stop near, which needs fsulnethoster", "stop fsulnethoster", "move 2 files", "start fsulnethoster again",
				"start near again", "see that near and fsulnethoster run", "only then delete"},
			[]string{"net stop near", "net stop fsulnethoster", `del /q /s "` + folder + `\*"`, "net start fsulnethoster", "net start near"},
			"at most 7 minutes", "without its cloud",
		},
		"of a stopped service": {
			func(b *bed) { b.Services[service].State = host.Stopped },
			[]string{"answers now", "write down", "move 2 files", "leave fsulnethoster (Network Hoster) stopped", "only then delete"},
			[]string{`del /q /s "` + folder + `\*"`},
			"a few seconds", "Nothing that runs is stopped",
		},
		"without the service's state": {
			func(b *bed) { b.ServiceErr[service] = host.ErrDenied },
			[]string{"answers now", "write down", "stop fsulnethoster if it runs", "move 2 files", "start it again if it ran", "see that it runs", "only then delete"},
			[]string{"net stop fsulnethoster", `del /q /s "` + folder + `\*"`, "net start fsulnethoster"},
			"at most 6 minutes", "without its cloud",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.put(t, "a", 1200, time.Hour)
			b.put(t, "b", 1, time.Hour)
			c.set(b)
			a := b.plan(t)
			if len(a.Steps) != len(c.steps) {
				t.Errorf("steps %q", a.Steps)
			}
			for i, part := range c.steps {
				if i >= len(a.Steps) || !strings.Contains(a.Steps[i], part) {
					t.Errorf("step %d of %q lacks %q", i+1, a.Steps, part)
				}
			}
			if !slices.Equal(a.Commands, c.commands) {
				t.Errorf("commands %q, want %q", a.Commands, c.commands)
			}
			if !strings.Contains(a.Takes, c.takes) || !strings.Contains(a.Effect, c.effect) || !strings.Contains(a.Undo, "moved back") {
				t.Errorf("takes %q, effect %q, undo %q", a.Takes, a.Effect, a.Undo)
			}
			if a.ID != ActionClean || a.Confirm != "clean" || a.Title == "" || a.Why == "" || !strings.HasPrefix(a.Ask, "May I ") ||
				!slices.Equal(a.Again, []checks.ID{"product", "allowlist", "logs"}) {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestLinuxIsToldWindowsCommands(t *testing.T) {
	b := newBed(t)
	b.OS = "linux"
	b.profile.Cache.Dir = "/var/opt/vendor/cache"
	b.dir = filepath.Join(b.Root, "var", "opt", "vendor", "cache")
	b.put(t, "a", 1, time.Hour)
	b.Identity.Elevated = false
	a := b.plan(t)
	want := []string{"systemctl stop fsulnethoster", "find '/var/opt/vendor/cache' -mindepth 1 -delete", "systemctl start fsulnethoster"}
	if !slices.Equal(a.Commands, want) || !strings.HasSuffix(a.Blocked, "as root") {
		t.Errorf("%q, %q", a.Commands, a.Blocked)
	}
}

func TestACleanupOnLinuxIsAnotherOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.OS = "linux"
		b.profile.Cache.Dir = "/var/opt/vendor/cache"
		b.dir = filepath.Join(b.Root, "var", "opt", "vendor", "cache")
		b.put(t, "a", 1, time.Hour)
		res, err := b.fix(t.Context(), b.plan(t), quiet)
		if err != nil || res.Findings[0].Code != Cleaned || len(b.left())+len(b.shelves(t)) > 0 || b.state() != host.Running {
			t.Errorf("%+v, %v, %v, %v", res, err, b.left(), b.shelves(t))
		}
	})
}

// TestProgressStandsStill looks at what a person is told while a service takes its time.
func TestProgressStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		a := b.plan(t)
		b.OnCall = func(verb, _ string) error {
			if verb == "stop" {
				time.Sleep(3500 * time.Millisecond)
			}
			return nil
		}
		var heard []checks.Progress
		res, err := b.fix(t.Context(), a, func(e checks.Event) {
			if p, ok := e.(checks.Progress); ok {
				heard = append(heard, p)
			}
		})
		if err != nil || len(res.Findings) != 1 {
			t.Fatal(res, err)
		}
		last, steps := 0, map[int]bool{}
		beats := 0
		for _, p := range heard {
			if p.Total != len(a.Steps) || p.Done < last || p.Done > p.Total || p.Waiting == "" {
				t.Errorf("%+v after %d", p, last)
			}
			last, steps[p.Done] = p.Done, true
			if strings.Contains(p.Waiting, "stop fsulnethoster") && strings.HasSuffix(p.Waiting, "of 60 s") {
				beats++
			}
		}
		if len(steps) != len(a.Steps) || beats != 3 {
			t.Errorf("steps %v, %d beats of %+v", steps, beats, heard)
		}
	})
}

// A step that failed must not look done while what was done is taken back, nor one begun that never was.
func TestAStepThatFailedIsTickedOff(t *testing.T) {
	for verb, failed := range map[string]string{"stop": "stop fsulnethoster", "start": "start fsulnethoster"} {
		t.Run(verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.put(t, "a", 1, time.Hour)
				a := b.plan(t)
				b.OnCall = func(v, _ string) error {
					if v == verb {
						time.Sleep(2500 * time.Millisecond)
						return errors.New("no")
					}
					return nil
				}
				var last checks.Progress
				backs := 0
				_, err := b.fix(t.Context(), a, func(e checks.Event) {
					if p, ok := e.(checks.Progress); ok {
						last = p
						if p.Back {
							backs++
						}
					}
				})
				if err == nil || !last.Back || backs == 0 || !strings.HasPrefix(a.Steps[last.Done], failed) {
					t.Errorf("%v, %d times back: %+v in %q", err, backs, last, a.Steps)
				}
			})
		})
	}
}

func TestASentenceEndsTwiceBehindAnError(t *testing.T) {
	if got := oneLine(errors.New("the job failed.\nSee its journal.")); got != "the job failed.; See its journal" {
		t.Errorf("%q", got)
	}
}
