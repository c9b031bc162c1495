package host

import (
	"errors"
	"strings"
	"time"
)

// Clipboard is the way that a text went to the clipboard.
type Clipboard string

// The ways. In none of them the text passes through a command line.
const (
	ClipDesktop Clipboard = "desktop" // the desktop's own, read back
	ClipRemote  Clipboard = "remote"  // that of a remote desktop, read back here; the connection carries it on or not
	ClipTmux    Clipboard = "tmux"    // tmux's buffer, read back; tmux sends it on to its terminal
)

// ErrClipboard: the desktop's clipboard took the text and then held another.
var ErrClipboard = errors.New("the clipboard holds something else")

// clipWait is how long a program that reaches the clipboard is waited for.
const clipWait = 2 * time.Second

// sameText compares as a person would: clipboards change the ends of lines, and programs leave out the last one.
func sameText(a, b string) bool {
	tidy := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n\x00") }
	return tidy(a) == tidy(b)
}
