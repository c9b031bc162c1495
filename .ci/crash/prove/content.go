package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// own are files that the stand-in itself writes: they are nobody's answers.
const own = "live-"

// index is made by the stand-in where it is missing, so that on an emptied cache something stands in its place.
const index = "index.db"

// plant fills the cache folder anew: files, folders in folders, an empty one, odd names. It returns what lies there now.
func plant(cache string, odd bool) (map[string]string, error) {
	if err := os.RemoveAll(cache); err != nil {
		return nil, err
	}
	files := map[string]string{index: "the old index"}
	for i := range 200 {
		files[fmt.Sprintf("answer-%03d.dat", i)] = strings.Repeat(fmt.Sprintf("stored answer %d\n", i), 1+i)
		files[fmt.Sprintf("sub-%d/deep/er/answer-%03d.dat", i%8, i)] = fmt.Sprintf("deep answer %d", i)
	}
	files["name with blanks and ümlauts.dat"] = "x"
	files[strings.Repeat("long", 50)+".dat"] = "long"
	files["none.dat"] = ""
	if odd {
		files["not utf-8 \xff\xfe.dat"] = "odd"
		files["sub-1/\xf0\x28.dat"] = "odd too"
		files["two\nlines.dat"] = "odd as well"
	}
	for name, text := range files {
		path := filepath.Join(cache, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Join(cache, "empty"), 0o700); err != nil {
		return nil, err
	}
	return listing(cache), nil
}

// listing describes all below a folder, but what the stand-in wrote: kind, rights and content.
func listing(dir string) map[string]string {
	out := map[string]string{}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, rerr := filepath.Rel(dir, path)
		if err != nil || rerr != nil || rel == "." || strings.HasPrefix(rel, own) {
			return nil
		}
		out[rel] = described(path, false)
		return nil
	})
	return out
}

// described is one line for one file or folder. times: with the time of its last change, for what must not be touched.
func described(path string, times bool) string {
	info, err := os.Lstat(path)
	if err != nil {
		return "not there"
	}
	line := info.Mode().String() + owner(info)
	switch {
	case info.Mode().IsRegular():
		b, err := os.ReadFile(path)
		line += fmt.Sprintf(" %x %v", sha256.Sum256(b), err)
		if times {
			line += " " + info.ModTime().String()
		}
	case info.Mode()&fs.ModeSymlink != 0:
		to, _ := os.Readlink(path)
		line += " -> " + to
	}
	return line
}

// judge says "back" or "gone", and what is wrong where it is neither. The index of a new start is no answer of before.
func judge(cache string, before map[string]string) (string, []string) {
	now := listing(cache)
	if now[index] != before[index] {
		delete(now, index)
	}
	if info, err := os.Lstat(cache); err != nil || !info.IsDir() {
		return "lost", []string{"the cache folder itself is gone"}
	}
	same := 0
	var missing, other []string
	for name, was := range before {
		switch is, there := now[name]; {
		case !there:
			missing = append(missing, name)
		case is != was:
			other = append(other, fmt.Sprintf("%q was %s and is %s", name, was, is))
		default:
			same++
		}
	}
	for name := range now {
		if _, known := before[name]; !known {
			other = append(other, fmt.Sprintf("%q came", name))
		}
	}
	switch {
	case len(other) > 0:
		return "changed", other
	case same == len(before):
		return "back", nil
	case same == 0:
		return "gone", nil
	}
	return "torn", []string{fmt.Sprintf("%d of %d entries are there; missing: %.200q", same, len(before), missing)}
}

// around describes everything outside the cache.
func around(p places) map[string]string {
	out := map[string]string{}
	for _, top := range p.outside {
		_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			for _, e := range p.except {
				if path == e || strings.HasPrefix(path, e+string(filepath.Separator)) || strings.HasSuffix(e, "*") && strings.HasPrefix(path, strings.TrimSuffix(e, "*")) {
					if d != nil && d.IsDir() {
						return filepath.SkipDir
					}
					return nil
				}
			}
			if err == nil {
				out[path] = described(path, true)
			}
			return nil
		})
	}
	return out
}

// differences names at most ten.
func differences(before, after map[string]string) []string {
	var out []string
	for path, was := range before {
		if is, there := after[path]; !there {
			out = append(out, path+" is gone")
		} else if is != was {
			out = append(out, path+" was "+was+" and is "+is)
		}
	}
	for path := range after {
		if _, there := before[path]; !there {
			out = append(out, path+" came")
		}
	}
	if len(out) > 10 {
		out = append(out[:10], "and more")
	}
	return out
}
