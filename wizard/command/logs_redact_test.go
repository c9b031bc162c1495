package command_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/wizard/command"
)

func TestAFollowedLogIsToldAsDiscreetlyAsAReport(t *testing.T) {
	for level, c := range map[string]struct{ want, never string }{
		"standard": {"the proxy's name http://<login-1>@gw.corp:8080 does not resolve\nand again http://<login-1>@gw.corp:8080\n", "hunter2"},
		"off":      {"the proxy's name http://jane:***@gw.corp:8080 does not resolve\nand again http://jane:***@gw.corp:8080\n", "login-1"},
	} {
		t.Run(level, func(t *testing.T) {
			var out, errs strings.Builder
			p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands,
				Follow: func(_ context.Context, w io.Writer, _ host.Machine, _ []*assets.Profile, _ []string, _ time.Duration) (int, error) {
					// A buffer hands on what it holds wherever in a line it is full.
					for _, part := range []string{"the proxy's name http://jane:hun", "ter2@gw.corp:8080 does not resolve\nand ag", "ain http://jane:hunter2@gw.corp:8080\n"} {
						fmt.Fprint(w, part)
					}
					return 0, nil
				}}
			p.Run(t.Context(), []string{"logs", "--follow", "--redact", level, "x.log"}, strings.NewReader(""), &out, &errs)
			if out.String() != c.want || strings.Contains(out.String(), c.never) {
				t.Errorf("got %q, want %q; %s", out.String(), c.want, errs.String())
			}
		})
	}
}
