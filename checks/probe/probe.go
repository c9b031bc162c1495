// Package probe walks from this machine to one endpoint, hop by hop, and says where the walk ended and what was seen.
// It is no check: proxy, allowlist and clock share it.
package probe

import (
	"crypto/x509"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// FactAnswers holds what the product's own walks saw, as []Answer, for checks that need no walks of their own then.
const FactAnswers checks.FactName = "path.answers"

// Request is one walk to make.
type Request struct {
	Network  host.Network
	Endpoint assets.Endpoint
	Route    *url.URL       // the proxy to go through; nil: direct. Its userinfo is used for Basic
	Family   string         // "ip4" or "ip6": of the target, or of the proxy where Route is set; "": ip4, then ip6
	Roots    *x509.CertPool // whom to trust; nil: the system's
	// Public are the public authorities, to tell private ones from; nil: Mozilla's list where Roots is nil, else nobody's.
	Public   []*x509.Certificate
	Names    *Names        // lookups shared with other walks of the same run; nil: this walk asks for itself
	Patience time.Duration // how long to wait for a connection, where the product's own wait is known; zero: as long as usual
	// Insecure goes on to the HTTP exchange after a certificate that does not verify, only to read the other side's
	// clock. The walk still ends as failed at the certificate.
	Insecure bool
	// Large asks, beside the rest of a walk whose handshake succeeded, whether a ClientHello of two packets is answered as
	// well, as browsers send it. Products send a small one: a loss is no failure of the walk, see [Answer.Large].
	Large bool
	// Tunnel ends the walk when the proxy's tunnel stands: whether the proxy works is all that is asked. Where the way has
	// none the walk is whole.
	Tunnel bool
	// Login is sent to a proxy that asks for Basic; nil: nobody gave one. It goes nowhere else.
	Login *url.Userinfo
	// Logins answer a proxy that asks for NTLM or Negotiate; nil: nobody does.
	Logins host.Logins
	// Turns bound the walks of the whole session; nil: nobody waits. A wait for a turn is part of no time that is told.
	Turns *checks.Turns
	// OnStage is told the walk so far after every hop and before a wait begins; nil: nobody listens.
	OnStage func(checks.Path)
}

// Answer is what a walk saw. Its size is bounded: 64 KiB of body, 64 KiB of header, 16 certificates.
type Answer struct {
	Path     checks.Path
	Failure  checks.Failure   // the first failing hop's; empty where every hop passed
	Failed   checks.StageName // that hop
	Err      error            // its raw error
	Evidence []checks.Evidence
	Args     map[string]string // issuer, status, server, location, length, schemes, address, …: fills texts

	Addrs     []netip.Addr // what the name resolved to, the tried one first
	Status    int          // HTTP status, 0 where there was none
	Header    http.Header
	Body      []byte
	Chain     []*x509.Certificate // as the server sent it
	Trusted   bool                // the chain leads to one of Roots, names and dates apart
	Date      time.Time           // the Date header; zero where absent
	Asked     time.Time           // when the HTTP request was written, by this machine's clock; zero where it was not
	Heard     time.Time           // when the header of the answer was complete; zero where none came
	ProxyAuth []string            // schemes that a 407 offers, lower case, in their order
	LoggedIn  string              // what the proxy let the walk through with: "basic", "ntlm", "negotiate", "password" (SOCKS5); else ""
	Large     Large               // what became of the comparison with a large ClientHello
	compared  []checks.Evidence   // what led to Large; it stands in Evidence too
	Step      string              // where a handshake failed: one of the Step constants
	Connected time.Duration       // until TCP stood
	Took      time.Duration       // the whole walk, with the name's lookup also where another walk had already made it
}
