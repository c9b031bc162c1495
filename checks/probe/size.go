package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// packets says how large the packets of a connection may be.
type packets bool

// The two sizes: what the line is believed to carry, and [host.SmallSegment].
const (
	usualSize packets = false
	small     packets = true
)

// packet is what one of the usual size carries at most, on an Ethernet.
const packet = 1460

// The directions in which large packets vanish, for texts.
const (
	inbound  = "coming from there"
	outbound = "going there"
)

// resize prepares the comparison that tells a line on which large packets vanish from a dead one: the same question on a
// connection whose packets are small. It begins by itself when the first has been silent for a while. A first answer to
// small packets could be luck, so both sizes are then tried once more at the same time: the usual one has to be met with
// silence again, and the small one with an answer. The returned function must be called once; it waits, and reports
// whether only small packets got an answer. want false: the comparison is not needed.
func (w *walker) resize(ctx context.Context, hop time.Duration, ask func(context.Context, packets, time.Duration) greeting) func(want bool) bool {
	type outcome struct {
		said []string
		lost bool
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan outcome, 1)
	began := time.Now()
	timer := time.AfterFunc(w.lim.doubt, func() {
		var o outcome
		defer func() { done <- o }()
		// The first tries end together.
		first := ask(ctx, small, max(hop-time.Since(began), w.lim.page))
		if !first.untried {
			o.said = append(o.said, "in small packets, for comparison: "+first.text)
		}
		if !first.answered {
			return
		}
		wait := max(w.lim.second, quietTimes*first.took)
		second := make(chan greeting, 1)
		go func() { second <- ask(ctx, small, wait) }()
		usual := ask(ctx, usualSize, wait)
		less := <-second
		o.said = append(o.said, "in packets of the usual size again: "+usual.text, "in small packets again: "+less.text)
		o.lost = usual.silent && usual.clear && less.answered && quietTimes*less.took <= wait
	})
	return func(want bool) bool {
		defer cancel()
		if timer.Stop() {
			return false
		}
		if !want {
			cancel()
		}
		o := <-done
		if !want {
			return false
		}
		for _, s := range o.said {
			w.seen("TCP", "%s", s)
		}
		return o.lost
	}
}

// unanswered prepares that comparison for the exchange. The returned function ends it.
func (w *walker) unanswered(ctx context.Context) (end func()) {
	w.lost = w.resize(ctx, w.lim.http, w.fetch)
	return func() {
		if w.lost != nil {
			w.lost(false)
		}
	}
}

// sized is what silence in the exchange means, now that small packets were tried.
func (w *walker) sized(f checks.Failure) checks.Failure {
	lost := w.lost
	if lost == nil || f != checks.NoAnswerHTTP {
		return f
	}
	if w.lost = nil; !lost(true) {
		return f
	}
	w.arg("direction", inbound)
	return checks.SizeLost
}

// early notes what the system saw of packets that came although one before them had not.
func (w *walker) early(conn net.Conn) {
	for {
		switch c := conn.(type) {
		case buffered:
			conn = c.Conn
			continue
		case safe:
			conn = c.socket
			continue
		}
		break
	}
	if p, ok := host.PacketsOf(conn); ok && p.Early > 0 {
		w.seen("TCP", "packets that came although one before them had not: %d; the way is believed to carry packets of %d bytes", p.Early, p.Path)
	}
}

// fetch asks the whole question again on a connection of its own, and takes the answer to its end.
func (w *walker) fetch(ctx context.Context, p packets, wait time.Duration) (g greeting) {
	connecting, cancel := context.WithTimeout(ctx, wait)
	conn, err := w.again(connecting, p)
	cancel()
	if err != nil {
		return greeting{text: "no second connection: " + err.Error(), untried: errors.Is(err, host.ErrUnsupported)}
	}
	defer conn.Close()
	defer guard(ctx, conn, wait)()
	begin := time.Now()
	stage := checks.HTTP
	if w.Endpoint.Scheme == "https" {
		tc := tls.Client(conn, config(w.Endpoint.Host))
		if err = tc.Handshake(); err != nil {
			stage = checks.TLS
		}
		conn = safe{tc, conn}
	}
	if err == nil {
		err = w.take(conn)
	}
	g.took = time.Since(begin)
	if err == nil {
		return greeting{answered: true, clear: true, took: g.took, text: "answered after " + Span(g.took)}
	}
	g.text = err.Error()
	f := checks.Classify(stage, err)
	g.silent = f == checks.NoAnswerHTTP || f == checks.TLSNoAnswer
	g.clear = g.silent && !over(ctx)
	return g
}

// take sends the request and reads the answer, bounded as every other.
func (w *walker) take(conn net.Conn) error {
	req, err := w.request()
	if err != nil {
		return err
	}
	write := req.Write
	if w.proxied() && !w.tunnelled() {
		write = req.WriteProxy
	}
	out := bufio.NewWriter(conn)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxHeader+maxBody)), req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return nil // cut short by the bound or by the other side: it came all the same
}
