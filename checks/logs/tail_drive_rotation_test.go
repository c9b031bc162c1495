package logs

import (
	"strings"
	"testing"
)

// banner is how every file of some products begins.
var banner = strings.Repeat("=", 70) + "\n"

func TestDriveRotation(t *testing.T) {
	runDrives(t, map[string]func(d *drive){
		"a renamed log is read to its end before the new one": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.add(fsLog, "last of the old\n")
			d.rename(fsLog, fsLog+".1")
			d.write(fsLog, "first of the new\n")
			d.wait()
			d.heard(fsLog+".1:3 last of the old", fsLog+":1 first of the new")
			d.add(fsLog, "second of the new\n")
			d.look()
			d.heard(fsLog + ":2 second of the new")
		},
		"a product that writes on in the renamed log is still heard": func(d *drive) {
			f := d.keeps(fsLog)
			_, _ = f.WriteString("old 1\n")
			d.start()
			d.rename(fsLog, fsLog+".1")
			d.wait()
			_, _ = f.WriteString("old 2\n")
			d.write(fsLog, "new 1\n")
			d.wait()
			d.heard(fsLog+".1:2 old 2", fsLog+":1 new 1")
			_, _ = f.WriteString("old 3\n")
			d.look()
			d.heard(fsLog + ".1:3 old 3")
		},
		"a product that moves to the new log between two looks": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.rename(fsLog, fsLog+".1")
			d.add(fsLog+".1", "old 2\n")
			d.write(fsLog, "new 1\n")
			d.add(fsLog+".1", "old 3\n")
			d.wait()
			d.heard(fsLog+".1:2 old 2", fsLog+".1:3 old 3", fsLog+":1 new 1")
		},
		"a rotation under a name that no pattern has": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.add(fsLog, "old 2\n")
			d.rename(fsLog, "fsscorplug-2026.old")
			d.write(fsLog, "new 1\n")
			d.wait()
			d.heard("fsscorplug-2026.old:2 old 2", fsLog+":1 new 1")
		},
		"three rotations in one second tell every line once": func(d *drive) {
			d.write(fsLog, "a1\n")
			d.write(fsLog+".1", "b1\n")
			d.start()
			for _, s := range []string{"c1\n", "d1\n", "e1\n"} {
				d.remove(fsLog + ".3")
				for _, n := range [][2]string{{".2", ".3"}, {".1", ".2"}, {"", ".1"}} {
					if n[0] != ".2" || s != "c1\n" {
						d.rename(fsLog+n[0], fsLog+n[1])
					}
				}
				d.write(fsLog, s)
			}
			d.wait()
			d.heard(fsLog+".2:1 c1", fsLog+".1:1 d1", fsLog+":1 e1")
			d.add(fsLog, "e2\n")
			d.wait()
			d.heard(fsLog + ":2 e2")
		},
		"rotations with a banner in every file": func(d *drive) {
			d.write(fsLog, banner+"a\n")
			d.start()
			for _, s := range []string{"b\n", "c\n"} {
				d.rename(fsLog, fsLog+s[:1])
				d.write(fsLog, banner+s)
				d.wait()
			}
			d.heard(fsLog+":1 "+banner[:40], fsLog+":2 b", fsLog+":1 "+banner[:40], fsLog+":2 c")
		},
		"a new log that begins with all that the old one held": func(d *drive) {
			d.write(fsLog, banner)
			d.start()
			d.rename(fsLog, fsLog+".1")
			d.write(fsLog, banner)
			d.wait()
			d.heard(fsLog + ":1 " + banner[:40])
			d.add(fsLog, "new 2\n")
			d.look()
			d.heard(fsLog + ":2 new 2")
			d.remove(fsLog)
			d.wait()
			d.write(fsLog, banner)
			d.wait()
			d.heard(fsLog + ":1 " + banner[:40])
			d.add(fsLog, "newer 2\n")
			d.add(fsLog+".1", "older 2\n")
			d.look()
			d.heard(fsLog+".1:2 older 2", fsLog+":2 newer 2")
		},
		"a log that is deleted beside one that holds the same": func(d *drive) {
			d.write(fsLog, banner)
			d.write(fsLog+".1", banner)
			d.start()
			d.remove(fsLog)
			d.wait()
			d.add(fsLog+".1", "older 2\n")
			d.wait()
			d.heard(fsLog + ".1:2 older 2")
		},
		"a half line is told when its file was renamed and removed": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.add(fsLog, "no end")
			d.wait()
			d.heard()
			d.rename(fsLog, fsLog+".1")
			d.write(fsLog, "new 1\n")
			d.wait()
			d.heard(fsLog + ":1 new 1")
			d.remove(fsLog + ".1")
			d.wait()
			d.heard(fsLog + ".1:2 no end")
		},
		"a log that is copied and cut tells the rest of it from the copy": func(d *drive) {
			d.write(fsLog, "old line one\nold line two\n")
			d.start()
			d.add(fsLog, "not read yet\nhalf")
			d.copy(fsLog, fsLog+".1")
			d.cut(fsLog, 0)
			d.wait()
			d.add(fsLog, "new 1\n")
			d.wait()
			d.heard(fsLog+".1:3 not read yet", fsLog+":1 new 1")
		},
		"a copy that is seen before the log is cut": func(d *drive) {
			d.write(fsLog, "old line one\nold line two\n")
			d.start()
			d.copy(fsLog, fsLog+".1")
			d.wait()
			d.heard()
			d.add(fsLog, "read 3\n")
			d.wait()
			d.heard(fsLog + ":3 read 3")
			d.cut(fsLog, 0)
			d.add(fsLog, "new 1\n")
			d.wait()
			d.heard(fsLog + ":1 new 1")
		},
		"a copy that is still being written": func(d *drive) {
			d.write(fsLog, "old line one\nold line two\n")
			d.start()
			d.write(fsLog+".1", "old line one\n")
			d.wait()
			d.heard()
			d.add(fsLog+".1", "old line two\n")
			d.wait()
			d.heard()
		},
		"a file that only begins like another one is told after some searches": func(d *drive) {
			d.write(fsLog, banner+strings.Repeat("long\n", 30))
			d.start()
			d.write("sub/"+fsLog, banner+"its own\n")
			for range doubtsMost + 1 {
				d.wait()
			}
			d.heard(fsLog+":1 "+banner[:40], fsLog+":2 its own")
		},
		"a rotation that compresses is not followed into the archive": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.rename(fsLog, fsLog+".1")
			d.write(fsLog, "new 1\n")
			d.wait()
			d.write(fsLog+".1.gz", "\x1f\x8b nothing to read\n")
			d.remove(fsLog + ".1")
			d.wait()
			d.heard(fsLog + ":1 new 1")
		},
		"a log that is cut to nothing": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.cut(fsLog, 0)
			d.look()
			d.add(fsLog, "again\n")
			d.wait()
			d.heard(fsLog + ":1 again")
		},
		"a log that was cut and has grown beyond its old size": func(d *drive) {
			d.write(fsLog, "old 1\nold 2\n")
			d.start()
			d.write(fsLog, "again 1\nagain 2\nagain 3\n")
			d.wait()
			d.heard(fsLog+":1 again 1", fsLog+":2 again 2", fsLog+":3 again 3")
		},
		"a log with the old beginning that was cut and has grown beyond its old size": func(d *drive) {
			d.write(fsLog, banner+"old 1\nold 2\n")
			d.start()
			d.write(fsLog, banner+"again 1\nagain 2\nagain 3\n")
			d.wait()
			d.heard(fsLog+":1 "+banner[:40], fsLog+":2 again 1", fsLog+":3 again 2", fsLog+":4 again 3")
		},
		"a log that was cut and has grown to the same end": func(d *drive) {
			d.write(fsLog, "old 1\n"+banner)
			d.start()
			d.write(fsLog, "new 1\n"+banner+"new 3\n")
			d.wait()
			d.heard(fsLog+":1 new 1", fsLog+":2 "+banner[:40], fsLog+":3 new 3")
		},
		"a log that was cut in the middle of a line": func(d *drive) {
			d.write(fsLog, "old 1\n")
			d.start()
			d.add(fsLog, "no end")
			d.wait()
			d.cut(fsLog, 0)
			d.wait()
			d.add(fsLog, "again\n")
			d.wait()
			d.heard(fsLog+":2 no end", fsLog+":1 again")
		},
		"a product that writes on at its old place in a log that was cut": func(d *drive) {
			for _, size := range []int64{1200, 600_000} {
				d.write(fsLog, strings.Repeat("an old line\n", int(size/12)))
				if d.tail == nil {
					d.start()
				} else {
					d.wait()
					d.told = nil
				}
				d.cut(fsLog, 0)
				d.at(fsLog, size, "behind the hole\n")
				d.wait()
				d.heard(fsLog + ":1 behind the hole")
				d.at(fsLog, size+16, "and on\n")
				d.wait()
				d.heard(fsLog + ":2 and on")
			}
		},
		"room that was made before it is written": func(d *drive) {
			d.start()
			d.write("sub/"+fsLog, "first\n"+strings.Repeat("\x00", 600<<10))
			d.wait()
			d.heard(fsLog + ":1 first")
			d.at("sub/"+fsLog, 6, "second\n")
			d.wait()
			d.heard(fsLog + ":2 second")
		},
	})
}
