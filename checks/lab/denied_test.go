package lab

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host"
)

func TestWhatTheAccountMayNotDo(t *testing.T) {
	l := begin(t, `machine:
  services: {svc: denied, other: wont_stop}
  needs: {other: [third]}
  denied: ['C:\Cache']
  cache: {files: 2, newest: 1m, oldest: 1m, held: delete}
`)
	m := l.Machine()
	if _, err := m.Services.Query(t.Context(), "svc"); !errors.Is(err, host.ErrDenied) {
		t.Errorf("asked about svc: %v", err)
	}
	if _, err := m.Files.ReadDir(`c:\cache`); !host.Denied(err) {
		t.Errorf("the folder: %v", err)
	}
	if _, err := m.Files.Stat(`C:\Cache\deeper\a.dat`); !host.Denied(err) {
		t.Errorf("what lies in it: %v", err)
	}
	if _, err := m.Files.Stat(`C:\Cached`); host.Denied(err) {
		t.Errorf("another folder: %v", err)
	}
	if needed, err := m.Services.Dependents(t.Context(), "other"); err != nil || len(needed) != 1 || needed[0] != "third" {
		t.Errorf("dependents %q, %v", needed, err)
	}
	h := l.Hands()
	if err := h.Services.Stop(t.Context(), "other"); !errors.Is(err, host.ErrDenied) {
		t.Errorf("stopped: %v", err)
	}
	if _, _, err := h.Files.Discard(t.Context(), `C:\Cache`, `C:\Cache.x`); !errors.Is(err, errHeld) {
		t.Errorf("deleted: %v", err)
	}
}

func TestServicesInBetween(t *testing.T) {
	l := begin(t, `machine: {services: {a: starting, b: stopping, c: manual, d: wont_stop}}`)
	for name, want := range map[string]host.ServiceState{"a": host.StartPending, "b": host.StopPending, "c": host.Stopped, "d": host.Running} {
		if s, err := l.Machine().Services.Query(t.Context(), name); err != nil || s.State != want || (s.PID == 0) != (want == host.Stopped) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

func TestTheEventLogTellsOldestFirst(t *testing.T) {
	l := begin(t, `machine:
  events:
    - {provider: Agent, id: 2, ago: 1m, text: newer}
    - {provider: Agent, id: 1, ago: 2h, text: older, level: error}
`)
	var got []string
	_, err := l.Machine().Events.Read(t.Context(), host.EventQuery{Channel: "Application", Since: time.Now().Add(-24 * time.Hour)}, func(r host.EventRecord) error {
		got = append(got, r.Level+" "+r.Message)
		return nil
	})
	if err != nil || strings.Join(got, ", ") != "error older, warning newer" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := l.Machine().Events.Read(context.Background(), host.EventQuery{Channel: "System"}, nil); !host.Absent(err) {
		t.Errorf("a channel without events: %v", err)
	}
}
