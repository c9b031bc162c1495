package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"linecheck/checks"
	"linecheck/checks/host"
)

// fetch downloads the file as a program without a proxy does.
func (r *run) fetch(ctx context.Context, s *script) {
	at := strings.TrimSpace(s.url)
	if strings.HasPrefix(strings.ToLower(at), "file:") {
		at = strings.ReplaceAll(at, `\`, "/")
	}
	u, err := url.Parse(at)
	if err == nil && u.Scheme == "file" {
		r.open(s, u)
		return
	}
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.failure, s.reason = checks.Unclear, "its address is not one of http, https or file"
		s.proof = append(s.proof, checks.Evidence{Source: "setting", Text: mask(s.url)})
		return
	}
	looking := new(atomic.Bool)
	t := &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
		return r.dial(ctx, addr, looking)
	}, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{RootCAs: r.env.Roots}}
	defer t.CloseIdleConnections()
	c := &http.Client{Transport: t, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return errCircle
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		s.failure, s.reason = checks.Unclear, "its address is not one of http, https or file"
		return
	}
	res, err := c.Do(req)
	if err != nil {
		r.refused(s, err, looking.Load())
		return
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, pacSize+1))
	s.status = res.StatusCode
	s.proof = append(s.proof, checks.Evidence{Source: "HTTP " + mask(s.url), Text: clean(fmt.Sprintf("%s, %d bytes, %s",
		res.Status, len(b), res.Header.Get("Content-Type")), 300)})
	switch {
	case err != nil:
		r.refused(s, err, false)
	case res.StatusCode != http.StatusOK:
		s.failure, s.reason = checks.BadStatus, "the server answers "+strconv.Itoa(res.StatusCode)
	default:
		s.take(b)
	}
}

// open reads a script that lies on this machine; where the product runs as another account, that one may see less.
func (r *run) open(s *script, u *url.URL) {
	path, source := filePath(u, r.env.Machine.OS), "file "
	if path == "" {
		s.failure, s.reason = checks.Unclear, "its address names a file on another computer"
		s.proof = append(s.proof, checks.Evidence{Source: "setting", Text: mask(s.url)})
		return
	}
	f, err := r.env.Machine.Files.Open(path)
	var b []byte
	if err == nil {
		defer f.Close()
		b, err = io.ReadAll(io.LimitReader(f, pacSize+1))
	}
	switch {
	case host.Absent(err):
		s.reason = "the file is not there"
	case err != nil:
		s.reason = "the file could not be read: " + reason(err)
	}
	if err != nil {
		s.failure = checks.Unclear
		s.proof = append(s.proof, checks.Evidence{Source: source + path, Text: clean(err.Error(), 300)})
		return
	}
	s.proof = append(s.proof, checks.Evidence{Source: source + path, Text: fmt.Sprintf("%d bytes", len(b))})
	s.take(b)
}

// filePath is the path of a file's address, as browsers read file://C:/x, file:///C:/x and file:///x; "" for a share.
func filePath(u *url.URL, os string) string {
	p := u.Path
	if os != "windows" {
		if u.Host != "" && u.Host != "localhost" {
			return ""
		}
		return p
	}
	if len(u.Host) == 2 && u.Host[1] == ':' {
		p = "/" + u.Host + p
	} else if u.Host != "" && u.Host != "localhost" {
		return ""
	}
	p = strings.TrimPrefix(p, "/")
	if len(p) < 3 || p[1] != ':' {
		return ""
	}
	return strings.ReplaceAll(p, "/", `\`)
}

// refused keeps why nothing came, without the address that net/http puts in front: it may hold a password.
// looking: its server's name was still being looked for.
func (r *run) refused(s *script, err error, looking bool) {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	stage := checks.HTTP
	var de *net.DNSError
	var oe *net.OpError
	switch {
	case looking || errors.As(err, &de):
		stage = checks.Resolve
	case errors.As(err, &oe) && oe.Op == "dial":
		stage = checks.Connect
	}
	s.failure = checks.Classify(stage, err)
	s.reason = pacWords[s.failure]
	switch {
	case errors.Is(err, errCircle):
		s.reason = err.Error()
	case s.failure == checks.Unclear && stage == checks.HTTP:
		s.reason = "its server gives no proper answer"
	case s.reason == "":
		s.reason = "it could not be fetched (" + string(s.failure) + ")"
	}
	s.proof = append(s.proof, checks.Evidence{Source: "HTTP " + mask(s.url), Text: clean(err.Error(), 300)})
}

var errCircle = errors.New("it is redirected more than three times")

var pacWords = map[checks.Failure]string{
	checks.NoSuchName:    "its server's name does not resolve",
	checks.ServerFailure: "DNS could not answer for its server's name",
	checks.NoAnswerDNS:   "DNS gives no answer for its server's name",
	checks.Dropped:       "its server is silent",
	checks.Refused:       "its server refuses the connection",
	checks.NoRoute:       "there is no way to its server",
	checks.NoAnswerHTTP:  "its server takes the connection and does not answer",
	checks.ResetLater:    "its server cuts the connection",
	checks.Untrusted:     "its server's certificate is not trusted here",
	checks.Cancelled:     "it was stopped before it came",
}

// dial goes to an address of the name, all in turn; what fails last is the error.
func (r *run) dial(ctx context.Context, addr string, looking *atomic.Bool) (net.Conn, error) {
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	var addrs []netip.Addr
	if a, perr := netip.ParseAddr(name); perr == nil {
		addrs = []netip.Addr{a}
	} else {
		looking.Store(true)
		for _, family := range []string{"ip4", "ip6"} {
			got, lerr := r.env.Machine.Network.Lookup(ctx, family, name)
			if lerr != nil && err == nil {
				err = lerr
			}
			addrs = append(addrs, got[:min(len(got), 3)]...)
		}
	}
	looking.Store(len(addrs) == 0)
	for _, a := range addrs {
		var c net.Conn
		if c, err = r.env.Machine.Network.Dial(ctx, "tcp", netip.AddrPortFrom(a, uint16(n))); err == nil {
			return c, nil
		}
	}
	if err == nil {
		err = &net.DNSError{Err: "no address", Name: name, IsNotFound: true}
	}
	return nil, err
}
