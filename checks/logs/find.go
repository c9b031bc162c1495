package logs

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// maxFiles is how many files one look reads; the newest are read.
const maxFiles = 64

// source is one log file.
type source struct {
	path    string
	family  string   // the profile's name for the log, else the file's own without number and extension
	kinds   []string // which signatures; none: all
	changed time.Time
	size    int64
}

// finds is what was found on the disk.
type finds struct {
	sources  []source // the newest first, at most maxFiles
	all      []source
	patterns []string // those that are for this system
	problems []problem
}

type problem struct {
	path string
	err  error
}

// find looks for the profile's logs.
func find(ctx context.Context, m host.Machine, p *assets.Profile) finds {
	var f finds
	seen := map[string]bool{}
	for _, l := range p.Logs {
		for _, pattern := range l.Files {
			if assets.PathOS(pattern) != m.OS || ctx.Err() != nil {
				continue
			}
			f.patterns = append(f.patterns, pattern)
			paths, err := m.Files.Glob(pattern)
			if err != nil && !host.Absent(err) {
				f.problems = append(f.problems, problem{pattern, err})
			}
			for _, path := range paths {
				if seen[path] || packed(path) {
					continue
				}
				seen[path] = true
				s := source{path: path, family: l.Name, kinds: l.Signatures}
				if info, err := m.Files.Stat(path); err == nil {
					s.changed, s.size = info.ModTime(), info.Size()
				}
				f.sources = append(f.sources, s)
			}
		}
	}
	slices.SortFunc(f.sources, func(a, b source) int {
		return cmp.Or(b.changed.Compare(a.changed), strings.Compare(a.path, b.path))
	})
	f.all = f.sources
	f.sources = f.sources[:min(len(f.sources), maxFiles)]
	return f
}

var errNoFile = errors.New("no file to read is in it; links are not followed")

// under is the files that a path stands for, which a person named: itself, or where it is a folder every file in it. Nothing
// that was named is passed over in silence: a folder with nothing to read is an error.
func under(files host.Files, path string) (found []string, folder bool, err error) {
	if assets.PathOS(path) == "" {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
	}
	info, err := files.Stat(path)
	switch {
	case err != nil:
		return nil, false, err
	case !info.IsDir():
		return []string{path}, false, nil
	}
	found, err = files.Glob(strings.TrimRight(path, `/\`) + string(filepath.Separator) + "**")
	if err == nil && len(found) == 0 {
		err = &fs.PathError{Op: "read", Path: path, Err: errNoFile}
	}
	slices.Sort(found)
	return found, true, err
}

// packed reports whether a rotated log was compressed in a way that is not read.
func packed(path string) bool { return ends(path, ".zip", ".7z", ".bz2", ".xz", ".cab") }

// squeezed reports whether a rotated log was compressed with gzip. It is read as history; nothing is added to it.
func squeezed(path string) bool { return ends(path, ".gz") }

func ends(path string, with ...string) bool {
	return slices.ContainsFunc(with, func(end string) bool { return strings.HasSuffix(strings.ToLower(path), end) })
}
