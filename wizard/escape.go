package wizard

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
)

// steerless writes JSON so that it cannot steer a terminal it is shown on: what encoding/json leaves of control
// characters and direction overrides becomes \u escapes, which mean the same. Each write holds whole letters, as those
// of a json.Encoder do.
type steerless struct{ w io.Writer }

// Steerless returns a writer of JSON that cannot steer a terminal: see [steerless].
func Steerless(w io.Writer) io.Writer { return steerless{w} }

func (s steerless) Write(p []byte) (int, error) {
	if !bytes.ContainsFunc(p, steers) {
		return s.w.Write(p)
	}
	var b bytes.Buffer
	for _, c := range string(p) {
		if steers(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
		} else {
			b.WriteRune(c)
		}
	}
	_, err := s.w.Write(b.Bytes())
	return len(p), err
}

func steers(c rune) bool {
	return unicode.IsControl(c) && c != '\n' || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f
}
