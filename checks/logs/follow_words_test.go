package logs

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
