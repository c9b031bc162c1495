package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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
	channelMissing = []error{windows.ERROR_EVT_CHANNEL_NOT_FOUND, windows.ERROR_FILE_NOT_FOUND, windows.ERROR_PATH_NOT_FOUND}
)

// The numbers of winevt.h.
const (
	queryChannel = 0x1
	queryFile    = 0x2
	newestFirst  = 0x200
	renderXML    = 1
	formatEvent  = 1

	eventWait  = 500 * time.Millisecond // one EvtNext
	maxMessage = 8 << 10                // characters
)

// eventLog is the Windows Event Log, asked through wevtapi.dll
// (learn.microsoft.com/windows/win32/wes/windows-event-log-reference). What it does was tried with stand-ins for the
// calls, and that Wine has none of them; not on a real Windows.
type eventLog struct{}

func (eventLog) Read(ctx context.Context, q EventQuery, each func(EventRecord) error) (bool, error) {
	return readEvents(ctx, wevt{}, q, each)
}

// wevt are the calls of wevtapi.dll.
type wevt struct{}

func (wevt) query(q EventQuery) (uintptr, error) {
	for _, p := range wevtapiNeeded {
		if err := p.Find(); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	flags := uintptr(queryChannel | newestFirst)
	if q.File != "" {
		flags = queryFile | newestFirst
	}
	path, err := windows.UTF16PtrFromString(q.place())
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	query, err := windows.UTF16PtrFromString(q.xpath())
	if err != nil {
		return 0, err
	}
	set, _, err := evtQuery.Call(0, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(query)), flags)
	if set == 0 {
		return 0, eventError("EvtQuery", err)
	}
	return set, nil
}

func (wevt) next(set uintptr, into []uintptr) (int, error) {
	var n uint32
	ok, _, err := evtNext.Call(set, uintptr(len(into)), uintptr(unsafe.Pointer(&into[0])), uintptr(eventWait.Milliseconds()), 0, uintptr(unsafe.Pointer(&n)))
	switch {
	case ok != 0:
		return int(n), nil
	case errors.Is(err, windows.ERROR_NO_MORE_ITEMS):
		return 0, io.EOF
	case errors.Is(err, windows.ERROR_TIMEOUT), errors.Is(err, windows.WAIT_TIMEOUT):
		return 0, errNoneYet
	}
	return 0, eventError("EvtNext", err)
}

func (wevt) render(event uintptr) ([]byte, error) {
	var used, count uint32
	buf := make([]uint16, 4<<10)
	for {
		ok, _, err := evtRender.Call(0, event, renderXML, uintptr(2*len(buf)), uintptr(unsafe.Pointer(&buf[0])),
			uintptr(unsafe.Pointer(&used)), uintptr(unsafe.Pointer(&count)))
		if ok != 0 {
			return []byte(windows.UTF16ToString(buf[:min(int(used+1)/2, len(buf))])), nil
		}
		if !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) || used > 2*MaxEvent || int(used) <= 2*len(buf) {
			return nil, eventError("EvtRender", err)
		}
		buf = make([]uint16, (used+1)/2)
	}
}

func (wevt) publisher(name string) uintptr {
	p, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0
	}
	h, _, _ := evtPublisher.Call(0, uintptr(unsafe.Pointer(p)), 0, 0, 0)
	return h
}

func (wevt) format(publisher, event uintptr) string {
	var used uint32
	buf := make([]uint16, 1<<10)
	for {
		ok, _, err := evtFormat.Call(publisher, event, 0, 0, 0, formatEvent, uintptr(len(buf)), uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&used)))
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

func (wevt) close(handle uintptr) { evtClose.Call(handle) }

// eventError maps what the event log service answers onto this package's errors.
func eventError(call string, err error) error {
	switch {
	case slices.ContainsFunc(channelMissing, func(m error) bool { return errors.Is(err, m) }):
		return fmt.Errorf("%s: %w: %w", call, ErrNotFound, err)
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return fmt.Errorf("%s: %w: %w", call, ErrDenied, err)
	case errors.Is(err, windows.ERROR_SUCCESS), errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED):
		// A stub (Wine's gives no reason): an unread log must not pass for an empty one.
		return fmt.Errorf("%s gave nothing: %w", call, ErrUnsupported)
	}
	return fmt.Errorf("%s: %w", call, err)
}
