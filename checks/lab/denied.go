package lab

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

var errHeld = errors.New("the process cannot access the file because it is being used by another process")

// installed are the profiles whose products are on the machine.
func (l *Lab) installed() []*assets.Profile {
	return slices.DeleteFunc(slices.Clone(l.profiles), func(p *assets.Profile) bool { return slices.Contains(l.scene.Machine.Absent, p.Name) })
}

// deny sets up what the machine's account may not do, and what another program keeps from it.
func (l *Lab) deny() {
	m, f := l.scene.Machine, l.fake
	for _, at := range m.Denied {
		f.FileErr[at] = host.ErrDenied
	}
	if m.Cache == nil || m.Cache.Held == "" || m.Limited {
		return
	}
	verb := map[string]string{"move": "shelve", "delete": "discard"}[m.Cache.Held]
	f.OnShelf = func(did, _ string) error {
		if did == verb {
			return errHeld
		}
		return nil
	}
}

// happened are the scene's events by channel, oldest first.
func (l *Lab) happened() map[string][]host.EventRecord {
	out := map[string][]host.EventRecord{}
	now := time.Now()
	for i, e := range l.scene.Machine.Events {
		channel := cmp.Or(e.Channel, "Application")
		out[channel] = append(out[channel], host.EventRecord{Channel: channel, Provider: e.Provider, ID: e.ID, Level: cmp.Or(e.Level, "warning"),
			At: now.Add(-e.Ago), Record: uint64(1000 + i), Computer: l.fake.Identity.Host, Message: e.Text, Raw: e.Text})
	}
	for _, all := range out {
		slices.SortStableFunc(all, func(a, b host.EventRecord) int { return a.At.Compare(b.At) })
	}
	return out
}
