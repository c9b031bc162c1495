package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

// guardCommand is the watchdog of a cleanup. The cleanup starts it; it is of no use to a person.
func (a *app) guardCommand() *cobra.Command {
	var id string
	var alone bool
	c := &cobra.Command{Use: "guard", Short: lang.T("command.guard"), Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.Guard == nil {
				return errors.New(lang.T("command.bad.no_check_built", "check", "cache"))
			}
			machine, hands := a.Machine(), a.Hands()
			return host.Stand(cmd.Context(), host.Duty{ID: id, Alone: alone, Dir: host.JournalDir(), Journal: hands.Journal, In: a.io.in, Out: a.io.out,
				Work: func(ctx context.Context) error { return a.Guard(ctx, machine, hands, id) }})
		}}
	c.Flags().StringVar(&id, "promise", "", "the promise in the journal")
	c.Flags().BoolVar(&alone, "alone", false, "it was started by the system's own manager")
	return c
}
