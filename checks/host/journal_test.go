package host

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func promise(id string, minute int) Promise {
	return Promise{ID: id, Action: "start", Services: []string{"fsulnethoster"}, Written: time.Date(2026, 11, 22, 12, minute, 0, 0, time.UTC), PID: 7}
}

func TestPromisesSurviveUntilTheyAreStruck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "journal")
	j := NewJournal(dir)
	if p, err := j.Open(); err != nil || len(p) != 0 {
		t.Fatalf("a journal that was never used: %v, %v", p, err)
	}
	must(t, j.Strike("never-made"))
	must(t, j.Promise(promise("b", 1)))
	must(t, j.Promise(promise("a", 2)))
	must(t, j.Promise(promise("b", 3))) // again: replaced
	got, err := NewJournal(dir).Open()
	if err != nil || len(got) != 2 || !reflect.DeepEqual(got, []Promise{promise("a", 2), promise("b", 3)}) {
		t.Fatalf("Open = %+v, %v; want a and b, oldest first", got, err)
	}
	must(t, j.Strike("a"))
	must(t, j.Strike("a"))
	if got, err := j.Open(); err != nil || len(got) != 1 || got[0].ID != "b" {
		t.Errorf("after a was struck: %+v, %v", got, err)
	}
	if runtime.GOOS == "windows" {
		return // rights are in the folder's ACL there
	}
	info, err := os.Stat(filepath.Join(dir, "b"+promiseExt))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the promise has the mode %v", info.Mode())
	}
}

func TestPromiseKnowsWhenAndWho(t *testing.T) {
	j := NewJournal(t.TempDir())
	before := time.Now().Add(-time.Second)
	must(t, j.Promise(Promise{ID: "x", Action: "start", Services: []string{"s"}}))
	got, err := j.Open()
	if err != nil || len(got) != 1 || got[0].PID != os.Getpid() || got[0].Written.Before(before) {
		t.Errorf("Open = %+v, %v", got, err)
	}
}

func TestJournalStandsGarbage(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		bad        bool
	}{
		"a file cut in the middle is named":          {"x" + promiseExt, `{"id":"x","act`, true},
		"an empty file is named":                     {"x" + promiseExt, ``, true},
		"another promise's name is named":            {"x" + promiseExt, `{"id":"y","action":"start"}`, true},
		"a promise without an action is named":       {"x" + promiseExt, `{"id":"x"}`, true},
		"a huge file is named":                       {"x" + promiseExt, `{"id":"x","action":"` + strings.Repeat("a", maxPromiseSize) + `"}`, true},
		"a folder with a promise's name is named":    {"x" + promiseExt + "/y", ``, true},
		"a half-written file is left out":            {"x.12.34.tmp", `{"id":"x"`, false},
		"somebody else's file is left out":           {"notes.txt", `hello`, false},
		"bytes that are no text at all are named":    {"x" + promiseExt, "\x00\xff\xfe", true},
		"a promise from a later version can be read": {"x" + promiseExt, `{"id":"x","action":"start","new":1}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plant(t, dir, map[string]string{c.file: c.text})
			j := NewJournal(dir)
			must(t, j.Promise(promise("good", 1)))
			got, err := j.Open()
			if errors.Is(err, ErrBadPromise) != c.bad || !c.bad && err != nil {
				t.Errorf("error %v, want a bad promise: %v", err, c.bad)
			}
			found := false
			for _, p := range got {
				found = found || p.ID == "good"
			}
			if !found {
				t.Errorf("the good promise is lost: %+v", got)
			}
		})
	}
}

func TestJournalRefusesNamesThatLeadElsewhere(t *testing.T) {
	top := t.TempDir()
	j := NewJournal(filepath.Join(top, "j"))
	for _, id := range []string{"", "..", ".hidden", "../x", `..\x`, "a/b", "a:b", "a\x00b", strings.Repeat("a", 101), "ä"} {
		if err := j.Promise(Promise{ID: id, Action: "start"}); err == nil {
			t.Errorf("the ID %q was taken", id)
		}
		if err := j.Strike(id); err == nil {
			t.Errorf("the ID %q was struck", id)
		}
	}
	if err := NewJournal("").Promise(promise("x", 1)); err == nil {
		t.Error("a journal without a folder made a promise")
	}
}

func TestJournalRefusesAFolderOfOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "j")
	must(t, os.Mkdir(dir, 0o700))
	plant(t, dir, map[string]string{"evil" + promiseExt: `{"id":"evil","action":"start","service":"evil"}`})
	if runtime.GOOS == "windows" {
		return // see TestJournalOfStrangers, for Windows
	}
	must(t, os.Chmod(dir, 0o777))
	j := NewJournal(dir)
	if got, err := j.Open(); err == nil || len(got) != 0 {
		t.Errorf("Open = %+v, %v: a promise that anybody may have planted", got, err)
	}
	if err := j.Promise(promise("x", 1)); err == nil {
		t.Error("a promise was made where anybody may remove it")
	}
}

func TestSession(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"SSH is told by its connection":      {map[string]string{"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, "ssh"},
		"SSH without a terminal is SSH":      {map[string]string{"SSH_CLIENT": "10.0.0.1 5 22"}, "ssh"},
		"a remote desktop is told by name":   {map[string]string{"SESSIONNAME": "RDP-Tcp#14"}, "rdp"},
		"Citrix is a remote desktop":         {map[string]string{"SESSIONNAME": "ICA-TCP#2"}, "rdp"},
		"the console is local":               {map[string]string{"SESSIONNAME": "Console"}, ""},
		"nothing is local":                   {nil, ""},
		"SSH into a remote desktop's is SSH": {map[string]string{"SSH_TTY": "/dev/pts/1", "SESSIONNAME": "RDP-Tcp#1"}, "ssh"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := session(func(k string) string { return c.env[k] }); got != c.want {
				t.Errorf("session = %q, want %q", got, c.want)
			}
		})
	}
}

func TestWho(t *testing.T) {
	id := Who()
	host, err := os.Hostname()
	if id.User == "" || err != nil || id.Host != host {
		t.Errorf("Who = %+v; this host is %q, %v", id, host, err)
	}
	if runtime.GOOS == "linux" && id.Elevated != (os.Geteuid() == 0) {
		t.Errorf("elevated %v with the user ID %d", id.Elevated, os.Geteuid())
	}
}

func TestUserNameWithoutAnAccount(t *testing.T) {
	env := map[string]string{"USERNAME": "ann", "USERDOMAIN": "CORP"}
	if got := userName(func(k string) string { return env[k] }); got != `CORP\ann` {
		t.Errorf("userName = %q", got)
	}
}

// Every member of this machine answers or says that it cannot; none is nil.
func TestLocalIsComplete(t *testing.T) {
	m, h := Local(), LocalHands()
	if m.OS != runtime.GOOS || m.Registry == nil || m.Services == nil || m.Files == nil || m.Network == nil || m.Ping == nil ||
		m.Proxies == nil || m.Domain == nil || m.Environ == nil || h.Services == nil || h.Files == nil || h.Journal == nil {
		t.Errorf("Local = %+v, LocalHands = %+v", m, h)
	}
	t.Setenv("LINECHECK_TEST", "here")
	if got := m.Environ.Get("LINECHECK_TEST"); got != "here" {
		t.Errorf("the environment says %q", got)
	}
	_, err := m.Registry.Keys(`HKLM\SOFTWARE`)
	if (runtime.GOOS == "windows") != (err == nil) || err != nil && !errors.Is(err, ErrUnsupported) {
		t.Errorf("registry: %v", err)
	}
	if !filepath.IsAbs(JournalDir()) {
		t.Errorf("the journal is in %q", JournalDir())
	}
}
