package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v3"
)

//go:embed en de fi ja
var files embed.FS

// English is the language that every wording exists in.
const English = "en"

// words are the wordings of one language, read file by file when first asked for: who looks at a screen needs no codes.
type words struct {
	code  string
	mu    sync.Mutex
	files map[string]map[string]string
}

var (
	english = &words{code: English}
	now     atomic.Pointer[words]
)

func init() { now.Store(english) }

// Known are the languages there are, English first.
func Known() []string {
	dirs, _ := files.ReadDir(".")
	out := []string{English}
	for _, d := range dirs {
		if d.Name() != English {
			out = append(out, d.Name())
		}
	}
	return out
}

// Use makes the program speak a language from now on. It is called once, before anything is said; tests that call it set
// it back. An unknown language is an error, and nothing changes.
func Use(code string) error {
	if !slices.Contains(Known(), code) {
		return fmt.Errorf("there is no language %q; there are %s", code, strings.Join(Known(), ", "))
	}
	if code == English {
		now.Store(english)
		return nil
	}
	now.Store(&words{code: code})
	return nil
}

// Code is the language that is spoken: "en", "de".
func Code() string { return now.Load().code }

// T says the wording of that key. args are pairs of a placeholder's name and its value: T("saved.to", "file", name) fills
// {file}. A key that no language has is said itself, so that nothing is lost.
func T(key string, args ...any) string { return fill(sentence(key), args) }

// N is [T] for what depends on a number: it says KEY.one for 1 and KEY.other for all others (a language without that
// difference has only other), and {n} is the number.
func N(key string, n int, args ...any) string {
	args = append(args, "n", Count(n))
	if n == 1 {
		w := now.Load()
		_, none := w.get(key + ".other") // a language of its own word that has no other one for 1
		if s, ok := w.get(key + ".one"); ok {
			return fill(s, args)
		} else if s, ok := english.get(key + ".one"); ok && !none {
			return fill(s, args)
		}
	}
	return fill(sentence(key+".other"), args)
}

// Or is a wording whose English stands elsewhere, in the language that is spoken; english where it has none.
func Or(key, english string) string {
	w := now.Load()
	if w.code == English || english == "" {
		return english
	}
	asked(key, english)
	if s, ok := w.get(key); ok {
		return s
	}
	return english
}

// Has reports whether the language that is spoken, or English, has a wording for the key.
func Has(key string) bool {
	_, ok := find(key)
	return ok
}

func sentence(key string) string {
	if s, ok := find(key); ok {
		return s
	}
	return key
}

func find(key string) (string, bool) {
	w := now.Load()
	if s, ok := w.get(key); ok {
		return s, true
	}
	return english.get(key)
}

func (w *words) get(key string) (string, bool) {
	file, _, _ := strings.Cut(key, ".")
	s, ok := w.file(file)[key]
	return s, ok
}

// file returns the wordings of one file; none where the language has no such file.
func (w *words) file(name string) map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m, ok := w.files[name]; ok {
		return m
	}
	m, err := read(w.code, name)
	if err != nil {
		panic("lang: " + err.Error()) // the files are part of the program, and a test reads them all
	}
	if w.files == nil {
		w.files = map[string]map[string]string{}
	}
	w.files[name] = m
	return m
}

// names are the files of a language, without their ending.
func names(code string) []string {
	list, _ := fs.Glob(files, code+"/*.yaml")
	for i, f := range list {
		list[i] = strings.TrimSuffix(strings.TrimPrefix(f, code+"/"), ".yaml")
	}
	return list
}

func read(code, name string) (map[string]string, error) {
	out := map[string]string{}
	b, err := files.ReadFile(code + "/" + name + ".yaml")
	if err != nil {
		return out, nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		return nil, fmt.Errorf("%s/%s.yaml: %w", code, name, err)
	}
	if len(root.Content) == 0 {
		return out, nil
	}
	if err := flatten(out, name, root.Content[0]); err != nil {
		return nil, fmt.Errorf("%s/%s.yaml: %w", code, name, err)
	}
	return out, nil
}

// flatten gives every sentence its key: the names of what it lies in, and its place in a list, with dots between.
func flatten(out map[string]string, key string, n *yaml.Node) error {
	switch n.Kind {
	case yaml.AliasNode:
		return flatten(out, key, n.Alias)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if err := flatten(out, key+"."+n.Content[i].Value, n.Content[i+1]); err != nil {
				return err
			}
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			if err := flatten(out, fmt.Sprintf("%s.%d", key, i), c); err != nil {
				return err
			}
		}
	default:
		if _, ok := out[key]; ok {
			return fmt.Errorf("line %d: %s stands there twice", n.Line, key)
		}
		out[key] = n.Value
	}
	return nil
}

// All returns every wording of a language by its key.
func All(code string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range names(code) {
		m, err := read(code, name)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, m)
	}
	return out, nil
}
