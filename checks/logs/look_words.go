package logs

import (
	"errors"
	"io/fs"
	"maps"
	"time"

	"linecheck/checks"
)

// alone tells findings which run has the other steps that their texts name: the one they stand in has none.
func alone(found []checks.Finding, there string) {
	for i := range found {
		found[i].Args = maps.Clone(found[i].Args)
		if found[i].Args == nil {
			found[i].Args = map[string]string{}
		}
		found[i].Args["there"] = there
	}
}

// amount is how much was read.
func amount(files, lines int) string {
	if lines < 0 {
		return counted(files, "log was", "logs were") + " read"
	}
	s := counted(files, "log with ", "logs with ") + counted(lines, "line", "lines")
	if files == 1 {
		return s + " was read"
	}
	return s + " were read"
}

// extent is from when to when the lines are that were read, in sentences; "" where there is none.
func extent(lines int, newest, oldest time.Time) string {
	switch {
	case lines == 0:
		return ""
	case newest.IsZero():
		return "No line that linecheck knows names a time."
	case oldest.IsZero():
		return "The newest line is from " + clock(newest) + "; what came later is not in these logs."
	}
	return "The newest line is from " + clock(newest) + ", the oldest that linecheck knows from " + clock(oldest) + "; what came later is not in these logs."
}

// because is why a path could not be read, for people.
func because(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "this account may not read it"
	}
	return err.Error()
}
