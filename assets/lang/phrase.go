package lang

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// phrases turn what engines recorded in English into the language that is spoken.
type phrases struct {
	whole    map[string]string // without placeholders
	patterns []pattern
	more     func() *phrases // asked where these do not know it; nil: none

	mu   sync.Mutex
	told map[string]string // the last ones: a screen says the same again and again
}

type pattern struct {
	words []string // what stands between the placeholders, to leave most out cheaply
	re    func() *regexp.Regexp
	names []string
	to    string
	loose bool // no word of its own, only marks: a list, a value in brackets
}

const (
	// maxPhrase bounds what is compared: an engine's words are short, and what is longer came from outside.
	maxPhrase = 600
	// maxTold bounds what is remembered.
	maxTold = 1024
	// minWords is how many letters of its own a pattern needs: one of a placeholder alone would fit everything.
	minWords = 2
	// depth is how many values may lie in one another.
	depth = 12
)

var (
	phrasesMu sync.Mutex
	phrasesOf = map[string]*phrases{}
	sources   []func(add func(key, english string))
)

// Also names a source of English that engines record and that stands elsewhere than in said_*.yaml: [Phrase] says it in the
// wording that the language has for the key. It is for the start of the program; the source is asked when it is needed first.
func Also(source func(add func(key, english string))) {
	phrasesMu.Lock()
	defer phrasesMu.Unlock()
	sources = append(sources, source)
}

// Phrase says in the language that is spoken what an engine recorded in English; what no pattern knows stays as it is.
// The values in it are said anew too.
func Phrase(s string) string {
	w := now.Load()
	if w.code == English || len(s) < 2 || len(s) > maxPhrase {
		return s
	}
	p := w.phrases()
	p.mu.Lock()
	out, ok := p.told[s]
	p.mu.Unlock()
	if ok {
		return out
	}
	bare := strings.TrimSpace(s)
	out = strings.Replace(s, bare, p.say(bare, depth), 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.told) >= maxTold || p.told == nil {
		p.told = map[string]string{}
	}
	p.told[s] = out
	return out
}

// phrases are those of a language, made when first asked for.
func (w *words) phrases() *phrases {
	phrasesMu.Lock()
	defer phrasesMu.Unlock()
	if p, ok := phrasesOf[w.code]; ok {
		return p
	}
	p := &phrases{whole: map[string]string{}}
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
	from := slices.Clone(sources)
	p.more = sync.OnceValue(func() *phrases {
		m := &phrases{whole: map[string]string{}}
		for _, source := range from {
			source(func(key, english string) {
				if to, ok := w.get(key); ok {
					m.addFilled(english, to)
				}
			})
		}
		sortPatterns(m.patterns)
		return m
	})
	phrasesOf[w.code] = p
	return p
}

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+(?:\.[a-z]+)?\}`)

func (p *phrases) add(from, to string) {
	at := placeholder.FindAllStringIndex(from, -1)
	if at == nil {
		p.whole[from] = to
		return
	}
	var names, words []string
	expr, last, own := "^", 0, 0
	for _, i := range at {
		value := "(.+?)"
		if from[i[0]:i[1]] == "{n}" {
			value = "([0-9][0-9.,]*)" // as in the wording of [N]
		}
		expr += regexp.QuoteMeta(from[last:i[0]]) + value
		names = append(names, from[i[0]:i[1]])
		words = append(words, from[last:i[0]])
		own += i[0] - last
		last = i[1]
	}
	expr += regexp.QuoteMeta(from[last:]) + "$"
	if own += len(from) - last; own < minWords {
		return
	}
	// Most are never needed in one session, so an expression is made when its words were found first.
	p.patterns = append(p.patterns, pattern{append(words, from[last:]), sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(expr)
	}), names, to, !strings.ContainsFunc(placeholder.ReplaceAllString(from, ""), unicode.IsLetter)})
}

// addFilled adds a text into which captures were filled: a name without a value went together with the blank before it.
// Where the text stands in another without its full stop, it is said without one too.
func (p *phrases) addFilled(from, to string) {
	if !strings.HasSuffix(from, ".") {
		to = strings.TrimSuffix(to, ".")
	}
	p.add(from, to)
	for _, name := range placeholder.FindAllString(from, -1) {
		if gone := " " + name; strings.Contains(from, gone) && strings.Contains(to, gone) {
			p.add(strings.Replace(from, gone, "", 1), strings.Replace(to, gone, "", 1))
		}
	}
}

// sortPatterns puts the one with more words of its own first.
func sortPatterns(list []pattern) {
	own := func(p pattern) int { return len(strings.Join(p.words, "")) }
	slices.SortFunc(list, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(own(b), own(a)), cmp.Compare(len(a.names), len(b.names)), slices.Compare(b.words, a.words), cmp.Compare(a.to, b.to))
	})
}

// may reports whether the words of the pattern stand in s in their order.
func (t *pattern) may(s string) bool {
	last := len(t.words) - 1
	if !strings.HasPrefix(s, t.words[0]) || !strings.HasSuffix(s, t.words[last]) {
		return false
	}
	for _, w := range t.words[:last] {
		i := strings.Index(s, w)
		if i < 0 {
			return false
		}
		s = s[i+len(w):]
	}
	return true
}

func (p *phrases) say(s string, deep int) string {
	for _, form := range forms(s) {
		for q := p; q != nil; {
			if out, ok := q.find(form.s, deep, false, p.say); ok {
				return form.back(out)
			}
			if q.more == nil || !strings.Contains(s, " ") {
				break
			}
			q = q.more()
		}
	}
	if out, ok := p.find(s, deep, true, p.say); ok {
		return out
	}
	if m := measured.FindStringSubmatch(s); m != nil {
		return strings.Replace(m[1], ".", sentence("number.decimal"), 1) + " " + m[2]
	}
	return s
}

type form struct {
	s    string
	back func(string) string
}

// forms are the ways in which the same words may stand: in the middle of a sentence, as its beginning, as the whole of it.
func forms(s string) []form {
	out := []form{{s, func(s string) string { return s }}}
	if s == "" || !strings.Contains(s, " ") {
		return out
	}
	stop := strings.HasSuffix(s, ".")
	bare := strings.TrimSuffix(s, ".")
	small := firstTo(s, unicode.ToLower)
	end := func(s string) string { return strings.TrimSuffix(s, ".") + "." }
	switch {
	case stop:
		out = append(out, form{bare, end})
	default:
		out = append(out, form{s + ".", func(s string) string { return strings.TrimSuffix(s, ".") }})
	}
	if small != s {
		out = append(out, form{small, func(s string) string { return firstTo(s, unicode.ToUpper) }})
		if stop {
			out = append(out, form{strings.TrimSuffix(small, "."), func(s string) string { return firstTo(end(s), unicode.ToUpper) }})
		}
	}
	return out
}

// measured is a number with a unit: it needs no words, only the language's decimal sign and the blank before the unit.
var measured = regexp.MustCompile(`^(\d+(?:\.\d+)?) ?(ms|s|kB|MB|GB|TB)$`)

func firstTo(s string, to func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(to(r)) + s[n:]
}

// find looks for what says s, loose or not; say is asked for the values in it.
func (p *phrases) find(s string, deep int, loose bool, say func(string, int) string) (string, bool) {
	if to, ok := p.whole[s]; ok {
		return to, true
	}
	if deep == 0 || !strings.Contains(s, " ") {
		return "", false
	}
	for i := range p.patterns {
		t := &p.patterns[i]
		if t.loose != loose || !t.may(s) {
			continue
		}
		m := t.re().FindStringSubmatch(s)
		if m == nil {
			continue
		}
		pairs := make([]string, 0, 2*len(t.names))
		for i, name := range t.names {
			pairs = append(pairs, name, say(m[i+1], deep-1))
		}
		return strings.NewReplacer(pairs...).Replace(t.to), true
	}
	return "", false
}
