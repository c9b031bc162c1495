package product

import (
	"fmt"
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// sign is one thing that shows that the product is installed.
type sign struct{ kind, name string }

// marks is what became of the signs: seen, or not to be looked at. What is in neither is not there.
type marks struct{ there, unread []checks.Evidence }

// signs returns the signs that can exist on the given system.
func signs(p *assets.Profile, os string) []sign {
	elsewhere := map[string]bool{}
	for _, s := range p.Services {
		elsewhere[strings.ToLower(s.Name)] = s.OS != "" && s.OS != os
	}
	var out []sign
	for _, s := range p.Detect.Services {
		if !elsewhere[strings.ToLower(s)] {
			out = append(out, sign{"service", s})
		}
	}
	if os == "windows" {
		for _, k := range p.Detect.Registry {
			out = append(out, sign{"registry", k})
		}
	}
	for _, path := range p.Detect.Paths {
		if assets.PathOS(path) == os {
			out = append(out, sign{"path", path})
		}
	}
	return out
}

// signs looks at every sign, not only the first, so that the evidence tells a whole install from a remainder.
func (l *look) signs() marks {
	var m marks
	for _, s := range signs(l.p, l.m.OS) {
		l.step("the " + s.kind + " " + s.name)
		text, err := l.sign(s)
		switch {
		case err == nil:
			m.there = append(m.there, checks.Evidence{Source: s.kind + " " + s.name, Text: text})
		case !host.Absent(err):
			m.unread = append(m.unread, checks.Evidence{Source: s.kind + " " + s.name, Text: err.Error()})
		}
	}
	return m
}

func (l *look) sign(s sign) (string, error) {
	switch s.kind {
	case "service":
		v, err := l.query(s.name)
		return raw(v), err
	case "registry":
		return l.key(s.name)
	}
	return l.path(s.name)
}

// key finds a registry key, or a value whose name is the last part.
func (l *look) key(name string) (string, error) {
	_, err := l.m.Registry.Keys(name)
	if err == nil {
		return "the key is there", nil
	}
	if i := strings.LastIndexByte(name, '\\'); i > 0 && host.Absent(err) {
		v, verr := l.m.Registry.Value(name[:i], name[i+1:])
		if verr == nil {
			return "the value is there: " + written(v), nil
		}
		if !host.Absent(verr) {
			return "", verr
		}
	}
	return "", err
}

func (l *look) path(name string) (string, error) {
	if strings.ContainsAny(name, "*?") {
		found, err := l.m.Files.Glob(name)
		if len(found) > 0 {
			return found[0], nil
		}
		if err == nil {
			err = host.ErrNotFound
		}
		return "", err
	}
	st, err := l.m.Files.Stat(name)
	if err != nil {
		return "", err
	}
	if st.IsDir() {
		return "the folder is there", nil
	}
	return fmt.Sprintf("the file is there, %d bytes", st.Size()), nil
}

// written is a registry value in a line.
func written(v host.Value) string {
	switch v.Kind {
	case "REG_DWORD", "REG_QWORD":
		return strconv.FormatUint(v.Number, 10)
	case "REG_BINARY":
		return fmt.Sprintf("%d bytes", len(v.Bytes))
	}
	return cut(v.Text)
}

// cut bounds what is quoted from the machine.
func cut(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// presence is the finding about the product as a whole.
func presence(p *assets.Profile, os string, m marks, name, version string, entries []checks.Evidence) checks.Finding {
	f := checks.Finding{Code: Found, Status: checks.Pass, Subject: p.Title, Args: map[string]string{
		"title": p.Title, "name": name, "version": version, "signs": strconv.Itoa(len(m.there)),
	}}
	if f.Subject == "" {
		f.Subject, f.Args["title"] = p.Name, p.Name
	}
	if name == "" {
		f.Args["name"] = f.Args["title"]
	}
	f.Evidence = append(append(f.Evidence, m.there...), entries...)
	if len(m.there) > 0 {
		f.Args["sign"] = m.there[0].Source
		return f
	}
	f.Code, f.Status = NotFound, checks.Warn
	f.Args["looked"] = fmt.Sprintf("%d signs looked for, %d could not be looked at", len(signs(p, os)), len(m.unread))
	if len(signs(p, os)) == 0 {
		f.Args["looked"] = "the profile knows no sign of it on " + os
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "profile " + p.Name, Text: f.Args["looked"]})
	}
	f.Evidence = append(f.Evidence, m.unread...)
	if len(f.Evidence) == 0 {
		for _, s := range signs(p, os) {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: s.kind + " " + s.name, Text: "not there"})
		}
	}
	return f
}
