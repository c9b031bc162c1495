package logs

import "linecheck/checks/logs/lines"

// How texts are written is known in the room lines.
type encoding = lines.Encoding

const (
	unknown   = lines.Unknown
	utf8Text  = lines.UTF8
	utf16LE   = lines.UTF16LE
	utf16BE   = lines.UTF16BE
	lineMax   = lines.Max
	stampMax  = lines.StampMax
	firstPart = lines.BlockSize
)

func sniff(head []byte) (encoding, int) { return lines.Sniff(head) }

// shown is how much of a line is handed on.
const shown = 4 << 10

func short(line []byte) string {
	if len(line) > shown {
		line = lines.Whole(line[:shown])
	}
	return string(line)
}
