package proxy

import (
	"errors"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	aptFile   = "/etc/apt/apt.conf"
	aptFolder = "/etc/apt/apt.conf.d"
	aptSource = "apt"
)

// apt reads the package manager's own proxy: the files of apt.conf.d in the order of their names, then apt.conf; the
// last value counts (apt.conf(5)).
func (r *run) apt() []source {
	files, err := r.inside(aptFolder, aptNamed)
	s := source{Setting: host.Setting{Source: aptSource, Whose: packages, Where: aptFolder, Err: err}, mark: assets.Source, reads: asCurl}
	if err != nil {
		return []source{s}
	}
	var found []stand
	there := len(files) > 0
	for _, file := range append(files, aptFile) {
		b, err := r.read(file)
		if host.Absent(err) {
			continue
		}
		there = true
		if err != nil {
			s.note = "not all of apt's files could be read"
			s.proof = append(s.proof, checks.Evidence{Source: file, Text: "not read: " + clean(err.Error(), 200)})
			continue
		}
		for _, v := range parseAPT(string(b)) {
			v.file = file
			found = append(found, v)
		}
	}
	if !there {
		return nil
	}
	return []source{s.fromAPT(found)}
}

// aptNamed tells the files that apt reads from those that it leaves out.
func aptNamed(name string) bool {
	if base, ext, ok := strings.Cut(name, "."); ok && base != "" && ext != "conf" && !strings.HasSuffix(name, ".conf") {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// errScheme: of the kinds of proxies apt knows three, and it takes no address without one (apt-transport-http(1)).
var errScheme = errors.New("apt takes no proxy without http://, https:// or socks5h:// in front")

// fromAPT fills the source from the settings in the order in which they were read. What is said of http is for https
// too where that has none of its own (apt-transport-https(1)); DIRECT is no proxy, for one host or for all.
func (s source) fromAPT(found []stand) source {
	general := map[string]stand{}
	for _, v := range found {
		scheme, host := aptProxy(v.name)
		text := v.name + " \"" + mask(v.value) + "\""
		switch {
		case scheme == "":
			if !strings.HasSuffix(strings.ToLower(v.name), "::proxy-auto-detect") && !strings.HasSuffix(strings.ToLower(v.name), "::proxyautodetect") {
				continue
			}
			s.note = "apt asks a program for the proxy of each address, which linecheck does not run"
			text = v.name + " is set"
		case host == "":
			general[scheme] = v
		case strings.EqualFold(v.value, "DIRECT"):
			s.Bypass = append(s.Bypass, host)
		default:
			s.note = "some hosts have a proxy of their own"
		}
		s.proof = append(s.proof, checks.Evidence{Source: v.file, Line: v.line, Text: text})
	}
	if _, ok := general["https"]; !ok {
		general["https"] = general["http"]
	}
	for _, scheme := range []string{"https", "http"} {
		v := general[scheme]
		if v.value == "" || strings.EqualFold(v.value, "DIRECT") {
			continue
		}
		if s.Server == "" {
			s.Server, s.Where = v.value, v.file
		}
		e, err := parseURL(v.value)
		switch {
		case !strings.Contains(v.value, ":"): // apt finds no host in a word such as false
			s.note = "what stands there names no proxy, and apt goes directly"
		case !aptKind(v.value):
			s.bad = errScheme
		case err != nil:
			s.bad = err
		case e != nil:
			e.For = scheme
			s.entries = append(s.entries, *e)
		}
	}
	if s.Raw = "no proxy"; len(s.entries) > 0 || s.bad != nil {
		s.Modes, s.Raw = []host.Mode{host.Manual}, "proxy "+mask(s.Server)
	}
	if len(s.proof) == 0 {
		s.proof = []checks.Evidence{{Source: s.Where, Text: "no Acquire::http::Proxy"}}
	}
	return s
}

func aptKind(url string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(url), "://")
	return len(scheme) < len(url) && (scheme == "http" || scheme == "https" || scheme == "socks5h")
}

// aptProxy takes Acquire::<scheme>::Proxy[::<host>] apart; "": another setting.
func aptProxy(name string) (scheme, host string) {
	part := strings.SplitN(name, "::", 4)
	if len(part) < 3 || !strings.EqualFold(part[0], "Acquire") || !strings.EqualFold(part[2], "Proxy") {
		return "", ""
	}
	scheme = strings.ToLower(part[1])
	if scheme != "http" && scheme != "https" {
		return "", ""
	}
	if len(part) == 4 {
		host = strings.ToLower(part[3])
	}
	return scheme, host
}
