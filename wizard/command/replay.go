package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks/host"
	"linecheck/wizard"
)

// recorded gives a command that walks a session the flag --record.
func (a *app) recorded(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.record, "record", "", lang.T("replay.flag"))
	return c
}

// recorder opens the file of --record before anything is looked at, and returns what writes the session there at its end.
// One that cannot be written is told, and does not change how the session ended.
func (a *app) recorder(ctx context.Context, o *wizard.Options) (func(s wizard.Session, id string), error) {
	if a.record == "" {
		return func(wizard.Session, string) {}, nil
	}
	if a.record == "-" {
		return nil, fmt.Errorf("--record needs a file of its own; standard output has the result")
	}
	o.Record = true
	// A session that was interrupted is written down all the same.
	send, err := a.into(context.WithoutCancel(ctx), a.record)
	if err != nil {
		return nil, err
	}
	return func(s wizard.Session, id string) {
		code := a.code
		if err := send(func(w io.Writer) error { return o.WriteRecord(w, s, id) }); err != nil {
			fmt.Fprintln(a.io.err, "linecheck: "+wizard.Printable(err.Error()))
		}
		a.code = code
	}, nil
}

func (a *app) replayCommand() *cobra.Command {
	return &cobra.Command{Use: "replay FILE", Short: lang.T("replay.short"), Long: lang.T("replay.long"), Args: takes("FILE, or - for standard input", 1, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.replay(cmd.Context(), args[0]) }}
}

// replay walks a recorded session in the screen or in lines, or writes the report of its end. Nothing of this machine is
// looked at.
func (a *app) replay(ctx context.Context, file string) error {
	if err := a.flags.check(); err != nil {
		return err
	}
	rec, err := a.readRecord(ctx, file)
	if err != nil {
		return err
	}
	rules, err := assets.LoadRules()
	if err != nil {
		return err
	}
	o := wizard.Options{Rules: rules, Redact: a.redact(), Color: a.flags.color, ASCII: a.flags.ascii, Role: wizard.Role(a.flags.role), LangKnown: a.flags.lang != auto, Replay: &rec,
		Tool: wizard.Tool{Version: a.Version, Commit: a.Commit, OS: runtime.GOOS, Arch: runtime.GOARCH}, Since: 24 * time.Hour,
		Place: wizard.Place{Machine: host.Machine{Identity: rec.Identity()}, Practice: rec.Run.Practice, Close: func() {}}}
	if a.flags.format == "" && a.flags.output == "" && a.Terminal {
		s, err := a.Screen(ctx, o, a.flags.accessible || os.Getenv("ACCESSIBLE") != "")
		if err == nil {
			a.code = wizard.ExitCode(s, s.Verdict(rules))
		}
		return err
	}
	s := rec.Play(o.Role)
	report := o.Report(s, rec.Run.ID)
	a.code = wizard.ExitCode(s, report.Verdict)
	return a.write(ctx, report)
}

func (a *app) readRecord(ctx context.Context, file string) (wizard.Record, error) {
	in := a.io.in
	if file != "-" {
		f, err := opened(ctx, func() (*os.File, error) { return os.Open(file) })
		if err != nil {
			return wizard.Record{}, err
		}
		defer f.Close()
		in = wizard.Inlet(ctx, f)
	}
	return wizard.ReadRecord(in, file)
}
