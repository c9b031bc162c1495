package host

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// acl writes an access list as the kernel keeps it: tag, rights and number of each entry.
func acl(entries ...[3]uint32) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range entries {
		b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
		b = binary.LittleEndian.AppendUint16(b, uint16(e[1]))
		b = binary.LittleEndian.AppendUint32(b, e[2])
	}
	return b
}

const nobodyID = 4294967290 // no account has this number

func TestWhoMayMisleadOnLinux(t *testing.T) {
	const none = ^uint32(0)
	owner, mask := [3]uint32{0x01, 7, none}, [3]uint32{aclMask, 7, none}
	stranger, strangers := "user 4294967290", "group 4294967290"
	for name, c := range map[string]struct {
		mode, uid, gid uint32
		acl            []byte
		want           []Exposure // for a folder on the way
		last           []Exposure // for the folder itself, where that is another answer
	}{
		"root's own folder is nobody else's":           {mode: 0o755},
		"a group of root's may write to it":            {mode: 0o775},
		"the account's own folder is its own":          {mode: 0o700, uid: 77, gid: 77},
		"the account's own group may write to it":      {mode: 0o770, uid: 77, gid: 77},
		"somebody else owns it":                        {mode: 0o700, uid: nobodyID, want: []Exposure{{Who: stranger, May: mayOwn}}},
		"another group may write to it":                {mode: 0o775, gid: nobodyID, want: []Exposure{{Who: strangers, May: mayReplace}}},
		"everybody may write to it":                    {mode: 0o757, want: []Exposure{{Who: "everybody", May: mayReplace}}},
		"everybody may write to it, but not enter it":  {mode: 0o752},
		"everybody may enter and read it":              {mode: 0o755},
		"the sticky bit keeps others from renaming":    {mode: 0o1777, last: []Exposure{{Who: "everybody", May: mayFill}}},
		"the sticky bit keeps no owner from anything":  {mode: 0o1777, uid: nobodyID, want: []Exposure{{Who: stranger, May: mayOwn}}, last: []Exposure{{Who: stranger, May: mayOwn}, {Who: "everybody", May: mayFill}}},
		"a list names somebody who may write":          {mode: 0o770, acl: acl(owner, [3]uint32{aclUser, 7, nobodyID}, mask), want: []Exposure{{Who: stranger, May: mayReplace}}},
		"a list names a group that may write":          {mode: 0o770, acl: acl(owner, [3]uint32{aclGroup, 3, nobodyID}, mask), want: []Exposure{{Who: strangers, May: mayReplace}}},
		"a list names the account and root":            {mode: 0o770, acl: acl(owner, [3]uint32{aclUser, 7, 77}, [3]uint32{aclGroup, 7, 0}, mask)},
		"the list's mask takes the right away":         {mode: 0o750, acl: acl(owner, [3]uint32{aclUser, 7, nobodyID}, [3]uint32{aclMask, 5, none})},
		"a list whose group may only read":             {mode: 0o770, gid: nobodyID, acl: acl(owner, [3]uint32{aclOwner, 5, none}, mask)},
		"a list whose group may write":                 {mode: 0o770, gid: nobodyID, acl: acl(owner, [3]uint32{aclOwner, 7, none}, mask), want: []Exposure{{Who: strangers, May: mayReplace}}},
		"a list that lets everybody write":             {mode: 0o757, acl: acl(owner, [3]uint32{aclOther, 7, none}), want: []Exposure{{Who: "everybody", May: mayReplace}}},
		"a list that is cut off counts as one for all": {mode: 0o755, acl: acl(owner)[:9], want: []Exposure{{Who: "everybody", May: mayReplace}}},
		"a list of a version to come counts so too":    {mode: 0o755, acl: []byte{3, 0, 0, 0}, want: []Exposure{{Who: "everybody", May: mayReplace}}},
	} {
		t.Run(name, func(t *testing.T) {
			in := insiders{uids: []uint32{0, 77}, gids: []uint32{0, 77}}
			if got := judge(c.mode, c.uid, c.gid, c.acl, in, folderRole{}); !slices.Equal(got, c.want) {
				t.Errorf("on the way: %v, want %v", got, c.want)
			}
			want := c.last
			if want == nil {
				want = c.want
			}
			if got := judge(c.mode, c.uid, c.gid, c.acl, in, folderRole{last: true}); !slices.Equal(got, want) {
				t.Errorf("itself: %v, want %v", got, want)
			}
		})
	}
}

func TestExposedFoldersOnLinux(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"var/lib/app/cache/a": "1"})
	for _, p := range []string{"", "var", "var/lib", "var/lib/app", "var/lib/app/cache"} {
		must(t, os.Chmod(filepath.Join(root, p), 0o755))
	}
	d := Disk{Root: root}
	const dir = "/var/lib/app/cache"
	check := func(what string, want ...Exposure) {
		t.Helper()
		if got, err := d.Exposed(dir, "root"); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", what, got, err, want)
		}
	}
	check("as it should be")
	must(t, os.Chmod(filepath.Join(root, "var"), 0o777))
	check("a parent that everybody may write to", Exposure{"/var", "everybody", mayReplace})
	must(t, os.Chmod(filepath.Join(root, "var"), 0o777|os.ModeSticky))
	check("a parent as /tmp is")
	must(t, os.Chmod(filepath.Join(root, dir), 0o777))
	check("a folder that everybody may write to", Exposure{dir, "everybody", mayReplace})
	must(t, os.Chmod(filepath.Join(root, dir), 0o755))
	must(t, os.Chmod(root, 0o777))
	check("the top that everybody may write to", Exposure{"/", "everybody", mayReplace})
	must(t, os.Chmod(root, 0o755))
	if os.Geteuid() == 0 {
		must(t, os.Chown(filepath.Join(root, "var/lib/app"), nobodyID, 0))
		check("a parent of somebody else", Exposure{"/var/lib/app", "user 4294967290", mayOwn})
		must(t, os.Chown(filepath.Join(root, "var/lib/app"), 0, 0))
	}
	list := acl([3]uint32{0x01, 7, ^uint32(0)}, [3]uint32{aclUser, 7, nobodyID}, [3]uint32{aclOwner, 5, ^uint32(0)},
		[3]uint32{aclMask, 7, ^uint32(0)}, [3]uint32{aclOther, 5, ^uint32(0)})
	switch err := unix.Setxattr(filepath.Join(root, "var/lib"), "system.posix_acl_access", list, 0); {
	case errors.Is(err, unix.ENOTSUP):
		t.Log("this file system keeps no access lists")
	case err != nil:
		t.Fatal(err)
	default:
		check("a parent whose list lets somebody in", Exposure{"/var/lib", "user 4294967290", mayReplace})
	}
	if _, err := d.Exposed("/var/lib/none", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	must(t, os.Symlink("lib", filepath.Join(root, "var", "link")))
	if _, err := d.Exposed("/var/link/app/cache", ""); !errors.Is(err, errLink) {
		t.Errorf("behind a link: %v", err)
	}
	if _, err := d.Exposed("relative", ""); err == nil {
		t.Error("a relative path was looked at")
	}
}

// The real accounts of this machine: root is one, and has a group of its own.
func TestAnAccountIsTrustedByItsNumber(t *testing.T) {
	in := newInsiders("daemon")
	if _, err := os.Stat("/etc/passwd"); err != nil {
		t.Skip("this machine keeps its accounts elsewhere:", err)
	}
	if in := newInsiders("no such account"); !slices.Equal(in.uids, []uint32{0, uint32(os.Geteuid())}) {
		t.Errorf("an account that is not there: %v", in)
	}
	if len(in.uids) == 2 {
		t.Skip("this machine has no account daemon")
	}
	if len(in.uids) != 3 || in.uids[2] == 0 || len(in.gids) != 2 {
		t.Errorf("daemon: %v; want its number and its group's", in)
	}
}
