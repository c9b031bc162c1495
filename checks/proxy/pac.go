package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// script is one PAC file and what became of it.
type script struct {
	url     string
	found   bool           // by search: whether there was a place to fetch it from
	where   string         // by search: how it was looked for
	fetched bool           // it came, whole
	status  int            // 0: no answer
	failure checks.Failure // why nothing came
	reason  string         // in words, "" where it came
	valid   bool           // it holds FindProxyForURL
	size    int
	took    time.Duration
	proxies []*url.URL // those that stand literally in it
	proof   []checks.Evidence
}

const (
	pacWait = 5 * time.Second
	pacSize = 1 << 20
	// byDNS is the place where a search by DNS ends (WPAD); DHCP option 252 is not asked.
	byDNS = "wpad"
)

// fetchAll fetches every PAC file that a source names, and looks for one where a source lets search.
func (r *run) fetchAll(ctx context.Context) {
	var list []*script
	for _, s := range r.sources {
		if s.Err != nil {
			continue
		}
		if s.has(host.PAC) && r.pacs[s.PACURL] == nil {
			r.pacs[s.PACURL] = &script{url: s.PACURL, found: true}
			list = append(list, r.pacs[s.PACURL])
		}
		if s.has(host.Auto) && r.pacs[byDNS] == nil {
			r.pacs[byDNS] = &script{}
			list = append(list, r.pacs[byDNS])
		}
	}
	r.total += len(list)
	each(len(list), func(i int) {
		ctx, cancel := context.WithTimeout(ctx, pacWait)
		defer cancel()
		s := list[i]
		r.progress(0, "the PAC file")
		if s.url == "" {
			r.search(ctx, s)
		}
		if s.found {
			begun := time.Now()
			r.fetch(ctx, s)
			s.took = time.Since(begun)
		}
		r.progress(1, "the PAC file")
	})
}

// search looks for wpad.<domain> in DNS, where the machine's domain is known.
func (r *run) search(ctx context.Context, s *script) {
	join, err := r.env.Machine.Domain.Join(ctx)
	domain := strings.Trim(join.Domain, ".")
	if err != nil || !strings.Contains(domain, ".") {
		s.where = "no DNS domain is known to search in"
		return
	}
	name := "wpad." + domain
	_, err4 := r.env.Machine.Network.Lookup(ctx, "ip4", name)
	if err4 != nil {
		if _, err := r.env.Machine.Network.Lookup(ctx, "ip6", name); err != nil {
			s.where = name + " is not found in DNS"
			s.proof = []checks.Evidence{{Source: "DNS", Text: name + ": " + clean(err4.Error(), 200)}}
			return
		}
	}
	s.found, s.url = true, "http://"+name+"/wpad.dat"
	s.where = name
}

// fetch downloads the file as a program without a proxy does.
func (r *run) fetch(ctx context.Context, s *script) {
	u, err := url.Parse(strings.TrimSpace(s.url))
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.failure, s.reason = checks.Unclear, "its address is not one of http or https"
		s.proof = append(s.proof, checks.Evidence{Source: "setting", Text: mask(s.url)})
		return
	}
	looking := new(atomic.Bool)
	t := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		return r.dial(ctx, network, addr, looking)
	}, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{RootCAs: r.env.Roots}}
	defer t.CloseIdleConnections()
	c := &http.Client{Transport: t, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return errors.New("it is redirected more than three times")
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		s.failure, s.reason = checks.Unclear, "its address is not one of http or https"
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
		s.read(b)
	}
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
	if s.reason == "" {
		s.reason = "it could not be fetched (" + string(s.failure) + ")"
	}
	s.proof = append(s.proof, checks.Evidence{Source: "HTTP " + mask(s.url), Text: clean(err.Error(), 300)})
}

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
func (r *run) dial(ctx context.Context, network, addr string, looking *atomic.Bool) (net.Conn, error) {
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

var literal = regexp.MustCompile(`(?i)\b(PROXY|HTTP|HTTPS|SOCKS5?)\s+(\[[0-9a-f:.]+\]:\d{1,5}|[a-z0-9][a-z0-9._-]{0,252}:\d{1,5})`)

// read takes from the file what can be told without running it.
func (s *script) read(b []byte) {
	if s.size = len(b); s.size > pacSize {
		s.failure, s.reason = checks.WrongContent, "it is larger than 1 MB"
		return
	}
	s.fetched = true
	b = bytes.ReplaceAll(b, []byte{0}, nil) // UTF-16 is seen
	s.valid = bytes.Contains(b, []byte("FindProxyForURL"))
	if !s.valid {
		s.reason = "it has no function FindProxyForURL"
		return
	}
	var seen []string
	for _, m := range literal.FindAllSubmatch(b, 200) {
		kind := map[string]string{"HTTPS": "https", "SOCKS": "socks", "SOCKS5": "socks5"}[strings.ToUpper(string(m[1]))]
		if kind == "" {
			kind = "http"
		}
		found, err := parse(kind + "://" + string(m[2]))
		if err != nil || len(found) != 1 || slices.Contains(seen, same(found[0].URL)) || len(seen) == mostEntries {
			continue
		}
		seen = append(seen, same(found[0].URL))
		s.proxies = append(s.proxies, found[0].URL)
		s.proof = append(s.proof, checks.Evidence{Source: "PAC file " + mask(s.url), Text: clean(string(m[0]), 300)})
	}
}
