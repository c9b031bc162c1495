package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// saidBy are the folders of whoever records the words of a file said_*.yaml.
var saidBy = map[string][]string{
	"proxy": {"checks/proxy", "checks/host", "checks/lab"}, "allowlist": {"checks/allowlist", "checks/lab", "assets", "checks"},
	"cache": {"checks/cache", "checks/host"}, "domain": {"checks/domain", "checks/lab", "assets", "checks/host"},
	"clock": {"checks/clock"}, "product": {"checks/product", "checks/host", "checks/lab"}, "logs": {"checks/logs", "assets", "checks"},
	"probe": {"checks/probe", "checks"}, "host": {"checks/host"},
}

// others are words that no source has as they are: of package time, and a plural that is made.
const others = "mon tue wed thu fri sat sun\nhours minutes"

var formatted = regexp.MustCompile(`%[-+#]?[0-9.]*[a-zA-Z]`)

// literals are all strings in the source of a folder, in small letters, a blank in the place of each value.
func literals(t *testing.T, dirs []string) string {
	t.Helper()
	var out strings.Builder
	for _, dir := range dirs {
		root := filepath.FromSlash("../../" + dir)
		err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if err == nil && p != root && (dir == "checks" || dir == "assets" || d.Name() == "testdata") {
					return filepath.SkipDir
				}
				return err
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if filepath.Ext(p) == ".yaml" {
				out.Write(b)
			}
			if filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, b, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					s, _ := strconv.Unquote(lit.Value)
					out.WriteString(formatted.ReplaceAllString(s, " ") + "\n")
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return strings.ToLower(out.String())
}

// made reports whether the words can be put together from pieces of the source, each as long as can be.
func made(words []string, source string) bool {
	for len(words) > 0 {
		n := len(words)
		for n > 0 && !strings.Contains(source, strings.Join(words[:n], " ")) {
			n--
		}
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// TestWhatIsSaidAnewIsRecordedSomewhere holds every English pattern against the source of the check that is to record it:
// one that was reworded there would stay English in every other language.
func TestWhatIsSaidAnewIsRecordedSomewhere(t *testing.T) {
	for name, dirs := range saidBy {
		source := literals(t, dirs) + others
		for key, text := range english.file("said_" + name) {
			for _, piece := range placeholder.Split(strings.ToLower(text), -1) {
				for _, words := range strings.FieldsFunc(piece, func(r rune) bool { return strings.ContainsRune(",;:.()", r) }) {
					if !made(strings.Fields(words), source) {
						t.Errorf("%s: nothing in %v records %q of %q", key, dirs, words, text)
					}
				}
			}
		}
	}
}
