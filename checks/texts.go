package checks

import (
	"bytes"
	"fmt"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
	"linecheck/assets/lang"
)

// Text is what a person reads for a code. {name} is filled from the finding's Args; {subject} and {view} always exist.
type Text struct {
	Title string `yaml:"title"` // at most 40 characters, a state: "Proxy name does not resolve"
	Text  string `yaml:"text"`  // what was seen, with the value
	Fix   string `yaml:"fix"`   // one imperative sentence and who can do it; "" where there is nothing to do
	Say   string `yaml:"say"`   // what a helpdesk tells the customer; "" where nothing
}

var texts = map[ID]map[Code]Text{}

// ParseTexts reads a texts.yaml strictly; name is used in errors.
func ParseTexts(name string, b []byte) (map[Code]Text, error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var m map[Code]Text
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for code, t := range m {
		if t.Title == "" || t.Text == "" {
			return nil, fmt.Errorf("%s: %s needs a title and a text", name, code)
		}
	}
	return m, nil
}

// TextOf returns the filled text for a finding of that check. Where there is none it shows the code itself, so that
// nothing is lost.
func TextOf(id ID, f Finding) Text {
	t, ok := texts[id][f.Code]
	if !ok {
		return Text{Title: string(f.Code), Text: f.Subject}
	}
	t = t.told(id, f.Code)
	return Text{Title: Fill(t.Title, f), Text: Fill(t.Text, f), Fix: Fill(t.Fix, f), Say: Fill(t.Say, f)}
}

// Texts are those of a check in the language that is spoken, their placeholders not filled in.
func Texts(id ID) map[Code]Text {
	out := maps.Clone(texts[id])
	for code, t := range out {
		out[code] = t.told(id, code)
	}
	return out
}

func (t Text) told(id ID, code Code) Text {
	told := func(part, english string) string {
		return lang.Or("check_"+string(id)+"."+string(code)+"."+part, english)
	}
	return Text{Title: told("title", t.Title), Text: told("text", t.Text), Fix: told("fix", t.Fix), Say: told("say", t.Say)}
}

// Fill puts a finding's values into a sentence, those that an engine recorded in words in the language that is spoken. A
// name without a value is left out together with the blank before it.
func Fill(s string, f Finding) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		j := -1
		if i >= 0 {
			j = strings.IndexByte(s[i:], '}')
		}
		if j < 0 {
			b.WriteString(s)
			return strings.TrimSpace(b.String())
		}
		name, v := s[i+1:i+j], ""
		switch name {
		case "subject":
			v = said(f.Subject)
		case "view":
			v = said(f.View)
		default:
			v = said(f.Args[name])
		}
		before := s[:i]
		if v == "" {
			before = strings.TrimSuffix(before, " ")
		}
		b.WriteString(before)
		b.WriteString(v)
		s = s[i+j+1:]
	}
}

// said is a recorded value in the language that is spoken: a profile's words as well as an engine's. One word alone may be
// the name of something, as of a variable, and is left to the engine's.
func said(s string) string {
	if strings.Contains(s, " ") {
		if told := assets.Spoken(s); told != s {
			return told
		}
	}
	return lang.Phrase(s)
}
