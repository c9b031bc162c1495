package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// script is one PAC file and what became of it.
type script struct {
	url     string
	found   bool           // by search: whether there was a place to fetch it from
	where   string         // by search: how it was looked for, and where it was found
	off     bool           // by search: it is switched off
	fetched bool           // it came, whole
	status  int            // 0: no answer
	failure checks.Failure // why nothing came
	reason  string         // in words, "" where it came
	text    []byte
	took    time.Duration // of the download
	proxies []*url.URL    // those that stand literally in it

	engine string            // what ran it, "" where nothing did
	fault  *host.ScriptError // it cannot be used for any address
	notRun string            // why nobody can say what it gives, "" where it was run
	given  map[string]answer // what it gives, by [asked]
	proof  []checks.Evidence
}

// answer is what a script gives for one address.
type answer struct {
	text    string // as it was returned
	ways    []*url.URL
	skipped []string          // parts of it that name no way
	fault   *host.ScriptError // it gives nothing: it failed
}

// ran reports whether the script said something.
func (p *script) ran() bool { return p.fetched && p.fault == nil && p.notRun == "" }

// fails reports whether it cannot be had, or cannot be run for any address.
func (p *script) fails() bool { return !p.fetched && p.failure != checks.Cancelled || p.fault != nil }

const (
	pacWait = 5 * time.Second
	pacSize = host.ScriptSize
	// bySearch is the key of the script that a search ends at (WPAD).
	bySearch = "wpad"
)

// fetchAll fetches every PAC file that a source names, once, and looks for one where a source lets search.
func (r *run) fetchAll(ctx context.Context) {
	var list []*script
	want := func(s *script) {
		if r.pacs[s.url] == nil && len(list) < mostScripts {
			r.pacs[s.url] = s
			list = append(list, s)
		}
	}
	var found *script
	for _, s := range r.sources {
		switch {
		case s.Err != nil:
			continue
		case s.has(host.PAC):
			want(&script{url: s.PACURL, found: true})
		}
		if s.has(host.Auto) && found == nil {
			found = &script{}
		}
	}
	offer := &script{}
	if found != nil {
		if by, off := r.searchOff(); off {
			found.off, found.where, found.proof = true, "it is switched off on this computer", by.proof
		} else if offer = r.dhcp(ctx); offer.found {
			if known := r.pacs[offer.url]; known != nil { // a setting names the same
				offer = known
			} else {
				want(offer)
			}
		}
	}
	r.total += len(list)
	each(len(list), func(i int) {
		waits := checks.NewWaits(func(s string) { r.progress(0, s) })
		waits.For("the PAC file", pacWait)
		r.download(ctx, list[i])
		waits.End()
		r.progress(1, "the PAC file")
	})
	if found != nil {
		r.search(ctx, offer, found)
		r.pacs[bySearch] = found
	}
}

// download fetches a script within its time, and runs it.
func (r *run) download(ctx context.Context, s *script) {
	wait, cancel := context.WithTimeout(ctx, pacWait)
	defer cancel()
	begun := time.Now()
	r.fetch(wait, s)
	if s.took = time.Since(begun); s.fetched && s.fault == nil {
		r.ask(ctx, s)
	}
}

// asked is the address that a script is given. Of https it holds the host alone: browsers and Windows keep the path to
// themselves.
func asked(e *assets.Endpoint) string {
	u, err := url.Parse(e.URL())
	if err != nil || u.Scheme != "https" {
		return e.URL()
	}
	return u.Scheme + "://" + u.Host + "/"
}

// ask runs the script for every address that can be tested.
func (r *run) ask(ctx context.Context, s *script) {
	var urls []string
	for _, e := range r.endpoints {
		if u := asked(e); schemeOf(e) != "tcp" && !slices.Contains(urls, u) {
			urls = append(urls, u)
		}
	}
	if len(urls) == 0 {
		s.notRun = "the profile names no address to ask it for"
		return
	}
	engine, net := r.env.Machine.Scripts, r.env.Machine.Network
	ctx, cancel := context.WithTimeout(ctx, host.ScriptWait+time.Second) // the engine has a bound of its own
	defer cancel()
	got, err := engine.Run(ctx, host.Script{
		Text: s.text, Origin: s.url, Own: net.Addresses(),
		Lookup: func(ctx context.Context, name string) ([]netip.Addr, error) { return both(ctx, net, name) },
	}, urls)
	s.engine = engine.Engine()
	var fault *host.ScriptError
	switch {
	case errors.As(err, &fault) && fault.Fault != host.ScriptUnclear:
		s.fault, s.reason = fault, faultWords(fault)
	case ctx.Err() != nil && err != nil:
		s.notRun, s.failure = "it was stopped before its end", checks.Cancelled
	case errors.Is(err, host.ErrUnsupported):
		s.engine, s.notRun = "", "this system has no engine that could run it"
	case err != nil:
		s.notRun = "the system's engine failed: " + clean(err.Error(), 200)
	case len(got) != len(urls):
		s.notRun = fmt.Sprintf("the engine gave %d answers for %d addresses", len(got), len(urls))
	}
	if fault != nil {
		s.proof = append(s.proof, checks.Evidence{Source: "PAC file " + mask(s.url), Line: fault.Line, Text: mask(fault.Text)})
	}
	if s.fault != nil || s.notRun != "" {
		return
	}
	s.given = map[string]answer{}
	for i, c := range got {
		s.given[urls[i]] = understood(c)
	}
}

// noWay: the script answers with something that is no way out.
const noWay host.ScriptFault = "no way"

// understood reads one answer.
func understood(c host.Choice) answer {
	a := answer{text: c.Result}
	if c.Err == nil {
		a.ways, a.skipped = parseAnswer(c.Result)
		if len(a.skipped) > 0 && len(a.ways) == 1 && a.ways[0] == nil && !strings.Contains(strings.ToUpper(c.Result), "DIRECT") {
			// Browsers go directly then, and call it a mistake of the script (Chromium, ProxyList::SetFromPacString).
			a.ways, a.fault = nil, &host.ScriptError{Fault: noWay, Text: "the answer is: " + c.Result}
		}
		return a
	}
	if !errors.As(c.Err, &a.fault) {
		a.fault = &host.ScriptError{Fault: host.ScriptUnclear, Text: c.Err.Error()}
	}
	return a
}

// both looks a name up in both families, IPv4 first.
func both(ctx context.Context, net host.Network, name string) ([]netip.Addr, error) {
	var six []netip.Addr
	done := make(chan struct{})
	go func() {
		defer close(done)
		six, _ = net.Lookup(ctx, "ip6", name)
	}()
	four, err := net.Lookup(ctx, "ip4", name)
	if <-done; len(six) > 0 {
		err = nil
	}
	return append(slices.Clone(four), six...), err
}

// faultWords says what is wrong with a script.
func faultWords(e *host.ScriptError) string {
	line := ""
	if e.Line > 0 {
		line = fmt.Sprintf(" in line %d", e.Line)
	}
	switch e.Fault {
	case host.ScriptNoFunction:
		return "it has no function FindProxyForURL"
	case host.ScriptSyntax:
		return "it cannot be read: a mistake" + line
	case host.ScriptThrown:
		return "it ends with an error or without an answer" + line
	case noWay:
		return "its answer names no way out"
	case host.ScriptEndless:
		return "it does not come to an end"
	case host.ScriptGreedy:
		return "it wants more memory than a script gets"
	}
	return "it fails, and the engine does not say why"
}

var literal = regexp.MustCompile(`(?i)\b(PROXY|HTTP|HTTPS|SOCKS[45]?)\s+(\[[0-9a-f:.]+\]:\d{1,5}|[a-z0-9][a-z0-9._-]{0,252}:\d{1,5})`)

// take keeps a file that came, and notes the proxies that it names.
func (s *script) take(b []byte) {
	if len(b) > pacSize {
		s.failure, s.reason = checks.WrongContent, "it is larger than 1 MB"
		return
	}
	s.fetched, s.text = true, []byte(host.ScriptText(b))
	if !bytes.Contains(s.text, []byte("FindProxyForURL")) {
		s.fault = &host.ScriptError{Fault: host.ScriptNoFunction, Text: "FindProxyForURL does not stand in it"}
		s.reason = faultWords(s.fault)
		return
	}
	var seen []string
	for _, m := range literal.FindAllSubmatch(s.text, 200) {
		found, err := parse(kinds[strings.ToUpper(string(m[1]))] + "://" + string(m[2]))
		if err != nil || len(found) != 1 || slices.Contains(seen, same(found[0].URL)) || len(seen) == mostEntries {
			continue
		}
		seen = append(seen, same(found[0].URL))
		s.proxies = append(s.proxies, found[0].URL)
		s.proof = append(s.proof, checks.Evidence{Source: "PAC file " + mask(s.url), Text: clean(string(m[0]), 300)})
	}
}
