package host

import (
	"context"
	"os"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// insiders are those who may own and change a folder without being a danger to an administrator: accounts that only
// administrators can act as, and services.
type insiders struct {
	me, account *windows.SID
	strict      bool // only administrators and the system count beside those two
	// until bounds asking for names, each of which may wait for a directory that is out of reach. Zero: nameWait for each.
	until time.Time
}

func newInsiders(account string) insiders {
	in := insiders{me: mine(), until: time.Now().Add(2 * nameWait)}
	if account == "" || strings.ContainsRune(account, 0) {
		return in
	}
	ctx, cancel := context.WithTimeout(context.Background(), nameWait)
	defer cancel()
	in.account, _ = within(ctx, func() (*windows.SID, error) {
		sid, _, _, err := windows.LookupSID("", strings.TrimPrefix(account, `.\`))
		return sid, err
	})
	return in
}

// sid: services by their own SIDs (S-1-5-80, TrustedInstaller is one of them) or as LocalService and NetworkService;
// CREATOR OWNER and OWNER RIGHTS are nobody but the owner, who is looked at by itself.
func (in insiders) sid(sid *windows.SID) bool {
	switch {
	case in.me != nil && sid.Equals(in.me), in.account != nil && sid.Equals(in.account):
		return true
	case in.strict:
		return administered(sid) || sid.IsWellKnown(windows.WinCreatorOwnerSid) || sid.IsWellKnown(windows.WinCreatorOwnerRightsSid)
	}
	for _, t := range []windows.WELL_KNOWN_SID_TYPE{
		windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinLocalServiceSid, windows.WinNetworkServiceSid,
		windows.WinCreatorOwnerSid, windows.WinCreatorOwnerRightsSid,
	} {
		if sid.IsWellKnown(t) {
			return true
		}
	}
	text := sid.String()
	if strings.HasPrefix(text, "S-1-5-80-") {
		return true
	}
	if !strings.HasPrefix(text, "S-1-5-21-") {
		return false
	}
	// The built-in administrator, the domain's and the forest's administrators: Windows gives these numbers to nobody else.
	for _, rid := range []string{"-500", "-512", "-519"} {
		if strings.HasSuffix(text, rid) && strings.Count(text, "-") == 7 {
			return true
		}
	}
	return false
}

// Rights on a folder (winnt.h), and kinds of access control entries.
const (
	addFile      = 0x2
	addFolder    = 0x4
	deleteChild  = 0x40
	writeAttrs   = 0x100 // enough to make a junction of an empty folder
	everything   = 0x1f01ff
	genericWrite = 0x120116

	aceAllow, aceDeny             = 0, 1
	aceAllowObject, aceDenyObject = 5, 6
	aceAllowIf, aceDenyIf         = 9, 10
	aceAllowObjectIf              = 11
)

// exposures says what ordinary users may do with one open folder.
func exposures(dir *os.File, in insiders, role folderRole) ([]Exposure, error) {
	sd, err := windows.GetSecurityInfo(windows.Handle(dir.Fd()), windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	return judge(sd, in, role)
}

func judge(sd *windows.SECURITY_DESCRIPTOR, in insiders, role folderRole) ([]Exposure, error) {
	var out []Exposure
	owner, _, err := sd.Owner()
	switch {
	case err != nil:
		return nil, err
	case owner == nil:
		out = append(out, Exposure{Who: "nobody that is known", May: mayOwn})
	case !in.sid(owner):
		out = append(out, Exposure{Who: in.name(owner), May: mayOwn})
	}
	dacl, _, err := sd.DACL()
	if err == windows.ERROR_OBJECT_NOT_FOUND || err == nil && dacl == nil {
		return append(out, Exposure{Who: "everybody", May: mayReplace}), nil // no list at all: no limits
	}
	if err != nil {
		return nil, err
	}
	denied := map[string]windows.ACCESS_MASK{}
	for i := range uint32(dacl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, i, &ace); err != nil {
			return nil, err
		}
		if ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		switch ace.Header.AceType {
		case aceDeny:
			denied[sid.String()] |= full(ace.Mask)
		case aceAllow, aceAllowIf: // with a condition: it may be true
			if in.sid(sid) {
				continue
			}
			mask := full(ace.Mask) &^ denied[sid.String()] &^ denied["S-1-1-0"]
			if may := mayDo(mask, role); may != "" {
				out = append(out, Exposure{Who: in.name(sid), May: may})
			}
		case aceAllowObject, aceAllowObjectIf:
			out = append(out, Exposure{Who: "somebody, by an entry that files do not have,", May: mayReplace})
		}
	}
	return out, nil
}

// full writes the general rights out.
func full(m windows.ACCESS_MASK) windows.ACCESS_MASK {
	if m&windows.GENERIC_ALL != 0 {
		m |= everything
	}
	if m&windows.GENERIC_WRITE != 0 {
		m |= genericWrite
	}
	return m
}

// mayDo is the worst that a right allows, in words; "" for nothing that matters here.
func mayDo(m windows.ACCESS_MASK, role folderRole) string {
	switch {
	case m&(windows.WRITE_DAC|windows.WRITE_OWNER) != 0:
		return mayRights
	case m&deleteChild != 0:
		return mayReplace
	case m&windows.DELETE != 0 && !role.top:
		return mayMove
	case role.last && m&(addFile|addFolder|writeAttrs) != 0:
		return mayFill
	}
	return ""
}

// name is DOMAIN\name, or the SID where nobody says the name in time.
func (in insiders) name(sid *windows.SID) string {
	wait := nameWait
	if !in.until.IsZero() {
		wait = min(wait, time.Until(in.until))
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	name, err := within(ctx, func() (string, error) {
		name, domain, _, err := sid.LookupAccount("")
		if domain != "" {
			name = domain + `\` + name
		}
		return name, err
	})
	if err != nil || name == "" {
		return sid.String()
	}
	return legible(name)
}
