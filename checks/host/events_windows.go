package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	wevtapi        = windows.NewLazySystemDLL("wevtapi.dll")
	evtQuery       = wevtapi.NewProc("EvtQuery")
	evtNext        = wevtapi.NewProc("EvtNext")
	evtRender      = wevtapi.NewProc("EvtRender")
	evtClose       = wevtapi.NewProc("EvtClose")
	evtPublisher   = wevtapi.NewProc("EvtOpenPublisherMetadata")
	evtFormat      = wevtapi.NewProc("EvtFormatMessage")
	wevtapiNeeded  = [...]*windows.LazyProc{evtQuery, evtNext, evtRender, evtClose, evtPublisher, evtFormat}
	noMoreEvents   = windows.ERROR_NO_MORE_ITEMS
	channelMissing = []error{windows.ERROR_EVT_CHANNEL_NOT_FOUND, windows.ERROR_FILE_NOT_FOUND, windows.ERROR_PATH_NOT_FOUND}
)

// The numbers of winevt.h.
const (
	queryChannel = 0x1
	queryFile    = 0x2
	newestFirst  = 0x200
	renderXML    = 1
	formatEvent  = 1

	usualEvents  = 1000 // where the caller does not say how many
	eventBatch   = 32
	eventWait    = 500 * time.Millisecond // one EvtNext; ctx is looked at between two
	maxProviders = 64                     // whose texts are kept open
	maxMessage   = 8 << 10                // characters
)

// eventLog is the Windows Event Log, asked through wevtapi.dll.
type eventLog struct{}

// Read takes the newest events first, so that the newest remain where there are more than wanted. What was read before
// an error or the end of ctx is handed out all the same.
func (eventLog) Read(ctx context.Context, q EventQuery, each func(EventRecord) error) (bool, error) {
	var got reading
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, got.run(ctx, q) })
	all, more := got.take()
	slices.Reverse(all)
	for _, e := range all {
		if err := each(e); err != nil {
			return more, err
		}
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", q.place(), err)
	}
	return more, err
}

// reading is one read, which may be left alone in the background when time runs out.
type reading struct {
	mu   sync.Mutex
	all  []EventRecord // newest first
	more bool
	big  int // events that are larger than linecheck reads, or that it cannot read
}

func (r *reading) take() ([]EventRecord, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all), r.more
}

// add reports whether more are wanted.
func (r *reading) add(e EventRecord, most int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= most {
		r.more = true
		return false
	}
	r.all = append(r.all, e)
	return true
}

func (r *reading) run(ctx context.Context, q EventQuery) error {
	for _, p := range wevtapiNeeded {
		if err := p.Find(); err != nil {
			return fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	flags := uintptr(queryChannel | newestFirst)
	if q.File != "" {
		flags = queryFile | newestFirst
	}
	path, err := windows.UTF16PtrFromString(q.place())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	query, err := windows.UTF16PtrFromString(q.xpath())
	if err != nil {
		return err
	}
	set, _, err := evtQuery.Call(0, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(query)), flags)
	if set == 0 {
		return eventError("EvtQuery", err)
	}
	defer evtClose.Call(set)
	texts := publishers{}
	defer texts.close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		on, err := r.batch(set, q, texts)
		if err != nil || !on {
			return r.end(err)
		}
	}
}

// end tells of events that could not be read, where nothing worse happened.
func (r *reading) end(err error) error {
	if err == nil && r.big > 0 {
		return fmt.Errorf("%d events could not be read or are larger than %d bytes", r.big, MaxEvent)
	}
	return err
}

// batch takes the next few events; false at the end.
func (r *reading) batch(set uintptr, q EventQuery, texts publishers) (bool, error) {
	var (
		handles [eventBatch]uintptr
		n       uint32
	)
	ok, _, err := evtNext.Call(set, eventBatch, uintptr(unsafe.Pointer(&handles[0])), uintptr(eventWait.Milliseconds()), 0, uintptr(unsafe.Pointer(&n)))
	switch {
	case ok != 0:
	case errors.Is(err, noMoreEvents):
		return false, nil
	case errors.Is(err, windows.ERROR_TIMEOUT), errors.Is(err, windows.WAIT_TIMEOUT):
		return true, nil
	default:
		return false, eventError("EvtNext", err)
	}
	got := handles[:min(n, eventBatch)]
	defer func() {
		for _, h := range got {
			evtClose.Call(h)
		}
	}()
	for _, h := range got {
		e, err := rendered(h)
		if err != nil {
			r.big++
			continue
		}
		if !q.fits(e) {
			continue
		}
		if e.Message == "" {
			e.Message = texts.message(e.Provider, h)
		}
		if !r.add(e, q.most()) {
			return false, nil
		}
	}
	return len(got) > 0, nil
}

func rendered(event uintptr) (EventRecord, error) {
	var used, count uint32
	buf := make([]uint16, 4<<10)
	for {
		ok, _, err := evtRender.Call(0, event, renderXML, uintptr(2*len(buf)), uintptr(unsafe.Pointer(&buf[0])),
			uintptr(unsafe.Pointer(&used)), uintptr(unsafe.Pointer(&count)))
		if ok != 0 {
			break
		}
		if !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) || used > 2*MaxEvent || int(used) <= 2*len(buf) {
			return EventRecord{}, eventError("EvtRender", err)
		}
		buf = make([]uint16, (used+1)/2)
	}
	return ParseEvent([]byte(windows.UTF16ToString(buf[:min(int(used+1)/2, len(buf))])))
}

// publishers are providers whose texts are open; 0: this machine has none of them.
type publishers map[string]uintptr

func (p publishers) close() {
	for _, h := range p {
		if h != 0 {
			evtClose.Call(h)
		}
	}
}

// message is the event's text in the machine's language; "" where this machine has no text for it.
func (p publishers) message(provider string, event uintptr) string {
	h, ok := p[provider]
	if !ok {
		name, err := windows.UTF16PtrFromString(provider)
		if err != nil || len(p) >= maxProviders {
			return ""
		}
		h, _, _ = evtPublisher.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, 0)
		p[provider] = h
	}
	if h == 0 {
		return ""
	}
	var used uint32
	buf := make([]uint16, 1<<10)
	for {
		ok, _, err := evtFormat.Call(h, event, 0, 0, 0, formatEvent, uintptr(len(buf)), uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&used)))
		switch {
		case ok != 0, errors.Is(err, windows.ERROR_EVT_UNRESOLVED_VALUE_INSERT):
			// A text with a value that could not be put in is still the text.
			return windows.UTF16ToString(buf[:min(int(used), len(buf))])
		case !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) || int(used) <= len(buf) || used > maxMessage:
			return ""
		}
		buf = make([]uint16, used)
	}
}

// eventError maps what the event log service answers onto this package's errors.
func eventError(call string, err error) error {
	switch {
	case slices.ContainsFunc(channelMissing, func(m error) bool { return errors.Is(err, m) }):
		return fmt.Errorf("%s: %w: %w", call, ErrNotFound, err)
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return fmt.Errorf("%s: %w: %w", call, ErrDenied, err)
	case errors.Is(err, windows.ERROR_SUCCESS), errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED):
		// A stub (Wine's): an unread log must not pass for an empty one.
		return fmt.Errorf("%s gave nothing: %w", call, ErrUnsupported)
	}
	return fmt.Errorf("%s: %w", call, err)
}

func (q EventQuery) most() int {
	if q.Most <= 0 {
		return usualEvents
	}
	return q.Most
}

// place is what is asked, for an error.
func (q EventQuery) place() string {
	if q.File != "" {
		return q.File
	}
	return q.Channel
}
