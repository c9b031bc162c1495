package command

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// FuzzSettings reads a settings file from anywhere, and gives the flags what it says: it is taken as a whole, or refused
// with file and place. Nothing that is no setting is set.
func FuzzSettings(f *testing.F) {
	for _, text := range []string{"", "role: guided\nprofile: [withsecure, withsecure]\n", "var:\n  region: eu\nredact: strict\n", "timeout: 1s\n---\nrole: x\n",
		"role: &a guided\nlang: *a\n", "var: {a: [b]}\n", "checks:\n", "? [a]\n: b\n", "role: guided\nrole: helpdesk\n", "a: &a [*a]\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := parseSettings("linecheck.yaml", b)
		if err != nil {
			if len(list) > 0 || !strings.HasPrefix(err.Error(), "linecheck.yaml:") {
				t.Errorf("%v, and %d settings", err, len(list))
			}
			return
		}
		var root cobra.Command
		new(flags).add(&root)
		for _, s := range list {
			flag := root.PersistentFlags().Lookup(s.name)
			if flag == nil || len(s.values) == 0 {
				t.Fatalf("%+v", s)
			}
			if err := s.apply(flag); err != nil && !strings.HasPrefix(err.Error(), s.at) {
				t.Errorf("%v does not say where", err)
			}
		}
	})
}
