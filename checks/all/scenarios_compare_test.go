package all

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"linecheck/checks"
)

// wanted is one finding.
type wanted struct {
	Code    string            `yaml:"code"`
	Status  string            `yaml:"status"`
	Subject string            `yaml:"subject"` // part of it
	Args    map[string]string `yaml:"args"`    // parts of them
	Proof   string            `yaml:"proof"`   // part of one piece of its evidence
	Table   []string          `yaml:"table"`   // each is part of one row, its cells joined with " | "
}

// compare says what is not as it should be.
func (s scenario) compare(out *outcome) (problems []string) {
	wrong := func(format string, a ...any) { problems = append(problems, fmt.Sprintf(format, a...)) }
	if out.err != nil {
		return []string{out.err.Error()}
	}
	met := make([]bool, len(s.Want))
	for _, f := range out.found {
		hit := false
		for i, w := range s.Want {
			if w.fits(f) {
				met[i], hit = true, true
			}
		}
		if !hit && (f.Status == checks.Fail || f.Status == checks.Warn) {
			wrong("unwanted: %s", tell(f))
		}
		if slices.Contains(s.Never, string(f.Code)) {
			wrong("never wanted: %s", tell(f))
		}
	}
	for i, w := range s.Want {
		if !met[i] {
			wrong("not found: %+v", w)
		}
	}
	if r, ok := checks.Get[checks.Route](out.facts, checks.FactRoute); s.Route != nil {
		got := checks.RouteName(r.Proxy)
		if !ok || !r.Known {
			got = "unknown"
		}
		if got != *s.Route {
			wrong("the product's way is %q, want %q", got, *s.Route)
		}
	}
	for _, name := range s.Quiet {
		for _, q := range slices.Concat(out.asked, out.dialled) {
			if strings.Contains(q, name) {
				wrong("%s was asked for: %s", name, q)
			}
		}
	}
	if len(out.strangers) > 0 {
		wrong("nobody's business here: %q", out.strangers)
	}
	if got := leaks(out.found, out.events); len(got) > 0 {
		wrong("secrets are shown: %q", got)
	}
	if len(out.surprises) > 0 {
		wrong("connections to where nobody is: %q", out.surprises)
	}
	return problems
}

func (w wanted) fits(f checks.Finding) bool {
	if w.Code != string(f.Code) || w.Status != "" && w.Status != f.Status.String() || !strings.Contains(f.Subject, w.Subject) {
		return false
	}
	for k, v := range w.Args {
		got, there := f.Args[k]
		if !there || !strings.Contains(got, v) {
			return false
		}
	}
	for _, part := range w.Table {
		if f.Table == nil || !slices.ContainsFunc(f.Table.Rows, func(row []string) bool { return strings.Contains(strings.Join(row, " | "), part) }) {
			return false
		}
	}
	return w.Proof == "" || slices.ContainsFunc(f.Evidence, func(e checks.Evidence) bool { return strings.Contains(e.Source+": "+e.Text, w.Proof) })
}

// tell is a finding in a few lines, for the person who looks for what went wrong.
func tell(f checks.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q", f.Status, f.Code, f.Subject)
	for _, k := range slices.Sorted(maps.Keys(f.Args)) {
		fmt.Fprintf(&b, " %s=%q", k, f.Args[k])
	}
	if f.Table != nil {
		fmt.Fprintf(&b, "\n      %s", strings.Join(f.Table.Head, " | "))
		for _, row := range f.Table.Rows {
			fmt.Fprintf(&b, "\n      %s", strings.Join(row, " | "))
		}
	}
	return b.String()
}
