package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/wizard"
)

func (a *app) reportCommand() *cobra.Command {
	return group(&cobra.Command{Use: "report", Short: "Saved JSON reports: show, redact, ticket"},
		&cobra.Command{Use: "show FILE", Short: "Judges the recorded findings again with today's rules", Args: takes("FILE, or - for standard input", 1, 1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportShow(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "ticket FILE", Short: "What the network team has to know and to allow, as text or markdown", Args: takes("FILE, or - for standard input", 1, 1),
			Long: "A ticket for the team that runs firewall, proxy and DNS, ready to paste. It keeps this computer's name and its\n" +
				"addresses, because without them nothing can be allowed; --redact strict leaves them out. Logins never stand in it.",
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportTicket(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "redact FILE", Short: "The same report with --redact applied", Args: takes("FILE, or - for standard input", 1, 1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportRedact(cmd.Context(), args[0]) }},
	)
}

func (a *app) reportShow(ctx context.Context, file string) error {
	r, err := a.rejudged(ctx, file)
	if err != nil {
		return err
	}
	a.code = map[string]int{wizard.Fault: 1, wizard.Inconclusive: 3, wizard.Warning: 4}[r.Verdict.Status]
	return a.write(ctx, r)
}

func (a *app) reportTicket(ctx context.Context, file string) error {
	format := cmp.Or(a.flags.format, "text")
	if !slices.Contains(wizard.TicketFormats, format) {
		return fmt.Errorf("--format is %q; a ticket takes %s", format, strings.Join(wizard.TicketFormats, ", "))
	}
	r, err := a.rejudged(ctx, file)
	if err != nil {
		return err
	}
	t := r.TicketRedact(a.redact(), host.Identity{User: r.Run.User, Host: r.Run.Host}).Ticket()
	send, err := a.sender(ctx)
	if err != nil {
		return err
	}
	return send(func(w io.Writer) error { return t.Write(w, format) })
}

func (a *app) reportRedact(ctx context.Context, file string) error {
	r, err := a.readReport(ctx, file)
	if err != nil {
		return err
	}
	if a.flags.format == "" {
		a.flags.format = "json"
	}
	return a.write(ctx, r.Redact(a.redact(), host.Identity{User: r.Run.User, Host: r.Run.Host}))
}

// rejudged is a saved report with the verdict that this linecheck's rules give.
func (a *app) rejudged(ctx context.Context, file string) (wizard.Report, error) {
	r, err := a.readReport(ctx, file)
	if err != nil {
		return r, err
	}
	rules, err := assets.LoadRules()
	if err != nil {
		return r, err
	}
	return r.Rejudge(rules), nil
}

// reportLimit is far above any report linecheck writes: two products with every log line it keeps come to some hundred KiB.
const reportLimit = 32 << 20

func (a *app) readReport(ctx context.Context, file string) (wizard.Report, error) {
	in := a.io.in
	if file != "-" {
		f, err := opened(ctx, func() (*os.File, error) { return os.Open(file) })
		if err != nil {
			return wizard.Report{}, err
		}
		defer f.Close()
		in = wizard.Inlet(ctx, f)
	}
	b, err := limited(in, reportLimit, file)
	if err != nil {
		return wizard.Report{}, err
	}
	var r wizard.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s is no report of linecheck: %w", file, err)
	}
	if r.Schema != wizard.ReportSchema {
		return r, fmt.Errorf("%s: its schema is %q; this linecheck reads %s", file, r.Schema, wizard.ReportSchema)
	}
	if r.Repairs == nil {
		r.Repairs = []wizard.RepairReport{} // an older linecheck wrote none
	}
	return r, nil
}

// limited reads at most n bytes; it is an error where there are more.
func limited(r io.Reader, n int64, what string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, n+1))
	if err == nil && int64(len(b)) > n {
		err = fmt.Errorf("%s is larger than %d MB", what, n>>20)
	}
	return b, err
}
