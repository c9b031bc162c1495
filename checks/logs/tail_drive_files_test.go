package logs

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host"
)

func TestDriveFiles(t *testing.T) {
	runDrives(t, map[string]func(d *drive){
		"only what is added is told, with its number": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.add(fsLog, "new 3\nnew 4\n")
			d.look()
			d.heard(fsLog+":3 new 3", fsLog+":4 new 4")
		},
		"a deleted log that is made anew": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.remove(fsLog)
			d.wait()
			d.write(fsLog, "anew 1\nanew 2\nanew 3\n")
			d.wait()
			d.heard(fsLog+":1 anew 1", fsLog+":2 anew 2", fsLog+":3 anew 3")
		},
		"a deleted log that is made anew at once": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.remove(fsLog)
			d.write(fsLog, "anew 1\nanew 2\nanew 3\n")
			d.wait()
			d.heard(fsLog+":1 anew 1", fsLog+":2 anew 2", fsLog+":3 anew 3")
		},
		"a log that is deleted while the product keeps it open": func(d *drive) {
			f := d.keeps(fsLog)
			_, _ = f.WriteString("old 1\n")
			d.start()
			d.remove(fsLog)
			d.wait()
			must(d.T, f.Close())
			d.write(fsLog, "anew 1\n")
			d.wait()
			d.heard(fsLog + ":1 anew 1")
		},
		"a log that is deleted and made anew again and again": func(d *drive) {
			d.write(fsLog, "old\n")
			d.start()
			for _, s := range []string{"a\n", "bb\n", "ccc\n", "dd\n", "e\n"} {
				d.remove(fsLog)
				d.write(fsLog, s)
				d.wait()
				d.heard(fsLog + ":1 " + strings.TrimSpace(s))
			}
		},
		"a log that appears later": func(d *drive) {
			d.start()
			d.write(fsLog, "first\n")
			d.wait()
			d.heard(fsLog + ":1 first")
		},
		"a folder that appears later": func(d *drive) {
			d.remove("")
			d.start()
			d.write("sub/deeper/"+fsLog, "first\n")
			d.wait()
			d.heard(fsLog + ":1 first")
		},
		"a folder that goes away and comes back goes on where it was": func(d *drive) {
			d.write("share/"+fsLog, "old 1\nold 2\n")
			d.write(fsLog, "x\n")
			d.start()
			d.rename("share", "../away")
			d.wait()
			d.add(fsLog, "x 2\n")
			d.wait()
			d.rename("../away", "share")
			d.add("share/"+fsLog, "new 3\n")
			d.wait()
			d.heard(fsLog+":2 x 2", fsLog+":3 new 3")
		},
		"a folder that comes back with half a line": func(d *drive) {
			d.write("share/"+fsLog, "old line 1\n")
			d.start()
			d.add("share/"+fsLog, "ha")
			d.look()
			d.rename("share", "../away")
			d.wait()
			d.heard(fsLog + ":2 ha")
			d.rename("../away", "share")
			d.add("share/"+fsLog, "lf\nnext\n")
			d.wait()
			d.heard(fsLog + ":3 next")
		},
		"a log that another program holds is waited for": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.add(fsLog, "written before the lock\n")
			free := d.hold(fsLog)
			d.wait()
			d.heard()
			d.waitsFor(fsLog)
			free()
			d.wait()
			d.waitsFor()
			d.heard(fsLog + ":2 written before the lock")
		},
		"a log that is held at the start tells only what is new": func(d *drive) {
			d.write(fsLog, "old 1\n")
			free := d.hold(fsLog)
			d.start()
			d.waitsFor(fsLog)
			free()
			d.add(fsLog, "new 2\n")
			d.wait()
			d.heard(fsLog + ":2 new 2")
		},
		"a log in whose place a link stands is not followed there": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.write("secret.txt", "secret\n")
			d.start()
			d.rename(fsLog, fsLog+".1")
			d.link("secret.txt", fsLog)
			d.wait()
			d.waitsFor(fsLog, "link")
			d.add(fsLog+".1", "old 2\n")
			d.add("secret.txt", "more\n")
			d.wait()
			d.waitsFor(fsLog, "link")
			d.heard(fsLog + ".1:2 old 2")
			d.remove(fsLog)
			d.wait()
			d.waitsFor()
		},
		"a deleted log in whose place a link stands is told": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.write("secret.txt", "secret\n")
			d.start()
			d.remove(fsLog)
			d.link("secret.txt", fsLog)
			d.wait()
			d.heard()
			d.waitsFor(fsLog, "link")
			d.remove(fsLog)
			d.write(fsLog, "a file again\n")
			d.wait()
			d.waitsFor()
			d.heard(fsLog + ":1 a file again")
		},
		"a log in whose place a folder stands": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.remove(fsLog)
			d.write(fsLog+"/"+fsLog, "inside\n")
			d.wait()
			d.heard(fsLog + ":1 inside")
			d.waitsFor(fsLog)
			d.remove(fsLog)
			d.write(fsLog, "a file again\n")
			d.wait()
			d.waitsFor()
			d.heard(fsLog + ":1 a file again")
		},
		"another name for the same file": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			must(d.T, os.Link(d.path(fsLog), d.path(fsLog+".1")))
			d.wait()
			d.add(fsLog, "new 2\n")
			d.wait()
			d.heard(fsLog + ":2 new 2")
		},
		"lines of two files are told in the order of time": func(d *drive) {
			d.write(fsLog, "")
			d.write("fsscorplug2.log", "")
			d.start()
			d.add(fsLog, at0(2)+"b\n  more of b\n"+at0(4)+"d\n")
			d.add("fsscorplug2.log", at0(1)+"a\n"+at0(3)+"c\n  more of c\n"+at0(5)+"e\n"+at0(0)+"f, whose clock went back\n")
			d.look()
			for i, s := range d.told {
				d.told[i] = s[strings.LastIndex(s, "] ")+1:]
			}
			d.heard(" a", " b", fsLog+":2   more of b", " c", "fsscorplug2.log:3   more of c", " d", " e", " f, whose c")
		},
		"more files than are followed": func(d *drive) {
			for i := range maxFiles + 3 {
				d.write(numbered(i), "old\n")
				d.age(numbered(i), i)
			}
			d.start()
			if n := len(d.tail.cursors); n != maxFiles {
				d.Errorf("follows %d files", n)
			}
			d.add(numbered(0), "the newest\n")
			d.add(numbered(maxFiles+2), "the oldest\n")
			d.wait()
			d.wait()
			slices.Sort(d.told)
			d.heard("fsscorplug.000.log:2 the newest", "fsscorplug.066.log:0 the oldest")
			if n := len(d.tail.cursors); n != maxFiles {
				d.Errorf("follows %d files afterwards", n)
			}
		},
	})
}

// at0 is a time of the day, as a product writes it.
func at0(second int) string {
	return time.Date(2026, 11, 22, 12, 0, second, 0, time.UTC).Format("2006-01-02 15:04:05.000") + " [1.2] "
}

// barred is a disk on which a file may not be opened, or cannot be read from some place on.
type barred struct {
	host.Files
	open, read, once error
}

func (f *barred) Open(path string) (host.File, error) {
	if f.open != nil {
		return nil, f.open
	}
	if err := f.once; err != nil {
		f.once = nil
		return nil, err
	}
	h, err := f.Files.Open(path)
	return barredFile{h, f}, err
}

type barredFile struct {
	host.File
	disk *barred
}

func (f barredFile) ReadAt(p []byte, at int64) (int, error) {
	if f.disk.read != nil && at+int64(len(p)) > 10 {
		n, _ := f.File.ReadAt(p[:max(10-at, 0)], at)
		return n, f.disk.read
	}
	return f.File.ReadAt(p, at)
}

func TestDriveErrors(t *testing.T) {
	runDrives(t, map[string]func(d *drive){
		"a log that may not be read for a while": func(d *drive) {
			disk := &barred{Files: host.Disk{}}
			d.files = disk
			d.write(fsLog, "old 1\n")
			d.start()
			disk.open = fs.ErrPermission
			d.add(fsLog, "new 2\n")
			d.look()
			d.waitsFor(fsLog, "may not be read")
			disk.open = nil
			d.look()
			d.waitsFor()
			d.heard(fsLog + ":2 new 2")
		},
		"a log that may not be read at the start tells only what is new": func(d *drive) {
			disk := &barred{Files: host.Disk{}, open: fs.ErrPermission}
			d.files = disk
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.waitsFor(fsLog, "may not be read")
			disk.open = nil
			d.add(fsLog, "new 3\n")
			d.look()
			d.waitsFor()
			d.heard(fsLog + ":3 new 3")
		},
		"a log that is not there for a moment goes on in the middle of its line": func(d *drive) {
			disk := &barred{Files: host.Disk{}}
			d.files = disk
			d.write(fsLog, "old 1\n")
			d.start()
			d.add(fsLog, "ha")
			d.look()
			d.add(fsLog, "l")
			disk.once = fs.ErrNotExist
			d.look()
			d.add(fsLog, "f\n")
			d.wait()
			d.heard(fsLog + ":2 half")
		},
		"a log of which a part is locked": func(d *drive) {
			disk := &barred{Files: host.Disk{}}
			d.files = disk
			d.write(fsLog, "")
			d.start()
			disk.read = errors.New("another process has locked a portion of the file")
			d.add(fsLog, "a\nbb\nccc\ndddd\n")
			d.look()
			d.waitsFor(fsLog, "locked")
			d.heard(fsLog+":1 a", fsLog+":2 bb", fsLog+":3 ccc")
			disk.read = nil
			d.look()
			d.waitsFor()
			d.heard(fsLog + ":4 dddd")
		},
	})
}
