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
	// Not by the environment, which the user chooses also for a program that runs as administrator.
	if dir, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0); err == nil && elevated() && filepath.IsAbs(dir) {
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
	// The same user's programs without administrator rights are kept out too: the system runs what lies there.
	err := makeDir(dir, "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if errors.Is(err, windows.ERROR_INVALID_OWNER) || errors.Is(err, windows.ERROR_PRIVILEGE_NOT_HELD) {
		// Elevated by another right than being an administrator.
		me, uerr := windows.GetCurrentProcessToken().GetTokenUser()
		if uerr != nil {
			return uerr
		}
		err = makeDir(dir, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;"+me.User.Sid.String()+")")
	}
	if err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return named("mkdir", dir, err)
	}
	return nil
}

func makeDir(dir, rights string) error {
	sd, err := windows.SecurityDescriptorFromString(rights)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	sa := windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(sa))
	return windows.CreateDirectory(name, &sa)
}

// trusted refuses a folder that somebody else made or may write to. Its owner alone says too little: an ordinary user can
// move a folder here that an administrator made at a place that is open to all. It refuses a junction too, which could
// lead elsewhere the next time.
func trusted(root *os.Root, dir string) error {
	sd, err := rightsOf(root, dir)
	if err != nil {
		return err
	}
	if err := closed(sd, insiders{me: mine(), strict: true}); err != nil {
		return fmt.Errorf("what lies in %s is not believed until an administrator has renamed that folder: %w", dir, err)
	}
	return nil
}

// closed refuses rights by which somebody who is no administrator could change what lies in a folder. An ordinary user's
// own folder is that user's business.
func closed(sd *windows.SECURITY_DESCRIPTOR, in insiders) error {
	owner, _, err := sd.Owner()
	switch {
	case err != nil || owner == nil:
		return errors.Join(ErrDenied, err)
	case !administered(owner) && (in.me == nil || !owner.Equals(in.me)):
		return fmt.Errorf("it belongs to %s: %w", in.name(owner), ErrDenied)
	case !elevated():
		return nil
	}
	found, err := judge(sd, in, folderRole{last: true})
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("%s %s: %w", found[0].Who, found[0].May, ErrDenied)
	}
	return err
}

// mine is the account of this process; nil where the system does not say.
func mine() *windows.SID {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil
	}
	return me.User.Sid
}

// administered reports whether an owner is one that no program without administrator rights runs as.
func administered(owner *windows.SID) bool {
	return owner.IsWellKnown(windows.WinLocalSystemSid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid)
}

// rightsOf reads owner and access list of an open folder, and makes sure that dir leads to it without a link.
func rightsOf(root *os.Root, dir string) (*windows.SECURITY_DESCRIPTOR, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if held, err := f.Stat(); err != nil || !os.SameFile(seen, held) {
		return nil, errors.Join(named("open", dir, errLink), err)
	}
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	return sd, named("rights", dir, err)
}

// syncDir: NTFS writes names through its own log, and a folder cannot be flushed without special rights.
func syncDir(*os.Root) error { return nil }
