package assets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"linecheck/assets/lang"
)

// Spoken says in the language that is spoken what the embedded profiles and the list of boxes on the way say in English: the
// purpose of an address, the effect of a lost connection, "a web filter". It goes by the words themselves, so it knows
// them too where a finding or a saved report holds them. What stands in none of these files stays as it is.
func Spoken(english string) string {
	if lang.Code() == lang.English || english == "" {
		return english
	}
	if key, ok := spokenKeys()[english]; ok {
		return lang.Or(key, english)
	}
	return english
}

// spokenKeys are the keys of what [Spoken] knows, by the English. Of a text that stands in several places the first counts.
var spokenKeys = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	put := func(english, format string, args ...any) {
		if _, ok := out[english]; !ok && english != "" && !strings.HasPrefix(english, "https://") {
			out[english] = fmt.Sprintf(format, args...)
		}
	}
	list, err := embedded()
	if err != nil {
		return out
	}
	for _, p := range list {
		file := "profile_" + p.Name
		for name, v := range p.Vars {
			put(v.Help, "%s.vars.%s", file, name)
		}
		for _, e := range p.Endpoints {
			put(e.Purpose, "%s.purpose.%s", file, keyed(e.Purpose))
		}
		for i, m := range p.Impact {
			put(m.Feature, "%s.impact.%d.feature", file, i)
			put(m.Effect, "%s.impact.%d.effect", file, i)
			put(m.With, "%s.impact.%d.with", file, i)
		}
		for i, n := range p.Notes {
			put(n.Topic, "%s.notes.%d.topic", file, i)
			put(n.Text, "%s.notes.%d.text", file, i)
		}
		for _, a := range p.Articles {
			put(a.Title, "%s.articles.%s", file, a.Key)
		}
		for i, h := range p.Help {
			put(h, "%s.help.%d", file, i)
		}
		if d := p.Domain; d != nil {
			put(d.OnDomain, "%s.domain.on_domain", file)
			put(d.OffDomain, "%s.domain.off_domain", file)
		}
	}
	boxes, err := LoadMiddleboxes()
	if err != nil {
		return out
	}
	name := func(s string) {
		if strings.HasPrefix(s, "a ") || strings.HasSuffix(s, " on this computer") { // the others are names alone
			put(s, "middleboxes.%s", keyed(s))
		}
	}
	for _, b := range boxes.Pages {
		name(b.Name)
	}
	for _, b := range boxes.Issuers {
		name(b.Name)
	}
	return out
})

var unkeyed = regexp.MustCompile(`[^a-z0-9]+`)

// keyed makes a key of words: "relay (older name)" is relay_older_name.
func keyed(words string) string {
	return strings.Trim(unkeyed.ReplaceAllString(strings.ToLower(words), "_"), "_")
}

// SpokenWords are the English texts that [Spoken] knows.
func SpokenWords() []string { return slices.Sorted(maps.Keys(spokenKeys())) }

// Engines record these words too, alone or within a sentence of theirs. One word alone may be the name of something.
func init() {
	lang.Also(func(add func(key, english string)) {
		for english, key := range spokenKeys() {
			if strings.Contains(english, " ") {
				add(key, english)
			}
		}
	})
}
