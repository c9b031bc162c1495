package host

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// Wine 8's EvtQuery is a stub without a word why. On Windows every machine has the channel System.
func TestEventsOfWindows(t *testing.T) {
	var got []EventRecord
	more, err := Local().Events.Read(t.Context(), EventQuery{Channel: "System", Most: 20}, func(e EventRecord) error {
		got = append(got, e)
		return nil
	})
	if underWine() {
		if !errors.Is(err, ErrUnsupported) || len(got) > 0 || more {
			t.Errorf("Wine: %d events, more %v, %v", len(got), more, err)
		}
		return
	}
	if err != nil || len(got) == 0 || len(got) > 20 {
		t.Fatalf("%d events, %v", len(got), err)
	}
	for i, e := range got {
		if e.Channel != "System" || e.Provider == "" || e.At.IsZero() || i > 0 && e.Record <= got[i-1].Record {
			t.Errorf("event %d: %+v", i, e)
		}
	}
}

func TestEventsThatAreNotThere(t *testing.T) {
	for name, q := range map[string]EventQuery{
		"a channel that nobody has":      {Channel: "Nobody-Has/This"},
		"a file that is not there":       {File: filepath.Join(t.TempDir(), "nothing.evtx")},
		"a channel whose name has a NUL": {Channel: "Sys\x00tem", Since: time.Now()},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Local().Events.Read(t.Context(), q, func(EventRecord) error { return nil })
			if !errors.Is(err, ErrNotFound) && !(underWine() && errors.Is(err, ErrUnsupported)) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestErrorsOfTheEventLog(t *testing.T) {
	for name, c := range map[string]struct{ err, want error }{
		"no such channel":         {windows.ERROR_EVT_CHANNEL_NOT_FOUND, ErrNotFound},
		"no right to the channel": {windows.ERROR_ACCESS_DENIED, ErrDenied},
		"a stub":                  {windows.ERROR_CALL_NOT_IMPLEMENTED, ErrUnsupported},
		"a stub without a word":   {windows.ERROR_SUCCESS, ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			if err := eventError("EvtQuery", c.err); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
		})
	}
	err := eventError("EvtQuery", windows.RPC_S_SERVER_UNAVAILABLE)
	for _, not := range []error{ErrNotFound, ErrDenied, ErrUnsupported} {
		if errors.Is(err, not) {
			t.Errorf("a service that does not run passes for %v", not)
		}
	}
}
