package host

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/user"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// insiders are those who may own and change a folder without being a danger to an administrator.
type insiders struct{ uids, gids []uint32 }

func newInsiders(account string) insiders {
	in := insiders{uids: []uint32{0, uint32(os.Geteuid())}, gids: []uint32{0}}
	if account == "" {
		return in
	}
	u, ok := accountOf(func() (*user.User, error) { return user.Lookup(account) })
	if !ok {
		return in
	}
	if uid, err := strconv.ParseUint(u.Uid, 10, 32); err == nil {
		in.uids = append(in.uids, uint32(uid))
	}
	// Only a group of the account's own: another one has other members.
	g, ok := accountOf(func() (*user.Group, error) { return user.LookupGroupId(u.Gid) })
	if gid, err := strconv.ParseUint(u.Gid, 10, 32); ok && err == nil && g.Name == account {
		in.gids = append(in.gids, uint32(gid))
	}
	return in
}

// accountOf asks for an account or a group, which a directory's server may have to answer.
func accountOf[T any](call func() (*T, error)) (*T, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), nameWait)
	defer cancel()
	v, err := within(ctx, call)
	return v, err == nil && v != nil
}

// Tags of a POSIX access list's entries, and the rights (linux/posix_acl.h, posix_acl_xattr.h).
const (
	aclUser  = 0x02
	aclGroup = 0x08
	aclOwner = 0x04 // the owning group
	aclMask  = 0x10
	aclOther = 0x20

	mayEnter = 3 // write and search: both are needed to make or remove an entry

	maxACL = 64 << 10
)

// grant is a right to change what is in a folder. id counts for users and groups.
type grant struct {
	tag uint16
	id  uint32
}

// exposures says what ordinary users may do with one open folder.
func exposures(dir *os.File, in insiders, role folderRole) ([]Exposure, error) {
	var st unix.Stat_t
	if err := unix.Fstat(int(dir.Fd()), &st); err != nil {
		return nil, err
	}
	buf := make([]byte, maxACL)
	n, err := unix.Fgetxattr(int(dir.Fd()), "system.posix_acl_access", buf)
	switch {
	case errors.Is(err, unix.ENODATA), errors.Is(err, unix.ENOTSUP):
		n = 0
	case err != nil:
		return nil, err
	}
	return judge(st.Mode, st.Uid, st.Gid, buf[:n], in, role), nil
}

func judge(mode, uid, gid uint32, acl []byte, in insiders, role folderRole) []Exposure {
	var out []Exposure
	if !slices.Contains(in.uids, uid) {
		out = append(out, Exposure{Who: uidName(uid), May: mayOwn})
	}
	may := mayReplace
	if mode&unix.S_ISVTX != 0 {
		// The sticky bit: an entry is renamed and removed by its own owner only, and whose that is counts by itself.
		if !role.last {
			return out
		}
		may = mayFill
	}
	for _, g := range grants(mode, gid, acl) {
		switch {
		case g.tag == aclOther:
			out = append(out, Exposure{Who: "everybody", May: may})
		case g.tag == aclUser && !slices.Contains(in.uids, g.id):
			out = append(out, Exposure{Who: uidName(g.id), May: may})
		case (g.tag == aclGroup || g.tag == aclOwner) && !slices.Contains(in.gids, g.id):
			out = append(out, Exposure{Who: gidName(g.id), May: may})
		}
	}
	return out
}

// grants says who but the owner may make and remove entries. An access list that cannot be read counts as one that lets
// everybody.
func grants(mode, gid uint32, acl []byte) []grant {
	var out []grant
	add := func(tag uint16, id, perm uint32) {
		if perm&mayEnter == mayEnter {
			out = append(out, grant{tag, id})
		}
	}
	if len(acl) == 0 {
		add(aclOwner, gid, mode>>3)
		add(aclOther, 0, mode)
		return out
	}
	const head, size = 4, 8
	if len(acl) < head || binary.LittleEndian.Uint32(acl) != 2 || (len(acl)-head)%size != 0 {
		return []grant{{tag: aclOther}}
	}
	mask := uint32(7)
	for e := acl[head:]; len(e) > 0; e = e[size:] {
		if binary.LittleEndian.Uint16(e) == aclMask {
			mask = uint32(binary.LittleEndian.Uint16(e[2:]))
		}
	}
	for e := acl[head:]; len(e) > 0; e = e[size:] {
		tag, perm, id := binary.LittleEndian.Uint16(e), uint32(binary.LittleEndian.Uint16(e[2:])), binary.LittleEndian.Uint32(e[4:])
		switch tag {
		case aclUser, aclGroup:
			add(tag, id, perm&mask)
		case aclOwner:
			add(tag, gid, perm&mask)
		case aclOther:
			add(tag, 0, perm)
		}
	}
	return out
}

func uidName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, ok := accountOf(func() (*user.User, error) { return user.LookupId(id) }); ok {
		return "user " + legible(u.Username)
	}
	return "user " + id
}

func gidName(gid uint32) string {
	id := strconv.FormatUint(uint64(gid), 10)
	if g, ok := accountOf(func() (*user.Group, error) { return user.LookupGroupId(id) }); ok {
		return "group " + legible(g.Name)
	}
	return "group " + id
}
