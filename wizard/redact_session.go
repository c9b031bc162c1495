package wizard

import (
	"reflect"

	"linecheck/checks"
)

// quietly hides secrets in what is told to a session, before any screen, file or verdict sees it. Facts stay as they are:
// a check may need a login that it never shows.
func quietly(list []Change) []Change {
	for i, c := range list {
		switch c := c.(type) {
		case EventsSeen:
			if c.Progress != nil {
				c.Progress = new(tidied(*c.Progress))
			}
			c.Steps, c.Found, c.Walking, c.Lines = tidied(c.Steps), tidied(c.Found), tidied(c.Walking), tidied(c.Lines)
			list[i] = c
		case RunFinished:
			c.Result, c.Err = quiet(c.Result), quietError(c.Err)
			list[i] = c
		case FixFinished:
			c.Result, c.Err = quiet(c.Result), quietError(c.Err)
			list[i] = c
		}
	}
	return list
}

func quiet(r checks.Result) checks.Result {
	r.Findings, r.Actions, r.Changes, r.Reason = tidied(r.Findings), tidied(r.Actions), tidied(r.Changes), Discreet(r.Reason)
	return r
}

// tidied is a copy without secrets; times and numbers are as they were.
func tidied[T any](v T) T { return copied(reflect.ValueOf(v), Discreet).Interface().(T) }

// quietError is err without secrets. What it wraps can still be asked for.
func quietError(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if said := Discreet(text); said != text {
		return saidError{said, err}
	}
	return err
}

type saidError struct {
	text string
	err  error
}

func (e saidError) Error() string { return e.text }
func (e saidError) Unwrap() error { return e.err }
