package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"linecheck/assets"
	"linecheck/checks/host"
)

// A profile is a file that anybody may write, and emptying runs with administrator rights. So a folder is emptied only
// where it lies deep enough to belong to one product, and never where systems or people keep their own things.
const leastDepth = 3

// reserved maps a place to how many names below it a cache folder must have at least; 0: nothing below it at all.
var reserved = map[string]int{
	`c:\windows\system32`: 0, `c:\windows\syswow64`: 0, `c:\windows\winsxs`: 0, `c:\windows\servicing`: 0,
	`c:\windows\installer`: 0, `c:\windows\serviceprofiles`: 4, `c:\windows\fonts`: 0, `c:\windows\boot`: 0,
	`c:\users`: 5, `c:\programdata\microsoft`: 0, `c:\system volume information`: 0,
	"/bin": 0, "/boot": 0, "/dev": 0, "/etc": 0, "/lib": 0, "/lib64": 0, "/proc": 0, "/root": 2, "/run": 2, "/sbin": 0,
	"/sys": 0, "/usr": 0, "/home": 4, "/var/lib/dpkg": 0, "/var/lib/rpm": 0, "/var/lib/systemd": 0,
}

// unsafePlace says why a folder must not be emptied, nil where it may.
func unsafePlace(dir string) error {
	os := assets.PathOS(dir)
	if os == "" {
		return errors.New("the profile's cache folder is no full path")
	}
	if strings.IndexFunc(dir, unicode.IsControl) >= 0 || strings.ContainsAny(dir, `"'*?<>|%$`+"`") {
		return errors.New("the profile's cache folder has characters that no such path has")
	}
	plain, sep := dir, "/"
	if os == "windows" {
		sep = `\`
		plain = strings.ToLower(strings.ReplaceAll(dir, "/", `\`))
	}
	names := strings.Split(strings.Trim(plain, sep), sep)
	for _, n := range names {
		// Windows drops dots and blanks at the end of a name: "system32." is system32.
		if n == "" || n == "." || n == ".." || os == "windows" && n != strings.TrimRight(n, ". ") {
			return errors.New("the profile's cache folder is not written plainly")
		}
	}
	depth := len(names)
	if os == "windows" {
		if strings.Contains(plain[2:], ":") || strings.Contains(plain, "~") {
			return errors.New("the profile's cache folder is not written plainly")
		}
		depth-- // the drive
		plain = "c" + plain[1:]
	}
	if depth < leastDepth {
		return fmt.Errorf("the profile's cache folder %s is too near the root to be emptied", dir)
	}
	plain = strings.TrimRight(plain, sep)
	for place, least := range reserved {
		rest, ok := strings.CutPrefix(plain+sep, place+sep)
		if ok && (least == 0 || strings.Count(rest, sep) < least) {
			return fmt.Errorf("%s belongs to the system or to a person, and is never emptied", dir)
		}
	}
	return nil
}

// linked returns the first folder on the way to dir that is a link, or dir itself; "" where none is seen to be one.
func linked(files host.Files, dir string) string {
	for i := 1; i <= len(dir); i++ {
		if i < len(dir) && dir[i] != '/' && dir[i] != '\\' || dir[i-1] == ':' {
			continue
		}
		info, err := files.Stat(dir[:i])
		if err == nil && info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 { // irregular: a Windows junction
			return dir[:i]
		}
	}
	return ""
}

// oddName reports whether a service name holds anything that a command line could take for something else.
func oddName(name string) bool {
	return name == "" || len(name) > 256 || strings.IndexFunc(name, func(r rune) bool {
		return !(r == ' ' || r == '.' || r == '-' || r == '_' || r == '@' || r == '$' || r == ':' ||
			'0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) >= 0 || strings.HasPrefix(name, "-")
}

// command writes what starts or stops a service by hand.
func command(os, verb, service string) string {
	if strings.Contains(service, " ") {
		service = `"` + service + `"`
	}
	if os == "windows" {
		return "net " + verb + " " + service
	}
	return "systemctl " + verb + " " + service
}

// wipe writes what empties the folder by hand.
func wipe(os, dir string) string {
	if os == "windows" {
		return fmt.Sprintf(`del /q /s "%s"`, join(dir, "*"))
	}
	return fmt.Sprintf("find '%s' -mindepth 1 -delete", dir)
}
