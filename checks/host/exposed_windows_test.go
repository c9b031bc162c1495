package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

func TestWhoMayMisleadOnWindows(t *testing.T) {
	const everyone, users = "S-1-1-0", "S-1-5-32-545"
	account, err := windows.StringToSid("S-1-5-21-1-2-3-1001")
	must(t, err)
	me, err := windows.StringToSid("S-1-5-21-1-2-3-1002")
	must(t, err)
	in := insiders{me: me, account: account}
	type way struct{ sid, may string }
	for name, c := range map[string]struct {
		sddl             string
		top, middle, end []way // as the volume itself, a folder on the way, the folder itself
	}{
		"a service's profile is closed": {sddl: "O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;NS)"},
		"TrustedInstaller's folder is closed": {
			sddl: "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:P(A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)(A;;0x1301bf;;;SY)(A;;0x1301bf;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GA;;;CO)"},
		"the account and this user are trusted":            {sddl: "O:S-1-5-21-1-2-3-1001D:(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;S-1-5-21-1-2-3-1002)"},
		"domain and forest administrators are trusted":     {sddl: "O:S-1-5-21-1-2-3-512D:(A;;FA;;;S-1-5-21-1-2-3-512)(A;;FA;;;S-1-5-21-1-2-3-519)(A;;FA;;;S-1-5-21-1-2-3-500)"},
		"a number that only ends like an administrator's":  {sddl: "O:BAD:(A;;FA;;;S-1-5-21-1-2-3-1512)", top: []way{{"S-1-5-21-1-2-3-1512", mayRights}}},
		"somebody else owns it":                            {sddl: "O:BUD:(A;;FA;;;SY)", top: []way{{users, mayOwn}}},
		"users may read it":                                {sddl: "O:BAD:(A;;0x1200a9;;;BU)"},
		"users may make folders in it, as on drive C":      {sddl: "O:BAD:(A;;0x100004;;;BU)", middle: []way{}, end: []way{{users, mayFill}}},
		"users may make files in it, as in ProgramData":    {sddl: "O:BAD:(A;;0x100116;;;BU)", middle: []way{}, end: []way{{users, mayFill}}},
		"users may make a junction of it":                  {sddl: "O:BAD:(A;;0x100;;;BU)", middle: []way{}, end: []way{{users, mayFill}}},
		"users may rename it, as with Modify":              {sddl: "O:BAD:(A;;0x1301bf;;;BU)", top: []way{}, middle: []way{{users, mayMove}}},
		"users may remove what is in it":                   {sddl: "O:BAD:(A;;0x40;;;BU)", top: []way{{users, mayReplace}}},
		"users may change its rights":                      {sddl: "O:BAD:(A;;WD;;;BU)", top: []way{{users, mayRights}}},
		"users may take it over":                           {sddl: "O:BAD:(A;;WO;;;BU)", top: []way{{users, mayRights}}},
		"everybody may do everything, written in general":  {sddl: "O:BAD:(A;;GA;;;WD)", top: []way{{everyone, mayRights}}},
		"users may write, written in general":              {sddl: "O:BAD:(A;;GW;;;BU)", middle: []way{}, end: []way{{users, mayFill}}},
		"what is only handed down does not count here":     {sddl: "O:BAD:(A;OICIIO;FA;;;WD)"},
		"a denial before it takes the right away":          {sddl: "O:BAD:(D;;FA;;;BU)(A;;FA;;;BU)"},
		"a denial for everybody takes the right away":      {sddl: "O:BAD:(D;;FA;;;WD)(A;;FA;;;BU)"},
		"a denial that is only handed down does not count": {sddl: "O:BAD:(D;OICIIO;FA;;;BU)(A;;FA;;;BU)", top: []way{{users, mayRights}}},
		"a denial after it changes nothing":                {sddl: "O:BAD:(A;;FA;;;BU)(D;;FA;;;BU)", top: []way{{users, mayRights}}},
		"a denial for some leaves the others":              {sddl: "O:BAD:(D;;FA;;;BG)(A;;FA;;;BU)", top: []way{{users, mayRights}}},
		"an empty list lets nobody in":                     {sddl: "O:BAD:"},
		"no list lets everybody in":                        {sddl: "O:BA", top: []way{{"everybody", mayReplace}}},
	} {
		t.Run(name, func(t *testing.T) {
			sd, err := windows.SecurityDescriptorFromString(c.sddl)
			must(t, err)
			if c.middle == nil {
				c.middle = c.top
			}
			if c.end == nil {
				c.end = c.middle
			}
			for place, p := range map[string]struct {
				role folderRole
				want []way
			}{"the volume": {folderRole{top: true}, c.top}, "a folder on the way": {folderRole{}, c.middle}, "the folder": {folderRole{last: true}, c.end}} {
				var want []Exposure
				for _, w := range p.want {
					who := w.sid
					if sid, err := windows.StringToSid(w.sid); err == nil {
						who = in.name(sid)
					}
					want = append(want, Exposure{Who: who, May: w.may})
				}
				if got, err := judge(sd, in, p.role); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: %v, %v; want %v", place, got, err, want)
				}
			}
		})
	}
}

// A directory that is out of reach, which is what this program is called for, makes each question for a name long.
func TestNamesAreNotAskedForWithoutEnd(t *testing.T) {
	sd, err := windows.SecurityDescriptorFromString("O:BUD:(A;;FA;;;WD)")
	must(t, err)
	in := insiders{until: time.Now()}
	got, err := judge(sd, in, folderRole{})
	if want := []Exposure{{Who: "S-1-5-32-545", May: mayOwn}, {Who: "S-1-1-0", May: mayRights}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestExposedFoldersOnWindows(t *testing.T) {
	dir := t.TempDir()
	got, err := Disk{}.Exposed(dir, `NT AUTHORITY\NetworkService`)
	if err != nil {
		t.Error(err)
	}
	t.Logf("%s: %v", dir, got)
	if _, err := (Disk{}).Exposed(filepath.Join(dir, "none"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	windir := filepath.Join(os.Getenv("SystemRoot"), "System32")
	if got, err := (Disk{}).Exposed(windir, ""); err != nil || len(got) != 0 {
		t.Errorf("%s: %v, %v", windir, got, err)
	}
}

func TestAccountsAsTheServiceManagerWritesThem(t *testing.T) {
	for account, want := range map[string]string{`NT AUTHORITY\NetworkService`: "S-1-5-20", `NT AUTHORITY\LocalService`: "S-1-5-19", "": "", "no such account": "", "x\x00y": ""} {
		in := newInsiders(account)
		if in.me == nil {
			t.Error("this user is not known")
		}
		if got := in.account; want == "" && got != nil || want != "" && (got == nil || got.String() != want) {
			t.Errorf("%q is %v, want %q", account, got, want)
		}
	}
}
