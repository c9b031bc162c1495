package wizard

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/checks"
)

// vocabulary are the words of the program's own sentences. Somebody who is called by one of them is replaced where a text
// says that it is a name, and nowhere else: no sentence may lose its "net" or its "proxy".
var vocabulary = sync.OnceValue(func() map[string]bool {
	out := wordsOf(`net com org int lan intern ip http https tls ssl socks basic digest negotiate ntlm curl winhttp wininet
		trend micro withsecure elements deep ipv6 healthy certain likely possible direct svc log pc`)
	put := func(texts ...string) {
		for _, t := range texts {
			for _, w := range plainWord.FindAllString(slot.ReplaceAllString(strings.ToLower(t), " "), -1) {
				out[w] = true
			}
		}
	}
	for _, c := range checks.All() {
		spec := c.Spec()
		texts, _ := checks.ParseTexts(string(spec.ID), spec.Texts)
		for _, t := range texts {
			put(t.Title, t.Text, t.Fix, t.Say)
		}
		for _, t := range checks.Texts(spec.ID) {
			put(t.Title, t.Text, t.Fix, t.Say)
		}
	}
	if rules, err := assets.LoadRules(); err == nil {
		for _, c := range rules.Causes {
			put(c.Title, c.Headline, c.Explanation, c.Say, c.Send)
			put(c.Fix...)
		}
	}
	return out
})

var (
	slot      = regexp.MustCompile(`\{[^{}]*\}`)
	plainWord = regexp.MustCompile(`\pL[\pL\pN]+`)
	twoNames  = regexp.MustCompile(`^(\pL{2,})\.(\pL{2,})$`)
)

// formsOf are other ways to write a name, in small letters: in an address, in a quoted text, as a person writes it.
func formsOf(kind, low string) []string {
	out := []string{url.PathEscape(low), url.QueryEscape(low), strings.ReplaceAll(low, "'", `\'`), strings.ReplaceAll(low, "'", "''")}
	if m := twoNames.FindStringSubmatch(low); kind == "user" && m != nil {
		first, last := m[1], m[2]
		out = append(out, first+" "+last, last+", "+first, last+" "+first, last+"."+first, first+"_"+last, first+"-"+last, first+last)
	}
	for i, f := range out {
		out[i] = strings.ToLower(f)
	}
	return slices.DeleteFunc(out, func(f string) bool { return f == low })
}

// parts makes each name of somebody who is called first.last known for the whole.
func (d *redactor) parts(user string) {
	low := strings.ToLower(user)
	for _, part := range twoNames.FindStringSubmatch(low) {
		if part != low && len(part) >= 3 && d.known[low] != "" && d.known[part] == "" && !vocabulary()[part] && !commonAccounts().MatchString(part) && !ordinary().MatchString(part) {
			d.known[part], d.forms[part], d.find = "user", low, nil
		}
	}
}

// compile makes the patterns of what is known, the longest first.
func (d *redactor) compile() {
	if d.find != nil {
		return
	}
	values := make([]string, 0, len(d.known))
	for v := range d.known {
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var parted []string
	for i, v := range values {
		values[i] = regexp.QuoteMeta(v)
		if strings.ContainsAny(v, " '+%") {
			parted = append(parted, values[i])
		}
	}
	d.find, d.parted = anyOf(values), nil
	if len(parted) > 0 {
		d.parted = anyOf(parted)
	}
}

func anyOf(quoted []string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:` + strings.Join(quoted, "|") + `)`)
}

// knownIn replaces the names that are known outside of names that everybody may read.
func (d *redactor) knownIn(s string) string {
	if len(d.known) == 0 {
		return s
	}
	d.compile()
	return d.replaceKnown(d.find, s)
}

// partedIn is knownIn for what looks like several words, of which something else might take the first for all.
func (d *redactor) partedIn(s string) string {
	if d.compile(); d.parted == nil || !strings.ContainsAny(s, " '+%") {
		return s
	}
	return d.replaceKnown(d.parted, s)
}

func (d *redactor) replaceKnown(find *regexp.Regexp, s string) string {
	return d.outside(s, func(s string) string {
		var b strings.Builder
		at := 0
		for from := 0; from < len(s); {
			m := find.FindStringIndex(s[from:])
			if m == nil {
				break
			}
			i, j := from+m[0], from+m[1]
			value := strings.ToLower(s[i:j])
			mail := find == d.parted && strings.HasPrefix(s[j:], "@") // it is replaced as a whole
			if mail || !wholeWord(s, i, j) && !(rare(value) && wordEnds(s, i, j)) {
				_, n := utf8.DecodeRuneInString(s[i:])
				from = i + n
				continue
			}
			kind := d.known[value]
			if kind == "" || !d.wanted(kind) {
				from = j
				continue
			}
			if whole := d.forms[value]; whole != "" {
				value = whole
			}
			b.WriteString(s[at:i] + d.standIn(kind, value))
			at, from = j, j
		}
		b.WriteString(s[at:])
		return b.String()
	})
}

// rare tells a name that is no word of a language, so that it may be a part of a longer name: adm-jane.doe.
func rare(low string) bool {
	return len(low) >= 6 && strings.ContainsAny(low, ".0123456789") && strings.ContainsFunc(low, unicode.IsLetter)
}

// wordEnds reports whether neither a letter nor a digit stands beside s[i:j].
func wordEnds(s string, i, j int) bool {
	in := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[j:])
	return (i == 0 || !in(before)) && (j == len(s) || !in(after))
}
