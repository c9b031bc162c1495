package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"linecheck/checks"
)

// Large is what became of the comparison that [Request.Large] asks for.
type Large string

// The outcomes.
const (
	LargeUntried  Large = ""         // not asked for, or the walk never shook hands
	LargeAnswered Large = "answered" // both greetings are
	LargeLost     Large = "lost"     // the large one is lost again and again, the small one is answered before and after
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
		for _, s := range <-done {
			w.seen("TLS", "%s", s)
		}
		w.idle += time.Since(begin) // no part of what the product would have to wait
		w.a.Large = result
		w.arg("large_hello", string(result))
	}
}

// compareLarge greets in two packets, twice where the first time is met with silence or a cut, and then in one again: a
// server that has had enough of us would not answer that either.
func (w *walker) compareLarge(ctx context.Context) (result Large, said []string) {
	for range 2 {
		answered, clear, text := w.greet(ctx, largeConfig(w.Endpoint.Host))
		said = append(said, "a ClientHello of two packets, for comparison: "+text)
		switch {
		case answered:
			return LargeAnswered, said
		case !clear:
			return LargeUnclear, said
		}
	}
	answered, _, text := w.greet(ctx, config(w.Endpoint.Host))
	said = append(said, "the usual ClientHello of one packet again: "+text)
	if answered {
		return LargeLost, said
	}
	return LargeUnclear, said
}

// greet shakes hands on a connection of its own. clear is false where no answer says nothing about the greeting.
func (w *walker) greet(ctx context.Context, cfg *tls.Config) (answered, clear bool, text string) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, w.lim.second)
	defer cancel()
	conn, err := w.again(ctx)
	if err != nil {
		return false, false, "no second connection: " + err.Error()
	}
	defer conn.Close()
	release := guard(ctx, conn, w.lim.second)
	begin := time.Now()
	tc := tls.Client(conn, cfg)
	err = tc.Handshake()
	release()
	if err == nil {
		return true, true, "answered after " + span(time.Since(begin))
	}
	switch f := checks.Classify(checks.TLS, err); f {
	case checks.Protocol:
		return true, true, "answered: " + err.Error()
	case checks.TLSNoAnswer, checks.TLSReset:
		return false, !over(outer), err.Error()
	}
	return false, false, err.Error()
}
