// Package pac runs proxy scripts (PAC files) where the system has no engine of its own. A script comes from the network
// and may be anything, so none runs in the program itself: [Run] starts the program once more as a child that does
// nothing else, with an empty environment, with bounds that the system keeps, and killed when its time is up. An endless
// or greedy script costs that child and no more. The engine is github.com/dop251/goja (ECMAScript 6 and most of what
// came later); the functions that a script may call are those of Netscape's format and Microsoft's additions to it for
// IPv6 (learn.microsoft.com/windows/win32/winhttp/ipv6-aware-proxy-helper-api-definitions).
package pac

import (
	"context"
	"net/netip"
	"time"
)

// Job is one script and its bounds.
type Job struct {
	Text   string // the script, decoded
	Origin string // its address, for messages
	Lookup func(ctx context.Context, name string) ([]netip.Addr, error)
	Own    []netip.Addr // this machine's addresses, the one that leads out first
	Now    time.Time    // zero: the present

	Wait    time.Duration // the whole time, that of lookups and of the child's start included
	Memory  uint64        // bytes that script and engine may take together
	Program string        // what is started as the child; "": this program's own file
	// Confine lets the system bound a process that has been started and has not been given the script yet; nil: only the
	// child's own watch bounds it. An error of it ends the run.
	Confine func(pid int) error
}

// Address is one call of the script's function: what it is given.
type Address struct{ URL, Host string }

// Answer is what the function gave for one address.
type Answer struct {
	Result string
	Fault  *Fault // it gave none
}

// Kind says how a script fails.
type Kind string

// The kinds.
const (
	NoFunction Kind = "no function"
	Syntax     Kind = "syntax"
	Thrown     Kind = "error"
	Endless    Kind = "endless"
	Greedy     Kind = "memory"
	Unclear    Kind = "unclear"
)

// Fault is an error that the script is to blame for.
type Fault struct {
	Kind Kind
	Line int // 1-based; 0: not known
	Text string
}

func (f *Fault) Error() string { return f.Text }

// Bounds of what a script may ask and say.
const (
	// Names is how many different names a run may look up, beside those of the addresses themselves.
	Names = 50
	// nameWait is how long one name is waited for before it counts as one that does not resolve.
	nameWait = 2 * time.Second
	// resultSize is how many bytes an answer may have; a list of proxies has some hundred.
	resultSize = 8 << 10
	// textSize is how many bytes of a message are kept.
	textSize = 300
	// lineSize is how long one line of what the child says may be.
	lineSize = 64 << 10
)
