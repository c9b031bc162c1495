package proxy

import (
	"errors"
	"net/url"
	"strings"

	"linecheck/checks"
	"linecheck/checks/probe"
)

// verdict is what a walk means for the proxy: it works, it has a failure of its own, or nobody can say.
type verdict struct {
	works   bool
	failure checks.Failure
	why     string // where it works: what failed behind it, if anything; where nobody can say: the reason, a clause
}

func (t *try) verdict() verdict {
	if !t.walked {
		return verdict{why: "it was not tried"}
	}
	return judged(t.answer)
}

func judged(a probe.Answer) verdict {
	switch {
	case errors.Is(a.Err, probe.ErrNotWalked):
		return verdict{why: a.Err.Error()}
	case a.Failure == checks.NoFailure:
		return verdict{works: true}
	case a.Failure == checks.Cancelled:
		return verdict{why: "it was stopped before it was tried"}
	case strings.HasPrefix(string(a.Failure), "proxy."):
		return verdict{failure: a.Failure}
	}
	switch a.Failed {
	case checks.Resolve:
		return verdict{failure: checks.ProxyUnresolvable}
	case checks.Connect:
		if a.Failure == checks.Refused {
			return verdict{failure: checks.ProxyRefused}
		}
		return verdict{failure: checks.ProxyUnreachable}
	case checks.Tunnel:
		if a.Failure == checks.ResetLater {
			return verdict{failure: checks.ProxyNotHTTP}
		}
		return verdict{why: "the proxy's answer was not understood"}
	}
	return verdict{works: true, why: string(a.Failure)}
}

// tried is what was seen of a proxy; nil where it was not walked through.
func (r *run) tried(u *url.URL) *try {
	if t := r.tries[key(u)]; t != nil && t.walked {
		return t
	}
	return nil
}

// works reports whether a proxy was seen to work, fails whether it was seen to fail; neither is so of the direct way.
func (r *run) works(u *url.URL) bool {
	t := r.tried(u)
	return t != nil && t.verdict().works
}

func (r *run) fails(u *url.URL) bool {
	t := r.tried(u)
	return t != nil && t.verdict().failure != checks.NoFailure
}

// reached are the ways of a list that programs come to: all up to the first that is not passed over.
func (r *run) reached(ways []*url.URL) []*url.URL {
	for i, u := range ways {
		if t := r.tried(u); t == nil || !probe.PassedOver(t.answer) {
			return ways[:i+1]
		}
	}
	return ways
}

// opens reports whether a list begins with a proxy that was seen to work.
func (r *run) opens(ways []*url.URL) bool {
	return len(ways) > 0 && r.works(ways[0])
}

// shuts reports whether a list was seen to lead nowhere: the last way of it that programs come to fails.
func (r *run) shuts(ways []*url.URL) bool {
	reached := r.reached(ways)
	if len(reached) == 0 {
		return false
	}
	last := reached[len(reached)-1]
	return r.fails(last) && !r.admits(r.tried(last))
}

// The states of a proxy beside its failures.
const (
	stateWorks   = "works" // and what stands behind it may say more
	stateUntried = "not tried"
)

// state is what became of a proxy, in a word or two for a cell.
func (r *run) state(u *url.URL) string {
	t := r.tried(u)
	if t == nil {
		return stateUntried
	}
	switch v := t.verdict(); {
	case v.works && v.why == "":
		return stateWorks
	case v.works:
		return stateWorks + ", what lies behind it does not"
	case v.failure != checks.NoFailure:
		return failures[v.failure]
	default:
		return v.why
	}
}

// failures are what a walk can say about the proxy itself, and what the proxy then does.
var failures = map[checks.Failure]string{
	checks.ProxyUnresolvable: "name does not resolve",
	checks.ProxyUnreachable:  "does not answer",
	checks.ProxyRefused:      "refuses the connection",
	checks.ProxyAuth:         "wants a login",
	checks.ProxyNoAnswer:     "takes the call and says nothing",
	checks.ProxyDenied:       "does not allow the address",
	checks.ProxyTarget:       "has no way out itself",
	checks.ProxyNotHTTP:      "is no proxy",
	checks.ProxyTLS:          "cannot be spoken to in TLS",
}
