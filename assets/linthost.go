package assets

import (
	"fmt"
	"net/url"
	"strings"
)

func (l *linter) services() {
	seen := map[string]bool{}
	for i, s := range l.p.Services {
		key := fmt.Sprintf("services[%d]", i)
		l.fault(key+".name", serviceFault(s.Name), "write the service's short name")
		l.need(key+".title", s.Title, "what people call the service")
		l.choice(key+".os", s.OS, "windows", "linux")
		l.mark(key, s.Mark)
		id := strings.ToLower(s.Name) + " " + s.OS
		if seen[id] {
			l.bad(key+".name", quote(s.Name)+" is listed twice", "keep one of them")
		}
		seen[id] = true
	}
}

// cache is stricter with its folder than others are with theirs, because it is emptied with administrator rights.
func (l *linter) cache() {
	c := l.p.Cache
	if c == nil {
		return
	}
	text, remedy := pathFault(c.Dir, false)
	l.fault("cache.dir", text, remedy)
	if text == "" && strings.Count(strings.ReplaceAll(strings.TrimRight(c.Dir, `\/`), "/", `\`), `\`) < 4 {
		l.bad("cache.dir", quote(c.Dir)+" is too near the root to be emptied", "name the product's own folder, at least four levels deep")
	}
	l.fault("cache.service", serviceFault(c.Service), "say which service has to stand still meanwhile")
	if c.TTL == 0 {
		l.bad("cache.ttl", "is missing", "say how long an answer is kept, like 2h")
	}
	l.mark("cache", c.Mark)
}

func (l *linter) domain() {
	d := l.p.Domain
	if d == nil {
		return
	}
	l.need("domain.ping", d.Ping, "how the product asks its controller: icmp")
	l.choice("domain.ping", d.Ping, "icmp")
	l.need("domain.on_domain", d.OnDomain, "what the product uses while it sees its controller")
	l.need("domain.off_domain", d.OffDomain, "what it uses while it does not")
	l.need("domain.option", d.Option, "which variable says whether the option is on")
	l.declared("domain.option", d.Option)
	for i, s := range d.OS {
		l.choice(fmt.Sprintf("domain.os[%d]", i), s, "windows", "linux")
	}
	l.mark("domain", d.Mark)
}

func (l *linter) logs() {
	for i, g := range l.p.Logs {
		key := fmt.Sprintf("logs[%d]", i)
		l.need(key+".name", g.Name, "a short name for the log")
		l.need(key+".format", g.Format, "which line grammar it has")
		if len(g.Files) == 0 {
			l.bad(key+".files", "is missing", "say where the files lie; ** stands for any depth")
		}
		for j, f := range g.Files {
			text, remedy := pathFault(f, true)
			l.fault(fmt.Sprintf("%s.files[%d]", key, j), text, remedy)
		}
		for j, s := range g.Signatures {
			l.need(fmt.Sprintf("%s.signatures[%d]", key, j), s, "a set of signatures")
		}
		l.mark(key, g.Mark)
	}
}

func (l *linter) events() {
	for i, e := range l.p.Events {
		key := fmt.Sprintf("events[%d]", i)
		l.need(key+".channel", e.Channel, "which channel of the event log, as Event Viewer names it")
		for j, s := range e.Providers {
			l.need(fmt.Sprintf("%s.providers[%d]", key, j), s, "what Event Viewer names the source")
		}
		for j, n := range e.IDs {
			if n < 0 || n > 0xffff {
				l.bad(fmt.Sprintf("%s.ids[%d]", key, j), fmt.Sprintf("%d is no number of an event", n), "0 to 65535")
			}
		}
		l.mark(key, e.Mark)
	}
}

func (l *linter) testers() {
	for i, t := range l.p.Tester {
		key := fmt.Sprintf("tester[%d]", i)
		l.need(key+".title", t.Title, "what the tool is called")
		if t.Path == "" && t.URL == "" {
			l.bad(key, "names no tool", "give its path, or the url to download it")
		}
		if t.Path != "" {
			text, remedy := pathFault(t.Path, false)
			l.fault(key+".path", text, remedy)
		}
		if u, err := url.Parse(t.URL); t.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
			l.bad(key+".url", quote(t.URL)+" is no web address", "write it like https://host/path")
		}
		if t.Since != "" && !version.MatchString(t.Since) {
			l.bad(key+".since", quote(t.Since)+" is no version", `write it like "15.20"`)
		}
		l.mark(key, t.Mark)
	}
}

// people looks at what only a person reads.
func (l *linter) people() {
	for i, m := range l.p.Impact {
		key := fmt.Sprintf("impact[%d]", i)
		l.need(key+".feature", m.Feature, "which feature")
		l.need(key+".effect", m.Effect, "what happens to it without the cloud")
		if _, known := l.p.Article(m.Article); m.Article != "" && !known {
			l.bad(key+".article", quote(m.Article)+" is no article of this profile", "name the key of one under articles")
		}
		l.mark(key, m.Mark)
	}
	for i, n := range l.p.Notes {
		key := fmt.Sprintf("notes[%d]", i)
		l.need(key+".topic", n.Topic, "what the note is about")
		l.need(key+".text", n.Text, "what a person must know")
		l.mark(key, n.Mark)
	}
}
