package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// Names asks for each name once, however many walks need it, and remembers how long the answer took. It belongs to one
// run: nothing in it ever grows old.
type Names struct {
	network   host.Network
	wait      time.Duration
	mu        sync.Mutex
	asked     map[string]*lookup
	questions map[string]*question // to the DNS servers themselves
}

type lookup struct {
	done  chan struct{}
	addrs []netip.Addr
	took  time.Duration
	err   error
}

// NewNames returns an empty one.
func NewNames(n host.Network) *Names { return newNames(n, checks.ResolveWait) }

func newNames(n host.Network, wait time.Duration) *Names {
	return &Names{network: n, wait: wait, asked: map[string]*lookup{}, questions: map[string]*question{}}
}

func nameKey(family, name string) string {
	return family + " " + strings.ToLower(strings.TrimSuffix(name, "."))
}

// Lookup returns a name's addresses of one family ("ip4", "ip6") and how long the lookup took when it was made. An
// address instead of a name is its own answer. No address without an error does not happen.
func (n *Names) Lookup(ctx context.Context, family, name string) ([]netip.Addr, time.Duration, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		if a = a.Unmap(); a.Is4() != (family == "ip4") {
			return nil, 0, &net.DNSError{Err: "an address of the other family", Name: name, IsNotFound: true}
		}
		return []netip.Addr{a}, 0, nil
	}
	key := nameKey(family, name)
	for {
		n.mu.Lock()
		l, ok := n.asked[key]
		if !ok {
			l = &lookup{done: make(chan struct{})}
			n.asked[key] = l
		}
		n.mu.Unlock()
		if !ok {
			n.ask(ctx, l, key, family, name)
			return l.addrs, l.took, l.err
		}
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-l.done:
		}
		if !errors.Is(l.err, errCalledOff) {
			return l.addrs, l.took, l.err
		}
	}
}

// errCalledOff is the answer of a lookup whose asker went away: the next one asks again.
var errCalledOff = errors.New("the lookup was called off")

func (n *Names) ask(ctx context.Context, l *lookup, key, family, name string) {
	start := time.Now()
	asking, cancel := context.WithTimeout(ctx, n.wait)
	defer cancel()
	l.addrs, l.err = n.network.Lookup(asking, family, name)
	l.took = time.Since(start)
	if l.err == nil && len(l.addrs) == 0 {
		l.err = &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if ctx.Err() != nil && l.err != nil {
		l.err = errors.Join(errCalledOff, context.Cause(ctx))
		n.mu.Lock()
		delete(n.asked, key)
		n.mu.Unlock()
	}
	close(l.done)
}

// resolve finds the addresses to try: the endpoint's, or the proxy's.
func (w *walker) resolve(ctx context.Context) ([]netip.Addr, bool) {
	w.begin(checks.Resolve, w.lim.resolve)
	name := w.Endpoint.Host
	if w.proxied() {
		name = w.Route.Hostname()
	}
	source := w.dnsSource()
	w.got = map[string][]netip.Addr{}
	families := w.families()
	if !w.proxied() {
		w.note = w.consult(name, families)
	}
	found := make([]lookup, len(families))
	var wg sync.WaitGroup
	for i, f := range families {
		wg.Go(func() { found[i].addrs, found[i].took, found[i].err = w.Names.Lookup(ctx, f, name) })
	}
	wg.Wait()

	var addrs []netip.Addr
	var err error
	var took time.Duration
	for i, l := range found {
		took = max(took, l.took)
		if l.err == nil || checks.Classify(checks.Resolve, l.err) == checks.NoSuchName {
			w.got[families[i]] = l.addrs
		}
		if l.err == nil {
			addrs = append(addrs, some(l.addrs, i, found)...)
			w.seen(source, "%s %s: %s", name, families[i], list(l.addrs))
			continue
		}
		// That one family has no address is no news where the other one has; any other error is the better reason.
		if err == nil || checks.Classify(checks.Resolve, err) == checks.NoSuchName {
			err = l.err
		}
		w.seen(source, "%s %s: %v", name, families[i], l.err)
	}
	w.lag = max(0, took-time.Since(w.began))
	w.arg("resolvers", strings.TrimPrefix(source, "DNS "))
	if len(addrs) == 0 {
		f := checks.Classify(checks.Resolve, err)
		if w.proxied() && f != checks.Cancelled {
			w.arg("dns", string(f))
			f = checks.ProxyUnresolvable
			w.note = w.consult(name, families)
		}
		w.fail(checks.Resolve, f, err)
		return nil, false
	}
	w.a.Addrs = addrs
	w.arg("addresses", list(addrs))
	if !w.proxied() && publicName(name) {
		w.strange(source, addrs)
	}
	if !w.proxied() && publicName(name) && !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !nobody(a) }) {
		for _, a := range addrs {
			w.odd = append(w.odd, a.String())
			if by := blocker(a); by != "" {
				w.seen(source, "%s is where a filter sends the names that it blocks (%s)", a, by)
			}
		}
		w.arg("sinkhole", strings.Join(w.odd, ", "))
	}
	if !w.proxied() && !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !a.IsPrivate() }) {
		w.arg("local", "yes")
	}
	w.pass(checks.Resolve, list(addrs))
	w.stage(checks.Resolve).Took += w.lag
	return addrs, true
}

func (w *walker) families() []string {
	if w.Family == "" {
		return []string{"ip4", "ip6"}
	}
	return []string{w.Family}
}

// some takes at most three addresses of a family, one less where another family's are to be tried after them.
func some(addrs []netip.Addr, i int, found []lookup) []netip.Addr {
	n := maxTries
	if len(found) == 2 && found[1-i].err == nil {
		n = 2 - i
	}
	return addrs[:min(n, len(addrs))]
}

func (w *walker) dnsSource() string {
	return "DNS " + cmp.Or(strings.Join(w.Network.Resolvers(), ", "), "of this computer")
}

// nobody reports whether the address can be no vendor's: no server on the internet has it, or a DNS filter has.
func nobody(a netip.Addr) bool { return a.IsUnspecified() || a.IsLoopback() || blocker(a) != "" }

// publicName reports whether a name should lead out of this machine: RFC 6761 and RFC 6762 keep some names inside.
func publicName(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if _, err := netip.ParseAddr(name); err == nil || !strings.Contains(name, ".") {
		return false
	}
	return !slices.ContainsFunc([]string{".localhost", ".local", ".localdomain"}, func(s string) bool { return strings.HasSuffix(name, s) })
}

// suspect decides at the end of the walk what an impossible address or a line of the hosts file means. Somebody on this
// machine may answer for the vendor on purpose, so it is a failure only where the vendor was not proven.
func (w *walker) suspect() {
	if w.proxied() || w.a.Failure == checks.Cancelled || len(w.a.Addrs) == 0 {
		return
	}
	proven := w.a.Failure == checks.NoFailure && (w.Endpoint.Scheme == "https" || w.Endpoint.Scheme == "http" && asserts(w.Endpoint.Expect))
	if proven && len(w.odd) == 0 || !publicName(w.Endpoint.Host) {
		return
	}
	line := w.hostsLine()
	if line != "" {
		w.arg("line", line)
	}
	if proven || len(w.odd) == 0 {
		return
	}
	f := checks.Sinkhole
	if line != "" {
		f = checks.HostsFile
	}
	w.arg("address", w.odd[0])
	w.astray(f, w.a.Args["sinkhole"])
}

// astray blames the name for a walk that failed behind it.
func (w *walker) astray(f checks.Failure, to string) {
	if w.a.Failure != checks.NoFailure {
		w.arg("behind", string(w.a.Failure))
	}
	s := w.stage(checks.Resolve)
	s.Status, s.Failure, s.Note = checks.Fail, f, ""
	s.Error = w.Endpoint.Host + " is " + to
	w.a.Failure, w.a.Failed = f, checks.Resolve
	w.a.Err = errors.Join(errors.New(s.Error), w.a.Err)
	w.arg("error", s.Error)
}

// misled looks whether a line of the hosts file is why a walk failed: DNS names another address, and there somebody takes
// the connection.
func (w *walker) misled(ctx context.Context) {
	if w.a.Args["line"] == "" || w.a.Args["dns_differs"] != "computer" || w.a.Failure == checks.HostsFile || w.a.Failed == checks.Resolve ||
		w.a.Failure == checks.NoFailure || w.a.Failure == checks.Cancelled || len(w.elsewhere) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, w.lim.second)
	defer cancel()
	to := netip.AddrPortFrom(w.elsewhere[0].Unmap(), w.port())
	conn, err := w.Network.Dial(ctx, "tcp", to)
	if err != nil {
		w.seen("TCP", "%s, which DNS names and the hosts file does not: %v", to, err)
		return
	}
	conn.Close()
	w.seen("TCP", "%s, which DNS names and the hosts file does not, takes the connection", to)
	w.astray(checks.HostsFile, w.a.Args["address"])
	w.untested()
}

// hostsLine is the line of the hosts file that gave one of the addresses, "" where none did or none can be read.
func (w *walker) hostsLine() string {
	path, lines, err := w.Network.HostsFile(w.Endpoint.Host)
	if err != nil {
		return ""
	}
	first := ""
	for _, l := range lines[:min(len(lines), 10)] {
		w.seen(path, "%s", l)
		field, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(l, "\t", " ")), " ")
		if a, err := netip.ParseAddr(field); err == nil && slices.Contains(w.a.Addrs, a.Unmap()) && first == "" {
			first = l
		}
	}
	return first
}
