package command

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks/host"
	"linecheck/wizard"
)

func (a *app) reportCommand() *cobra.Command {
	one := lang.T("command.report.one")
	var reader string
	ticket := &cobra.Command{Use: "ticket FILE", Short: lang.T("command.report.ticket"), Args: takes(one, 1, 1),
		Long: lang.T("command.report.ticket_long"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.reportTicket(cmd.Context(), args[0], reader) }}
	ticket.Flags().StringVar(&reader, "for", string(wizard.ForNetwork), lang.T("command.report.for"))
	return group(&cobra.Command{Use: "report", Short: lang.T("command.report.short")},
		&cobra.Command{Use: "show FILE", Short: lang.T("command.report.show"), Args: takes(one, 1, 1),
			Long: lang.T("command.report.show_long"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.reportShow(cmd.Context(), args[0], cmd.Flags().Changed("redact") || a.flags.redact != string(wizard.RedactStandard))
			}},
		&cobra.Command{Use: "diff OLD NEW", Short: lang.T("command.report.diff"), Args: takes(lang.T("command.report.two"), 2, 2),
			Long: lang.T("command.report.diff_long"),
			RunE: func(cmd *cobra.Command, args []string) error { return a.reportDiff(cmd.Context(), args[0], args[1]) }},
		ticket,
		&cobra.Command{Use: "redact FILE", Short: lang.T("command.report.redact"), Args: takes(one, 1, 1),
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
		return err
	}
	format, err := a.formatOf("report_format", wizard.TicketFormats)
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
func (a *app) formatOf(wrong string, formats []string) (string, error) {
	format := cmp.Or(a.flags.format, formats[0])
	if !slices.Contains(formats, format) {
		return "", errors.New(lang.T("command.bad."+wrong, "word", format, "list", strings.Join(formats, ", ")))
	}
	return format, nil
}

// reportDiff compares two reports. Both are redacted as asked, with stand-ins of one count, after they were compared.
func (a *app) reportDiff(ctx context.Context, older, newer string) error {
	format, err := a.formatOf("diff_format", wizard.DiffFormats)
	if err != nil {
		return err
	}
	if older == "-" && newer == "-" {
		return errors.New(lang.T("command.bad.two_inputs"))
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
