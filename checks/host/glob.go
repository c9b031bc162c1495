package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// maxGlobErrors is how many unreadable folders a search names; it counts the rest.
const maxGlobErrors = 20

// Glob finds regular files. It looks through at most 10,000 entries and 12 folders deep below the first wildcard, and
// says [ErrTooMany] where it stopped. A folder that is not there has no files; one that may not be read is an error
// beside what was found. Paths come back in the pattern's style, with the names as they stand on the disk.
func (d Disk) Glob(pattern string) ([]string, error) {
	s, err := parse(pattern)
	if err != nil {
		return nil, named("glob", pattern, err)
	}
	fixed := 0
	for fixed < len(s.parts)-1 && !strings.ContainsAny(s.parts[fixed], "*?") {
		fixed++
	}
	g := glob{base: s, fold: s.windows, left: maxEntries}
	g.base.parts = s.parts[:fixed]
	for _, p := range s.parts[fixed:] {
		if p == "**" && len(g.parts) > 0 && g.parts[len(g.parts)-1] == "**" {
			continue
		}
		g.parts = append(g.parts, p)
	}
	if len(g.parts) == 0 || len(g.parts) > 32 {
		return nil, named("glob", pattern, fs.ErrInvalid)
	}
	at, err := d.at("glob", g.base.String())
	if err == nil {
		defer at.root.Close()
		var dir *os.Root
		if dir, err = at.enter(); err == nil {
			defer dir.Close()
			g.walk(dir, "", g.reach(1), 0)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		g.fail(named("glob", g.base.String(), err))
	}
	return g.found, g.errs()
}

// enter opens the folder that a pattern starts from; links on the way there are followed as for any path.
func (p place) enter() (*os.Root, error) { return p.root.OpenRoot(p.rel) }

type glob struct {
	base    spelling
	parts   []string
	fold    bool
	left    int
	found   []string
	failed  []error
	more    int
	tooMany bool
}

// reach adds to a set of positions those that an empty ** leads to. Position i is bit i; the last one means a match.
func (g *glob) reach(set uint64) uint64 {
	for i, p := range g.parts {
		if p == "**" && set&(1<<i) != 0 {
			set |= 1 << (i + 1)
		}
	}
	return set
}

// step is the set of positions behind one name. A ** stays where it is.
func (g *glob) step(set uint64, name string) uint64 {
	var next uint64
	for i, p := range g.parts {
		switch {
		case set&(1<<i) == 0:
		case p == "**":
			next |= 1 << i
		case g.match(p, name):
			next |= 1 << (i + 1)
		}
	}
	return g.reach(next)
}

func (g *glob) match(pattern, name string) bool {
	if g.fold {
		pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	}
	return wild(pattern, name)
}

// walk looks through one folder, rel below the base, with the positions that lead here.
func (g *glob) walk(dir *os.Root, rel string, set uint64, depth int) {
	entries, err := readSome(dir, g.left)
	if err != nil && !errors.Is(err, ErrTooMany) {
		g.fail(named("read", g.path(rel), err))
	}
	g.tooMany = g.tooMany || errors.Is(err, ErrTooMany)
	g.left -= len(entries)
	for _, e := range entries {
		next, name := g.step(set, e.Name()), path.Join(rel, e.Name())
		done := uint64(1) << len(g.parts)
		switch {
		case e.Type().IsRegular() && next&done != 0:
			g.found = append(g.found, g.path(name))
		case e.IsDir() && next&^done != 0:
			if depth+1 > maxDepth || g.left <= 0 {
				g.tooMany = true
				continue
			}
			sub, err := place{dir, e.Name()}.openDir()
			if err != nil {
				g.fail(named("read", g.path(name), err))
				continue
			}
			g.walk(sub, name, next, depth+1)
			sub.Close()
		}
	}
}

// path is a find in the pattern's style.
func (g *glob) path(rel string) string {
	s := g.base
	if rel != "" {
		s.parts = append(s.parts[:len(s.parts):len(s.parts)], strings.Split(rel, "/")...)
	}
	return s.String()
}

func (g *glob) fail(err error) {
	if len(g.failed) >= maxGlobErrors {
		g.more++
		return
	}
	g.failed = append(g.failed, err)
}

func (g *glob) errs() error {
	if g.more > 0 {
		g.failed = append(g.failed, fmt.Errorf("and %d more folders that could not be read", g.more))
	}
	if g.tooMany {
		g.failed = append(g.failed, named("search", g.base.String(), ErrTooMany))
	}
	return errors.Join(g.failed...)
}

// wild matches * and ? only; path.Match would give a meaning to brackets, which are ordinary in Windows names.
func wild(pattern, name string) bool {
	p, n := []rune(pattern), []rune(name)
	star, mark, i, j := -1, 0, 0, 0
	for j < len(n) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == n[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
