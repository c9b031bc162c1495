package command

import (
	"cmp"
	"context"
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
	const one = "FILE, or - for standard input"
	var reader string
	ticket := &cobra.Command{Use: "ticket FILE", Short: "What the network team, the customer or the vendor has to know, as text or markdown", Args: takes(one, 1, 1),
		Long: "A ticket that is ready to paste. For the team that runs firewall, proxy and DNS, unless told otherwise: it keeps this\n" +
			"computer's name and its addresses, because without them nothing can be allowed; --redact strict leaves them out.\n" +
			"--for customer is in plain words and names nothing; --for vendor is for the support of the product's maker, and is\n" +
			"redacted as a report is. Logins stand in none of them.",
		RunE: func(cmd *cobra.Command, args []string) error { return a.reportTicket(cmd.Context(), args[0], reader) }}
	ticket.Flags().StringVar(&reader, "for", string(wizard.ForNetwork), "who reads it: customer, network or vendor")
	return group(&cobra.Command{Use: "report", Short: "Saved JSON reports: show, diff, ticket, redact"},
		&cobra.Command{Use: "show FILE", Short: "Judges the recorded findings again with today's rules", Args: takes(one, 1, 1),
			Long: "Judges the recorded findings again with today's rules, and writes the report as it stands: where the rules are the same,\n" +
				"the JSON form is the same to the last byte. With --redact it also replaces what that level asks for.",
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.reportShow(cmd.Context(), args[0], cmd.Flags().Changed("redact") || a.flags.redact != string(wizard.RedactStandard))
			}},
		&cobra.Command{Use: "diff OLD NEW", Short: "What changed between two runs, in words", Args: takes("two FILEs, the older one first", 2, 2),
			Long: "Compares two saved reports, both judged by today's rules, and tells what changed: causes, addresses, proxies, services.\n" +
				"What could not be compared is told too. It ends with the exit code of the newer report.",
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportDiff(cmd.Context(), args[0], args[1]) }},
		ticket,
		&cobra.Command{Use: "redact FILE", Short: "The same report with --redact applied", Args: takes(one, 1, 1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportRedact(cmd.Context(), args[0]) }},
	)
}

func (a *app) reportShow(ctx context.Context, file string, redact bool) error {
	r, err := a.rejudged(ctx, file)
	if err != nil {
		return err
	}
	if redact {
		r = r.Redact(a.redact(), host.Identity{User: r.Run.User, Host: r.Run.Host})
	}
	a.code = r.ExitCode()
	return a.write(ctx, r)
}

func (a *app) reportTicket(ctx context.Context, file, reader string) error {
	whose, err := wizard.ParseWhose(reader)
	if err != nil {
		return fmt.Errorf("--for: %w", err)
	}
	format, err := a.formatOf("a ticket", wizard.TicketFormats)
	if err != nil {
		return err
	}
	r, err := a.rejudged(ctx, file)
	if err != nil {
		return err
	}
	t := r.TicketFor(whose, a.redact(), host.Identity{User: r.Run.User, Host: r.Run.Host})
	send, err := a.sender(ctx)
	if err != nil {
		return err
	}
	return send(func(w io.Writer) error { return t.Write(w, format) })
}

// formatOf is the form that was asked for, the first one where none was.
func (a *app) formatOf(what string, formats []string) (string, error) {
	format := cmp.Or(a.flags.format, formats[0])
	if !slices.Contains(formats, format) {
		return "", fmt.Errorf("--format is %q; %s takes %s", format, what, strings.Join(formats, ", "))
	}
	return format, nil
}

// reportDiff compares two reports. Both are redacted as asked, with stand-ins of one count, after they were compared.
func (a *app) reportDiff(ctx context.Context, older, newer string) error {
	format, err := a.formatOf("a comparison", wizard.DiffFormats)
	if err != nil {
		return err
	}
	if older == "-" && newer == "-" {
		return fmt.Errorf("only one of the two reports can be standard input")
	}
	old, err := a.rejudged(ctx, older)
	if err != nil {
		return err
	}
	r, err := a.rejudged(ctx, newer)
	if err != nil {
		return err
	}
	d := wizard.Compare(old, r)
	a.code = d.ExitCode()
	d = d.Redact(a.redact())
	send, err := a.sender(ctx)
	if err != nil {
		return err
	}
	return send(func(w io.Writer) error { return d.Write(w, format) })
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
	return wizard.ReadReport(in, file)
}
