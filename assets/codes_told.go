package assets

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
)

// Told is the code in the language that is spoken. What its library or product prints itself stays as it is.
func (c Code) Told() Code {
	if lang.Code() == lang.English {
		return c
	}
	if c.Table == eventTable {
		for _, t := range spokenEvents().Codes {
			if t.Number == c.Number {
				return t
			}
		}
		return c
	}
	for _, text := range []*string{&c.Meaning, &c.Note, &c.Do} {
		*text = codeSaid(c.Table, *text)
	}
	return c
}

func told(list []Code) []Code {
	if lang.Code() == lang.English {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i] = list[i].Told()
	}
	return list
}

// told is the table in the language that is spoken.
func (t CodeTable) told() CodeTable {
	t.Title, t.About = codeSaid(t.Name, t.Title), codeSaid(t.Name, t.About)
	if t.Name == eventTable {
		t.Codes = spokenEvents().Codes
		return t
	}
	t.Codes, t.Phrases = told(t.Codes), told(t.Phrases)
	return t
}

func spokenEvents() CodeTable {
	t, _ := winevent(lang.Or) // it was made before, of the same
	return t
}

// codeSaid says a text of a table. Its key is the English itself: tables say the same of many numbers.
func codeSaid(table, english string) string { return lang.Or("codes."+english, english) }

// What signatures, events and codes say is recorded in English; these are the patterns to say it anew.
func init() {
	lang.Also(func(add func(key, english string)) {
		put := func(file string) func(o Outcome) {
			return func(o Outcome) {
				for _, text := range []string{o.Meaning, o.Remedy, o.Subject} {
					if text != "" {
						add(file+"."+text, text)
					}
				}
			}
		}
		sigs, _ := Signatures()
		for i := range sigs {
			say := put("signatures")
			say(sigs[i].Outcome)
			for _, c := range sigs[i].tries {
				say(c.Outcome)
			}
		}
		events, _ := SystemEvents()
		for i := range events {
			say := put("events")
			say(events[i].Outcome)
			for _, c := range events[i].Cases {
				say(c.Outcome)
			}
		}
		for english, key := range spokenKeys() {
			add(key, english)
		}
		for _, t := range tables() {
			for _, c := range slices.Concat(t.Codes, t.Phrases) {
				add("codes."+c.Meaning, strings.TrimSuffix(c.Meaning, "."))
				if c.Do != "" {
					add("codes."+c.Do, c.Do)
				}
			}
		}
	})
}
