package logs

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

// followed is what a person reads who follows paths and ends it after a while.
func followed(t *testing.T, paths ...string) (out string, early bool, err error) {
	t.Helper()
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err = Follow(ctx, &b, host.Machine{Files: host.Disk{}}, nil, paths, 0)
		early = ctx.Err() == nil
	})
	return b.String(), early, err
}

func TestWhoFollowsIsToldWhatIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	there, gone, packed := filepath.Join(dir, "fsscorplug.log"), filepath.Join(dir, "gone.log"), filepath.Join(dir, "s.zip")
	must(t, os.WriteFile(there, []byte(answers(time.Hour)), 0o644))
	must(t, os.WriteFile(packed, []byte("PK"), 0o644))
	for name, c := range map[string]struct {
		paths []string
		says  []string
		err   bool
	}{
		"a log is followed in silence":             {[]string{there}, []string{"Following 1 log"}, false},
		"a log that is not there yet is no word":   {[]string{gone}, []string{"waits for one"}, false},
		"an archive beside a log is passed over":   {[]string{there, packed}, []string{"Not followed: ", "s.zip", "leave out --follow", "Following 1 log"}, true},
		"a missing log beside another is a defect": {[]string{there, gone}, []string{"Following 1 log"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			out, early, err := followed(t, c.paths...)
			if early || (err != nil) != c.err {
				t.Errorf("ended early %v, error %v", early, err)
			}
			for _, s := range c.says {
				if !strings.Contains(out, s) {
					t.Errorf("does not say %q:\n%s", s, out)
				}
			}
		})
	}
	if out, early, err := followed(t, packed); !early || err == nil || out != "" {
		t.Errorf("an archive alone is followed: early %v, error %v, %q", early, err, out)
	}
}

func TestWhoFollowsALongLogIsNotToldAllOfIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	var all strings.Builder
	for i := range 3000 {
		all.WriteString(timeout(5*time.Hour - time.Duration(i)*time.Second))
	}
	must(t, os.WriteFile(path, []byte(all.String()), 0o644))
	out, _, err := followed(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if told := strings.Count(out, "fsscorplug.log:"); told != pastTold {
		t.Errorf("told %d lines", told)
	}
	for _, want := range []string{"2,980 known lines stand before these", "fsscorplug.log:2981 ", "fsscorplug.log:3000 ", "\n3000 x "} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
}

// locking is a disk whose files may not be read from some time on.
type locking struct {
	host.Files
	now atomic.Bool
}

func (d *locking) Open(path string) (host.File, error) {
	if d.now.Load() {
		return nil, host.ErrDenied
	}
	return d.Files.Open(path)
}

func TestWhoFollowsIsToldOfALogThatMayNotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	must(t, os.WriteFile(path, []byte(answers(time.Hour)), 0o644))
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		disk := &locking{Files: host.Disk{}}
		time.AfterFunc(3*time.Second, func() { disk.now.Store(true) })
		if _, err := Follow(ctx, &b, host.Machine{Files: disk}, nil, []string{path}, 0); err != nil {
			t.Error(err)
		}
	})
	if n := strings.Count(b.String(), "- Waiting: fsscorplug.log: may not be read now"); n != 1 {
		t.Errorf("said %d times:\n%s", n, b.String())
	}
}

// TestWhoFollowsALogHearsGerman: the lines and the summary are told in the language, whatever a record of them holds.
func TestWhoFollowsALogHearsGerman(t *testing.T) {
	must(t, lang.Use("de"))
	defer func() { must(t, lang.Use(lang.English)) }()
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	must(t, os.WriteFile(path, []byte(timeout(time.Hour)+timeout(time.Minute)), 0o644))
	out, _, err := followed(t, path)
	must(t, err)
	for _, want := range []string{"Ab hier wird 1 Protokoll verfolgt.", "keine Antwort", "1 Art von Fehlern besteht noch."} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	for _, not := range []string{" the ", " stands", "Following", " answer"} {
		if strings.Contains(out, not) {
			t.Errorf("says %q:\n%s", not, out)
		}
	}
}
