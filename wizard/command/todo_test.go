package command_test

import (
	"strings"
	"testing"
)

func TestWhereNobodyCanTellTheReportSaysWhatToDo(t *testing.T) {
	for scene, want := range map[string]string{
		"odd-nothing-required":                                  "--var region=VALUE",
		"../testdata/scenarios/service/service-unreadable.yaml": "as an administrator",
	} {
		for _, format := range []string{"text", "markdown", "html"} {
			code, out, errs := linecheck(t, "lab", "--run", scene, "--format", format)
			if code != 3 || !strings.Contains(out, "To do: ") || !strings.Contains(out, want) {
				t.Errorf("%s as %s ends with %d and does not say %q\n%s", scene, format, code, want, errs)
			}
		}
	}
}
