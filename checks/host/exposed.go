package host

import (
	"os"
	"time"
)

// nameWait bounds asking for an account's name: a directory's server may have to answer.
const nameWait = 2 * time.Second

// What an ordinary user may do with a folder, in words.
const (
	mayOwn     = "owns it"
	mayReplace = "may rename or replace what is in it"
	mayMove    = "may rename or delete it"
	mayRights  = "may change who has rights on it"
	mayFill    = "may put something into it"
)

// Exposed implements [Files]. Folders on the way count with what lets their entry on that way be exchanged: an owner, who
// may do everything, rights to rename or delete it. The folder itself counts with what lets something be put there too.
// Trusted are, on Linux, root, this process's user and the account, with their groups of the same name; on Windows the
// system, administrators, TrustedInstaller, services, this process's user and the account. Linux: modes and POSIX access
// lists; other security modules can only take rights away. Folders are reached name by name; a link is an error.
func (d Disk) Exposed(dir, account string) ([]Exposure, error) {
	s, err := parse(dir)
	if err != nil {
		return nil, named("look at", dir, err)
	}
	var out []Exposure
	who, depth := newInsiders(account), 0
	root, err := d.reach(s, func(path string, r *os.Root) error {
		f, err := r.Open(".")
		if err != nil {
			return err
		}
		defer f.Close()
		found, err := exposures(f, who, folderRole{top: depth == 0, last: depth == len(s.parts)})
		for _, e := range found {
			e.Path = path
			out = append(out, e)
		}
		depth++
		return err
	})
	if err != nil {
		return out, named("look at", dir, err)
	}
	return out, root.Close()
}

// folderRole is what a folder is on a way.
type folderRole struct{ top, last bool }
