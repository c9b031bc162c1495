package logs

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Thirty logs that are rotated again and again are more files than are followed: the quiet ones are let go, and none of
// those that are written to.
func TestDriveManyLogsThatAreRotated(t *testing.T) {
	const logs, rotations, kept = 30, 8, 5
	name := func(i, r int) string {
		if r == 0 {
			return fmt.Sprintf("fsscorplug%02d.log", i)
		}
		return fmt.Sprintf("fsscorplug%02d.log.%d", i, r)
	}
	d := newDrive(t)
	for i := range logs {
		d.write(name(i, 0), fmt.Sprintf("the old line of log %d\n", i))
	}
	d.start()
	var want []string
	for r := range rotations {
		for i := range logs {
			for k := range 2 {
				line := fmt.Sprintf("log %d, rotation %d, line %d", i, r, k)
				d.add(name(i, 0), line+"\n")
				want = append(want, line)
			}
		}
		d.look()
		for i := range logs {
			for k := kept; k > 0; k-- {
				if _, err := os.Stat(d.path(name(i, k-1))); err == nil {
					d.rename(name(i, k-1), name(i, k))
				}
			}
			d.write(name(i, 0), "")
		}
		d.wait()
	}
	told := map[string]int{}
	for _, s := range d.told {
		_, text, _ := strings.Cut(s, " ")
		told[text]++
	}
	lost, twice := 0, 0
	for _, line := range want {
		switch n := told[line]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
	}
	if lost > 0 || twice > 0 || len(d.gaps) > 0 {
		t.Errorf("of %d lines %d were not told, %d more than once; passed over %v", len(want), lost, twice, d.gaps)
	}
}

// What nobody follows any more is rotated too, and is no new log for that.
func TestDriveAQuietLogIsRotated(t *testing.T) {
	d := newDrive(t)
	for i := range maxFiles + 3 {
		d.write(numbered(i), fmt.Sprintf("old line of %d\nand another\n", i))
		d.age(numbered(i), i)
	}
	d.start()
	d.write("fsscorplug.new.log", "the first of a new one\n") // one is let go for it
	d.wait()
	d.heard("fsscorplug.new.log:1 the first of a new one")
	for i := range maxFiles + 3 {
		d.rename(numbered(i), numbered(i)+".1")
	}
	d.wait()
	d.wait()
	d.heard()
	d.add(numbered(maxFiles-1)+".1", "more\n")
	d.wait()
	d.heard(fmt.Sprintf("%s.1:3 more", numbered(maxFiles-1)))
}

// A log that was rotated before anybody looked at it is old already when it is found, and is read all the same.
func TestDriveOldLogsThatAreFound(t *testing.T) {
	d := newDrive(t)
	for i := range maxFiles {
		d.write(numbered(i), "old\n")
	}
	d.start()
	var want []string
	for i := range 5 {
		name := fmt.Sprintf("fsscorplug.found%d.log", i)
		d.write(name, "a line\n")
		d.age(name, 10+i)
		want = append([]string{name + ":1 a line"}, want...)
	}
	d.wait()
	d.heard(want...)
}

func TestDriveALogThatWasLetGoIsRotatedAway(t *testing.T) {
	d := newDrive(t)
	for i := range maxFiles + 1 {
		d.write(numbered(i), fmt.Sprintf("old line of %d\n", i))
		d.age(numbered(i), i)
	}
	d.start()
	last := numbered(maxFiles) // the one that is not followed
	d.rename(last, last+".1")
	d.write(last, "anew\n")
	d.wait()
	d.heard(last + ":1 anew")
}
