package domain

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// port is one address of a server, with what came of the walks to it; none where nobody went there.
type port struct {
	endpoint assets.Endpoint
	walks    []probe.Answer
}

// state is how an address or a server was found.
type state uint8

const (
	untried state = iota
	dead          // no walk got through
	partly        // of a server: what the product requires answers, something else does not; or the other way round
	alive
)

var stateNames = [...]string{untried: "was not tried", dead: "does not answer", partly: "answers in part", alive: "answers"}

func (s state) String() string { return stateNames[s] }

func (p port) state() state {
	out := untried
	for _, a := range p.walks {
		switch a.Failure {
		case checks.NoFailure:
			return alive
		case checks.Cancelled, checks.Unclear:
		default:
			out = dead
		}
	}
	return out
}

// nameless: no walk got as far as an address of it, so the server itself may well be alive.
func (s server) nameless() bool {
	for _, p := range s.ports {
		for _, a := range p.walks {
			if !strings.HasPrefix(string(a.Failure), "dns.") {
				return false
			}
		}
	}
	return true
}

// words say what came of the walks: one for each way in which they ended.
func (p port) words() string {
	var out []string
	for _, a := range p.walks {
		text := worded(a)
		if len(p.walks) > 1 && a.Path.FamilyName() != "" {
			text = a.Path.FamilyName() + ": " + text
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return cmp.Or(strings.Join(out, "; "), "not tried")
}

// worded is what came of one walk.
func worded(a probe.Answer) string {
	switch a.Failure {
	case checks.NoFailure:
		return "answers in " + probe.Span(a.Took)
	case checks.Cancelled:
		return "the time was over"
	case checks.Dropped, checks.NoAnswerHTTP, checks.TLSNoAnswer, checks.NoAnswerDNS, checks.ProxyNoAnswer:
		return "no answer at the step " + string(a.Failed)
	case checks.SizeLost:
		return "answers in small packets only"
	}
	_, last, ok := strings.Cut(string(a.Failure), ".")
	if !ok {
		last = string(a.Failure)
	}
	return strings.ReplaceAll(last, "_", " ")
}

func (p port) name() string {
	return net.JoinHostPort(p.endpoint.Host, strconv.Itoa(p.endpoint.Port))
}

// server is one of the two.
type server struct{ ports []port }

func (s server) host() string {
	if len(s.ports) == 0 {
		return ""
	}
	return s.ports[0].endpoint.Host
}

// state goes by what the product requires of the server.
func (s server) state() state {
	worst, best, need := alive, untried, untried
	for _, p := range s.ports {
		x := p.state()
		worst, best = min(worst, x), max(best, x)
		if p.endpoint.Required {
			need = max(need, x)
		}
	}
	switch {
	case len(s.ports) == 0 || best == untried:
		return untried
	case worst == alive:
		return alive
	case best == dead, need == dead:
		return dead
	}
	return partly
}

// found is its state in words. A server whose name led nowhere was not asked, so nobody knows whether it answers.
func (s server) found() string {
	if s.state() == dead && s.nameless() {
		return "was not found by its name"
	}
	return s.state().String()
}

// pair is both servers.
type pair struct {
	local, global server
	logged        []string // server URLs that the agent's own logs name
}

func (p pair) of(side string) server {
	switch side {
	case assets.LocalServer:
		return p.local
	case assets.GlobalServer:
		return p.global
	}
	return server{}
}

// look takes what the walks of others saw of the two servers, and goes there itself where nobody did.
func look(ctx context.Context, env checks.Env) pair {
	var p pair
	for _, e := range env.Profile.Endpoints {
		if e.Missing(env.Profile) != "" {
			continue
		}
		switch e.Server {
		case assets.LocalServer:
			p.local.ports = append(p.local.ports, port{endpoint: e})
		case assets.GlobalServer:
			p.global.ports = append(p.global.ports, port{endpoint: e})
		}
	}
	answers, heard := checks.Get[[]probe.Answer](env.Facts, probe.FactAnswers)
	route, _ := checks.Get[checks.Route](env.Facts, checks.FactRoute)
	p.logged, _ = checks.Get[[]string](env.Facts, checks.FactServers)
	names := probe.NewNames(env.Machine.Network)
	var wg sync.WaitGroup
	for _, s := range []*server{&p.local, &p.global} {
		for i := range s.ports {
			at := &s.ports[i]
			if heard {
				for _, a := range answers {
					if a.Path.URL == at.endpoint.URL() {
						at.walks = append(at.walks, a)
					}
				}
				continue
			}
			wg.Go(func() {
				at.walks = []probe.Answer{probe.Walk(ctx, probe.Request{
					Network: env.Machine.Network, Endpoint: at.endpoint, Route: route.Ways(at.endpoint.URL())[0], Roots: env.Roots,
					Public: env.Public, Names: names, Turns: env.Turns, Patience: env.Profile.Budget.Connect(),
				})}
			})
		}
	}
	wg.Wait()
	return p
}

// told says of which servers the agent's own logs speak, "" where of none. A server there that is neither of the two may be
// the local one, whose name nobody gave.
func (p pair) told(d *assets.Domain) string {
	var known, strange []string
	for _, s := range p.logged {
		u, err := url.Parse(s)
		if err != nil || u.Hostname() == "" {
			continue
		}
		host := strings.ToLower(u.Hostname())
		list := &strange
		if strings.EqualFold(host, p.local.host()) || slices.ContainsFunc(p.global.ports, func(x port) bool { return strings.EqualFold(host, x.endpoint.Host) }) {
			list = &known
		}
		if !slices.Contains(*list, host) {
			*list = append(*list, host)
		}
	}
	var out []string
	if len(known) > 0 {
		out = append(out, "The agent's own logs name "+strings.Join(known, " and ")+".")
	}
	if len(strange) > 0 && len(p.local.ports) == 0 {
		out = append(out, fmt.Sprintf("The agent's own logs name %s, which may be the %s: look again with its name (--var).", strings.Join(few(strange), ", "), d.OnDomain))
	}
	return strings.Join(out, " ")
}

// few are the first three.
func few(list []string) []string { return list[:min(len(list), 3)] }

// table compares the two servers, address by address.
func (p pair) table(d *assets.Domain, side string) *checks.Table {
	t := &checks.Table{Head: []string{"Server", "Address", "What for", "Now"}}
	add := func(name, mine string, s server) {
		if mine == side && side != "" {
			name += " (in use)"
		}
		for _, x := range s.ports {
			t.Rows = append(t.Rows, []string{name, x.name(), x.endpoint.Purpose, x.words()})
		}
	}
	add(d.OnDomain, assets.LocalServer, p.local)
	add(d.OffDomain, assets.GlobalServer, p.global)
	return t
}

// certificates tells of the local server's own certificates: that they are no fault, and what in them is out of order.
func (l *looker) certificates(s server) []checks.Finding {
	var out []checks.Finding
	seen := map[string]bool{}
	for _, p := range s.ports {
		for _, a := range p.walks {
			kind, fault := a.Args["certificate"], a.Args["certificate_fault"]
			key := kind + fault + a.Args["names"] + a.Args["until"]
			if !p.endpoint.Own || kind == "" || seen[key] {
				continue
			}
			seen[key] = true
			f := checks.Finding{Code: Certificate, Status: checks.Note, Subject: p.name(), View: view, At: l.began, Mark: assets.Inferred,
				Evidence: slices.DeleteFunc(slices.Clone(a.Evidence), func(e checks.Evidence) bool { return e.Source != "TLS" }),
				Args: map[string]string{"server": l.rule.OnDomain, "kind": kind, "issuer": a.Args["issuer"], "names": a.Args["names"],
					"until": a.Args["until"]}}
			if fault != "" {
				f.Code, f.Status = BadCert, checks.Warn // whether the agent minds is not known: never more than a hint
				f.Args["fault"] = fault
			}
			out = append(out, f)
		}
	}
	return out
}

// misspelt compares the URL that was given for a server with the addresses of the profile, where nothing but upper and
// lower case differs. Names are the same in any case; the vendor says that its server's paths are not.
func (l *looker) misspelt(p *assets.Profile) []checks.Finding {
	var out []checks.Finding
	for name, given := range p.Given {
		text := given
		if !strings.Contains(text, "://") {
			text = "https://" + text
		}
		u, err := url.Parse(text)
		if err != nil {
			continue
		}
		path := strings.TrimRight(u.Path, "/")
		right := ""
		for _, e := range p.Endpoints {
			want, _, _ := strings.Cut(e.Path, "?")
			if want = strings.TrimRight(want, "/"); e.Server != assets.LocalServer || !strings.EqualFold(e.Host, u.Hostname()) || !strings.EqualFold(want, path) {
				continue
			}
			if right = want; want == path {
				break
			}
		}
		if path == "" || right == "" || right == path {
			continue
		}
		shown, _, _ := strings.Cut(given, "?")
		out = append(out, checks.Finding{Code: URLCase, Status: checks.Warn, Subject: shown, View: view, At: l.began, Mark: assets.Seed,
			Args:     map[string]string{"expected": rightly(shown, u.Path, right), "source": fmt.Sprintf("variable %s, %s", name, p.From[name])},
			Evidence: []checks.Evidence{{Source: fmt.Sprintf("variable %s, %s", name, p.From[name]), Text: given}}})
	}
	slices.SortFunc(out, func(a, b checks.Finding) int { return cmp.Compare(a.Subject, b.Subject) })
	return out
}

// rightly puts the right path in the place of the given one, which is the last that looks like it.
func rightly(shown, path, right string) string {
	i := strings.LastIndex(shown, path)
	if i < 0 { // it was given with escapes
		return right
	}
	return shown[:i] + right + shown[i+len(path):]
}

// clockOf writes a time of the replay.
func clockOf(t time.Time) string { return t.Format("15:04:05") }
