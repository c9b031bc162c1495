package wizard

import (
	"errors"
	"io"
)

// junit writes the report as the form that build servers read as test results.
func (r Report) junit(io.Writer) error { return errors.New("the form junit is not there yet") }
