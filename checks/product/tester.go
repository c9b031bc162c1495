package product

import (
	"cmp"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// testers says which of the vendor's own tools are here. Where the product is here and none of them is, it says since
// which version there should be one and where it is to be had.
func (l *look) testers(present bool) []checks.Finding {
	var out []checks.Finding
	var since, looked []string
	var first assets.Tester
	var proof []checks.Evidence
	for _, t := range l.p.Tester {
		if first.URL == "" {
			first.URL = t.URL
		}
		if assets.PathOS(t.Path) != l.m.OS {
			continue
		}
		if first.Title == "" {
			first.Title, first.Mark = t.Title, t.Mark
		}
		looked = append(looked, t.Path)
		if t.Since != "" {
			since = append(since, strings.TrimSpace(t.Product+" "+t.Since))
		}
		text, err := l.path(t.Path)
		if err != nil {
			proof = append(proof, checks.Evidence{Source: "path " + t.Path, Text: cut(err.Error())})
			continue
		}
		out = append(out, checks.Finding{Code: TesterFound, Status: checks.Note, Subject: t.Path, Mark: t.Mark,
			Args:     map[string]string{"title": named(t), "path": t.Path, "product": t.Product, "since": t.Since, "url": t.URL},
			Evidence: []checks.Evidence{{Source: "path " + t.Path, Text: text}}})
	}
	if len(out) > 0 || len(looked) == 0 || !present {
		return out
	}
	return []checks.Finding{{Code: TesterMissing, Status: checks.Note, Subject: named(first), Mark: first.Mark,
		Args: map[string]string{"title": named(first), "since": cmp.Or(strings.Join(since, ", "), "no particular version"),
			"url": cmp.Or(first.URL, "the vendor's support"), "path": looked[0]},
		Evidence: proof}}
}

func named(t assets.Tester) string { return cmp.Or(t.Title, "the vendor's connectivity tester") }
