package lab

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// pacServer is the web server that PAC files come from.
type pacServer struct {
	lab  *Lab
	host string
}

// mostPAC bounds a PAC file that a scene wants large.
const mostPAC = 4 << 20

func (p *pacServer) serve(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(in)
		if err != nil || !p.answer(c, req) || req.Close {
			return
		}
	}
}

// answer says whether another request may follow.
func (p *pacServer) answer(c net.Conn, req *http.Request) bool {
	h := http.Header{"Content-Type": {"text/html"}}
	rule, ok := p.file(req.URL.RequestURI())
	if !ok {
		return p.lab.respond(c, req, http.StatusNotFound, h, "<html><body>Not Found</body></html>\n") == nil
	}
	if rule.Silent {
		drain(c)
		return false
	}
	if !p.lab.pause(rule.Slow) {
		return false
	}
	if rule.Redirect != "" {
		h.Set("Location", rule.Redirect)
		return p.lab.respond(c, req, http.StatusFound, h, "") == nil
	}
	status, body := http.StatusOK, rule.Body
	if rule.Status != 0 {
		status = rule.Status
	}
	if n := min(rule.Size, mostPAC) - len(body); n > 0 {
		body += strings.Repeat(" ", n)
	}
	h.Set("Content-Type", "application/x-ns-proxy-autoconfig")
	return p.lab.respond(c, req, status, h, body) == nil
}

func (p *pacServer) file(path string) (PAC, bool) {
	for at, rule := range p.lab.scene.Network.PAC {
		if u, err := url.Parse(at); err == nil && u.Host == p.host && u.RequestURI() == path {
			return rule, true
		}
	}
	return PAC{}, false
}
