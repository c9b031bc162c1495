package host

import (
	"fmt"
	"os/exec"
	"testing"
	"time"
)

func ownGroup(*exec.Cmd) {}

var signalled = map[string]func(*stage){}

// gone waits until the watchdog that told of its work has ended too: the file of one that runs cannot be removed.
func gone(t *testing.T, kept string) {
	var pid int
	if _, err := fmt.Sscanf(kept, "kept by %d", &pid); err != nil {
		t.Fatal(err)
	}
	for Alive(pid) {
		time.Sleep(10 * time.Millisecond)
	}
}
