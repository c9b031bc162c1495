package assets

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Duration is a time.Duration written like "2h" or "5m": more than nothing, at most 31 days.
type Duration time.Duration

const longest = 31 * 24 * time.Hour

// UnmarshalYAML reads the written form.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v <= 0 || v > longest {
		return fmt.Errorf("line %d: %.40q is no duration between 1ns and 31 days", n.Line, n.Value)
	}
	*d = Duration(v)
	return nil
}

// MarshalYAML writes the form that UnmarshalYAML reads; zero is empty.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }

// String is short: "2h", not "2h0m0s".
func (d Duration) String() string {
	if d == 0 {
		return ""
	}
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
