package host

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

func TestWhoseJournalIsBelieved(t *testing.T) {
	if !elevated() {
		t.Skip("an ordinary user's journal is that user's business")
	}
	me, err := windows.StringToSid("S-1-5-21-1-2-3-1002")
	must(t, err)
	both, system := insiders{me: me, strict: true}, insiders{strict: true}
	for name, c := range map[string]struct {
		sddl string
		who  insiders
		ok   bool
	}{
		"linecheck's own folder is refused":                        {"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", system, true},
		"one that the system made is refused":                      {"O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", system, true},
		"one that this user made is refused":                       {"O:S-1-5-21-1-2-3-1002D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1002)", both, true},
		"one that others may read is refused":                      {"O:BAD:(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)", system, true},
		"SYSTEM runs what this user's programs can exchange":       {"O:S-1-5-21-1-2-3-1002D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1002)", system, false},
		"SYSTEM runs what this user's programs can put there":      {"O:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-21-1-2-3-1002)", system, false},
		"one that a stranger made is believed":                     {"O:BUD:P(A;OICI;FA;;;BA)", both, false},
		"an administrator's folder that users moved is believed":   {"O:BAD:(A;OICIID;FA;;;BA)(A;OICIID;0x1301bf;;;AU)", both, false},
		"an administrator's folder in ProgramData is believed":     {"O:BAD:(A;OICIID;FA;;;BA)(A;CIID;0x116;;;BU)", both, false},
		"one that a service without such rights fills is believed": {"O:BAD:(A;OICI;FA;;;BA)(A;OICI;FA;;;NS)", both, false},
		"one without a list is believed":                           {"O:BA", both, false},
	} {
		t.Run(name, func(t *testing.T) {
			sd, err := windows.SecurityDescriptorFromString(c.sddl)
			must(t, err)
			err = closed(sd, c.who)
			if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrDenied) {
				t.Errorf("%v", err)
			}
		})
	}
}

// As a virus scanner or a backup does with a file that was just written.
func TestAJournalThatIsHeldForAMomentIsWaitedFor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "j")
	j := NewJournal(dir)
	must(t, j.Promise(Promise{ID: "p", Action: "clean", Phase: "begun"}))
	release := func() {
		letGo := hold(t, filepath.Join(dir, "p"+promiseExt))
		time.AfterFunc(2*holdPause, letGo)
	}
	release()
	must(t, j.Promise(Promise{ID: "p", Action: "clean", Phase: "moving"}))
	if got, err := j.Open(); err != nil || len(got) != 1 || got[0].Phase != "moving" {
		t.Errorf("%+v, %v", got, err)
	}
	release()
	must(t, j.Strike("p"))
	if got, err := j.Open(); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
