package host

import (
	"context"
	"time"
)

// Events reads the system's own event log: the Windows Event Log.
type Events interface {
	// Read hands out the events that fit, oldest first, until each returns an error, ctx is done or q.Most were handed
	// out; then more is true where there are older ones that were left out, since the newest count. ErrNotFound: no such
	// channel or file. ErrDenied: no right to read it. ErrUnsupported: this system has no event log.
	Read(ctx context.Context, q EventQuery, each func(EventRecord) error) (more bool, err error)
}

// EventQuery says which events are wanted. An empty member is not looked at.
type EventQuery struct {
	Channel   string // "System", "Microsoft-Windows-DNS-Client/Operational"
	File      string // an exported .evtx file instead of a channel
	Providers []string
	IDs       []int
	Since     time.Time
	Most      int // at most so many; 0: 1,000
}

// EventRecord is one event as its log has it.
type EventRecord struct {
	Channel  string
	Provider string // "Service Control Manager"
	ID       int
	Level    string // "critical", "error", "warning", "information", "verbose"; "" where not known
	At       time.Time
	Record   uint64            // its number in the channel; 0 where not known
	Computer string            // the machine that wrote it
	Message  string            // as Event Viewer shows it; "" where the provider's texts are not on this machine
	Data     map[string]string // its named values; those without a name are "1", "2", …; text in its bytes is "Binary"
	Raw      string            // as it stood: the XML, or the line of an export; cut at 4 KiB
}
