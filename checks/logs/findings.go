package logs

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// view is whose eyes these findings are.
const view = "the product's own log"

// disk is whose eyes see the files, or see none.
const disk = "you, this machine"

// clockForm is how times of log lines are shown: as the log has them, in this machine's zone.
const clockForm = "2006-01-02 15:04:05"

// usualFresh is how long a failure counts as of now where the profile names no cache that repeats it.
const usualFresh = time.Hour

// judge turns what was gathered into findings. Lines before now minus since are old; since 0: none is. keeps is how long
// the product repeats a failed answer; only failures younger than that can still be felt, which the argument fresh tells.
func (g *gather) judge(now time.Time, since, keeps time.Duration, loc *time.Location) []checks.Finding {
	failed := map[string]Entry{} // the last failure of each topic
	for _, at := range g.groups {
		if have, ok := failed[at.topic]; fails(at) && (!ok || at.last.after(&have)) {
			failed[at.topic] = at.last
		}
	}
	var out []checks.Finding
	for _, k := range g.order() {
		at := g.groups[k]
		if at.count == 0 || checks.Code(at.code) == Answered || checks.Code(at.code) == Event {
			continue
		}
		f := at.finding(loc)
		old := since > 0 && at.last.moment().Before(now.Add(-since))
		f.Args["old"], f.Args["fresh"] = checks.YesNo(old), checks.YesNo(!at.last.moment().Before(now.Add(-keeps)))
		switch {
		case fails(at):
			back, ok := g.recovered[at.topic]
			switch {
			case ok && back.after(&at.last):
				f.Status, f.Args["state"] = checks.Note, "it recovered later"
				f.Args["recovered"] = when(&back, loc)
				f.Evidence = append(f.Evidence, evidence(&back))
			case old && f.Code == Suppressed:
				f.Status, f.Args["state"] = checks.Note, "since then the product writes no more of them, so its silence proves nothing"
			case old:
				f.Status, f.Args["state"] = checks.Note, "that is longer ago than this look goes back"
			default:
				f.Status, f.Args["state"] = checks.Warn, "nothing after it says that it recovered"
			}
		case at.last.Effect == assets.Recovers:
			f.Status = checks.Pass
			if last, ok := failed[at.topic]; old || ok && last.after(&at.last) {
				f.Status = checks.Note
			}
		default:
			f.Status = checks.Note
		}
		out = append(out, f)
	}
	return out
}

func fails(g *group) bool {
	return g.count > 0 && (g.last.Effect == assets.Fails || g.last.Effect == assets.Slows)
}

func (g *group) finding(loc *time.Location) checks.Finding {
	last := &g.last
	f := checks.Finding{Code: checks.Code(g.code), Subject: g.subject, View: view, At: last.When, Mark: last.Mark,
		Args: maps.Clone(last.Found)}
	if f.Args == nil {
		f.Args = map[string]string{}
	}
	if f.Subject == "" {
		f.Subject = last.File
	}
	maps.Copy(f.Args, map[string]string{"count": strconv.Itoa(g.count), "first": when(&g.first, loc), "last": when(last, loc), "often": often(g.count, when(last, loc)),
		"file": last.File, "ref": strings.Join(g.refs, ", "), "meaning": last.Meaning, "topic": g.topic})
	if f.Args["host"] == "" {
		delete(f.Args, "host")
	}
	for i := range g.evidence {
		f.Evidence = append(f.Evidence, evidence(&g.evidence[i]))
	}
	return f
}

// often says how many times, as a person would.
func often(n int, last string) string {
	if n == 1 {
		return "Once, at " + last
	}
	return fmt.Sprintf("%d times, last at %s", n, last)
}

// when writes the time of a line, or what is known of it.
func when(e *Entry, loc *time.Location) string {
	switch {
	case !e.When.IsZero():
		return e.When.In(loc).Format(clockForm)
	case !e.bound.IsZero():
		return e.bound.In(loc).Format(clockForm) + " or before"
	}
	return "a time the log does not name"
}

// evidence is the line as it stands in the file.
func evidence(e *Entry) checks.Evidence {
	v := checks.Evidence{Source: e.Path, Line: e.Number, Text: e.Text}
	if e.Number == 0 {
		v.Source += ", near the end"
	}
	return v
}

// hostFacts are the cloud's hosts that the lines name; proxies are none of them.
func (g *gather) hostFacts(route checks.Route) []string {
	var out []string
	for h := range g.hosts {
		if !g.proxies[h] && (route.Proxy == nil || !strings.EqualFold(route.Proxy.Hostname(), h)) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

func (g *gather) serverFacts() []string { return slices.Sorted(maps.Keys(g.servers)) }

// misspelt are the server URLs in the lines that are one of the profile's but for upper and lower case. The vendor
// says that its server's URL is case-sensitive.
func (g *gather) misspelt(p *assets.Profile) []checks.Finding {
	var out []checks.Finding
	for _, seen := range g.serverFacts() {
		right := ""
		for _, e := range p.Endpoints {
			want := address(endpointURL(e))
			if got := address(seen); got == want {
				right = ""
				break
			} else if strings.EqualFold(got, want) {
				right = endpointURL(e)
			}
		}
		if right == "" {
			continue
		}
		e := g.servers[seen]
		out = append(out, checks.Finding{Code: URLCase, Status: checks.Warn, Subject: seen, View: view, At: e.When, Mark: assets.Seed,
			Args: map[string]string{"expected": right, "file": e.File}, Evidence: []checks.Evidence{evidence(&e)}})
	}
	return out
}

func endpointURL(e assets.Endpoint) string {
	scheme, hostname := e.Scheme, e.Host
	if usual := map[string]int{"https": 443, "http": 80}[scheme]; e.Port != 0 && e.Port != usual {
		hostname = net.JoinHostPort(hostname, strconv.Itoa(e.Port))
	}
	path, _, _ := strings.Cut(e.Path, "?")
	return scheme + "://" + hostname + path
}

// address is a URL without what may differ and still be the same place: the query, a closing slash, the usual port.
func address(s string) string {
	s, _, _ = strings.Cut(s, "?")
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	host, path, _ := strings.Cut(rest, "/")
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		host = host[:strings.LastIndexByte(host, ':')]
	}
	return strings.TrimSuffix(scheme+"://"+host+"/"+path, "/")
}

// look is what is said of the look itself: what could not be read, and that nothing was found.
func (s *scanned) look(f finds, found []checks.Finding, now time.Time, since time.Duration, loc *time.Location) []checks.Finding {
	var out []checks.Finding
	args := map[string]string{"files": strconv.Itoa(len(s.cursors)), "lines": strconv.Itoa(s.lines), "since": span(since)}
	if !s.newest.IsZero() {
		args["newest"] = s.newest.In(loc).Format(clockForm)
	}
	problems := append(slices.Clone(f.problems), s.problems...)
	for i, p := range problems {
		u := checks.Finding{Code: Unreadable, Subject: p.path, View: disk, At: now, Args: map[string]string{"why": p.err.Error()},
			Evidence: []checks.Evidence{{Source: p.path, Text: p.err.Error()}}}
		if i == maxEvidence-1 && len(problems) > maxEvidence {
			u.Subject = fmt.Sprintf("%d more", len(problems)-i)
		}
		if i < maxEvidence {
			out = append(out, u)
		}
	}
	if s.unread > 0 {
		out = append(out, checks.Finding{Code: Unreadable, Subject: fmt.Sprintf("%d files", s.unread), View: disk, At: now,
			Args: map[string]string{"why": "the time for this look ran out"}})
	}
	switch {
	case len(s.cursors) == 0 && len(problems)+s.unread == 0:
		out = append(out, checks.Finding{Code: NoFiles, Status: checks.Note, Subject: strings.Join(f.patterns, ", "), View: disk, At: now, Args: args})
	case len(s.cursors) == 0:
	case since > 0 && s.newest.Before(now.Add(-since)):
		out = append(out, checks.Finding{Code: Silent, Status: checks.Note, Subject: s.cursors[0].path, View: view, At: s.newest, Args: args})
	case !slices.ContainsFunc(found, recent):
		q := checks.Finding{Code: Quiet, Status: checks.Pass, Subject: s.cursors[0].family, View: view, At: now, Args: args}
		for _, c := range s.cursors[:min(len(s.cursors), maxEvidence)] {
			q.Evidence = append(q.Evidence, checks.Evidence{Source: c.path, Text: fmt.Sprintf("%d lines read, last changed %s", c.stream.place, c.touched.In(loc).Format(clockForm))})
		}
		out = append(out, q)
	}
	return out
}

// recent: a failure line that is not older than the look goes back, recovered or not; or one after which the product
// keeps silent about failures.
func recent(f checks.Finding) bool {
	return f.Status == checks.Warn || f.Args["recovered"] != "" || f.Code == Suppressed
}

func span(d time.Duration) string {
	switch {
	case d == 0:
		return "all that the logs hold"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return d.String()
}
