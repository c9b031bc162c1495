package host

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestScriptsAskThroughTheirLookup(t *testing.T) {
	s := function(`return "PROXY " + dnsResolve("name.example") + ":1; PROXY " + myIpAddress() + ":2"`)
	s.Own = []netip.Addr{netip.MustParseAddr("192.0.2.5")}
	s.Lookup = func(_ context.Context, name string) ([]netip.Addr, error) {
		if name != "name.example" {
			t.Errorf("asked for %q", name)
		}
		return []netip.Addr{netip.MustParseAddr("10.7.7.7")}, nil
	}
	got, err := Local().Scripts.Run(t.Context(), s, []string{"https://a.example/"})
	if err != nil || got[0].Result != "PROXY 10.7.7.7:1; PROXY 192.0.2.5:2" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAListIsGivenAsItIsWritten(t *testing.T) {
	if got := list(t); got != "PROXY a.example:3128; PROXY b.example:8080; DIRECT" {
		t.Error(got)
	}
}

func TestAScriptThatFailsBeforeItsFunctionIsHad(t *testing.T) {
	s := function(`return "DIRECT"`)
	s.Text = append([]byte("var a = 1;\nnobody.home();\n"), s.Text...)
	_, err := Local().Scripts.Run(t.Context(), s, []string{"https://a.example/"})
	var se *ScriptError
	if !errors.As(err, &se) || se.Fault != ScriptThrown || se.Line != 2 || err.Error() != "line 2: ReferenceError: nobody is not defined" {
		t.Errorf("%#v", err)
	}
}

func TestAScriptInUTF16(t *testing.T) {
	s := function(`return "DIRECT"`)
	wide := []byte{0xff, 0xfe}
	for _, b := range s.Text {
		wide = append(wide, b, 0)
	}
	s.Text = wide
	if got, err := Local().Scripts.Run(t.Context(), s, []string{"https://a.example/"}); err != nil || got[0].Result != "DIRECT" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnEndlessScriptIsNamedAndGone(t *testing.T) {
	begun := time.Now()
	_, err := Local().Scripts.Run(t.Context(), function(`while (1);`), []string{"https://a.example/"})
	var se *ScriptError
	if !errors.As(err, &se) || se.Fault != ScriptEndless {
		t.Errorf("%#v after %v", err, time.Since(begun))
	}
	if left := children(t); left != "" {
		t.Errorf("a child is left: %s", left)
	}
}

// children lists the processes that this one has started and that still are there.
func children(t *testing.T) string {
	t.Helper()
	var out []string
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		b, _ := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
		out = append(out, strings.Fields(string(b))...)
	}
	return strings.Join(out, " ")
}

// These leap over the child's own watch, so that the system has to refuse.
func TestTheSystemBoundsAScriptsMemory(t *testing.T) {
	for name, body := range map[string]string{
		"a text is repeated":  `return "x".repeat(Math.pow(2, 30) - 30)`,
		"a text is padded":    `return "x".padEnd(Math.pow(2, 30) - 30)`,
		"a text is joined":    `return new Array(Math.pow(2, 31)).join("x".repeat(1 << 20))`,
		"one buffer":          `return "" + new Uint8Array(Math.pow(2, 30)).fill(1).length`,
		"a text that doubles": `var s = "x"; for (;;) s += s`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Local().Scripts.Run(t.Context(), function(body), []string{"https://a.example/"})
			var se *ScriptError
			if !errors.As(err, &se) || got != nil || se.Fault != ScriptGreedy {
				t.Errorf("%+v, %#v", got, err)
			}
		})
	}
}

func TestConfine(t *testing.T) {
	cmd := exec.Command("/bin/cat")
	in, err := cmd.StdinPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	must(t, confine(cmd.Process.Pid))
	b, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/limits")
	must(t, err)
	for _, want := range []string{"Max cpu time 10 10", "Max data size " + strconv.Itoa(ScriptMemory+engineMemory), "Max core file size 0 0"} {
		if !strings.Contains(strings.Join(strings.Fields(string(b)), " "), want) {
			t.Errorf("%q is not among\n%s", want, b)
		}
	}
	if err := confine(1 << 30); err == nil {
		t.Error("a process that is not there is bounded")
	}
}
