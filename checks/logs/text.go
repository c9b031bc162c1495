package logs

import "linecheck/checks/logs/lines"

const (
	lineMax   = lines.Max
	stampMax  = lines.StampMax
	firstPart = lines.BlockSize // a text that is no longer goes through no pool
	// shown is how many bytes of a line are handed on.
	shown = 4 << 10
)

// short is a line as far as it is handed on.
func short(line []byte) string {
	if len(line) > shown {
		line = lines.Whole(line[:shown])
	}
	return string(line)
}
