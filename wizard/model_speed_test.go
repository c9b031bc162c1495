package wizard_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestAWholeSessionStaysWithinItsMemory walks the real program through a run in the practice network, which is part of the
// same process, and looks at the most that it held.
func TestAWholeSessionStaysWithinItsMemory(t *testing.T) {
	needsPty(t)
	const most = 40 << 20
	x := open(t, 80, 24, "lab", "--run", "proxy.unresolvable", "--role", "self")
	x.waitText("practice: proxy.unresolvable")
	for range 6 {
		x.press(right)
	}
	x.press("v")
	x.waitText("certain · proxy.unresolvable")
	for _, key := range []string{"t", "2", "3", "t", "?"} {
		x.press(key)
	}
	x.waitText("Esc") // the last of them is there
	peak := held(x.cmd.Process.Pid, "VmHWM:")
	if peak == 0 {
		t.Skip("this system does not tell what a process holds")
	}
	t.Logf("at most %.1f MB, of them %.1f MB of the program's own and the rest its file", float64(peak)/1e6, float64(held(x.cmd.Process.Pid, "RssAnon:"))/1e6)
	if peak > most {
		t.Errorf("it held %d bytes, want at most %d", peak, most)
	}
	x.press("\x03")
	x.end()
}

// held is a line of what Linux tells of a process's memory, in bytes.
func held(pid int, name string) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), name)
	kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kb, 10, 64)
	return n << 10
}
