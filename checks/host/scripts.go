package host

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// Bounds of one run of a proxy script, for all addresses together.
const (
	ScriptSize   = 1 << 20         // bytes of text
	ScriptWait   = 5 * time.Second // its whole time
	ScriptMemory = 256 << 20       // bytes that its engine may take
)

// Scripts runs proxy scripts (PAC files).
type Scripts interface {
	// Engine names what runs them: "WinHTTP", "goja".
	Engine() string
	// Run gives what FindProxyForURL answers for each address, in their order. An error that the script is to blame
	// for is a [*ScriptError]; ErrUnsupported: there is no engine here; a done ctx ends it.
	Run(ctx context.Context, s Script, urls []string) ([]Choice, error)
}

// Script is a proxy script, and what it may ask.
type Script struct {
	Text   []byte                                                       // as [ScriptText] reads it
	Origin string                                                       // its address, for errors
	Lookup func(ctx context.Context, name string) ([]netip.Addr, error) // answers dnsResolve; an engine of the system asks by itself
	Own    []netip.Addr                                                 // answers myIpAddress, the first one first
	Now    time.Time                                                    // answers weekdayRange and its like; zero: the present
}

// Choice is what a script answers for one address.
type Choice struct {
	Result string // as written: "PROXY a:1; DIRECT"
	Err    error  // a [*ScriptError]: for this address alone it gave no answer
}

// ScriptFault says how a script fails.
type ScriptFault string

// The faults.
const (
	ScriptNoFunction ScriptFault = "no function" // it has no FindProxyForURL
	ScriptSyntax     ScriptFault = "syntax"      // it cannot be read
	ScriptThrown     ScriptFault = "error"       // it ends with an error of its own, or answers with no text
	ScriptEndless    ScriptFault = "endless"     // it does not end in time
	ScriptGreedy     ScriptFault = "memory"      // it wants more memory than it gets
	ScriptUnclear    ScriptFault = "unclear"     // the engine says only that it failed
)

// ScriptError is a fault of the script itself.
type ScriptError struct {
	Fault ScriptFault
	Line  int    // 1-based; 0: not known
	Text  string // the engine's words
}

func (e *ScriptError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Text)
	}
	return e.Text
}
