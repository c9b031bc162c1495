package command

import (
	"github.com/spf13/cobra"

	"linecheck/assets"
)

func (a *app) logsCommand() *cobra.Command {
	var follow bool
	c := &cobra.Command{Use: "logs [PATH…]", Short: "Decodes the product's log files, other files, folders, or - for standard input",
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			if len(o.Profiles) == 0 {
				if o.Profiles, err = assets.Profiles(); err != nil {
					return err
				}
			}
			since := o.Since
			if len(args) > 0 && !cmd.Flags().Changed("since") {
				since = 0 // a file that is named is read whole
			}
			standing, err := a.Logs(cmd.Context(), a.io.out, a.io.in, o.Place.Machine, o.Profiles, args, since, follow)
			if err != nil {
				return err
			}
			if standing > 0 {
				a.code = 1
			}
			return nil
		}}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what is written from now on, until Ctrl+C")
	return c
}
