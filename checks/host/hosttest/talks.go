package hosttest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"linecheck/checks/host"
)

// Turn is one step of a login: what the proxy must have said, nil at the beginning, and what is sent then.
type Turn struct {
	Hears, Says []byte
	Err         error // the system cannot go on; with it nothing is sent
}

// Talks are logins by scheme ("ntlm", "negotiate"), step by step; set before it is used. A scheme that is not there is
// ErrUnsupported. A token that no step waits for ends the login with ErrDenied, as a real system ends one on garbage.
type Talks struct {
	Turns map[string][]Turn

	mu    sync.Mutex
	begun []string
	open  int
}

// NTLM is a login as Windows does it in two steps; the tokens begin like real ones (MS-NLMP 2.2.1).
func NTLM() *Talks {
	return &Talks{Turns: map[string][]Turn{"ntlm": {
		{Says: []byte("NTLMSSP\x00\x01\x00\x00\x00")},
		{Hears: []byte("NTLMSSP\x00\x02\x00\x00\x00"), Says: []byte("NTLMSSP\x00\x03\x00\x00\x00")},
	}}}
}

// Begin implements [host.Logins].
func (t *Talks) Begin(scheme, proxy string) (host.Login, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun = append(t.begun, strings.ToLower(scheme)+" "+proxy)
	turns, ok := t.Turns[strings.ToLower(scheme)]
	if !ok {
		return nil, fmt.Errorf("log in by %q: %w", scheme, host.ErrUnsupported)
	}
	t.open++
	return &talk{all: t, left: turns}, nil
}

// Begun returns the logins that were begun, in order: "ntlm proxy.example".
func (t *Talks) Begun() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.begun...)
}

// Open is how many logins were begun and not closed; after a test it must be 0.
func (t *Talks) Open() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open
}

type talk struct {
	all    *Talks
	left   []Turn
	closed bool
}

func (l *talk) Next(token []byte) ([]byte, error) {
	l.all.mu.Lock()
	defer l.all.mu.Unlock()
	if l.closed || len(l.left) == 0 || !bytes.Equal(l.left[0].Hears, token) {
		l.left = nil
		return nil, fmt.Errorf("the login has ended: %w", host.ErrDenied)
	}
	turn := l.left[0]
	l.left = l.left[1:]
	if turn.Err != nil {
		l.left = nil
		return nil, turn.Err
	}
	return bytes.Clone(turn.Says), nil
}

func (l *talk) Close() {
	l.all.mu.Lock()
	defer l.all.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.all.open--
	}
}
