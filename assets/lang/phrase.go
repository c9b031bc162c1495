package lang

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// phrases turn what engines recorded in English into the language that is spoken.
type phrases struct {
	whole    map[string]string // without placeholders
	patterns []pattern
}

type pattern struct {
	first string // what it begins with, to leave most out cheaply
	re    *regexp.Regexp
	names []string
	to    string
}

// maxPhrase bounds what is compared: an engine's words are short, and what is longer came from outside.
const maxPhrase = 400

var (
	phrasesMu sync.Mutex
	phrasesOf = map[string]*phrases{}
)

// Phrase says in the language that is spoken what an engine recorded in English; what no pattern knows stays as it is.
// The values in it are said anew too.
func Phrase(s string) string {
	if Code() == English || len(s) < 2 || len(s) > maxPhrase {
		return s
	}
	return load(Code()).say(s, 3)
}

func load(code string) *phrases {
	phrasesMu.Lock()
	defer phrasesMu.Unlock()
	if p, ok := phrasesOf[code]; ok {
		return p
	}
	p := &phrases{whole: map[string]string{}}
	w := now.Load()
	for _, file := range names(English) {
		if !strings.HasPrefix(file, "said_") {
			continue
		}
		for key, from := range english.file(file) {
			if to, ok := w.get(key); ok {
				p.add(from, to)
			}
		}
	}
	// Of two patterns that fit, the one that says more is meant; the order is fixed, whatever the order of the files.
	sortPatterns(p.patterns)
	phrasesOf[code] = p
	return p
}

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func (p *phrases) add(from, to string) {
	at := placeholder.FindAllStringIndex(from, -1)
	if at == nil {
		p.whole[from] = to
		return
	}
	var names []string
	expr, last := "^", 0
	for _, i := range at {
		expr += regexp.QuoteMeta(from[last:i[0]]) + "(.+?)"
		names = append(names, from[i[0]:i[1]])
		last = i[1]
	}
	expr += regexp.QuoteMeta(from[last:]) + "$"
	p.patterns = append(p.patterns, pattern{from[:at[0][0]], regexp.MustCompile(expr), names, to})
}

// sortPatterns puts the one with more words of its own first.
func sortPatterns(list []pattern) {
	own := func(p pattern) int { return len(p.re.String()) - 5*len(p.names) }
	slices.SortFunc(list, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(own(b), own(a)), cmp.Compare(a.re.String(), b.re.String()))
	})
}

func (p *phrases) say(s string, deep int) string {
	if to, ok := p.whole[s]; ok {
		return to
	}
	if deep == 0 || !strings.Contains(s, " ") {
		return s
	}
	for _, t := range p.patterns {
		if !strings.HasPrefix(s, t.first) {
			continue
		}
		m := t.re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		pairs := make([]string, 0, 2*len(t.names))
		for i, name := range t.names {
			pairs = append(pairs, name, p.say(m[i+1], deep-1))
		}
		return strings.NewReplacer(pairs...).Replace(t.to)
	}
	return s
}
