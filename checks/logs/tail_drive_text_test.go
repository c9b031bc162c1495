package logs

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// in16s is a text in UTF-16 without a mark.
func in16s(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func TestDriveText(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	bytewise := func(d *drive, s string) {
		for i := range len(s) {
			d.add(fsLog, s[i:i+1])
			d.look()
		}
	}
	runDrives(t, map[string]func(d *drive){
		"UTF-16LE that grows byte by byte": func(d *drive) {
			d.write(fsLog, "\xff\xfe"+in16s("alt\r\n", le))
			d.start()
			bytewise(d, in16s("neu ä 😀\r\nzwei\r\n", le))
			d.heard(fsLog+":2 neu ä 😀", fsLog+":3 zwei")
		},
		"UTF-16BE that grows byte by byte": func(d *drive) {
			d.write(fsLog, "\xfe\xff"+in16s("alt\r\n", be))
			d.start()
			bytewise(d, in16s("neu ä 😀\r\nzwei\r\n", be))
			d.heard(fsLog+":2 neu ä 😀", fsLog+":3 zwei")
		},
		"UTF-16LE without a mark that is begun byte by byte": func(d *drive) {
			d.start()
			d.write(fsLog, "")
			d.wait()
			bytewise(d, in16s("eins\r\nzwei\r\n", le))
			d.heard(fsLog+":1 eins", fsLog+":2 zwei")
		},
		"UTF-8 with a mark that grows byte by byte": func(d *drive) {
			d.write(fsLog, "\xef\xbb\xbfalt\r\n")
			d.start()
			bytewise(d, "neu ä 😀\r\nzwei\r\n")
			d.heard(fsLog+":2 neu ä 😀", fsLog+":3 zwei")
		},
		"UTF-16 that is cut and is UTF-8 then": func(d *drive) {
			d.write(fsLog, "\xff\xfe"+in16s("alt\r\n", le))
			d.start()
			d.write(fsLog, "now plain\nand on, beyond the old size\n")
			d.wait()
			d.heard(fsLog+":1 now plain", fsLog+":2 and on, beyond the old size")
		},
		"Latin-1": func(d *drive) {
			d.write(fsLog, "alt\n")
			d.start()
			d.add(fsLog, "Verz\xf6gerung\n")
			d.look()
			d.heard(fsLog + ":2 Verzögerung")
		},
		"a carriage return and its line feed in two looks": func(d *drive) {
			d.write(fsLog, "old\r\n")
			d.start()
			d.add(fsLog, "one\r")
			d.look()
			d.heard()
			d.add(fsLog, "\ntwo\r\n")
			d.look()
			d.heard(fsLog+":2 one", fsLog+":3 two")
		},
		"a line without its end is not told, however long it stands": func(d *drive) {
			d.write(fsLog, "old\n")
			d.start()
			d.add(fsLog, "failed with 2")
			for range 20 {
				d.look()
			}
			d.heard()
			d.add(fsLog, "8\n")
			d.look()
			d.heard(fsLog + ":2 failed with 28")
		},
		"an empty line has a number": func(d *drive) {
			d.write(fsLog, "")
			d.start()
			d.add(fsLog, "\n\nx\n")
			d.look()
			d.heard(fsLog+":1 ", fsLog+":2 ", fsLog+":3 x")
		},
		"lines of 2 MB are cut, counted, and stop nothing": func(d *drive) {
			d.write(fsLog, "old\n")
			d.start()
			d.add(fsLog, strings.Repeat("x", 2<<20)+"\nshort\n")
			d.look()
			d.add(fsLog, strings.Repeat("y", 1<<20))
			d.look()
			d.add(fsLog, strings.Repeat("y", 1<<20)+"\nend\n")
			d.look()
			d.heard(fsLog+":2 "+strings.Repeat("x", 40), fsLog+":3 short", fsLog+":4 "+strings.Repeat("y", 40), fsLog+":5 end")
			if s := d.tail.end(); s.cut != 2 || s.lines != 5 {
				d.Errorf("counted %d lines, %d of them cut", s.lines, s.cut)
			}
		},
		"a line of 2 MB in UTF-16": func(d *drive) {
			d.write(fsLog, "\xff\xfe")
			d.start()
			d.add(fsLog, in16s(strings.Repeat("ж", 1<<20)+"\r\nshort\r\n", le))
			d.look()
			d.heard(fsLog+":1 "+strings.Repeat("ж", 20), fsLog+":2 short")
			if s := d.tail.end(); s.cut != 1 {
				d.Errorf("counted %d lines as cut", s.cut)
			}
		},
	})
}
