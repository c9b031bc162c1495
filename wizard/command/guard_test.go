package command_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
	"linecheck/wizard/command"
)

func TestGuard(t *testing.T) {
	for name, c := range map[string]struct {
		args      []string
		in        string
		out, says string
		code      int
		calls     int
	}{
		"a watched process that ends leaves its promise to the watchdog": {[]string{"--promise", "p"}, "", "watching\n", "", 0, 1},
		"a dismissed watchdog does nothing":                              {[]string{"--promise", "p"}, "d", "watching\n", "", 0, 0},
		"a promise that nobody made is not watched":                      {[]string{"--promise", "q"}, "", "", `there is no promise "q" to watch`, 2, 0},
		"a watchdog without a promise watches nothing":                   {nil, "", "", `there is no promise "" to watch`, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := hosttest.New(t)
			if err := f.Hands().Journal.Promise(host.Promise{ID: "p", Action: "clean"}); err != nil {
				t.Fatal(err)
			}
			calls := 0
			p := command.Program{Version: "test", Machine: f.Machine, Hands: f.Hands,
				Guard: func(_ context.Context, _ host.Machine, _ host.Hands, id string) error {
					if calls++; id != "p" {
						t.Errorf("it keeps %q", id)
					}
					return nil
				}}
			var out, errs bytes.Buffer
			code := p.Run(t.Context(), append([]string{"guard"}, c.args...), strings.NewReader(c.in), &out, &errs)
			if code != c.code || out.String() != c.out || !strings.Contains(errs.String(), c.says) || calls != c.calls {
				t.Errorf("code %d, %d calls, out %q, err %q", code, calls, &out, &errs)
			}
		})
	}
}

func TestNobodyIsShownTheWatchdogsCommand(t *testing.T) {
	f := hosttest.New(t)
	p := command.Program{Version: "test", Machine: f.Machine, Hands: f.Hands}
	var out bytes.Buffer
	if code := p.Run(t.Context(), []string{"--help"}, strings.NewReader(""), &out, io.Discard); code != 0 || strings.Contains(out.String(), "guard") {
		t.Errorf("%d: %s", code, &out)
	}
	if code := p.Run(t.Context(), []string{"guard", "--promise", "p"}, strings.NewReader(""), io.Discard, &out); code != 2 {
		t.Errorf("a program that can keep nothing watches: %d", code)
	}
}
