package wizard_test

import (
	"strings"
	"testing"
)

func TestThePracticeCacheIsCleanedOnARealTerminal(t *testing.T) {
	needsPty(t)
	x := open(t, 80, 24, "lab", "--run", "cache.stale_failures", "--role", "guided")
	x.waitText("practice: ")
	x.press("v")
	x.waitText("· cache.stale_failures")
	t.Log(x.waitText("press c to clean the product's cache"))
	x.press("c")
	x.waitText("did the customer agree?")
	x.press("y")
	t.Log(x.waitText("and press Enter"))
	x.press("clean\r")
	t.Log(x.waitFor("a step under way", func(s string) bool { return strings.Contains(s, "step ") }))
	t.Log(x.waitFor("the end, looked at again", func(s string) bool {
		return strings.Contains(s, "Say ") && strings.Contains(s, "Before") && strings.Contains(s, "Every address")
	}))
	x.press("\r")
	t.Log(x.waitText("Clean the product's cache: done"))
	x.press("q")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d, want 0 for a line that is open", code)
	}
}
