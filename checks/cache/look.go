package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// maxEntries bounds a look. A reputation cache has some thousand entries; what is more is counted as "or more". A
// single folder has the lower bound of [host.Files].
const maxEntries = 200_000

// maxLeftovers bounds what is told of shelves that nobody deleted.
const maxLeftovers = 10

var (
	errLink     = errors.New("it is a link, and linecheck follows no link here")
	errNoFolder = errors.New("it is not a folder")
)

// survey is what a look at the folder saw. Only regular files count; links are never followed.
type survey struct {
	files, others  int // others: links, devices and the like
	bytes          int64
	newest, oldest entry
	vanished       int    // entries that were deleted while we looked
	unread         int    // entries that could not be read
	err            error  // the first of those errors
	odd            string // the first link, device or the like
	full, stopped  bool   // ended by the bound, or by ctx
}

type entry struct {
	path string
	at   time.Time
}

// nothing reports whether the folder certainly holds nothing that could be deleted, empty folders apart.
func (s survey) nothing() bool { return s.files == 0 && s.others == 0 && !s.partial() }

// partial reports whether there may be more than was seen.
func (s survey) partial() bool { return s.full || s.stopped || s.unread > 0 }

func (s survey) whyPartial() string {
	switch {
	case s.stopped:
		return "the look was stopped before it was finished"
	case s.full:
		return "it holds more entries than linecheck looks through"
	}
	return "parts of it may not be read"
}

// count is the number of files as a person reads it.
func (s survey) count() string {
	if s.partial() {
		return number(s.files) + " or more"
	}
	return number(s.files)
}

// noun is that with its noun.
func (s survey) noun() string {
	if s.files == 1 && !s.partial() {
		return "1 file"
	}
	return s.count() + " files"
}

// look counts what is below dir, at most maxEntries entries. The error says that dir itself could not be read.
func look(ctx context.Context, files host.Files, dir string) (survey, error) {
	var s survey
	if err := ctx.Err(); err != nil {
		return s, err
	}
	info, err := files.Stat(dir)
	switch {
	case err != nil:
		return s, err
	case info.Mode()&fs.ModeSymlink != 0, info.Mode()&fs.ModeIrregular != 0: // irregular: a Windows junction
		return s, errLink
	case !info.IsDir():
		return s, errNoFolder
	}
	left := maxEntries
	for todo := []string{dir}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		list, err := files.ReadDir(at)
		if err != nil && at == dir && len(list) == 0 {
			return s, err
		}
		s.trouble(err)
		for _, e := range list {
			switch {
			case ctx.Err() != nil:
				s.stopped = true
				return s, nil
			case left == 0:
				s.full = true
				return s, nil
			}
			left--
			path := join(at, e.Name())
			if e.IsDir() {
				todo = append(todo, path)
				continue
			}
			s.add(path, e)
		}
	}
	return s, nil
}

func (s *survey) add(path string, e fs.DirEntry) {
	info, err := e.Info()
	if err != nil {
		s.trouble(err)
		return
	}
	if !info.Mode().IsRegular() {
		if s.others++; s.others == 1 {
			s.odd = path
		}
		return
	}
	s.files++
	s.bytes += info.Size()
	t := info.ModTime()
	if s.files == 1 || t.After(s.newest.at) {
		s.newest = entry{path, t}
	}
	if s.files == 1 || t.Before(s.oldest.at) {
		s.oldest = entry{path, t}
	}
}

// trouble counts an entry that could not be read; that one was deleted meanwhile is the product at work, not trouble.
func (s *survey) trouble(err error) {
	switch {
	case err == nil:
	case host.Absent(err):
		s.vanished++
	case errors.Is(err, host.ErrTooMany):
		s.full = true
	default:
		s.unread++
		if s.err == nil {
			s.err = err
		}
	}
}

func (s survey) evidence(dir string) []checks.Evidence {
	text := fmt.Sprintf("%d files, %d bytes", s.files, s.bytes)
	for _, n := range []struct {
		n    int
		what string
	}{{s.others, "links or devices, not followed"}, {s.vanished, "deleted while looking"}, {s.unread, "not readable"}} {
		if n.n > 0 {
			text += fmt.Sprintf(", %d %s", n.n, n.what)
		}
	}
	out := []checks.Evidence{{Source: dir, Text: text}}
	if s.files > 0 {
		out = append(out,
			checks.Evidence{Source: s.oldest.path, Text: "oldest, last written " + s.oldest.at.Format(time.RFC3339)},
			checks.Evidence{Source: s.newest.path, Text: "newest, last written " + s.newest.at.Format(time.RFC3339)})
	}
	if s.err != nil {
		out = append(out, checks.Evidence{Source: dir, Text: s.err.Error()})
	}
	return out
}

// leftovers are the shelves beside dir: what cleanups moved aside and have not deleted, be it that their journal was lost.
func leftovers(files host.Files, dir string) []string {
	around := above(dir)
	list, _ := files.ReadDir(around) // one that may not be read shows none
	var out []string
	for _, e := range list {
		path := join(around, e.Name())
		if e.IsDir() && host.IsShelf(join(around, base(dir)), path) && len(out) < maxLeftovers {
			out = append(out, path)
		}
	}
	return out
}

// above is the folder that dir lies in, and base its name there.
func above(dir string) string {
	dir = strings.TrimRight(dir, `\/`)
	return dir[:max(strings.LastIndexAny(dir, `\/`), 0)]
}

func base(dir string) string {
	dir = strings.TrimRight(dir, `\/`)
	return dir[strings.LastIndexAny(dir, `\/`)+1:]
}

// join adds a name in the way of the system that the folder belongs to, which need not be the one that runs this.
func join(dir, name string) string {
	if assets.PathOS(dir) == "windows" {
		return strings.TrimRight(dir, `\/`) + `\` + name
	}
	return strings.TrimRight(dir, "/") + "/" + name
}
