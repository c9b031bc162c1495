package assets

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed middleboxes.yaml
var middleboxText []byte

// Middleboxes knows what stands between a computer and its vendor: filters and inspection. The zero value knows
// nothing. It is read-only and may be shared.
type Middleboxes struct {
	Pages   []PageRule   `yaml:"pages"`
	Issuers []IssuerRule `yaml:"issuers"`
	Portals []Portal     `yaml:"portals"`
}

// PageRule knows one answer that a filter gives in the place of the wanted one.
type PageRule struct {
	Name   string `yaml:"name"` // the product: "Zscaler"
	Rule   string `yaml:"rule"`
	In     string `yaml:"in"`  // "body", or a header's name in small letters
	Has    string `yaml:"has"` // contains
	Begins string `yaml:"begins"`
	Like   string `yaml:"like"` // regular expression
	Status []int  `yaml:"status"`
	Weak   bool   `yaml:"weak"`

	pattern *regexp.Regexp
}

// IssuerRule knows a product that signs opened connections anew.
type IssuerRule struct {
	Name string   `yaml:"name"`
	Has  []string `yaml:"has"` // in small letters
}

var middleboxes = sync.OnceValues(func() (Middleboxes, error) { return parseMiddleboxes(middleboxText) })

// LoadMiddleboxes returns what is known of them. The error says what is wrong in the program's own data.
func LoadMiddleboxes() (Middleboxes, error) { return middleboxes() }

func parseMiddleboxes(b []byte) (Middleboxes, error) {
	var m Middleboxes
	if err := strict(b, &m); err != nil {
		return Middleboxes{}, fmt.Errorf("middleboxes.yaml: %w", err)
	}
	seen := map[string]bool{}
	for i := range m.Pages {
		r := &m.Pages[i]
		if err := r.prepare(); err != nil || seen[r.Rule] {
			return Middleboxes{}, fmt.Errorf("middleboxes.yaml: page %q: %w", r.Rule, errors.Join(err, twice(seen[r.Rule])))
		}
		seen[r.Rule] = true
	}
	for _, r := range m.Issuers {
		if r.Name == "" || len(r.Has) == 0 || slices.ContainsFunc(r.Has, func(s string) bool { return s == "" || s != strings.ToLower(s) }) {
			return Middleboxes{}, fmt.Errorf("middleboxes.yaml: issuer %q needs a name and parts in small letters", r.Name)
		}
	}
	known := map[string]bool{}
	for _, p := range m.Portals {
		if err := p.check(); err != nil || known[p.URL] {
			return Middleboxes{}, fmt.Errorf("middleboxes.yaml: portal %q: %w", p.URL, errors.Join(err, twice(known[p.URL])))
		}
		known[p.URL] = true
	}
	return m, nil
}

func twice(yes bool) error {
	if yes {
		return errors.New("is there twice")
	}
	return nil
}

func (r *PageRule) prepare() (err error) {
	given := slices.DeleteFunc([]string{r.Has, r.Begins, r.Like}, func(s string) bool { return s == "" })
	switch {
	case r.Name == "" || r.Rule == "" || r.In == "" || r.In != strings.ToLower(r.In):
		return errors.New("needs a name, a rule and in, which is body or a header in small letters")
	case len(given) != 1:
		return errors.New("needs one of has, begins and like")
	case r.Like != "":
		r.pattern, err = regexp.Compile(r.Like)
	}
	return err
}

func (r *PageRule) match(status int, header http.Header, body []byte) bool {
	if len(r.Status) > 0 && !slices.Contains(r.Status, status) {
		return false
	}
	if r.In == "body" {
		return r.fits(body)
	}
	return slices.ContainsFunc(header.Values(r.In), func(v string) bool { return r.fits([]byte(v)) })
}

func (r *PageRule) fits(b []byte) bool {
	switch {
	case r.Has != "":
		return bytes.Contains(b, []byte(r.Has))
	case r.Begins != "":
		return bytes.HasPrefix(b, []byte(r.Begins))
	}
	return r.pattern.Match(b)
}

// pageLook is as much of a body as is looked at: a block page names its maker within it.
const pageLook = 64 << 10

// Page names the filter whose answer this is, and the rule that says so. A weak rule is only tried where no other fits,
// and honest pages can have it too: use it only beside an answer that is already known to be wrong.
func (m Middleboxes) Page(status int, header http.Header, body []byte) (name, rule string, weak, ok bool) {
	body = body[:min(len(body), pageLook)]
	for _, weak := range []bool{false, true} {
		for i := range m.Pages {
			if r := &m.Pages[i]; r.Weak == weak && r.match(status, header, body) {
				return r.Name, r.Rule, weak, true
			}
		}
	}
	return "", "", false, false
}

// Issuer names the inspecting product whose mark is in the name of an issuer (CN, O and OU, in any form). Not to be
// found proves nothing: many networks sign with a name of their own.
func (m Middleboxes) Issuer(text string) (name string, ok bool) {
	text = strings.ToLower(text[:min(len(text), 4096)])
	for _, r := range m.Issuers {
		if slices.ContainsFunc(r.Has, func(s string) bool { return strings.Contains(text, s) }) {
			return r.Name, true
		}
	}
	return "", false
}
