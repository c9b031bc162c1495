package host

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/sys/windows"
)

func ownGroup(*exec.Cmd) {}

var signalled = map[string]func(*stage){}

// gone waits until the watchdog that told of its work has ended too: the file of one that runs cannot be removed.
func gone(t *testing.T, kept string) {
	var pid int
	if _, err := fmt.Sscanf(kept, "kept by %d", &pid); err != nil {
		t.Fatal(err)
	}
	h, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return // it has ended
	}
	defer windows.CloseHandle(h)
	_, err = windows.WaitForSingleObject(h, windows.INFINITE)
	must(t, err)
}

func TestTheTaskIsWhatSchtasksReads(t *testing.T) {
	b := task(`C:\Program Data & more\guard-x.exe`, "x", time.Date(2026, 11, 29, 12, 0, 0, 0, time.Local))
	words := make([]uint16, len(b)/2)
	for i := range words {
		words[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	text := string(utf16.Decode(words))
	if !strings.HasPrefix(text, "\ufeff<?xml") {
		t.Errorf("it begins with %q", text[:10])
	}
	var got struct {
		Until   string `xml:"Triggers>BootTrigger>EndBoundary"`
		User    string `xml:"Principals>Principal>UserId"`
		Battery bool   `xml:"Settings>DisallowStartIfOnBatteries"`
		Command string `xml:"Actions>Exec>Command"`
		Args    string `xml:"Actions>Exec>Arguments"`
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	must(t, d.Decode(&got))
	if got.Command != `C:\Program Data & more\guard-x.exe` || got.Args != "guard --promise x --alone" || got.User != "S-1-5-18" ||
		got.Until != "2026-11-29T12:00:00" || got.Battery {
		t.Errorf("%+v", got)
	}
}

// SYSTEM runs what lies in the journal's folder: nobody may put anything there who is not an administrator.
func TestTheJournalIsForAdministratorsOnly(t *testing.T) {
	if !elevated() {
		t.Skip("needs administrator rights")
	}
	dir := filepath.Join(t.TempDir(), "journal")
	must(t, NewJournal(dir).Promise(Promise{ID: "p", Action: "clean"}))
	sd, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	must(t, err)
	got := sd.String()
	if !strings.HasPrefix(got, "O:BA") {
		t.Skipf("an owner is not kept here: %s", got)
	}
	if got != "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)" && got != "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)" {
		t.Errorf("%s", got)
	}
}

func TestAJournalBehindAJunctionIsRefused(t *testing.T) {
	top := t.TempDir()
	must(t, NewJournal(filepath.Join(top, "real")).Promise(Promise{ID: "p", Action: "clean"}))
	if out, err := exec.Command("cmd", "/c", "mklink", "/J", filepath.Join(top, "link"), filepath.Join(top, "real")).CombinedOutput(); err != nil {
		t.Skipf("no junction: %v: %s", err, out)
	}
	if _, err := os.Lstat(filepath.Join(top, "link")); err != nil {
		t.Skipf("no junction: %v", err)
	}
	if got, err := NewJournal(filepath.Join(top, "link")).Open(); err == nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestThisProgramsPlaceIsLookedAt(t *testing.T) {
	program, err := os.Executable()
	must(t, err)
	if err := unexposed(program); err != nil {
		t.Logf("here it could be exchanged: %v", err) // that is for the machine to say
	}
	if err := unexposed(filepath.Join(t.TempDir(), "none.exe")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %v", err)
	}
}
