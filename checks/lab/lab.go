package lab

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// Lab is a running practice network. Its methods may be called from any goroutine.
type Lab struct {
	scene    Scene
	profiles []*assets.Profile
	world    *world
	certs    *authority
	names    []*nameServer
	resolver *net.Resolver
	fake     *hosttest.Fake
	dir      string // the machine's files and the journal

	ctx  context.Context // done when the lab closes
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	open      map[net.Conn]bool
	listeners []net.Listener
	packets   []net.PacketConn
	surprises []string
	asked     []string
	dialled   []string
	tried     map[netip.AddrPort]int // connections to a server that drops the first ones
}

// Start sets the scene up for these profiles, which are not changed. Everything runs when it returns. The caller closes
// the lab; after an error there is nothing to close.
func Start(s Scene, profiles []*assets.Profile) (*Lab, error) {
	l := &Lab{scene: s, profiles: profiles, open: map[net.Conn]bool{}, tried: map[netip.AddrPort]int{}}
	l.ctx, l.stop = context.WithCancel(context.Background())
	if err := l.start(); err != nil {
		l.Close()
		return nil, fmt.Errorf("practice network %s: %w", s.Name, err)
	}
	return l, nil
}

func (l *Lab) start() (err error) {
	if l.dir, err = os.MkdirTemp("", "linecheck-lab-"); err != nil {
		return err
	}
	if l.certs, err = newAuthority(l.scene); err != nil {
		return err
	}
	if err := l.lay(l.profiles); err != nil {
		return err
	}
	if err := l.listen(); err != nil {
		return err
	}
	if err := l.serveAllNames(); err != nil {
		return err
	}
	l.resolver = &net.Resolver{PreferGo: true, Dial: l.dialNames}
	return l.furnish()
}

// Scene returns the scene that was started, with what it left open filled in.
func (l *Lab) Scene() Scene { return l.scene }

// Machine returns the practice machine. It asks the lab and nothing else.
func (l *Lab) Machine() host.Machine {
	m := l.fake.Machine()
	m.Network, m.Ping = view{l}, echo{l}
	return m
}

// Hands returns what changes the practice machine: its services and the files in the lab's own folder.
func (l *Lab) Hands() host.Hands {
	h := l.fake.Hands()
	h.Journal = host.NewJournal(filepath.Join(l.dir, "journal"))
	return h
}

// Roots returns whom the practice machine trusts: the lab's own authority, and the inspecting one where the scene says
// that the machine trusts it.
func (l *Lab) Roots() *x509.CertPool { return l.certs.roots() }

// Public are the authorities that everybody knows in the practice network: the lab's own, and no inspecting one.
func (l *Lab) Public() []*x509.Certificate { return []*x509.Certificate{l.certs.root.cert} }

// Surprises lists connections and pings to where the scene has nobody, in their order: "tcp 192.0.2.1:443".
func (l *Lab) Surprises() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.surprises)
}

// Asked lists the questions that the DNS servers got, in their order: "A doorman.sc.fsapi.com".
func (l *Lab) Asked() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

// Dialled lists the connections and pings that the machine tried, in their order, each with the name of whom it would
// reach: "tcp 203.0.113.1:443 doorman.sc.fsapi.com". What a proxy was asked for begins with "proxy".
func (l *Lab) Dialled() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.dialled)
}

// Close ends all servers, connections and waits, waits for them, and removes the machine's files. It may be called
// more than once.
func (l *Lab) Close() error {
	l.mu.Lock()
	first := !l.closed
	l.closed = true
	for _, p := range l.packets {
		p.Close()
	}
	for _, ln := range l.listeners {
		ln.Close()
	}
	for c := range l.open {
		c.Close()
	}
	l.mu.Unlock()
	l.stop()
	if !first {
		return nil
	}
	var errs []error
	for _, n := range l.names {
		errs = append(errs, n.close())
	}
	l.wg.Wait()
	if l.fake != nil {
		errs = append(errs, l.fake.Close())
	}
	if l.dir != "" {
		errs = append(errs, os.RemoveAll(l.dir))
	}
	return errors.Join(errs...)
}

func (l *Lab) surprise(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.surprises) < maxNoted {
		l.surprises = append(l.surprises, what)
	}
}

func (l *Lab) dial(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.dialled) < maxNoted {
		l.dialled = append(l.dialled, what)
	}
}

func (l *Lab) question(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.asked) < maxNoted {
		l.asked = append(l.asked, what)
	}
}

// maxNoted bounds what the lab remembers of a long training session.
const maxNoted = 10_000
