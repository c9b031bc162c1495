package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asks is what the program's source asks this package for: whole keys, and beginnings of keys where the rest is made at
// run time: lang.T("role." + name).
type asks struct {
	keys   map[string]string // key -> where
	begins map[string]string
}

func source(t *testing.T) asks {
	t.Helper()
	a := asks{map[string]string{}, map[string]string{}}
	const root = "../.."
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") && p != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, b, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name, ok := asksFor(call.Fun)
			if !ok {
				return true
			}
			where := set.Position(call.Pos()).String()
			key, whole := literal(call.Args[0])
			if key == "" {
				return true
			}
			switch {
			case !whole:
				a.begins[key] = where
			case name == "N":
				a.keys[key+".other"] = where
				a.begins[key+".one"] = where
			default:
				a.keys[key] = where
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// asksFor reports whether fun is lang.T, lang.N or lang.Has.
func asksFor(fun ast.Expr) (string, bool) {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	id, ok := sel.X.(*ast.Ident)
	return sel.Sel.Name, ok && id.Name == "lang" && slices.Contains([]string{"T", "N", "Has"}, sel.Sel.Name)
}

// literal is the key that stands in the source, or what it begins with where the rest is made at run time.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		s, _ := literal(e.X)
		return s, false
	}
	return "", false
}

func all(t *testing.T, code string) map[string]string {
	t.Helper()
	m, err := All(code)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ours are files of en/ that this package's own functions ask for, or that [Phrase] compares.
func ours(key string) bool {
	return strings.HasPrefix(key, "number.") || strings.HasPrefix(key, "said_")
}

func TestEveryKeyThatTheProgramAsksForIsThere(t *testing.T) {
	en := all(t, English)
	for key, where := range source(t).keys {
		if _, ok := en[key]; !ok {
			t.Errorf("%s: %s has no wording in en/", where, key)
		}
	}
}

func TestNoWordingIsUnused(t *testing.T) {
	a := source(t)
	for _, key := range slices.Sorted(maps.Keys(all(t, English))) {
		if _, ok := a.keys[key]; ok || ours(key) {
			continue
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(a.begins)), func(b string) bool { return strings.HasPrefix(key, b) }) {
			t.Errorf("en/: nothing asks for %s", key)
		}
	}
}

// complete are the languages that say everything.
var complete = []string{"de"}

func TestALanguageHasTheSameKeysAndPlaceholders(t *testing.T) {
	en := all(t, English)
	mine := map[string]bool{} // files that en/ has
	for _, n := range names(English) {
		mine[n] = true
	}
	for _, code := range Known()[1:] {
		t.Run(code, func(t *testing.T) {
			tr := all(t, code)
			for _, key := range slices.Sorted(maps.Keys(tr)) {
				file, _, _ := strings.Cut(key, ".")
				if !mine[file] {
					continue // laid over English that stands elsewhere: see checks/all
				}
				from, ok := en[key]
				if !ok {
					t.Errorf("%s/: %s is in no English file", code, key)
					continue
				}
				if a, b := holes(from), holes(tr[key]); !slices.Equal(a, b) {
					t.Errorf("%s/: %s fills %v, in English %v", code, key, b, a)
				}
			}
			for key := range en {
				if _, ok := tr[key]; !ok && slices.Contains(complete, code) && !(strings.HasSuffix(key, ".one") && code == "ja") {
					t.Errorf("%s/: %s is missing", code, key)
				}
			}
		})
	}
}

// holes are the names of what is filled in, each once and in order.
func holes(s string) []string {
	out := placeholder.FindAllString(s, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

func TestANumberIsWrittenAsTheLanguageDoes(t *testing.T) {
	defer Use(English)
	for code, want := range map[string]string{"en": "1,234,567", "de": "1.234.567", "fi": "1\u00a0234\u00a0567", "ja": "1,234,567"} {
		if err := Use(code); err != nil {
			t.Fatal(err)
		}
		if got := Count(1234567); got != want {
			t.Errorf("%s: %q", code, got)
		}
	}
	before := Code()
	if err := Use("tlh"); err == nil || Code() != before {
		t.Errorf("an unknown language: %v, now %s", err, Code())
	}
}

func TestALanguageWithoutASingularSaysItsOwnWordForOne(t *testing.T) {
	defer Use(English)
	for code, want := range map[string]string{"en": "1 broken", "fi": "1 vika", "ja": "異常1"} {
		if err := Use(code); err != nil {
			t.Fatal(err)
		}
		if got := N("panel.tally.fail", 1); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestAPhraseIsSaidWithItsValues(t *testing.T) {
	p := &phrases{whole: map[string]string{"nobody": "niemand"}}
	p.add("{host}: waiting for {what}, {n} of {limit} s", "{host}: wartet auf {what}, {n} von {limit} s")
	p.add("{host}: waiting for {what}", "{host}: wartet auf {what}")
	sortPatterns(p.patterns)
	for from, want := range map[string]string{
		"a.example: waiting for TCP, 3 of 5 s": "a.example: wartet auf TCP, 3 von 5 s",
		"a.example: waiting for nobody":        "a.example: wartet auf niemand",
		"something else of 5 s":                "something else of 5 s",
	} {
		if got := p.say(from, 3); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}
