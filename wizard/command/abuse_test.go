package command_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host"
	"linecheck/wizard/command"
)

// typed runs one command line on this computer.
func typed(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands}
	code = p.Run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAResultThatCouldNotBeWrittenIsAnError(t *testing.T) {
	for _, args := range []string{"version", "explain 28", "profile list", "lab --list", "lab --run healthy", "lab --run tcp.refused --format json"} {
		t.Run(args, func(t *testing.T) {
			var errs strings.Builder
			p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands}
			code := p.Run(t.Context(), strings.Fields(args), strings.NewReader(""), full{}, &errs)
			if code != 2 || !strings.Contains(errs.String(), "no space left") {
				t.Errorf("exit code %d, said %q", code, errs.String())
			}
		})
	}
}

func TestBadUseIsOneClearSentence(t *testing.T) {
	for args, want := range map[string]string{
		"run --checks=":                 "--checks names no check",
		"run --checks nope":             `no check "nope"`,
		"explain":                       "explain takes a code",
		"report":                        "report takes one of",
		"report nothing":                `no "nothing"`,
		"report diff a":                 "report diff takes two FILEs",
		"report diff a b":               "linecheck: open a: ",
		"report show":                   "report show takes FILE",
		"report show a b":               "report show takes FILE",
		"profile nothing":               `no "nothing"`,
		"profile new":                   "profile new takes NAME",
		"profile lint":                  "profile lint takes FILE…",
		"run --format xml":              `--format is "xml"`,
		"run --timeout -1s":             "cannot be negative",
		"run --timeout 5":               "missing unit",
		"run --chekcs all":              "unknown flag",
		"run all":                       `unknown command "all"`,
		"run --profile nobody":          "no profile",
		"run --profile /nowhere/x.yaml": "/nowhere/x.yaml",
		"lab --run nothing":             `no scene "nothing"`,
		"lab --run healthy --var a":     "takes key=value",
		"run --var region=eu":           "--var needs --profile",
	} {
		code, out, errs := typed(t, strings.Fields(args)...)
		if code != 2 || out != "" || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit code %d, output %q, said %q", args, code, out, errs)
		}
	}
}

func TestACodeThatNobodyKnowsIsNoFaultOfTheLine(t *testing.T) {
	for _, code := range []string{"99999", "cause:made.up"} {
		if got, out, _ := typed(t, "explain", code); got != 2 || !strings.Contains(out, code) {
			t.Errorf("%s: exit code %d, said %q", code, got, out)
		}
	}
}

func TestAnUnknownWordForRedactionReplacesAllThereIs(t *testing.T) {
	_, out, errs := typed(t, "lab", "--run", "healthy", "--checks", "product", "--format", "json", "--redact", "some")
	if !strings.Contains(out, `"level": "strict"`) || strings.Count(errs, `"some"`) != 1 {
		t.Errorf("said %q", errs)
	}
}

func TestAPlaceThatCannotBeWrittenIsToldBeforeTheRun(t *testing.T) {
	code, _, errs := typed(t, "lab", "--run", "healthy", "--output", filepath.Join(t.TempDir(), "no", "where.json"))
	if code != 2 || strings.Contains(errs, "allowlist") {
		t.Errorf("exit code %d, said %q", code, errs)
	}
}

func TestAnOlderReportIsReplacedWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(file, []byte(strings.Repeat("old ", 1<<16)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := typed(t, "lab", "--run", "healthy", "--format", "json", "--output", file); code != 0 {
		t.Fatal(code, errs)
	}
	if code, _, errs := typed(t, "report", "show", file); code != 0 {
		t.Errorf("the report cannot be shown: %d, %s", code, errs)
	}
}

func TestStandardInputThatSaysNothingEndsWithAnInterrupt(t *testing.T) {
	for _, args := range [][]string{{"logs", "-"}, {"report", "show", "-"}, {"report", "redact", "-"}} {
		r, w := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan int, 1)
		p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands, Look: lookAt}
		go func() { ended <- p.Run(ctx, args, r, io.Discard, io.Discard) }()
		cancel()
		select {
		case code := <-ended:
			if code != 130 {
				t.Errorf("%v: exit code %d", args, code)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%v does not end", args)
		}
		w.Close()
	}
}

func TestAReportThatIsNoneIsRefused(t *testing.T) {
	for title, content := range map[string]string{
		"nothing":       "",
		"binary":        "\x7fELF\x00\x01",
		"other JSON":    `{"a": 1}`,
		"a list":        `[1]`,
		"deep":          strings.Repeat(`{"a":`, 100_000),
		"deep in place": `{"schema": "linecheck.report/1", "checks": [` + strings.Repeat(`[`, 100_000),
		"wrong types":   `{"schema": "linecheck.report/1", "run": 7}`,
		"too large":     `{"schema": "linecheck.report/1", "x": "` + strings.Repeat("x", 33<<20) + `"}`,
	} {
		file := filepath.Join(t.TempDir(), "r.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := typed(t, "report", "show", file)
		if code != 2 || out != "" || strings.Count(errs, "\n") != 1 || len(errs) > 1000 {
			t.Errorf("%s: exit code %d, output %q, said %.200q", title, code, out, errs)
		}
	}
}

func TestACodeAtTheEndOfALineIsExplained(t *testing.T) {
	for code, want := range map[string]string{"path.portal": "(Allowlist)", "proxy.identities_differ": "(Proxy)", "cause:proxy.choices": "Who uses which proxy"} {
		if got, out, _ := typed(t, "explain", code); got != 0 || !strings.Contains(out, want) || strings.ContainsAny(out, "{}") {
			t.Errorf("explain %s ends with %d and says\n%s", code, got, out)
		}
	}
}
