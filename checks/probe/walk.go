package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
)

// ErrNotWalked says that linecheck cannot go that way; it says nothing about the way itself.
var ErrNotWalked = errors.New("linecheck cannot test this kind of way")

// Waiting begins the note of the one hop that a walk waits for; such a hop is Unknown like those behind it.
const Waiting = "waiting for "

// WaitingTurn is that note while the walk waits for its turn in the session, which is nobody's slowness.
const WaitingTurn = Waiting + "its turn"

// NotTested is the note of the hops behind the first failing one.
const NotTested = "not tested"

// Walk goes the way hop by hop and ends at the first that fails, after 12 s at the latest. It returns when all its
// connections are closed. Where ctx ends first the failure is [checks.Cancelled], which proves nothing.
func Walk(ctx context.Context, r Request) Answer {
	lim := usual
	if r.Patience > 0 {
		lim.connect = r.Patience
	}
	return walk(ctx, r, lim)
}

func walk(ctx context.Context, r Request, lim limits) Answer {
	w := &walker{Request: r, lim: lim, caller: ctx, start: time.Now(), note: func(context.Context) {}}
	w.veil.base = Hider(r.Route, &url.URL{User: r.Login})
	w.plan()
	end := w.listen()
	w.run(ctx)
	end()
	w.finish()
	w.note(ctx)
	w.misled(ctx)
	return w.a
}

type walker struct {
	Request
	lim       limits
	caller    context.Context // the one who asked; when it is done the walk was called off and proves nothing
	start     time.Time
	began     time.Time               // of the hop under way
	listener  *listener               // nil: nobody listens
	lag       time.Duration           // lookup time that another walk of the run has already spent
	idle      time.Duration           // spent in waiting for a turn
	target    string                  // host:port of the endpoint
	odd       []string                // addresses that cannot be the vendor's
	veil      veil                    // takes logins out of what the other side sends back
	got       map[string][]netip.Addr // what programs get for the name, by family; a family that got no answer is not in it
	note      func(context.Context)   // tells at the end what DNS servers said
	elsewhere []netip.Addr            // where DNS servers lead that are not heeded
	lost      func(want bool) bool    // see resize; nil where nothing is compared
	carries   bool                    // more than a packet's worth was seen to come back in packets of the usual size
	opened    error                   // the encryption was opened on the way by whom this machine trusts; what stands behind may say more
	a         Answer
}

func (w *walker) proxied() bool { return w.Route != nil }

func (w *walker) hide(s string) string { return w.veil.hide(s) }

// kinds are the proxies that can be walked through. A bare "socks" is version 4 to Windows and to PAC files.
var kinds = []string{"", "http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"}

func (w *walker) socks() bool { return w.proxied() && strings.HasPrefix(w.Route.Scheme, "socks") }

// tunnelled reports whether the way needs a tunnel: plain http asks an HTTP proxy itself.
func (w *walker) tunnelled() bool {
	return w.proxied() && (w.Endpoint.Scheme != "http" || w.socks())
}

// half reports whether the tunnel is the walk's end.
func (w *walker) half() bool { return w.Tunnel && w.tunnelled() }

func (w *walker) plan() {
	e := &w.Endpoint
	e.Scheme = strings.ToLower(cmp.Or(e.Scheme, "https"))
	if e.Port == 0 {
		e.Port = map[string]int{"http": 80}[e.Scheme]
		e.Port = cmp.Or(e.Port, 443)
	}
	w.target = net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	if w.Names == nil {
		w.Names = newNames(w.Network, w.lim.resolve)
	}

	hops := []checks.StageName{checks.Resolve, checks.Connect}
	if w.tunnelled() || w.secured() {
		hops = append(hops, checks.Tunnel)
	}
	if e.Scheme == "https" && !w.half() {
		hops = append(hops, checks.TLS)
	}
	if e.Scheme != "tcp" && !w.half() {
		hops = append(hops, checks.HTTP, checks.Content)
	}
	p := &w.a.Path
	p.Target, p.URL, p.Route, p.Required = w.target, e.URL(), checks.RouteName(w.Route), e.Required
	if !w.proxied() {
		p.Family = familyName(w.Family)
	}
	for _, h := range hops {
		p.Stages = append(p.Stages, checks.Stage{Name: h})
	}
	w.a.Args = map[string]string{}
	w.arg("target", p.Target)
	w.arg("url", p.URL)
	w.arg("host", e.Host)
	w.arg("port", strconv.Itoa(e.Port))
	w.arg("route", p.Route)
	if w.proxied() {
		w.arg("proxy", p.Route)
		w.arg("proxyhost", w.Route.Hostname())
		if w.Route.User != nil {
			w.arg("login", "sent")
		}
	}
}

func (w *walker) run(ctx context.Context) {
	if err := w.possible(); err != nil {
		w.a.Failure, w.a.Err = checks.Unclear, err
		w.arg("error", err.Error())
		return
	}
	if w.proxied() {
		done, ok := w.turn(ctx, checks.Resolve, strings.ToLower(w.Endpoint.Host))
		if !ok {
			return
		}
		defer done()
	}
	addrs, ok := w.found(ctx)
	if !ok {
		return
	}
	if !w.proxied() {
		done, ok := w.turn(ctx, checks.Connect, addrs[0].String())
		if !ok {
			return
		}
		defer done()
	}
	ctx, cancel := w.bound(ctx)
	defer cancel()
	conn, ok := w.connect(ctx, addrs)
	if !ok {
		return
	}
	// The socket itself: a TLS farewell would wait for a peer that no longer reads. A login may have taken a new one.
	socket := conn
	defer func() { socket.Close() }()
	if w.tunnelled() || w.secured() {
		conn, ok = w.tunnel(ctx, conn)
		if socket = conn; !ok || w.half() {
			return
		}
	}
	if w.Endpoint.Scheme == "https" {
		if conn, ok = w.handshake(ctx, conn); !ok {
			return
		}
		if w.a.Failure == checks.NoFailure && w.opened == nil {
			defer w.enlarge(ctx)()
		}
	}
	if w.Endpoint.Scheme != "tcp" {
		w.exchange(ctx, conn)
	}
	w.settle()
}

func (w *walker) found(ctx context.Context) ([]netip.Addr, bool) {
	ctx, cancel := w.bound(ctx)
	defer cancel()
	return w.resolve(ctx)
}

// bound gives a context that ends with the walk's own time.
func (w *walker) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadline(ctx, w.start.Add(w.idle).Add(w.lim.whole))
}

// turn waits for a turn before a hop is begun. A wait of the program's own making is nobody's slowness.
func (w *walker) turn(ctx context.Context, name checks.StageName, host string) (done func(), ok bool) {
	if w.Turns == nil {
		return func() {}, true
	}
	w.began = time.Now()
	w.stage(name).Note = WaitingTurn
	w.tell()
	done, err := w.Turns.Take(ctx, host)
	w.idle += time.Since(w.began)
	if err != nil {
		w.began = time.Now()
		w.seen("linecheck", "called off before its turn to probe %s", host)
		w.fail(name, checks.Cancelled, err)
	}
	return done, err == nil
}

func (w *walker) possible() error {
	e := w.Endpoint
	if !slices.Contains([]string{"https", "http", "tcp"}, e.Scheme) {
		return fmt.Errorf("%w: an endpoint with scheme %q", ErrNotWalked, e.Scheme)
	}
	if e.Host == "" || e.Port < 1 || e.Port > 65535 {
		return fmt.Errorf("%w: an endpoint without a host or a proper port", ErrNotWalked)
	}
	if w.proxied() && !slices.Contains(kinds, w.Route.Scheme) {
		return fmt.Errorf("%w: a proxy of kind %q", ErrNotWalked, w.Route.Scheme)
	}
	if w.proxied() && w.Route.Hostname() == "" {
		return fmt.Errorf("%w: a proxy without a name", ErrNotWalked)
	}
	return nil
}

func (w *walker) stage(name checks.StageName) *checks.Stage {
	i := slices.IndexFunc(w.a.Path.Stages, func(s checks.Stage) bool { return s.Name == name })
	return &w.a.Path.Stages[i]
}

// begin says what is waited for before the wait.
func (w *walker) begin(name checks.StageName, wait time.Duration) {
	w.began = time.Now()
	w.stage(name).Note = checks.Waiting(Waiting+hop[name], 0, wait)
	if w.listener != nil {
		at := slices.IndexFunc(w.a.Path.Stages, func(s checks.Stage) bool { return s.Name == name })
		w.listener.begin(w.path(), at, Waiting+hop[name], wait)
	}
}

func (w *walker) tell() {
	if w.listener != nil {
		w.listener.tell(w.path())
	}
}

// path is the walk so far as a value that nobody changes any more.
func (w *walker) path() checks.Path {
	p := w.a.Path
	p.Stages = slices.Clone(p.Stages)
	return p
}

func (w *walker) pass(name checks.StageName, note string) {
	s := w.stage(name)
	s.Status, s.Took, s.Note = checks.Pass, time.Since(w.began), clean(w.hide(note))
	w.tell()
}

// over reports whether a context is done, or about to be: a connection's deadline that was taken from it may ring first.
func over(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(end)
}

// fail ends the walk. A walk that was called off proves nothing about the hop it was in.
func (w *walker) fail(name checks.StageName, f checks.Failure, err error) {
	s := w.stage(name)
	s.Took, s.Note = time.Since(w.began), ""
	if name == checks.Resolve {
		s.Took += w.lag
	}
	if over(w.caller) {
		f, err = checks.Cancelled, cmp.Or(context.Cause(w.caller), context.DeadlineExceeded)
	} else {
		s.Status = checks.Fail
	}
	s.Failure = f
	if err != nil {
		if text := w.hide(err.Error()); text != err.Error() {
			err = hiddenError{text, err}
		}
	}
	w.a.Failure, w.a.Failed, w.a.Err = f, name, err
	if err != nil {
		s.Error = cut(err.Error(), maxEvidence)
		w.arg("error", s.Error)
	}
	w.arg("wait", Span(max(s.Took, time.Millisecond))) // "within 0 ms" reads like a mistake
}

func (w *walker) finish() {
	w.a.Took = time.Since(w.start) + w.lag - w.idle
	w.suspect()
	w.arg("took", Span(w.a.Took))
	w.untested()
}

// untested says of the hops behind the failing one that they were not tested.
func (w *walker) untested() {
	for i, behind := 0, false; i < len(w.a.Path.Stages); i++ {
		s := &w.a.Path.Stages[i]
		if behind || w.a.Failure != checks.NoFailure && s.Status == checks.Unknown && s.Failure == checks.NoFailure {
			*s = checks.Stage{Name: s.Name, Note: NotTested}
		}
		behind = behind || s.Failure != checks.NoFailure && s.Status != checks.Warn
	}
	w.arg("failure", phrase[w.a.Failure])
	w.tell()
}

func (w *walker) arg(name, value string) {
	if value = clean(w.hide(value)); value != "" {
		w.a.Args[name] = value
	}
}

func (w *walker) seen(source, format string, args ...any) {
	w.a.Evidence = append(w.a.Evidence, checks.Evidence{Source: source, Text: cut(w.hide(fmt.Sprintf(format, args...)), maxEvidence)})
}

// guard bounds everything that is done with conn until the returned function is called.
func guard(ctx context.Context, conn net.Conn, wait time.Duration) (release func()) {
	until := time.Now().Add(wait)
	if d, ok := ctx.Deadline(); ok && d.Before(until) {
		until = d
	}
	conn.SetDeadline(until)
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	return func() {
		if stop() {
			conn.SetDeadline(time.Time{})
		}
	}
}
