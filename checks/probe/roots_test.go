package probe

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// TestAnEmptyListOfAuthoritiesAccusesNobody runs itself again where the system's list is empty, as in a small container:
// the list is read once in a process.
func TestAnEmptyListOfAuthoritiesAccusesNobody(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the system itself verifies")
	}
	if os.Getenv("LINECHECK_NO_ROOTS") == "" {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "LINECHECK_NO_ROOTS=1", "SSL_CERT_FILE="+dir+"/none.pem", "SSL_CERT_DIR="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	l := newLab(t)
	l.says(ok("ok"))
	l.req.Roots = nil
	a := walk(t.Context(), l.req, patient)
	a.Path.Product = true
	f := Judge(&assets.Profile{}, l.req.Endpoint, a)
	if f.Code != NotTried || f.Status != checks.Unknown {
		t.Errorf("verified against nothing, and %s is %s: %s", f.Code, f.Status, f.Args["error"])
	}
}
