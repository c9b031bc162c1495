package lab

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
)

// site is one of the vendor's servers: a host and a port.
type site struct {
	lab    *Lab
	host   string
	port   uint16
	scheme string
	issuer string
	own    bool // it makes its certificate itself
	rule   Server
	want   map[string]assets.Expect // by path with query
}

func (s *site) serve(c net.Conn) {
	switch {
	case s.scheme == "tcp":
		drain(c)
	case s.scheme == "http" || s.rule.TLS == "plain":
		s.converse(c)
	default:
		if t := s.handshake(c); t != nil {
			s.converse(t)
		}
	}
}

var errMisbehave = errors.New("the scene wants it so")

// largeHello is where a ClientHello no longer fits into one segment of an Ethernet frame.
const largeHello = 1400

// handshake takes the connection through TLS, or does to it what the scene says; then it returns nil.
func (s *site) handshake(c net.Conn) *tls.Conn {
	in := &counted{Conn: c}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.rule.TLS == "tls10" {
		cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	}
	cfg.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		switch {
		case s.rule.TLS == "reset", s.rule.TLS == "reset_by_name" && strings.EqualFold(h.ServerName, s.host):
			reset(c)
			return nil, errMisbehave
		case s.rule.TLS == "silent", s.rule.TLS == "large_silent" && in.n > largeHello:
			drain(c)
			// Closed before the library can send its alert: silence has to stay silence.
			c.Close()
			return nil, errMisbehave
		}
		return nil, nil
	}
	cfg.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return s.lab.certs.leaf(s.host, s.rule, s.issuer, s.own)
	}
	t := tls.Server(in, cfg)
	if err := t.HandshakeContext(s.lab.ctx); err != nil {
		return nil
	}
	return t
}

type counted struct {
	net.Conn
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n += n
	return n, err
}

// converse answers requests until the other side has no more.
func (s *site) converse(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = s.lab.respond(c, nil, http.StatusBadRequest, nil, "Bad Request\n")
			}
			return
		}
		if !s.reply(c, req) || req.Close {
			return
		}
	}
}

// reply answers one request and says whether another may follow.
func (s *site) reply(c net.Conn, req *http.Request) bool {
	_, _ = io.CopyN(io.Discard, req.Body, maxBody)
	status, header, body := s.expected(req.URL.RequestURI())
	if !s.lab.pause(s.lab.scene.Network.Delay) {
		return false
	}
	if at := s.lab.scene.Network.Portal; at != "" && s.scheme == "http" {
		header.Set("Location", at)
		return s.lab.respond(c, req, http.StatusFound, header, "") == nil
	}
	if r := s.rule.HTTP; r != nil {
		if r.Silent {
			drain(c)
			return false
		}
		if !s.lab.pause(r.Delay) {
			return false
		}
		status = cmp.Or(r.Status, status)
		if r.Redirect != "" {
			status, body = cmp.Or(r.Status, http.StatusFound), ""
			header.Set("Location", r.Redirect)
		}
		if r.Body != nil {
			body = *r.Body
		}
		if r.Length != nil {
			body = strings.Repeat("\x00", min(max(*r.Length, 0), maxBody))
		}
		for k, v := range r.Headers {
			header.Set(k, v)
		}
	}
	return s.lab.respond(c, req, status, header, body) == nil
}

// maxBody bounds what the lab takes in and gives out.
const maxBody = 1 << 20

// expected is the answer that the profile expects for a path. Where it knows the path and expects nothing, or does not
// know the path, it is what such servers mostly say.
func (s *site) expected(path string) (int, http.Header, string) {
	h := http.Header{"Server": {"practice"}, "Content-Type": {"text/plain"}}
	e, ok := s.want[path]
	if !ok || e.Empty() {
		return http.StatusNotFound, h, "Not Found\n"
	}
	status := http.StatusOK
	if len(e.Status) > 0 {
		status = e.Status[0]
	}
	body := cmp.Or(e.Body, e.BodyContains)
	if e.BodyLength != nil {
		h.Set("Content-Type", "binary/octet-stream")
		body = strings.Repeat("\x00", min(max(*e.BodyLength, 0), maxBody))
	}
	if e.ContentType != "" {
		h.Set("Content-Type", e.ContentType)
	}
	return status, h, body
}

// respond writes an HTTP answer by the servers' clock. req nil: to something that was no request.
func (l *Lab) respond(c io.Writer, req *http.Request, status int, h http.Header, body string) error {
	if h == nil {
		h = http.Header{}
	}
	h.Set("Date", time.Now().Add(l.scene.Network.Clock).UTC().Format(http.TimeFormat))
	r := http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h, Request: req,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		return err
	}
	_, err := c.Write(b.Bytes())
	return err
}

// pause waits and says whether the lab is still there.
func (l *Lab) pause(d time.Duration) bool {
	if d <= 0 {
		return l.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-l.ctx.Done():
		return false
	}
}

// authorityOf is what a CONNECT to this site names.
func authorityOf(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}
