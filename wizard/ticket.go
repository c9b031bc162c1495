package wizard

import (
	"cmp"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Ticket is what a report holds for one reader, ready to be pasted. For the team that runs firewall, proxy and DNS that is
// what to allow, and what was seen on the way, and nothing of the inside of a product.
type Ticket struct {
	For      Whose    // its reader
	Practice string   // the scene, where nothing of it is real
	Lead     []string // sentences; the first says everything to whoever reads no more
	Asks     []Ask
	Parts    []Part   // what stands under headings, for the customer and the vendor
	Help     []string // the vendor's own pages, where there is something to ask for
	Made     string   // by what, when, and what was left out
}

// Ask is one thing to ask for, and every host that it is for.
type Ask struct {
	Product  string
	Happened string
	Ask      string
	Where    string // the step of the connection that failed, and the proxy it was made through; "" where it is none
	From     string // this computer
	Hosts    []AskedHost
}

// AskedHost is what was seen of one host and port.
type AskedHost struct {
	Host, Port string
	Facts      [][2]string // a name and its value, in the order in which they are read
}

// Ticket takes out of the report what is for the team that runs firewall, proxy and DNS. It is a pure function: how much
// is left out is decided before, see [Report.TicketRedact].
func (r Report) Ticket() Ticket {
	t := Ticket{For: ForNetwork, Practice: r.Run.Practice, Made: r.madeBy()}
	texts, _ := assets.LoadTicket()
	products := map[string]bool{}
	hosts := map[string]bool{}
	soft := true // what is asked for works, though not as it should
	note := func(p ProfileInfo) {
		if !products[p.Product] {
			products[p.Product] = true
			t.Help = append(t.Help, helpSaid(p.Help)...)
		}
	}
	for _, c := range r.Checks {
		if c.ID != "allowlist" { // what others walk, it walks too
			continue
		}
		p := r.profile(c.Profile)
		for _, g := range r.blocked(c, texts) {
			a := r.ask(p, g, texts[string(g[0].Code)])
			for _, f := range g {
				hosts[hostOf(f)] = true
			}
			soft = soft && slices.Contains([]checks.Code{checks.Code(checks.TooSlow), checks.Code(checks.LargeHello)}, g[0].Code)
			t.Asks = append(t.Asks, a)
			note(p)
		}
	}
	for _, c := range r.Verdict.Causes {
		if forNetwork(c) && !r.walked(c) {
			p := r.profile(c.Profile)
			t.Asks = append(t.Asks, Ask{Product: p.Product, Happened: c.Headline + " " + c.Explanation, Ask: cmp.Or(c.Send, strings.Join(c.Fix, " ")), From: r.source(r.walks(c.Profile))})
			note(p)
		}
	}
	from := r.source(nil)
	if len(t.Asks) > 0 && nameless(from) {
		from = t.Asks[0].From
	}
	t.Lead = r.lead(slices.Sorted(maps.Keys(products)), from, len(hosts), soft)
	return t
}

func (r Report) profile(name string) ProfileInfo {
	i := slices.IndexFunc(r.Profiles, func(p ProfileInfo) bool { return p.Name == name })
	if i < 0 {
		return ProfileInfo{Name: name, Product: name}
	}
	return r.Profiles[i]
}

func (r Report) ask(p ProfileInfo, group []FindingReport, text assets.TicketText) Ask {
	first := group[0]
	args := maps.Clone(first.Detail.Args)
	if args == nil {
		args = map[string]string{}
	}
	args["proxy"] = strings.TrimPrefix(proxyOf(first), "http://")
	args["port"], args["source"] = portOf(first), r.source(group)
	a := Ask{Product: p.Product, From: args["source"], Where: lang.T("ticket.directly")}
	if args["proxy"] != "" {
		a.Where = lang.T("ticket.through", "proxy", args["proxy"])
	}
	if step := stageWord(failedStage(first)); step != "" {
		a.Where = lang.T("ticket.where", "step", step, "way", a.Where)
	}
	var names []string
	byHost := map[string][]FindingReport{}
	for _, f := range group {
		if byHost[hostOf(f)] == nil {
			names = append(names, hostOf(f))
		}
		byHost[hostOf(f)] = append(byHost[hostOf(f)], f)
	}
	args["hosts"] = strings.Join(covering(p.Wildcards, names), ", ")
	fill := func(s string) string {
		return strings.ReplaceAll(checks.Fill(s, checks.Finding{Subject: first.Subject, View: first.View, Args: args}), " ()", "")
	}
	a.Happened, a.Ask = fill(text.Happened), fill(text.Ask)
	if proxyItself(first) != "" {
		a.Hosts = []AskedHost{askedProxy(args["proxy"], group)}
		return a
	}
	for _, n := range names {
		a.Hosts = append(a.Hosts, askedHost(n, byHost[n]))
	}
	return a
}

// covering are the wildcards for these hosts, and the hosts that none covers.
func covering(wildcards, hosts []string) []string {
	var out []string
	for _, h := range hosts {
		name := h
		for _, w := range wildcards {
			if tail, ok := strings.CutPrefix(w, "*"); ok && strings.HasSuffix(strings.ToLower(h), strings.ToLower(tail)) {
				name = w
				break
			}
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// askedHost is what was seen of a host by these walks.
func askedHost(host string, group []FindingReport) AskedHost {
	first := group[0]
	h := facts{of: group}
	if proxyOf(first) == "" {
		h.add(lang.T("ticket.fact.addresses"), addressesOf)
		h.arg(lang.T("ticket.fact.aliases"), "aliases")
		h.arg(lang.T("ticket.fact.answered_by"), "answered_by")
		h.arg(lang.T("ticket.fact.ttl"), "ttl")
	}
	h.add(lang.T("ticket.fact.sni"), func(f FindingReport) []string {
		if n := f.Detail.Args["sni"]; n != "" || !strings.HasPrefix(f.Detail.URL, "https:") {
			return []string{n}
		}
		return []string{host}
	})
	h.common()
	h.add(lang.T("ticket.fact.known_from"), func(f FindingReport) []string {
		switch checks.Failure(f.Code) {
		case checks.TooSlow, checks.WrongContent, checks.BadStatus:
			return nil // there the mark is that of the patience or the answer
		}
		return []string{markWord(f.Mark)}
	})
	return AskedHost{Host: host, Port: portOf(first), Facts: h.out}
}

// askedProxy is what was seen of a proxy that could not be used at all.
func askedProxy(proxy string, group []FindingReport) AskedHost {
	h := facts{of: group}
	h.add(lang.T("ticket.fact.addresses"), addressesOf)
	h.arg(lang.T("ticket.fact.answered_by"), "answered_by")
	h.common()
	h.add(lang.T("ticket.fact.needed_for"), func(f FindingReport) []string { return []string{net.JoinHostPort(hostOf(f), portOf(f))} })
	host, port, err := net.SplitHostPort(proxy)
	if err != nil {
		host = proxy
	}
	return AskedHost{Host: host, Port: port, Facts: h.out}
}

// facts gathers what several walks say of the same thing, each value once.
type facts struct {
	of  []FindingReport
	out [][2]string
}

func (h *facts) add(name string, get func(FindingReport) []string) {
	var values []string
	for _, f := range h.of {
		for _, v := range get(f) {
			if v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	if len(values) > 0 {
		h.out = append(h.out, [2]string{name, strings.Join(values, ", ")})
	}
}

func (h *facts) arg(name, arg string) {
	h.add(name, func(f FindingReport) []string { return []string{lang.Phrase(f.Detail.Args[arg])} })
}

func (h *facts) common() {
	h.arg(lang.T("ticket.fact.barred_by"), "barred_by")
	h.add(lang.T("ticket.fact.tried_at"), func(f FindingReport) []string { return []string{clock(cmp.Or(f.Detail.Args["at"], f.At))} })
	h.add(lang.T("ticket.fact.tries"), func(f FindingReport) []string {
		if n := f.Detail.Args["tries"]; n != "1" {
			return []string{n}
		}
		return nil
	})
	h.add(lang.T("ticket.fact.seen"), func(f FindingReport) []string {
		return []string{lang.Phrase(cmp.Or(failedText(f), f.Detail.Args["error"]))}
	})
}

func addressesOf(f FindingReport) []string {
	return append(strings.Split(f.Detail.Args["addresses"], ", "), f.Detail.Address)
}

// markWord says from where a fact is known; "" where nothing says so.
func markWord(m assets.Mark) string {
	switch m {
	case assets.Source:
		return lang.T("ticket.mark.source")
	case assets.Seed:
		return lang.T("ticket.mark.seed")
	case assets.ThirdParty:
		return lang.T("ticket.mark.third_party")
	case assets.Inferred:
		return lang.T("ticket.mark.inferred")
	}
	return ""
}

// source is this computer as a firewall sees it.
func (r Report) source(group []FindingReport) string {
	if _, named := r.namedLogs(); named {
		return "" // they may be of any computer
	}
	var from []string
	for _, f := range group {
		if a := localAddress(f); a != "" && !slices.Contains(from, a) {
			from = append(from, a)
		}
	}
	if len(from) == 0 {
		return r.Run.Host
	}
	if nameless(r.Run.Host) {
		return strings.Join(from, ", ")
	}
	return strings.Join(from, ", ") + " (" + r.Run.Host + ")"
}

// nameless: the computer's name was left out when the report was saved, and says nothing to anybody.
func nameless(host string) bool { return host == "" || strings.HasPrefix(host, "<") }

// localAddress is this computer's own as the walk saw it, without the port, which is another one each time.
func localAddress(f FindingReport) string {
	a := f.Detail.Args["local_address"]
	if host, _, err := net.SplitHostPort(a); err == nil {
		return host
	}
	return a
}

func hostOf(f FindingReport) string {
	if h := f.Detail.Args["host"]; h != "" {
		return h
	}
	if h, _, err := net.SplitHostPort(f.Detail.Target); err == nil {
		return h
	}
	return f.Detail.Target
}

func portOf(f FindingReport) string {
	if p := f.Detail.Args["port"]; p != "" {
		return p
	}
	_, p, _ := net.SplitHostPort(f.Detail.Target)
	return p
}

func proxyOf(f FindingReport) string {
	if f.Detail.Route == "direct" {
		return ""
	}
	return f.Detail.Route
}

// failedStage is the hop at which the walk ended, "" where every hop was passed.
func failedStage(f FindingReport) checks.StageName {
	for _, s := range f.Detail.Stages {
		if s.Status == checks.Fail || s.Code != checks.NoFailure && s.Code != checks.TooSlow {
			return s.Name
		}
	}
	return ""
}

func failedText(f FindingReport) string {
	name := failedStage(f)
	for _, s := range f.Detail.Stages {
		if s.Name == name {
			return cmp.Or(s.Error, f.Detail.Args["error"], s.Note)
		}
	}
	return ""
}

// stageWord is what is done at a hop; "" for one that this version does not know.
func stageWord(s checks.StageName) string {
	if !slices.Contains([]checks.StageName{checks.Resolve, checks.Connect, checks.Tunnel, checks.TLS, checks.HTTP, checks.Content}, s) {
		return ""
	}
	return lang.T("ticket.step." + string(s))
}

// clock writes a time for people of another team: with its zone.
func clock(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return moment(t)
}

// moment is clock for a time.
func moment(t time.Time) string { return t.Format("2006-01-02 15:04:05 -07:00") }
