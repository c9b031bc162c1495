package logs

import (
	"strings"
	"testing"
	"time"

	"linecheck/assets"
)

// A line that comes and goes is told as one, and a line that merely had trouble is not.
func TestComesAndGoes(t *testing.T) {
	at := func(minutes int, text string) string {
		return noon.Add(time.Duration(minutes)*time.Minute).Format("2006-01-02 15:04:05.000") + text
	}
	three := at(-100, curl28) + at(-95, doorman) + at(-70, curl28) + at(-65, doorman) + at(-40, curl28) + at(-35, doorman)
	for name, tt := range map[string]struct {
		files map[string]string
		n     string // "" none
		mark  assets.Mark
	}{
		"three outages are no pattern":                      {map[string]string{"fsscorplug.log": three}, "3", assets.Inferred},
		"a change and its repair are a pattern":             {map[string]string{"fsscorplug.log": at(-100, curl28) + at(-95, doorman) + at(-70, curl28) + at(-65, doorman)}, "", ""},
		"failures without an answer between them are three": {map[string]string{"fsscorplug.log": at(-100, curl28) + at(-70, curl28) + at(-40, curl28)}, "", ""},
		"a laptop that wakes up three times is a bad line": {map[string]string{"fsscorplug.log": at(-600, curl28) + at(-600, doorman) + at(-300, curl28) + at(-300, doorman) +
			at(-100, curl28) + at(-100, doorman)}, "", ""},
		"what ended in the morning goes on at noon": {map[string]string{"fsscorplug.log": at(-700, curl28) + at(-690, doorman) + at(-680, curl28) + at(-670, doorman) + at(-660, curl28) + at(-650, doorman)}, "", ""},
		"yesterday's week counts":                   {map[string]string{"fsscorplug.log": at(-3000, curl28) + at(-2990, doorman) + at(-2000, curl28) + at(-1990, doorman) + at(-40, curl28) + at(-35, doorman)}, "", ""},
		"a new log hides what stands in the old one": {map[string]string{
			"fsscorplug.log.1": at(-100, curl28) + at(-95, doorman) + at(-70, curl28), "fsscorplug.log": at(-65, doorman) + at(-40, curl28) + at(-35, doorman)}, "3", assets.Inferred},
		"a failure that goes on in a new log is two": {map[string]string{
			"fsscorplug.log.1": at(-100, curl28) + at(-95, doorman) + at(-70, curl28), "fsscorplug.log": at(-68, curl28) + at(-65, doorman)}, "", ""},
		"a documented return counts as concluded": {map[string]string{"ds_agent.log": at(-100, lostScan) + at(-95, backScan) + at(-70, lostScan) + at(-65, backScan) +
			at(-40, lostScan) + at(-35, backScan)}, "3", assets.Source},
		"what is lost at last is not counted": {map[string]string{"fsscorplug.log": strings.TrimSuffix(three, at(-35, doorman))}, "3", assets.Inferred},
	} {
		parts := poured(t, tt.files)
		var names []string
		for n := range tt.files {
			names = append(names, n)
		}
		found := merged(parts, names).swingFindings(noon, time.UTC)
		n, mark := "", assets.Mark("")
		if len(found) == 1 {
			n, mark = found[0].Args["lost"], found[0].Mark
		}
		if n != tt.n || len(found) > 1 || mark != tt.mark {
			t.Errorf("%s: %q %q %+v", name, n, mark, found)
		}
	}
}

func TestSwingsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 4000 {
		b.WriteString(noon.Add(time.Duration(i-4000)*time.Second).Format("2006-01-02 15:04:05.000") + []string{curl28, doorman}[i%2])
	}
	g := merged(poured(t, map[string]string{"fsscorplug.log": b.String()}), []string{"fsscorplug.log"})
	for topic, l := range g.spells {
		if len(l.all) > 2*swingsKept {
			t.Errorf("%s: %d are kept", topic, len(l.all))
		}
	}
	if f := g.swingFindings(noon, time.UTC); len(f) != 0 {
		t.Errorf("moments are told as outages: %+v", f)
	}
}
