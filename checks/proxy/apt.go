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

// mostNested bounds how deep scopes may go, and mostSettings how many there are.
const (
	mostNested   = 32
	mostSettings = 1000
)

// parseAPT lists the settings of a file of apt's in their order, with full names: Acquire::http::Proxy "…"; and scopes
// in braces. Comments begin with // or # and go to the line's end, or stand between /* and */; #clear takes back what
// lies below a name. Members of lists have no name of their own and are left out.
func parseAPT(text string) []stand {
	var (
		out   []stand
		scope []string // full names
		word  []string // of the statement so far
		line  = 1
	)
	full := func(name string) string {
		if len(scope) > 0 && scope[len(scope)-1] != "" {
			return scope[len(scope)-1] + "::" + name
		}
		return name
	}
	end := func() {
		switch {
		case len(word) > 1 && strings.EqualFold(word[0], "#clear"):
			for _, name := range word[1:] {
				out = cleared(out, full(name))
			}
		case len(word) > 1 && len(out) < mostSettings:
			out = append(out, stand{name: full(word[0]), value: strings.Join(word[1:], " "), line: line})
		}
		word = nil
	}
	for i := 0; i < len(text); i++ {
		c, rest := text[i], text[i:]
		switch {
		case c == '\n':
			line++
		case c == ' ' || c == '\t' || c == '\r':
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return out
			}
			line += strings.Count(rest[:n+2], "\n")
			i += n + 3
		case strings.HasPrefix(rest, "//") || c == '#' && !strings.HasPrefix(strings.ToLower(rest), "#clear"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				return out
			}
			i += n - 1
		case c == '"':
			n := strings.IndexAny(rest[1:], "\"\n")
			if n < 0 || rest[n+1] == '\n' {
				return out // apt refuses the file
			}
			word = append(word, rest[1:n+1])
			i += n + 1
		case c == ';':
			end()
		case c == '{':
			name := ""
			if len(word) > 0 {
				name = word[0]
			}
			if word = nil; len(scope) == mostNested {
				return out
			}
			scope = append(scope, full(name))
		case c == '}':
			end()
			if len(scope) > 0 {
				scope = scope[:len(scope)-1]
			}
		default:
			n := strings.IndexAny(rest, " \t\r\n\";{}")
			if n < 0 {
				n = len(rest)
			}
			if slash := strings.Index(rest[:n], "//"); slash > 0 {
				n = slash // a comment: an address needs its quotes
			}
			word = append(word, rest[:n])
			i += n - 1
		}
	}
	return out
}

// cleared takes a name and all below it out.
func cleared(list []stand, name string) []stand {
	var out []stand
	for _, s := range list {
		if !strings.EqualFold(s.name, name) && !strings.HasPrefix(strings.ToLower(s.name), strings.ToLower(name)+"::") {
			out = append(out, s)
		}
	}
	return out
}
