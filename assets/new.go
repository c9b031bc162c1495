package assets

import (
	_ "embed"
	"strings"
)

//go:embed texts/profile.yaml
var newProfile string

// NewProfile returns a commented profile to begin with. It is right as it stands, so that every later complaint is about
// what was changed. A name that a profile cannot have is bent until it can.
func NewProfile(name string) []byte {
	return []byte(strings.ReplaceAll(newProfile, "NAME", bend(name)))
}

func bend(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, "-_0123456789")
	name = strings.TrimRight(name[:min(len(name), 32)], "-_")
	if len(name) < 2 {
		return "my-product"
	}
	return name
}
