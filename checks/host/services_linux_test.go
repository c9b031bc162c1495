package host

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What systemctl 252 shows of a running unit.
const shown = `MainPID=98
ExecStart={ path=/bin/sleep ; argv[]=/bin/sleep 99 a b ; ignore_errors=no ; start_time=[n/a] ; pid=98 ; code=(null) ; status=0/0 }
Environment="A=1 2" B=three "C=quo\"te" "D=back\\slash"
EnvironmentFiles=/etc/default/nothere (ignore_errors=yes)
EnvironmentFiles=/etc/default/t (ignore_errors=no)
User=nobody
Description=t = odd "title"
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=static
`

func TestUnitProperties(t *testing.T) {
	p := properties(shown)
	if p["Description"] != `t = odd "title"` || commandLine(p["ExecStart"]) != "/bin/sleep 99 a b" || unitState(p) != Running || unitStart(p) != "manual" {
		t.Errorf("read %v", p)
	}
	env := map[string]string{}
	for _, f := range shellFields(p["Environment"]) {
		setVar(env, f)
	}
	if want := map[string]string{"A": "1 2", "B": "three", "C": `quo"te`, "D": `back\slash`}; !maps.Equal(env, want) {
		t.Errorf("environment %q, want %q", env, want)
	}
	files := strings.Split(p["EnvironmentFiles"], "\n")
	if path, optional := environmentFile(files[0]); len(files) != 2 || path != "/etc/default/nothere" || !optional {
		t.Errorf("environment files %q: %q, %v", files, path, optional)
	}
}

func TestUnitStates(t *testing.T) {
	for name, c := range map[string]struct {
		p     map[string]string
		state ServiceState
		start string
	}{
		"an enabled unit that failed is stopped":         {map[string]string{"ActiveState": "failed", "UnitFileState": "enabled"}, Stopped, "auto"},
		"a unit on its way up is pending":                {map[string]string{"ActiveState": "activating", "UnitFileState": "disabled"}, StartPending, "manual"},
		"a unit on its way down is pending":              {map[string]string{"ActiveState": "deactivating"}, StopPending, ""},
		"a masked unit is disabled":                      {map[string]string{"ActiveState": "inactive", "LoadState": "masked"}, Stopped, "disabled"},
		"a unit that reloads runs":                       {map[string]string{"ActiveState": "reloading", "UnitFileState": "generated"}, Running, "auto"},
		"active without any process is not running":      {map[string]string{"ActiveState": "active", "SubState": "exited", "MainPID": "0", "ExecStart": "{ path=/x }"}, Stopped, ""},
		"garbage is not running":                         {map[string]string{"ActiveState": "\x00"}, Stopped, ""},
		"a forking daemon without a main PID does run":   {map[string]string{"ActiveState": "active", "SubState": "running", "MainPID": "0", "ExecStart": "{}"}, Running, ""},
		"a socket unit that listens has no main process": {map[string]string{"ActiveState": "active", "SubState": "listening", "MainPID": ""}, Running, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if s, a := unitState(c.p), unitStart(c.p); s != c.state || a != c.start {
				t.Errorf("state %q, start %q; want %q, %q", s, a, c.state, c.start)
			}
		})
	}
}

func TestUnitNamesThatAreNone(t *testing.T) {
	for _, name := range []string{"", "--help", "a b", "a\x00b", "*", "a/b", "a;b", "$(x)", strings.Repeat("a", 300)} {
		if u, err := unitName(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("unitName(%q) = %q, %v", name, u, err)
		}
		if _, err := (systemd{}).Query(t.Context(), name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Query(%q): %v", name, err)
		}
		if err := (systemd{}).Start(t.Context(), name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Start(%q): %v", name, err)
		}
	}
	for name, want := range map[string]string{"ds_agent": "ds_agent.service", "x@1.service": "x@1.service", "dot.ted": "dot.ted.service"} {
		if u, err := unitName(name); u != want || err != nil {
			t.Errorf("unitName(%q) = %q, %v; want %q", name, u, err, want)
		}
	}
}

func TestErrorsOfSystemctl(t *testing.T) {
	for text, want := range map[string]error{
		"systemctl show: exit status 1: Failed to connect to bus: No such file or directory":            ErrUnsupported,
		"System has not been booted with systemd as init system (PID 1). Can't operate.":                ErrUnsupported,
		"systemctl stop: exit status 1: Failed to stop x.service: Interactive authentication required.": ErrDenied,
		"systemctl stop: exit status 4: Failed to stop x.service: Access denied":                        ErrDenied,
	} {
		if got := busError(errors.New(text)); !errors.Is(got, want) || !strings.Contains(got.Error(), text) {
			t.Errorf("busError(%q) = %v, want %v with the text", text, got, want)
		}
	}
}

// Without systemd every question says so; it is not an absent service.
func TestWithoutSystemd(t *testing.T) {
	if _, err := os.Stat(booted); err == nil {
		t.Skip("systemd runs here; TestSystemd looks at it")
	}
	_, err := Local().Services.Query(t.Context(), "fsulnethoster")
	if !errors.Is(err, ErrUnsupported) || errors.Is(err, ErrNotFound) {
		t.Errorf("Query: %v", err)
	}
	for what, err := range map[string]error{
		"Dependents":  second(Local().Services.Dependents(t.Context(), "x")),
		"Environment": second(Local().Services.Environment(t.Context(), "x")),
		"Start":       LocalHands().Services.Start(t.Context(), "x"),
		"Stop":        LocalHands().Services.Stop(t.Context(), "x"),
	} {
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestSystemd starts and stops units of its own, so it runs only in a throw-away systemd: LINECHECK_SYSTEMD=1 says that
// this is one.
func TestSystemd(t *testing.T) {
	if os.Getenv("LINECHECK_SYSTEMD") == "" {
		t.Skip("changes units: .ci/crash/run runs it in a systemd made for it (LINECHECK_SYSTEMD=1)")
	}
	units := map[string]string{
		"lc-base": "[Unit]\nDescription=base = unit\n[Service]\nUser=nobody\nEnvironment=\"A=1 2\" B=unit\nEnvironmentFile=-/run/lc-none\nEnvironmentFile=/run/lc.env\nExecStart=/bin/sleep 1000\n",
		"lc-need": "[Unit]\nRequires=lc-base.service\nAfter=lc-base.service\n[Service]\nExecStart=/bin/sleep 1000\n",
		"lc-fail": "[Service]\nType=oneshot\nExecStart=/bin/false\n",
		"lc-slow": "[Service]\nType=notify\nTimeoutStartSec=100\nExecStart=/bin/sleep 1000\n",
	}
	for name, text := range units {
		must(t, os.WriteFile("/run/systemd/system/"+name+".service", []byte(text), 0o644))
	}
	must(t, os.WriteFile("/run/lc.env", []byte("# proxy\nB=file\nhttps_proxy='http://proxy:3128'\n"), 0o644))
	must(t, exec.Command("systemctl", "daemon-reload").Run())
	s, ctx := systemd{}, t.Context()

	if _, err := s.Query(ctx, "lc-nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a unit that is not there: %v", err)
	}
	before, err := s.Query(ctx, "lc-base")
	if err != nil || before.State != Stopped || before.PID != 0 || before.Account != "nobody" || before.Title != "base = unit" || before.Path != "/bin/sleep 1000" {
		t.Errorf("before: %+v, %v", before, err)
	}
	env, err := s.Environment(ctx, "lc-base")
	if err != nil || env["A"] != "1 2" || env["B"] != "file" || env["https_proxy"] != "http://proxy:3128" || env["INVOCATION_ID"] != "" {
		t.Errorf("environment of a stopped unit: %q, %v", env, err)
	}
	must(t, s.Start(ctx, "lc-base"))
	must(t, s.Start(ctx, "lc-base"))
	running, err := s.Query(ctx, "lc-base")
	if err != nil || running.State != Running || running.PID == 0 {
		t.Errorf("running: %+v, %v", running, err)
	}
	if env, err = s.Environment(ctx, "lc-base"); err != nil || env["B"] != "file" || env["INVOCATION_ID"] == "" {
		t.Errorf("environment of a running unit: %q, %v", env, err)
	}
	must(t, s.Start(ctx, "lc-need"))
	if got, err := s.Dependents(ctx, "lc-base"); err != nil || !slices.Equal(got, []string{"lc-need.service"}) {
		t.Errorf("dependents: %q, %v", got, err)
	}
	if err := s.Stop(ctx, "lc-base"); err == nil || !strings.Contains(err.Error(), "lc-need") {
		t.Errorf("stopped under its dependent: %v", err)
	}
	must(t, s.Stop(ctx, "lc-need"))
	must(t, s.Stop(ctx, "lc-base"))
	must(t, s.Stop(ctx, "lc-base"))
	if after, err := s.Query(ctx, "lc-base"); err != nil || after.State != Stopped {
		t.Errorf("after: %+v, %v", after, err)
	}
	if err := s.Start(ctx, "lc-fail"); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("a unit that fails: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if err := s.Start(short, "lc-slow"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a unit that never says that it is ready: %v", err)
	}
	if slow, err := s.Query(ctx, "lc-slow"); err != nil || slow.State != StartPending {
		t.Errorf("pending: %+v, %v", slow, err)
	}
}

func TestEnvironmentOfARealProcess(t *testing.T) {
	c := exec.Command("/bin/sh", "-c", "echo ready; read x")
	c.Env = []string{"https_proxy=http://u:p@proxy:3128", "EMPTY=", "TWO=a=b", "LINES=1\n2"}
	in, err := c.StdinPipe()
	must(t, err)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	defer func() { in.Close(); _ = c.Wait() }()
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	env, err := processEnviron(c.Process.Pid)
	if err != nil || env["https_proxy"] != "http://u:p@proxy:3128" || env["TWO"] != "a=b" || env["LINES"] != "1\n2" {
		t.Errorf("environ = %q, %v", env, err)
	}
	if v, ok := env["EMPTY"]; !ok || v != "" {
		t.Errorf("an empty variable is %q, %v", v, ok)
	}
	if _, err := processEnviron(1 << 30); !errors.Is(err, ErrNotFound) {
		t.Errorf("a process that is not there: %v", err)
	}
}

func TestEnvironmentFile(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, map[string]string{"a.env": "# comment\n; too\n\nexport\nX = 1\nY=\"a b\"\nZ=one\\\ntwo\n=bad\nQ='it''s'\n", "b.env": "X=2\n"})
	env := map[string]string{}
	must(t, readEnvironmentFiles(env, filepath.Join(dir, "*.env"), false))
	if want := map[string]string{"X": "2", "Y": "a b", "Z": "onetwo", "Q": "its"}; !maps.Equal(env, want) {
		t.Errorf("got %q, want %q", env, want)
	}
	if err := readEnvironmentFiles(env, filepath.Join(dir, "none"), true); err != nil {
		t.Error("an optional file that is not there:", err)
	}
	if err := readEnvironmentFiles(env, filepath.Join(dir, "none"), false); !errors.Is(err, ErrNotFound) {
		t.Error("a file that must be there:", err)
	}
}

func TestCommandIsBoundedInSizeAndTime(t *testing.T) {
	out, err := run(t.Context(), "head", "-c", "5000000", "/dev/zero")
	if err != nil || len(out) != maxOutput {
		t.Errorf("5 MB of output: %d kept, %v", len(out), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := run(ctx, "sleep", "1000"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a command that hangs: %v", err)
	}
	if _, err := run(t.Context(), "linecheck-no-such-program"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a command that is not there: %v", err)
	}
	if _, err := run(t.Context(), "ls", "/no/such"); exitCode(err) != 2 || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("a command that fails: %v", err)
	}
}
