package host

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	getClipboardData = user32.NewProc("GetClipboardData")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	globalSize       = kernel32.NewProc("GlobalSize")
)

// unicodeText is CF_UNICODETEXT.
const unicodeText = 13

// CopyText puts a text onto the clipboard of this desktop, and reads it back. In a remote desktop that is the session's
// own, which the connection shares where it is allowed to. It is [ErrUnsupported] in an SSH session: the clipboard of this
// computer is not before the person there.
func CopyText(ctx context.Context, text string) (Clipboard, error) {
	way := ClipDesktop
	switch Who().Session {
	case "ssh":
		return "", fmt.Errorf("a clipboard: %w", ErrUnsupported)
	case "rdp":
		way = ClipRemote
	}
	if user32.Load() != nil {
		return "", fmt.Errorf("a clipboard: %w", ErrUnsupported)
	}
	ctx, cancel := context.WithTimeout(ctx, clipWait)
	defer cancel()
	lines := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n") // as Windows' own programs want them
	if err := withClipboard(ctx, func() error { return putText(lines) }); err != nil {
		return "", err
	}
	// Others are told of the new text and may open it first; the one that shares it with the other end of RDP does.
	err := withClipboard(ctx, func() error {
		if got, err := heldText(len(lines) + 2); err != nil {
			return err
		} else if !sameText(got, lines) {
			return ErrClipboard
		}
		return nil
	})
	return way, err
}

// withClipboard opens the clipboard, which one program may at a time, and belongs to the thread that opened it.
func withClipboard(ctx context.Context, do func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		ok, _, err := openClipboard.Call(0)
		if ok != 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another program holds the clipboard: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	defer closeClipboard.Call()
	return do()
}

func putText(text string) error {
	u, err := windows.UTF16FromString(strings.ReplaceAll(text, "\x00", ""))
	if err != nil {
		return err
	}
	if ok, _, err := emptyClipboard.Call(); ok == 0 {
		return fmt.Errorf("EmptyClipboard: %w", err)
	}
	const movable = 2 // GMEM_MOVEABLE, as SetClipboardData wants it
	h, _, err := globalAlloc.Call(movable, uintptr(len(u)*2))
	if h == 0 {
		return fmt.Errorf("GlobalAlloc: %w", err)
	}
	p, _, err := globalLock.Call(h)
	if p == 0 {
		globalFree.Call(h)
		return fmt.Errorf("GlobalLock: %w", err)
	}
	copy(unsafe.Slice((*uint16)(at(p)), len(u)), u)
	globalUnlock.Call(h)
	if ok, _, err := setClipboardData.Call(unicodeText, h); ok == 0 {
		globalFree.Call(h) // only what was taken is the system's
		return fmt.Errorf("SetClipboardData: %w", err)
	}
	return nil
}

// heldText is what the clipboard holds, at most so many UTF-16 units of it.
func heldText(most int) (string, error) {
	h, _, err := getClipboardData.Call(unicodeText)
	if h == 0 {
		return "", fmt.Errorf("GetClipboardData: %w", err)
	}
	size, _, _ := globalSize.Call(h)
	p, _, err := globalLock.Call(h)
	if p == 0 {
		return "", fmt.Errorf("GlobalLock: %w", err)
	}
	defer globalUnlock.Call(h)
	return windows.UTF16ToString(unsafe.Slice((*uint16)(at(p)), min(int(size/2), most))), nil
}

// at makes a pointer of an address that the system gave: its memory is not Go's.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }
