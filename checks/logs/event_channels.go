package logs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	// channelTime is how long all channels of the event log together may take.
	channelTime = 5 * time.Second
	// channelMost is how many events of one channel are read: the newest.
	channelMost = 1000
	// eventView is whose eyes these findings are.
	eventView = "the Windows event log"
)

// system reads what Windows' own event log says, on Windows; elsewhere nothing.
func system(ctx context.Context, env checks.Env, now time.Time, since time.Duration) []checks.Finding {
	if env.Machine.OS != "windows" || env.Machine.Events == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, channelTime)
	defer cancel()
	s, err := newSystemLook(ctx, env, now, since)
	if err != nil {
		return []checks.Finding{unreadEvents("event log", err, now)}
	}
	return s.findings(now, since)
}

// systemLook is one look at the channels.
type systemLook struct {
	profile *assets.Profile
	got     *gather
	read    []string // "System: 312 events, 4 of them known"
	out     []checks.Finding
}

func newSystemLook(ctx context.Context, env checks.Env, now time.Time, since time.Duration) (*systemLook, error) {
	channels, err := assets.EventChannels()
	if err != nil {
		return nil, err
	}
	t, err := newTeller([]*assets.Profile{env.Profile})
	if err != nil {
		return nil, err
	}
	s := &systemLook{profile: env.Profile, got: newGather(time.Time{})}
	for _, source := range append(channels, env.Profile.Events...) {
		c := &channelRead{source: source, id: new(int)}
		more, err := env.Machine.Events.Read(ctx, c.query(now.Add(-since)), func(r host.EventRecord) error { c.add(t, &r, s.got); return nil })
		switch {
		case host.Absent(err):
			continue
		case errors.Is(err, host.ErrUnsupported):
			s.out = append(s.out, unreadEvents("event log", err, now))
			return s, nil
		case err != nil:
			f := unreadEvents(c.source.Channel, err, now)
			if off(c.source.Channel) && host.Denied(err) {
				f.Status = checks.Note // it is empty unless somebody switched it on
			}
			s.out = append(s.out, f)
		}
		if err == nil || c.count > 0 {
			s.read = append(s.read, c.told(more))
		}
	}
	return s, nil
}

// off reports whether a channel has known events only where somebody switched them on.
func off(channel string) bool {
	all, _ := assets.SystemEvents()
	return slices.ContainsFunc(all, func(e assets.SystemEvent) bool { return e.Channel == channel && e.Off })
}

// channelRead is one channel that is being read.
type channelRead struct {
	source assets.EventSource
	id     *int
	count  int
	known  int
}

func (c *channelRead) query(since time.Time) host.EventQuery {
	return host.EventQuery{Channel: c.source.Channel, Providers: c.source.Providers, IDs: c.source.IDs, Since: since, Most: channelMost}
}

func (c *channelRead) add(t *teller, r *host.EventRecord, got *gather) {
	c.count++
	found := t.tell(r)
	if len(found) > 0 {
		c.known++
	}
	for i, e := range found {
		e.Path, e.File, e.Number = "event log "+c.source.Channel, c.source.Channel, int(r.Record&0x7fffffff)
		e.from, e.place = c.id, c.count*2*threadLines+i
		if e.Topic == "" {
			e.Topic = c.source.Channel
		}
		got.add(&e)
	}
}

func (c *channelRead) told(more bool) string {
	text := fmt.Sprintf("%s: %s, %d of them known", c.source.Channel, counted(c.count, "event", "events"), c.known)
	if more {
		text += " (the newest; there are more)"
	}
	return text
}

func (s *systemLook) findings(now time.Time, since time.Duration) []checks.Finding {
	s.got.settle()
	out := s.got.judge(now, since, keeps(s.profile), time.Local)
	out = append(out, untested(s.profile, out)...)
	if len(s.read) > 0 {
		out = append(out, checks.Finding{Code: Events, Status: checks.Note, Subject: "Windows event log", View: eventView, At: now,
			Args: map[string]string{"what": strings.Join(s.read, "; ")}})
	}
	return append(out, s.out...)
}

// ofWindows corrects what a finding of an event of Windows itself says of the product's log. That a service runs is no
// proof of a line.
func ofWindows(f *checks.Finding) {
	if f.Code != SystemEvent {
		return
	}
	f.View = eventView
	if f.Status == checks.Pass {
		f.Status = checks.Note
	}
	if f.Args["state"] == "" {
		f.Args["state"] = "by itself that is no fault"
	}
}

func unreadEvents(channel string, err error, now time.Time) checks.Finding {
	why := err.Error()
	switch {
	case host.Denied(err):
		why = "this account may not read it; an administrator may"
	case errors.Is(err, host.ErrUnsupported):
		why = "this system gives none"
	case errors.Is(err, context.DeadlineExceeded):
		why = "the time for this look ran out before its end"
	}
	return checks.Finding{Code: Events, Status: checks.Unknown, Subject: channel, View: eventView, At: now, Args: map[string]string{"what": "not read: " + why},
		Evidence: []checks.Evidence{{Source: "event log " + channel, Text: err.Error()}}}
}
