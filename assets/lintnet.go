package assets

import (
	"fmt"
	"slices"
	"strings"
)

func (l *linter) endpoints() {
	seen := map[string]int{}
	for i, e := range l.p.Endpoints {
		key := fmt.Sprintf("endpoints[%d]", i)
		l.choice(key+".scheme", e.Scheme, "https", "http", "tcp")
		text, remedy := hostFault(e.Host)
		l.fault(key+".host", text, remedy)
		l.port(key+".port", e)
		l.path(key+".path", e)
		l.need(key+".purpose", e.Purpose, "what the product does there")
		l.declared(key+".when", e.When)
		l.expect(key+".expect", e)
		l.choice(key+".server", e.Server, LocalServer, GlobalServer)
		if e.Server != "" && l.p.Domain == nil {
			l.bad(key+".server", "has no use without domain", "remove it, or describe the off-domain mode under domain")
		}
		if e.Own && e.Scheme != "https" {
			l.bad(key+".own_certificate", "has no use with "+e.Scheme, "use https, or remove it")
		}
		l.mark(key, e.Mark)
		id := fmt.Sprintf("%s %s %d %s %s", e.Scheme, strings.ToLower(e.Host), e.Port, e.Path, e.When)
		if n := seen[id]; n > 0 && e.Host != "" {
			l.bad(key, fmt.Sprintf("is the same address as in line %d", n), "keep one of them")
		}
		seen[id] = l.line(key)
	}
	for i, w := range l.p.Wildcards {
		text, remedy := wildcardFault(w)
		l.fault(fmt.Sprintf("wildcards[%d]", i), text, remedy)
	}
}

func (l *linter) port(key string, e Endpoint) {
	switch {
	case e.Scheme == "tcp" && l.lines[key] == 0 && e.Port == 0:
		l.bad(key, "is missing", "say the port: tcp has no usual one")
	case (e.Port < 1 || e.Port > 65535) && (e.Port != 0 || l.lines[key] > 0):
		l.bad(key, fmt.Sprintf("%d is no port", e.Port), "1 to 65535")
	}
}

func (l *linter) path(key string, e Endpoint) {
	switch {
	case e.Path == "":
	case e.Scheme == "tcp":
		l.bad(key, "has no use with tcp", "use https or http, or remove the path")
	case !strings.HasPrefix(e.Path, "/"):
		l.bad(key, quote(e.Path)+" does not begin with /", "write /"+strings.TrimLeft(cut(e.Path), "/"))
	case strings.ContainsFunc(template.ReplaceAllString(e.Path, ""), func(r rune) bool { return r <= ' ' || r > '~' || r == '#' || r == '\\' }):
		l.bad(key, quote(e.Path)+" has a character that no path has", "write it percent-encoded")
	}
}

func (l *linter) expect(key string, e Endpoint) {
	x := e.Expect
	for i, s := range x.Status {
		if s < 100 || s > 599 {
			l.bad(fmt.Sprintf("%s.status[%d]", key, i), fmt.Sprintf("%d is no HTTP status", s), "100 to 599")
		}
	}
	if n := x.BodyLength; n != nil && (*n < 0 || *n > 64<<10) {
		l.bad(key+".body_length", fmt.Sprintf("%d is out of range", *n), "0 to 65536 bytes: no more of an answer is read")
	}
	l.mark(key, x.Mark)
	switch {
	case e.Scheme == "tcp" && !x.Empty():
		l.bad(key, "has no use with tcp", "use https or http, or remove it")
	case e.Scheme == "http" && x.Issuer != "":
		l.bad(key+".issuer", "has no use with http", "use https, or remove it")
	}
}

func (l *linter) proxy() {
	p := l.p.Proxy
	l.mark("proxy", p.Mark)
	for i, s := range p.Schemes {
		l.choice(fmt.Sprintf("proxy.schemes[%d]", i), s, "http", "https", "pac", "socks4", "socks5")
	}
	for i, s := range p.Auth {
		l.choice(fmt.Sprintf("proxy.auth[%d]", i), s, "basic", "digest", "ntlm", "negotiate", "kerberos")
	}
	for i, s := range p.Stores {
		key := fmt.Sprintf("proxy.stores[%d]", i)
		l.mark(key, s.Mark)
		kinds := slices.DeleteFunc([]string{s.Registry, s.File, s.Env}, func(v string) bool { return v == "" })
		switch {
		case len(kinds) != 1:
			l.bad(key, fmt.Sprintf("names %d places", len(kinds)), "one of: registry with url, file with key, env with unit")
		case s.Registry != "":
			text, remedy := registryFault(s.Registry)
			l.fault(key+".registry", text, remedy)
			l.need(key+".url", s.URL, "which value holds the proxy")
		case s.File != "":
			text, remedy := pathFault(s.File, false)
			l.fault(key+".file", text, remedy)
			l.need(key+".key", s.Key, "which key holds the proxy")
		}
		if s.Unit != "" {
			l.fault(key+".unit", serviceFault(s.Unit), "write it like name.service")
		}
		if s.Unit != "" && s.Env == "" {
			l.bad(key+".unit", "has no use without env", "say which variable of the unit holds the proxy")
		}
	}
}
