package logs

import (
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// words are the literals of every signature in one line.
func words(t *testing.T) string {
	sigs, err := assets.Signatures()
	must(t, err)
	var b strings.Builder
	b.WriteString("2026-03-01 10:00:00.000 [15c0.1d1c] .W: ")
	for i := range sigs {
		b.WriteString(sigs[i].Literal + " ")
	}
	return b.String()
}

func TestLinesThatAreReadInPartAreTold(t *testing.T) {
	hostile := words(t)
	for title, c := range map[string]struct {
		log  string
		want string // "" where nothing is told
	}{
		"a line of 1 MB is read whole":                          {strings.Repeat("x", lineMax) + "\n" + wsFails, ""},
		"a longer line is told":                                 {strings.Repeat("x", lineMax+1) + "\n" + wsFails, "1 line was"},
		"the last one too, which no line feed ends":             {wsFails + strings.Repeat("x", 2*lineMax), "1 line was"},
		"a line with the words of every kind is told":           {hostile + "\n" + wsFails + hostile + "\n", "2 lines were"},
		"one that is too long as well counts once":              {strings.Repeat(hostile, 1+lineMax/len(hostile)) + "\n" + wsFails, "1 line was"},
		"among so many others that several workers read it too": {strings.Repeat(wsQuiet, 10_000) + hostile + "\n" + strings.Repeat("y", lineMax+1) + "\n" + wsFails, "2 lines were"},
	} {
		t.Run(title, func(t *testing.T) {
			l, told := looked(t, map[string]string{"fsscorplug.log": c.log})
			if len(told) != 1 {
				t.Errorf("told %v, want the one line beside", told)
			}
			r, ok := l.Result(profileOf(l, "withsecure"))
			f := finding(r, LongLines)
			if !ok || f.Args["lines"] != c.want || (c.want != "") != (len(f.Evidence) == 1) {
				t.Errorf("says %q with %v, want %q", f.Args["lines"], f.Evidence, c.want)
			}
			if c.want != "" && (f.Status != checks.Note || !strings.HasSuffix(f.Evidence[0].Source, "fsscorplug.log")) {
				t.Errorf("got %+v", f)
			}
		})
	}
}
