package pac

import (
	"errors"
	"os/exec"
	"runtime"
	"testing"
)

// A crash of Go's runtime under its bound of memory is not the script's doing, and is tried once more; a child that was
// merely ended is not.
func TestACrashOfTheEngineItselfIsToldFromAnEndedOne(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has an engine of its own, which this child is not used for")
	}
	ended := exec.Command("/bin/sh", "-c", "exit 2").Run()
	for last, want := range map[string]bool{
		"SIGSEGV: segmentation violation\nPC=0x439dfd m=3 sigcode=1 addr=0x0": true,
		"fatal error: unexpected signal during runtime execution":             true,
		"": false,
		"fatal error: all goroutines are asleep - deadlock!": false,
	} {
		err := (&parent{}).died(ended, last)
		if !errors.Is(err, errBroken) || errors.Is(err, errCrashed) != want {
			t.Errorf("%q: %v", last, err)
		}
	}
}
