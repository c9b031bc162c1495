package host

import "testing"

func TestTheFingerprintTellsComputersApartAndKeepsTheirSecret(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	mine := fingerprint(id, "PC-1")
	if len(mine) != 16 || mine != fingerprint(id, "pc-1") {
		t.Errorf("the same computer is %q and then %q", mine, fingerprint(id, "pc-1"))
	}
	for name, other := range map[string]string{
		"a copy of a virtual machine is taken for the machine": fingerprint(id, "PC-2"),
		"another computer of the same name is taken for it":    fingerprint("f"+id[1:], "PC-1"),
	} {
		if other == mine || other == "" {
			t.Errorf("%s: %q", name, other)
		}
	}
	for _, none := range []string{"", "uninitialized"} {
		if got := fingerprint(none, "PC-1"); got != "" {
			t.Errorf("a computer whose id is %q gets the fingerprint %q, which others would have too", none, got)
		}
	}
}
