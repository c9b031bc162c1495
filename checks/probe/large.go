package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// Large is what became of the comparison that [Request.Large] asks for.
type Large string

// The outcomes.
const (
	LargeUntried  Large = ""         // not asked for, or the walk never shook hands
	LargeAnswered Large = "answered" // both greetings are
	LargeLost     Large = "lost"     // the large one is lost again and again, the small one is answered before and after
	LargeSize     Large = "size"     // so it is, and in small packets the large one is answered too
	LargeUnclear  Large = "unclear"  // anything else, such as a connection that did not come about
)

// largeConfig is a ClientHello like the browsers': the post-quantum key share alone fills most of a packet, and the names
// of protocols that nobody speaks fill the rest, so that it never fits one (1460 bytes on an Ethernet).
func largeConfig(name string) *tls.Config {
	c := config(name)
	c.CurvePreferences = []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384}
	for i := range 3 {
		c.NextProtos = append(c.NextProtos, fmt.Sprintf("linecheck-%d-%s", i, strings.Repeat("x", 150)))
	}
	return c
}

// enlarge begins the comparison beside the rest of the walk. The returned function waits for it and notes it.
func (w *walker) enlarge(ctx context.Context) (note func()) {
	if !w.Large {
		return func() {}
	}
	done := make(chan []string, 1)
	var result Large
	go func() {
		var said []string
		result, said = w.compareLarge(ctx)
		done <- said
	}()
	return func() {
		begin := time.Now()
		said := <-done
		from := len(w.a.Evidence)
		for _, s := range said {
			w.seen("TLS", "%s", s)
		}
		w.a.compared = slices.Clone(w.a.Evidence[from:])
		w.idle += time.Since(begin) // no part of what the product would have to wait
		w.a.Large = result
		w.arg("large_hello", string(result))
	}
}

// WithLarge returns a with what another walk of the same way found out of large ClientHellos, and its evidence.
func (a Answer) WithLarge(other Answer) Answer {
	if a.Large = other.Large; other.Large != LargeUntried {
		a.Args = maps.Clone(a.Args)
		a.Args["large_hello"] = string(other.Large)
	}
	a.compared = other.compared
	a.Evidence = slices.Concat(a.Evidence, other.compared)
	return a
}

// quietTimes is how many times as long as the small greeting's answer took a large one has to be met with silence before it
// counts as lost: a line, or a machine, that is slow for one is slow for the other too.
const quietTimes = 10

// compareLarge greets in two packets, twice where the first time is met with silence or a cut, and then in one again: a
// server that has had enough of us would not answer that either. Beside the second time the same greeting goes out in many
// small packets: where that is answered, the size of the packets is what matters. On a line that is too slow for so much
// silence within the walk's time the outcome is unclear.
func (w *walker) compareLarge(ctx context.Context) (result Large, said []string) {
	wait := max(w.lim.second, quietTimes*w.stage(checks.TLS).Took)
	silent := false
	var pieces greeting
	for i := range 2 {
		var beside sync.WaitGroup
		if i > 0 {
			beside.Go(func() { pieces = w.greet(ctx, largeConfig(w.Endpoint.Host), small, wait) })
		}
		g := w.greet(ctx, largeConfig(w.Endpoint.Host), usualSize, wait)
		beside.Wait()
		said = append(said, "a ClientHello of two packets, for comparison: "+g.text)
		switch {
		case g.answered:
			return LargeAnswered, said
		case !g.clear:
			return LargeUnclear, said
		}
		silent = silent || g.silent
	}
	if !pieces.untried {
		said = append(said, "the same ClientHello in small packets: "+pieces.text)
	}
	g := w.greet(ctx, config(w.Endpoint.Host), usualSize, wait)
	said = append(said, "the usual ClientHello of one packet again: "+g.text)
	switch {
	case !g.answered || silent && quietTimes*g.took > wait:
		return LargeUnclear, said
	case pieces.answered && silent:
		return LargeSize, said // a cut is somebody's deed, and no loss
	}
	return LargeLost, said
}

// greeting is what became of one.
type greeting struct {
	answered, silent bool // neither: cut, or see clear
	clear            bool // that there was no answer is due to the greeting, as far as one can see
	untried          bool // this system cannot dial so
	took             time.Duration
	text             string
}

// greet shakes hands on a connection of its own, which does not count against wait.
func (w *walker) greet(ctx context.Context, cfg *tls.Config, p packets, wait time.Duration) (g greeting) {
	connecting, cancel := context.WithTimeout(ctx, wait)
	conn, err := w.again(connecting, p)
	cancel()
	if err != nil {
		return greeting{text: "no second connection: " + err.Error(), untried: errors.Is(err, host.ErrUnsupported)}
	}
	defer conn.Close()
	release := guard(ctx, conn, wait)
	begin := time.Now()
	err = tls.Client(conn, cfg).Handshake()
	g.took = time.Since(begin)
	release()
	if err == nil {
		return greeting{answered: true, clear: true, took: g.took, text: "answered after " + Span(g.took)}
	}
	g.text = err.Error()
	switch checks.Classify(checks.TLS, err) {
	case checks.Protocol:
		g.answered, g.clear, g.text = true, true, "answered: "+g.text
	case checks.TLSNoAnswer:
		g.silent, g.clear = true, !over(ctx)
	case checks.TLSReset:
		g.clear = !over(ctx)
	}
	return g
}
