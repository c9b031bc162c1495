package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// openAt opens or makes an entry of an open folder, never what a link there leads to. It knows every name that NTFS
// does, also those that Win32 spells otherwise: "aux", "x.".
func openAt(dir *os.File, name string, access, disposition, options uint32, sd *windows.SECURITY_DESCRIPTOR) (windows.Handle, error) {
	text, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, err
	}
	oa := windows.OBJECT_ATTRIBUTES{
		RootDirectory: windows.Handle(dir.Fd()), ObjectName: text, Attributes: windows.OBJ_CASE_INSENSITIVE, SecurityDescriptor: sd,
	}
	oa.Length = uint32(unsafe.Sizeof(oa))
	var h windows.Handle
	var status windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, access|windows.SYNCHRONIZE, &oa, &status, nil, windows.FILE_ATTRIBUTE_NORMAL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, disposition,
		options|windows.FILE_OPEN_REPARSE_POINT|windows.FILE_OPEN_FOR_BACKUP_INTENT|windows.FILE_SYNCHRONOUS_IO_NONALERT, 0, 0)
	return h, errno(err)
}

// errno makes the error of a Win32 call of that of an NT call, which errors.Is knows.
func errno(err error) error {
	var st windows.NTStatus
	if errors.As(err, &st) {
		return st.Errno()
	}
	return err
}

// makeShelf makes a folder that only administrators and the system may enter, whatever the folder around it hands down.
// What is moved there keeps its own rights.
func makeShelf(parent *os.Root, name string) error {
	around, err := parent.Open(".")
	if err != nil {
		return err
	}
	defer around.Close()
	text := "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
	if !elevated() {
		me, err := windows.GetCurrentProcessToken().GetTokenUser()
		if err != nil {
			return err
		}
		text = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;" + me.User.Sid.String() + ")"
	}
	sd, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		return err
	}
	h, err := openAt(around, name, windows.FILE_LIST_DIRECTORY, windows.FILE_CREATE, windows.FILE_DIRECTORY_FILE, sd)
	if err != nil {
		return err
	}
	return windows.CloseHandle(h)
}

// ours refuses a folder that an ordinary user made: its owner decides who may write to it.
func ours(dir *os.File) error {
	sd, err := windows.GetSecurityInfo(windows.Handle(dir.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return err
	}
	if owner == nil || !newInsiders("").sid(owner) {
		return errStranger
	}
	return nil
}

// renameInfo is FILE_RENAME_INFORMATION and, with flags, FILE_RENAME_INFORMATION_EX.
type renameInfo struct {
	flags     uint32
	directory windows.Handle
	length    uint32 // of the name, in bytes
	name      [260]uint16
}

const fileRenameInformationEx = 65

// rename moves an entry between two open folders, and never takes another one's place.
func rename(from, to *os.File, name, as string) error {
	h, err := openAt(from, name, windows.DELETE, windows.FILE_OPEN, 0, nil)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)
	text, err := windows.UTF16FromString(as)
	if err != nil {
		return err
	}
	info := renameInfo{directory: windows.Handle(to.Fd())}
	if len(text) > len(info.name) {
		return windows.ERROR_FILENAME_EXCED_RANGE
	}
	info.length = uint32(2 * copy(info.name[:], text[:len(text)-1]))
	set := func(class uint32) error {
		var status windows.IO_STATUS_BLOCK
		return errno(windows.NtSetInformationFile(h, &status, (*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), class))
	}
	info.flags = windows.FILE_RENAME_POSIX_SEMANTICS | windows.FILE_RENAME_IGNORE_READONLY_ATTRIBUTE
	if err = set(fileRenameInformationEx); err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	info.flags = 0 // older systems and file systems know only the plain form
	return set(windows.FileRenameInformation)
}

// apart refuses a folder on another volume. One that is mounted in a folder is a reparse point, which is refused before.
func apart(parent *os.Root, dir *os.File) error {
	around, err := parent.Open(".")
	if err != nil {
		return err
	}
	defer around.Close()
	var a, b windows.ByHandleFileInformation
	err = errors.Join(windows.GetFileInformationByHandle(windows.Handle(around.Fd()), &a),
		windows.GetFileInformationByHandle(windows.Handle(dir.Fd()), &b))
	if err != nil {
		return fmt.Errorf("its volume cannot be told: %w", err)
	}
	if a.VolumeSerialNumber != b.VolumeSerialNumber {
		return errMount
	}
	return nil
}

// flush: NTFS writes names through its own log, and a folder cannot be flushed without special rights.
func flush(...*os.File) {}

// held: somebody has the file open without sharing its removal. A folder with an open file in it, and a file that is
// gone as soon as the last one closes it, answer as if rights were missing.
func held(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// lingers: what was deleted in a folder is still there until the last program has closed it.
func lingers(err error) bool { return errors.Is(err, windows.ERROR_DIR_NOT_EMPTY) || held(err) }

// maxRenamed bounds the search for a free name.
const maxRenamed = 1000

// plainName returns a name that os.Root takes. Names that Win32 spells otherwise ("x.") or takes for devices ("aux") are
// changed on the disk: the entry is about to be removed.
func plainName(dir *os.Root, name string) (string, error) {
	if filepath.IsLocal(name) && strings.TrimRight(name, ". ") == name {
		return name, nil
	}
	f, err := dir.Open(".")
	if err != nil {
		return name, err
	}
	defer f.Close()
	for i := range maxRenamed {
		plain := fmt.Sprintf("linecheck-%d.removed", i)
		if err = rename(f, f, name, plain); !errors.Is(err, os.ErrExist) {
			return plain, err
		}
	}
	return name, err
}
