package assets

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"sync"
)

//go:embed texts/change.yaml
var changeYAML []byte

// ChangeText is what a comparison of two runs says of an address by what its walk ended with.
type ChangeText struct {
	Then     string `yaml:"then"`      // what it did: "was silent"
	ThenMany string `yaml:"then_many"` // what several did: "were silent"
	Now      string `yaml:"now"`       // what it does: "is silent"
	NowMany  string `yaml:"now_many"`  // what several do: "are silent"
}

// changeTexts reads them once, as they are written.
var changeTexts = sync.OnceValues(func() (map[string]ChangeText, error) {
	var m map[string]ChangeText
	if err := strict(changeYAML, &m); err != nil {
		return nil, fmt.Errorf("texts/change.yaml: %w", err)
	}
	for code, t := range m {
		if t.Then == "" || t.Now == "" || t.NowMany == "" {
			return nil, fmt.Errorf("texts/change.yaml: %s needs then, now and now_many", code)
		}
	}
	return m, nil
})

// LoadChange returns those words by code, in the language that is spoken; an error is a mistake in the program's own data.
func LoadChange() (map[string]ChangeText, error) {
	m, err := changeTexts()
	if err != nil {
		return nil, err
	}
	m = maps.Clone(m)
	for code, t := range m {
		// A language may need other words for several where English does not.
		t.ThenMany = cmp.Or(t.ThenMany, t.Then)
		for part, s := range map[string]*string{"then": &t.Then, "then_many": &t.ThenMany, "now": &t.Now, "now_many": &t.NowMany} {
			tell("texts_change."+code+"."+part, s)
		}
		m[code] = t
	}
	return m, nil
}
