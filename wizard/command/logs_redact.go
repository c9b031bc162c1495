package command

import (
	"bytes"
	"io"

	"linecheck/wizard"
)

// discreet writes lines on with what must not leave replaced in each, as a report has it. Half a line waits for its end.
type discreet struct {
	w      io.Writer
	redact func(string) string
	part   []byte
}

func (d *discreet) Write(p []byte) (int, error) {
	d.part = append(d.part, p...)
	end := bytes.LastIndexByte(d.part, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out []byte
	for line := range bytes.Lines(d.part[:end]) {
		out = append(append(out, d.redact(string(line[:len(line)-1]))...), '\n')
	}
	d.part = append(d.part[:0], d.part[end:]...)
	_, err := d.w.Write(out)
	return len(p), err
}

// hushed writes what is said beside the result, an error that quotes a setting among it, without secrets.
type hushed struct{ w io.Writer }

func (h hushed) Write(p []byte) (int, error) {
	if _, err := io.WriteString(h.w, wizard.Discreet(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
