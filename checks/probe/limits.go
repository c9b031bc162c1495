package probe

import (
	"time"

	"linecheck/checks"
)

// limits are the waits of one walk, so that tests can shorten them.
type limits struct {
	resolve, connect, tunnel, tls, http time.Duration
	stagger                             time.Duration // head start of one address over the next
	doubt                               time.Duration // silence after which the second, neutral handshake is begun
	second                              time.Duration // what the neutral handshake gets after a reset
	page                                time.Duration // what the body of a proxy's refusal gets
	records                             time.Duration // what DNS servers get to explain a walk that has already failed
	confirm                             time.Duration // what they get to confirm that they fail
	whole                               time.Duration
}

// usual are the limits of every walk outside tests. whole is less than the sum: a walk that is slow in every hop is
// long past any product's patience.
var usual = limits{
	resolve: checks.ResolveWait,
	connect: checks.ConnectWait,
	tunnel:  checks.AnswerWait,
	tls:     checks.AnswerWait,
	http:    checks.AnswerWait,
	stagger: 500 * time.Millisecond,
	doubt:   2 * time.Second,
	second:  3 * time.Second,
	page:    time.Second,
	records: 250 * time.Millisecond,
	confirm: 3 * time.Second,
	whole:   12 * time.Second,
}

// Bounds of what is kept of the other side's bytes.
const (
	maxHeader   = 64 << 10
	maxBody     = 64 << 10
	maxChain    = 16
	maxDated    = 4   // certificates of a chain whose dates are tried
	maxTries    = 3   // addresses of one family
	maxServers  = 8   // DNS servers whose answers are kept
	maxArg      = 200 // characters of one argument
	maxEvidence = 4 << 10
	maxExcerpt  = 512 // bytes of a body that are shown as evidence
)
