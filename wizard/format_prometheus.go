package wizard

import (
	"errors"
	"io"
)

// prometheus writes the report as a textfile for the node exporter.
func (r Report) prometheus(io.Writer) error { return errors.New("the form prometheus is not there yet") }
