package proxy

import "strings"

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
		case len(word) > 1 && word[0] != "" && len(out) < mostSettings:
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
