package checks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"linecheck/checks/host"
)

// Failure is a word of the closed vocabulary into which every error of the network is put before it reaches a finding.
// Where a cause of the contract has the same name, the verdict may still decide otherwise: a failure is what one probe
// saw, a cause is what explains all of them.
type Failure string

// The vocabulary. Names of the form area.what are those of the contract's causes.
const (
	NoFailure Failure = ""

	NoSuchName    Failure = "dns.no_such_name"
	ServerFailure Failure = "dns.server_failure" // SERVFAIL or REFUSED
	NoAnswerDNS   Failure = "dns.no_answer"
	Sinkhole      Failure = "dns.sinkhole" // 0.0.0.0, loopback: cannot be the vendor
	HostsFile     Failure = "dns.hosts_file"

	Dropped    Failure = "tcp.dropped"    // silence
	Refused    Failure = "tcp.refused"    // RST, or an ICMP refusal
	NoRoute    Failure = "tcp.no_route"   // no way there from this machine
	ResetLater Failure = "tcp.reset"      // an open connection was cut
	LocalBlock Failure = "tcp.local_deny" // this machine's own filter refused (WSAEACCES, EPERM)

	ProxyUnresolvable Failure = "proxy.unresolvable"
	ProxyUnreachable  Failure = "proxy.unreachable"
	ProxyRefused      Failure = "proxy.refused"
	ProxyAuth         Failure = "proxy.auth_required"
	ProxyNoAnswer     Failure = "proxy.no_answer"
	ProxyDenied       Failure = "proxy.denied"
	ProxyTarget       Failure = "proxy.cannot_reach_target"
	ProxyNotHTTP      Failure = "proxy.not_a_proxy" // something answers on its port, but not as a proxy
	ProxyTLS          Failure = "proxy.tls"         // the encryption to the proxy itself does not come about

	TLSReset      Failure = "tls.reset_by_name"
	TLSNoAnswer   Failure = "tls.no_answer"
	Intercepted   Failure = "tls.intercepted"
	Untrusted     Failure = "tls.untrusted"
	Expired       Failure = "tls.expired"
	NameMismatch  Failure = "tls.name_mismatch"
	Protocol      Failure = "tls.protocol"
	TLSNotSpoken  Failure = "tls.not_tls" // the answer to the ClientHello was no TLS
	LargeHello    Failure = "tls.large_hello"
	BlockPage     Failure = "http.block_page"
	CaptivePortal Failure = "http.captive_portal"
	WrongContent  Failure = "http.unexpected_content"
	BadStatus     Failure = "http.status"
	NoAnswerHTTP  Failure = "http.no_answer"
	NotHTTP       Failure = "http.not_http"

	TooSlow   Failure = "path.too_slow"
	SizeLost  Failure = "path.mtu" // small packets arrive, large ones do not
	Cancelled Failure = "cancelled"
	Unclear   Failure = "other" // an error that no rule knows; its raw text is the evidence
)

// Classify puts an error into the vocabulary. stage says which hop it happened in, because the same silence means a
// dropped SYN while connecting and a stalled handshake later.
func Classify(stage StageName, err error) Failure {
	if err == nil {
		return NoFailure
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	if stage == Resolve {
		return classifyDNS(err)
	}
	if f := classifyBarred(stage, err); f != NoFailure {
		return f
	}
	if f := classifyTLS(err); f != NoFailure {
		return f
	}
	if f := classifyErrno(stage, err); f != NoFailure {
		return f
	}
	if isTimeout(err) {
		return silence(stage)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return cut(stage)
	}
	return Unclear
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &ne) && ne.Timeout()
}

// silence is what waiting in vain means in each hop.
func silence(stage StageName) Failure {
	switch stage {
	case Tunnel:
		return ProxyNoAnswer
	case TLS:
		return TLSNoAnswer
	case HTTP, Content:
		return NoAnswerHTTP
	}
	return Dropped
}

// cut is what a connection that ends in the middle means in each hop.
func cut(stage StageName) Failure {
	switch stage {
	case Tunnel:
		return ProxyNotHTTP
	case TLS:
		return TLSReset
	}
	return ResetLater
}

func classifyDNS(err error) Failure {
	var de *net.DNSError
	switch {
	case isTimeout(err):
		return NoAnswerDNS
	case !errors.As(err, &de):
		return NoAnswerDNS
	case de.IsNotFound:
		return NoSuchName
	case strings.Contains(de.Err, "misbehaving"):
		return ServerFailure
	case strings.HasPrefix(de.Err, "dial ") || strings.HasPrefix(de.Err, "read ") || strings.HasPrefix(de.Err, "write "):
		return NoAnswerDNS // the way to the server failed; package net keeps only the socket's words
	}
	return ServerFailure
}

func classifyTLS(err error) Failure {
	var (
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		record  tls.RecordHeaderError
		alert   tls.AlertError
	)
	switch {
	case errors.As(err, &unknown):
		return Untrusted
	case errors.As(err, &name):
		return NameMismatch
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Expired
	case errors.As(err, &invalid):
		return Untrusted
	case errors.As(err, &record):
		return TLSNotSpoken
	case errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		return Protocol
	}
	return NoFailure
}

// classifyBarred prefers what a router said to the system's number, which differs: Linux gives EACCES for ICMPv6 code 1
// and EHOSTUNREACH for ICMP code 13, and both mean that a rule forbids it.
func classifyBarred(stage StageName, err error) Failure {
	var b *host.Barred
	switch {
	case stage != Connect || !errors.As(err, &b):
		return NoFailure
	case b.Prohibited():
		return Refused
	case b.Pathless():
		return NoRoute
	}
	return NoFailure
}

// classifyErrno knows the system's numbers; errnos is filled per system.
func classifyErrno(stage StageName, err error) Failure {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return NoFailure
	}
	switch f := errnos[no]; f {
	case ResetLater:
		if stage == Connect {
			return Refused
		}
		return cut(stage)
	case Dropped:
		return silence(stage)
	default:
		return f
	}
}

// Wait limits of a walk. The product's own budgets are in its profile; these are how long linecheck itself waits, so
// that slow and dead can be told apart.
const (
	ResolveWait = 5 * time.Second // a stub resolver's usual time for one server
	ConnectWait = 4 * time.Second // two SYN retransmissions, at 1 s and 3 s
	AnswerWait  = 5 * time.Second // the Deep Security agent's own patience, and five times WithSecure's
)
