package command

import (
	"strings"

	"github.com/spf13/cobra"

	"linecheck/assets/lang"
)

// said is an error in the language that is spoken, and what is behind it.
type said struct {
	text string
	err  error
}

func (s said) Error() string { return s.text }

// Unwrap is what is behind it.
func (s said) Unwrap() error { return s.err }

func saidOf(err error, text string) error { return said{text, err} }

// sayHelp makes the help say its own words in the language that is spoken; in English they are the library's.
func sayHelp(root *cobra.Command) {
	if lang.Code() == lang.English {
		return
	}
	const more = "{{.CommandPath}} [command] --help"
	root.SetUsageTemplate(strings.NewReplacer("Usage:", lang.T("command.help.usage"), "Available Commands:", lang.T("command.help.commands"),
		"Global Flags:", lang.T("command.help.global"), "Flags:", lang.T("command.help.flags"),
		`Use "`+more+`" for more information about a command.`, lang.T("command.help.more", "command", more)).Replace(root.UsageTemplate()))
	root.InitDefaultHelpCmd()
	var each func(*cobra.Command)
	each = func(c *cobra.Command) {
		if c.Name() == "help" {
			c.Short, c.Long = lang.T("command.help.short"), lang.T("command.help.long")
		}
		if c.Flags().Lookup("help") == nil {
			c.Flags().BoolP("help", "h", false, lang.T("command.help.for", "name", c.Name()))
		}
		for _, s := range c.Commands() {
			each(s)
		}
	}
	each(root)
}
