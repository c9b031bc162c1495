package lab

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"linecheck/assets"
)

// A healthy product's cache: written to a moment ago, and nothing older than it keeps.
var healthyCache = Cache{Files: 12, Newest: 3 * time.Minute, Oldest: 110 * time.Minute}

// fill writes the machine's files: what shows that the products are installed, their caches, testers and logs.
func (l *Lab) fill() error {
	if err := os.MkdirAll(l.fake.Root, 0o700); err != nil {
		return err
	}
	if err := l.write(l.hostsPath(), []byte(strings.Join(l.scene.Machine.Hosts, "\n")+"\n"), time.Now()); err != nil {
		return err
	}
	for at, text := range l.scene.Machine.Files {
		if err := l.write(at, []byte(text), time.Now().AddDate(0, -1, 0)); err != nil {
			return err
		}
	}
	for _, p := range l.installed() {
		for _, at := range l.belongings(p) {
			if err := l.put(at); err != nil {
				return err
			}
		}
		if err := l.fillCache(p); err != nil {
			return err
		}
	}
	return l.fillLogs()
}

// belongings are the paths of one installation: the first folder that shows the product, and the tester in it. The
// others are those of its sister products.
func (l *Lab) belongings(p *assets.Profile) []string {
	var out []string
	for _, at := range p.Detect.Paths {
		if l.ours(at) {
			out = append(out, at)
			break
		}
	}
	for _, t := range p.Tester {
		if l.ours(t.Path) && len(out) > 0 && strings.HasPrefix(t.Path, out[0]) {
			return append(out, t.Path)
		}
	}
	return out
}

// put makes a file or folder that only has to be there.
func (l *Lab) put(at string) error {
	if !l.ours(at) || strings.ContainsAny(at, "*?") {
		return nil
	}
	if path.Ext(at) == "" {
		return os.MkdirAll(l.onDisk(at), 0o700)
	}
	return l.write(at, []byte("practice network\n"), time.Now().AddDate(0, -1, 0))
}

func (l *Lab) fillCache(p *assets.Profile) error {
	if p.Cache == nil || !l.ours(p.Cache.Dir) {
		return nil
	}
	c := healthyCache
	if l.scene.Machine.Cache != nil {
		c = *l.scene.Machine.Cache
	}
	if c.Absent {
		return nil
	}
	if err := os.MkdirAll(l.onDisk(p.Cache.Dir), 0o700); err != nil {
		return err
	}
	n := min(c.Files, 5000)
	span := max(c.Oldest-c.Newest, 0)
	for i := range n {
		age := c.Newest
		if n > 1 {
			age += span * time.Duration(i) / time.Duration(n-1)
		}
		name := fmt.Sprintf(`%s\query-%04d.dat`, p.Cache.Dir, i)
		if l.scene.Machine.OS == "linux" {
			name = fmt.Sprintf("%s/query-%04d.dat", p.Cache.Dir, i)
		}
		if err := l.write(name, bytes.Repeat([]byte{byte(i)}, 512+37*i), time.Now().Add(-age)); err != nil {
			return err
		}
	}
	return nil
}

// ours reports whether a path is one of the practice machine's system.
func (l *Lab) ours(at string) bool {
	return at != "" && cmp.Or(assets.PathOS(at), l.scene.Machine.OS) == l.scene.Machine.OS
}

func (l *Lab) hostsPath() string {
	if l.scene.Machine.OS == "linux" {
		return "/etc/hosts"
	}
	return `C:\Windows\System32\drivers\etc\hosts`
}

// onDisk is where a path of the practice machine really lies: C:\x is Root/C/x, /etc/x is Root/etc/x.
func (l *Lab) onDisk(at string) string {
	if assets.PathOS(at) == "windows" {
		at = at[:1] + at[2:]
	}
	at = path.Clean("/" + strings.ReplaceAll(at, `\`, "/"))
	return filepath.Join(l.fake.Root, filepath.FromSlash(at))
}

func (l *Lab) write(at string, b []byte, when time.Time) error {
	real := l.onDisk(at)
	if err := os.MkdirAll(filepath.Dir(real), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(real, b, 0o600); err != nil {
		return err
	}
	return os.Chtimes(real, when, when)
}
