package logs

import (
	"bytes"
	"context"
	"io"

	"linecheck/checks/logs/lines"
)

// zerosMin is how many zeros in a row are no text of any encoding.
const zerosMin = 4

// zeros tells where text begins and ends in what was read. Zeros at the end are room that the product has not written
// yet; it will, in the same place. Zeros at the beginning are a hole: a product that does not append writes on at its
// old place in a file that another program has cut.
func (g *glance) zeros(p []byte) (skip, keep int) {
	keep = len(p)
	if lead := len(p) - len(bytes.TrimLeft(p, "\x00")); lead >= zerosMin {
		skip = lead
		if lead < len(p) && (g.at+int64(lead))&1 == 1 && g.wide(p[lead-1:]) == lines.UTF16BE {
			skip-- // the upper half of the first letter
		}
	}
	if skip == len(p) {
		return skip, skip
	}
	if end := len(bytes.TrimRight(p, "\x00")); len(p)-end >= zerosMin {
		if keep = end; g.wide(p[skip:]) == lines.UTF16LE && (g.at+int64(end))&1 == 1 {
			keep++ // the upper half of its last letter
		}
	}
	return skip, keep
}

// wide is the encoding, told from p where it is not known yet.
func (g *glance) wide(p []byte) lines.Encoding {
	if g.enc != lines.Unknown {
		return g.enc
	}
	enc, _ := lines.Sniff(p)
	return enc
}

// written reports whether a file ends with more than zeros.
func written(h io.ReaderAt, size int64) bool {
	const look = 4 << 10
	return len(bytes.Trim(part(h, max(size-look, 0), min(size, look)), "\x00")) > 0
}

// leave goes on behind a hole. It reports whether text follows.
func (g *glance) leave(ctx context.Context, h io.ReaderAt) bool {
	buf := make([]byte, chunk)
	for at := g.at; at < g.size && ctx.Err() == nil; {
		n, err := h.ReadAt(buf[:min(chunk, g.size-at)], at)
		if rest := bytes.TrimLeft(buf[:n], "\x00"); len(rest) > 0 {
			// Even, since a letter of UTF-16 may begin with a zero; and a mark of zeros would say nothing.
			g.at, g.mark = (at+int64(n-len(rest)))&^1, nil
			return true
		}
		if at += int64(n); n == 0 || err != nil && err != io.EOF {
			return false
		}
	}
	return false
}
