package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// JournalDir is where promises of this machine are kept: for an administrator one folder, so that the next run finds
// the promises of any other; else the user's own. "" where there is none.
func JournalDir() string {
	if dir := os.Getenv("ProgramData"); elevated() && filepath.IsAbs(dir) {
		return filepath.Join(dir, "linecheck")
	}
	if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "linecheck")
	}
	return ""
}

// privateDir makes the folder. What an administrator makes is closed to others: below ProgramData everybody may write
// unless told otherwise.
func privateDir(dir string) error {
	if _, err := os.Stat(dir); err == nil || !elevated() {
		return os.MkdirAll(dir, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;" + me.User.Sid.String() + ")")
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	sa := windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(sa))
	if err := windows.CreateDirectory(name, &sa); err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return named("mkdir", dir, err)
	}
	return nil
}

// trusted refuses a folder that somebody else made: its owner decides who may write to it.
func trusted(_ *os.Root, dir string) error {
	sd, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return named("owner", dir, err)
	}
	owner, _, err := sd.Owner()
	if err != nil || owner == nil {
		return errors.Join(named("owner", dir, ErrDenied), err)
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	if owner.Equals(me.User.Sid) || owner.IsWellKnown(windows.WinLocalSystemSid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
		return nil
	}
	return fmt.Errorf("%s: belongs to %s: %w", dir, owner, ErrDenied)
}

// syncDir: NTFS writes names through its own log, and a folder cannot be flushed without special rights.
func syncDir(*os.Root) error { return nil }
