package assets

import (
	"cmp"
	_ "embed"
	"fmt"
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

// LoadChange returns those words by code; an error is a mistake in the program's own data.
var LoadChange = sync.OnceValues(func() (map[string]ChangeText, error) {
	var m map[string]ChangeText
	if err := strict(changeYAML, &m); err != nil {
		return nil, fmt.Errorf("texts/change.yaml: %w", err)
	}
	for code, t := range m {
		if t.Then == "" || t.Now == "" || t.NowMany == "" {
			return nil, fmt.Errorf("texts/change.yaml: %s needs then, now and now_many", code)
		}
		t.ThenMany = cmp.Or(t.ThenMany, t.Then)
		m[code] = t
	}
	return m, nil
})
