package product

import (
	"slices"
	"strings"
	"unicode"

	"linecheck/checks"
)

// uninstallKeys are where Windows lists what is installed: the 64-bit and the 32-bit view.
var uninstallKeys = []string{
	`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall`,
	`HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall`,
}

// mostEntries bounds the search: an ordinary computer has 100 to 400 entries.
const mostEntries = 2000

// uninstall returns the name and version under which Windows lists the product, empty where it lists none, and the
// entries of the vendor as evidence.
func (l *look) uninstall() (name, version string, found []checks.Evidence) {
	l.step("the list of installed programs")
	if l.m.OS != "windows" {
		return "", "", nil
	}
	best, left := 0, mostEntries
	seen := map[string]bool{}
	for _, root := range uninstallKeys {
		keys, err := l.m.Registry.Keys(root)
		if err != nil {
			continue // a name is a courtesy; the signs decide
		}
		slices.Sort(keys)
		for _, k := range keys {
			if left--; left < 0 || l.ctx.Err() != nil {
				return name, version, found
			}
			key := root + `\` + k
			v, err := l.m.Registry.Value(key, "DisplayName")
			if err != nil || v.Text == "" || seen[k+v.Text] {
				continue
			}
			score := l.score(v.Text)
			if score == 0 {
				continue
			}
			seen[k+v.Text] = true
			ver, _ := l.m.Registry.Value(key, "DisplayVersion")
			if len(found) < 8 {
				found = append(found, checks.Evidence{Source: key, Text: strings.TrimSpace(cut(v.Text) + " " + cut(ver.Text))})
			}
			if score > best {
				best, name, version = score, cut(v.Text), cut(ver.Text)
			}
		}
	}
	return name, version, found
}

// score tells how likely a listed name is the product's: 0 not at all; a name that holds one of the product's names
// beats the vendor's other products, and among those the one that shares more words with the product's names.
func (l *look) score(display string) int {
	low := strings.ToLower(display)
	n := 0
	if v := strings.ToLower(l.p.Vendor); v != "" && strings.Contains(low, v) {
		n = 1
	}
	known := map[string]bool{}
	for _, p := range append([]string{l.p.Title}, l.p.Products...) {
		for _, w := range words(p) {
			known[w] = true
		}
	}
	for _, p := range l.p.Products {
		if p != "" && strings.Contains(low, strings.ToLower(p)) {
			n = 100
		}
	}
	if n == 0 {
		return 0
	}
	for _, w := range words(display) {
		if known[w] {
			n++
		}
	}
	return n
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
