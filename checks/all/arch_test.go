package all

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// source is one Go file of the project.
type source struct {
	path    string // from the root, with slashes
	imports []string
	tagged  bool
	lines   int
}

func (s source) dir() string  { return path.Dir(s.path) }
func (s source) name() string { return path.Base(s.path) }
func (s source) test() bool   { return strings.HasSuffix(s.path, "_test.go") }

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, b, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		s := source{path: filepath.ToSlash(rel), lines: bytes.Count(b, []byte("\n")), tagged: tagged(f, filepath.Base(p))}
		for _, i := range f.Imports {
			v, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, v)
		}
		out = append(out, s)
		return nil
	})
	if err != nil || len(out) < 50 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

// tagged reports whether a file is for one system or build only.
func tagged(f *ast.File, name string) bool {
	for _, c := range f.Comments {
		for _, l := range c.List {
			if c.Pos() < f.Package && constraint.IsGoBuild(l.Text) {
				return true
			}
		}
	}
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test")
	return slices.ContainsFunc([]string{"_windows", "_linux", "_unix", "_amd64", "_arm64", "_darwin"}, func(s string) bool { return strings.HasSuffix(base, s) })
}

// checkDirs are the folders of concrete checks: everything below checks/ that is none of the shared rooms.
func checkDirs(all []source) []string {
	rooms := []string{"checks", "checks/all", "checks/host", "checks/host/hosttest", "checks/lab", "checks/probe"}
	var out []string
	for _, s := range all {
		if strings.HasPrefix(s.dir(), "checks/") && strings.Count(s.dir(), "/") == 1 && !slices.Contains(rooms, s.dir()) && !slices.Contains(out, s.dir()) {
			out = append(out, s.dir())
		}
	}
	return out
}

func TestImportsPointDown(t *testing.T) {
	all := sources(t)
	isCheck := checkDirs(all)
	// What each room may import of the project. A check is "check"; its model*.go may also import tui. A check may
	// import the rooms inside it, but for those that are for its tests; they know nothing of it.
	may := map[string][]string{
		"assets":               {},
		"assets/lang":          {},
		"checks/host":          {"checks/host", "checks/host/pac"},
		"checks/host/pac":      {},
		"checks/host/hosttest": {"checks/host"},
		"checks":               {"assets", "checks/host"},
		"checks/probe":         {"assets", "checks", "checks/host"},
		"checks/lab":           {"assets", "checks/host", "checks/host/hosttest"},
		"tui":                  {"assets", "checks"},
		"tui/tuitest":          {"assets", "checks", "tui"},
		"check":                {"assets", "checks", "checks/host", "checks/probe"},
		"checks/logs/lines":    {},
		"checks/logs/bundle":   {},
		"checks/logs/events":   {"checks/host", "checks/logs/lines"},
		"checks/logs/logtest":  {},
		"wizard":               {"assets", "checks", "checks/host", "tui"},
		"wizard/command":       {"assets", "checks", "checks/host", "checks/lab", "wizard"},
		"wizard/walk":          {},
		"checks/all":           isCheck,
	}
	for _, s := range all {
		if s.test() || s.path == "main.go" {
			continue
		}
		room := s.dir()
		if slices.Contains(isCheck, room) {
			room = "check"
		}
		allowed, known := may[room]
		if !known {
			t.Errorf("%s: %s is no room of the house; say in this test what it may import", s.path, s.dir())
			continue
		}
		for _, i := range s.imports {
			in, ours := strings.CutPrefix(i, "linecheck/")
			model := room == "check" && strings.HasPrefix(s.name(), "model") && in == "tui"
			own := room == "check" && strings.HasPrefix(in, s.dir()+"/") && !strings.HasSuffix(in, "test")
			words := in == "assets/lang" && !strings.HasPrefix(room, "checks/host") // whoever says something may take it from there
			if ours && !model && !own && !words && !slices.Contains(allowed, in) {
				t.Errorf("%s imports %s, which is not below it", s.path, i)
			}
		}
	}
}

func TestTheScreenLibraryStaysInTheScreens(t *testing.T) {
	all := sources(t)
	for _, s := range all {
		screen := s.dir() == "tui" || strings.HasPrefix(s.dir(), "tui/") || s.dir() == "wizard/walk" || s.path == "main.go" ||
			(s.dir() == "wizard" || strings.HasPrefix(s.dir(), "checks/")) && strings.HasPrefix(s.name(), "model")
		for _, i := range s.imports {
			if (strings.HasPrefix(i, "charm.land/") || strings.HasPrefix(i, "github.com/charmbracelet/")) && !screen {
				t.Errorf("%s imports %s", s.path, i)
			}
		}
	}
}

func TestFilesForOneSystemStayInHost(t *testing.T) {
	for _, s := range sources(t) {
		if s.tagged && s.dir() != "checks/host" && s.dir() != "checks/host/hosttest" && !(s.dir() == "checks" && strings.HasPrefix(s.name(), "failure_")) {
			t.Errorf("%s is built for one system only; that belongs behind checks/host", s.path)
		}
	}
}

// Windows runs scripts by itself, and its program is not to carry a second engine.
func TestTheScriptEngineIsInOneRoomOfLinux(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.imports {
			if i == "linecheck/checks/host/pac" && s.path != "checks/host/scripts_linux.go" || strings.HasPrefix(i, "github.com/dop251/") && s.dir() != "checks/host/pac" {
				t.Errorf("%s imports %s", s.path, i)
			}
		}
	}
}

func TestEveryCheckIsInTheProgram(t *testing.T) {
	all := sources(t)
	i := slices.IndexFunc(all, func(s source) bool { return s.path == "checks/all/all.go" })
	for _, c := range checkDirs(all) {
		if !slices.Contains(all[i].imports, "linecheck/"+c) {
			t.Errorf("%s is not listed in checks/all", c)
		}
	}
}

func TestNoFileGrowsOutOfHand(t *testing.T) {
	var sizes []int
	for _, s := range sources(t) {
		if s.lines > 400 {
			t.Errorf("%s has %d lines; move the wall", s.path, s.lines)
		}
		if !s.test() {
			sizes = append(sizes, s.lines)
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > 150 {
		t.Errorf("the median file has %d lines", median)
	}
}

// Versions of go-runewidth before 0.0.31 take 50 to 90 ms to initialise, which is most of the time to the first frame.
func TestTheSlowWidthTableIsNotBuiltIn(t *testing.T) {
	b, err := os.ReadFile(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(b)) {
		if f := strings.Fields(l); len(f) > 1 && f[0] == "github.com/mattn/go-runewidth" {
			if n, _ := strconv.Atoi(strings.TrimPrefix(f[1], "v0.0.")); n < 31 {
				t.Errorf("go.mod has %s %s", f[0], f[1])
			}
			return
		}
	}
	t.Error("go.mod does not name go-runewidth, so any version may come")
}
