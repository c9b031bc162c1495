package probe

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"linecheck/checks"
)

// clean makes one printable line of at most 200 characters out of anything: what the other side sends ends up in
// sentences on a screen.
func clean(s string) string {
	if len(s) > 4*maxArg*utf8.UTFMax {
		s = s[:4*maxArg*utf8.UTFMax]
	}
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsSpace(r) {
			gap = b.Len() > 0
			continue
		}
		if n+2 >= maxArg { // room for a gap, the letter and the mark below
			b.WriteString("…")
			break
		}
		if gap {
			gap, n = false, n+1
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// Span writes a duration for people: ms below a second, s above.
func Span(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
}

func list(addrs []netip.Addr) string {
	out := make([]string, 0, len(addrs))
	for _, a := range addrs {
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}

// hop names a hop for the line that says what is being waited for.
var hop = map[checks.StageName]string{
	checks.Resolve: "the name", checks.Connect: "TCP", checks.Tunnel: "the proxy",
	checks.TLS: "TLS", checks.HTTP: "the answer", checks.Content: "the rest of the answer",
}

// phrase completes "the way breaks off: …".
var phrase = map[checks.Failure]string{
	checks.ResetLater:   "an open connection was cut",
	checks.LocalBlock:   "a filter on this computer refused the connection",
	checks.NoAnswerHTTP: "the request got no answer, or only a part of one",
	checks.NotHTTP:      "the answer is no proper HTTP",
	checks.TLSNotSpoken: "the answer to the TLS greeting is no TLS",
	checks.ProxyTLS:     "the encryption to the proxy itself does not come about",
	checks.ProxyNotHTTP: "what listens on the proxy's port does not speak as a proxy",
	checks.Unclear:      "an error that linecheck does not know",
}
