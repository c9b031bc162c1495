package command_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAWatchOfTheHealthyLineEndsAtOnce(t *testing.T) {
	code, out, errs := linecheck(t, "lab", "--watch", "healthy")
	if code != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "The line is healthy") || errs != "" {
		t.Errorf("%d %q %q", code, out, errs)
	}
}

func TestAWatchTellsWhatFailsOnceAndEndsWithItsTime(t *testing.T) {
	code, out, _ := linecheck(t, "lab", "--watch", "tcp.refused", "--every", "1s", "--for", "3s", "--format", "ndjson")
	kinds, hosts := map[string]int{}, map[string]int{}
	for l := range strings.Lines(out) {
		var v struct{ Kind, Subject, Now string }
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("%v in %q", err, l)
		}
		kinds[v.Kind]++
		hosts[v.Subject+" "+v.Now]++
	}
	if code != 1 || kinds["end"] != 1 || kinds["change"] != 6 || hosts["doorman.sc.fsapi.com the connection is refused"] != 1 {
		t.Errorf("%d %s", code, out)
	}
}

func TestAWatchRefusesAWrongCall(t *testing.T) {
	for _, args := range [][]string{{"--every", "1ms"}, {"--every", "-1s"}, {"--for", "-1s"}, {"--format", "json"}, {"x"}} {
		if code, out, errs := linecheck(t, append([]string{"watch"}, args...)...); code != 2 || out != "" || errs == "" {
			t.Errorf("%v: %d %q %q", args, code, out, errs)
		}
	}
}
