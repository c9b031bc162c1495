package domain

import (
	"bytes"
	"testing"
)

func TestNumbersAreWrittenAsTheyAreRead(t *testing.T) {
	for _, n := range []uint32{0, 1, 127, 128, 255, 256, 0x7fff, 0x8000, 0x7fffff, 0x800000, 0x7fffffff} {
		e, rest, err := next(putInteger(tagInteger, n))
		if got, nerr := e.integer(); err != nil || nerr != nil || len(rest) > 0 || uint32(got) != n {
			t.Errorf("%d: %d, %v, %v", n, got, err, nerr)
		}
	}
	if got, err := (element{tagInteger, []byte{0xff}}).integer(); got != -1 || err != nil {
		t.Errorf("-1: %d, %v", got, err)
	}
	if _, err := (element{tagInteger, nil}).integer(); err == nil {
		t.Error("a number of no bytes is read")
	}
}

func TestLengthsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, n := range []int{0, 1, 0x7f, 0x80, 0xff, 0x100, 0x1234} {
		body := bytes.Repeat([]byte{7}, n)
		e, rest, err := next(append(put(tagOctets, body[:n/2], body[n/2:]), 1, 2))
		if err != nil || e.tag != tagOctets || !bytes.Equal(e.body, body) || len(rest) != 2 {
			t.Errorf("%d bytes: tag %#x, %d, rest %d, %v", n, e.tag, len(e.body), len(rest), err)
		}
	}
	for name, b := range map[string][]byte{
		"a tag of two bytes": {0x1f, 0x81, 1, 0}, "a length of five bytes": {4, 0x85, 0, 0, 0, 0, 1, 7}, "a length that is cut off": {4, 0x82, 1},
		"more than is there": {4, 3, 1, 2}, "one byte": {4},
	} {
		if e, _, err := next(b); err == nil {
			t.Errorf("%s is read: %+v", name, e)
		}
	}
	if _, err := (element{tagContext, []byte{2, 1, 5, 2, 1, 5}}).inner(tagInteger); err == nil {
		t.Error("two where one belongs are read")
	}
}
