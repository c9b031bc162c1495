package proxy

import (
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const dnfSource = "dnf"

// dnfFiles are the package manager's own files, of which the first that is there counts: yum.conf is a link to dnf.conf
// where there is a dnf.
var dnfFiles = []string{"/etc/dnf/dnf.conf", "/etc/yum.conf"}

const repoFolder = "/etc/yum.repos.d"

// dnf reads the proxy of dnf or yum: proxy= of the section [main]. A package source may name another one or none at all
// (dnf.conf(5)); those are counted and told.
func (r *run) dnf() []source {
	s := source{Setting: host.Setting{Source: dnfSource, Whose: packages, Where: dnfFiles[0]}, mark: assets.Source, reads: asCurl}
	var main []stand
	there := false
	for _, file := range dnfFiles {
		b, err := r.read(file)
		if host.Absent(err) {
			continue
		}
		s.Where, there = file, true
		if err != nil {
			s.Err = err
			return []source{s}
		}
		main = ini(file, string(b))
		break
	}
	if !there {
		return nil
	}
	value, login := "", false
	for _, v := range main {
		switch v.name {
		case "main/proxy":
			value = v.value
			s.proof = append(s.proof, checks.Evidence{Source: v.file, Line: v.line, Text: "proxy = " + mask(v.value)})
		case "main/proxy_username", "main/proxy_password":
			login = v.value != ""
		}
	}
	if s.Raw = "no proxy"; value != "" && value != "_none_" {
		s.Raw, s.Server, s.Modes = "proxy "+mask(value), value, []host.Mode{host.Manual}
		e, err := parseCurl(value)
		if s.bad = err; e != nil {
			s.entries = []entry{*e}
		} else if err == nil {
			s.Modes = nil
		}
	}
	if login && s.set() {
		s.proof = append(s.proof, checks.Evidence{Source: s.Where, Text: "proxy_username and proxy_password are set beside it"})
		s.note = "it logs in with a name and a password that stand beside it, which linecheck does not use"
	}
	return []source{r.repos(s)}
}

// repos adds what single package sources say otherwise.
func (r *run) repos(s source) source {
	files, err := r.inside(repoFolder, func(name string) bool { return strings.HasSuffix(name, ".repo") })
	if err != nil {
		s.proof = append(s.proof, checks.Evidence{Source: repoFolder, Text: "not read: " + clean(err.Error(), 200)})
	}
	other := 0
	for _, file := range files {
		b, err := r.read(file)
		if err != nil {
			continue
		}
		for _, v := range ini(file, string(b)) {
			if section, ok := strings.CutSuffix(v.name, "/proxy"); ok && other < mostEntries {
				other++
				s.proof = append(s.proof, checks.Evidence{Source: file, Line: v.line, Text: "[" + clean(section, 60) + "] proxy = " + mask(v.value)})
			}
		}
	}
	if other > 0 && s.note == "" {
		s.note = strconv.Itoa(other) + " package sources have a setting of their own"
	}
	return s
}

// ini lists the settings of a file of sections as "section/name", names in lower case, in their order.
func ini(file, text string) []stand {
	var out []stand
	section, n := "", 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || strings.ContainsRune("#; \t", rune(line[0])): // a line that goes on is none of ours
		case line[0] == '[':
			section = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "[]"))
		default:
			if name, value, ok := strings.Cut(line, "="); ok && len(out) < mostSettings {
				out = append(out, stand{section + "/" + strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value), file, n})
			}
		}
	}
	return out
}
