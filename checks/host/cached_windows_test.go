package host

import (
	"errors"
	"testing"

	"golang.org/x/sys/windows"
)

// Wine's function is a stub; on Windows the list holds what this machine has just looked up, or nothing at all.
func TestCachedOfWindows(t *testing.T) {
	names, err := Local().Network.Cached(t.Context())
	if underWine() {
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("Wine: %q, %v", names, err)
		}
		return
	}
	if err != nil && !errors.Is(err, ErrUnsupported) || len(names) > maxCached {
		t.Errorf("%d names, %v", len(names), err)
	}
}

func TestWideTextIsBounded(t *testing.T) {
	p, err := windows.UTF16PtrFromString("doorman.example")
	must(t, err)
	if got := wide(p, 1024); got != "doorman.example" {
		t.Errorf("got %q", got)
	}
	if got := wide(p, 4); got != "door" {
		t.Errorf("got %q, want four letters", got)
	}
}
