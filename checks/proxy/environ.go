package proxy

import (
	"fmt"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// variables that name a proxy or exceptions, in the order in which curl asks for them, with the scheme they are for.
var variables = []struct{ name, scheme string }{{"https_proxy", "https"}, {"http_proxy", "http"}, {"all_proxy", ""}, {"no_proxy", ""}}

// proxyVariable reports whether a name is one of those, in any case.
func proxyVariable(name string) bool {
	for _, v := range variables {
		if strings.EqualFold(v.name, name) {
			return true
		}
	}
	return false
}

// process is this program's own environment: what a person who types a command here gets.
func (r *run) process() source {
	s := source{Setting: host.Setting{Source: environment, Whose: you, Where: "this process"}, who: shell, mark: assets.Source}
	return s.variables(r.env.Machine.Environ.Get, r.env.Machine.OS == "windows")
}

// variables fills a source from the proxy variables, in curl's order: the scheme's own, then all_proxy; lower case first.
// HTTP_PROXY in capitals is not for curl, which fears a web server's variable of that name (curl(1), "environment");
// where names are equal in any case there is no such difference.
func (s source) variables(get func(string) string, anyCase bool) source {
	s.reads = asCurl
	var raw []string
	for _, v := range variables {
		for _, name := range []string{v.name, strings.ToUpper(v.name)} {
			value := strings.TrimSpace(get(name))
			if value == "" {
				continue
			}
			raw = append(raw, name+"="+mask(value))
			if v.name == "no_proxy" {
				s.Bypass = exceptions(value)
				break
			}
			if name == "HTTP_PROXY" && !anyCase {
				s.note = "curl does not read HTTP_PROXY in capitals, other programs do"
				break
			}
			found, err := parseCurl(value)
			if err != nil {
				s.bad = fmt.Errorf("%s is no proxy: %w", name, err)
			}
			if found != nil {
				found.For = v.scheme
				s.entries = append(s.entries, *found)
			}
			break
		}
	}
	if len(s.entries) > 0 || s.bad != nil {
		s.Modes = []host.Mode{host.Manual}
	}
	s.Raw = strings.Join(raw, ", ")
	if s.Raw == "" {
		s.Raw = "no proxy variable"
	}
	s.proof = append(s.proof, s.evidence())
	return s
}

// fromFiles fills a source from the assignments of one file or of several; a later one counts. Where each stands is in
// the evidence.
func (s source) fromFiles(found []stand) source {
	vars := map[string]string{}
	for _, f := range found {
		vars[f.name] = f.value
	}
	first := s.proof
	s = s.variables(func(name string) string { return vars[name] }, false)
	if len(found) > 0 {
		s.proof = first
	}
	return s.standing(found)
}

// standing adds where assignments stand to the evidence.
func (s source) standing(found []stand) source {
	for _, f := range found {
		s.proof = append(s.proof, checks.Evidence{Source: f.file, Line: f.line, Text: f.name + "=" + mask(f.value)})
	}
	return s
}
