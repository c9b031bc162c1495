package command

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	root.SetUsageFunc(usage)
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

// usage writes a command's help as the library does, with headings in the language that is spoken. The library's own
// template would bring the whole template engine into the program, some three megabytes.
func usage(c *cobra.Command) error {
	w := c.OutOrStderr()
	fmt.Fprint(w, lang.T("command.help.usage"))
	if c.Runnable() {
		fmt.Fprintf(w, "\n  %s", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n  %s [command]\n\n%s", c.CommandPath(), lang.T("command.help.commands"))
		for _, s := range c.Commands() {
			if s.IsAvailableCommand() || s.Name() == "help" {
				fmt.Fprintf(w, "\n  %-*s %s", s.NamePadding(), s.Name(), s.Short)
			}
		}
	}
	for _, part := range []struct{ heading, flags string }{
		{lang.T("command.help.flags"), flagUsages(c.LocalFlags())}, {lang.T("command.help.global"), flagUsages(c.InheritedFlags())}} {
		if flags := strings.TrimRight(part.flags, " \n"); flags != "" {
			fmt.Fprintf(w, "\n\n%s\n%s", part.heading, flags)
		}
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n\n%s", lang.T("command.help.more", "command", c.CommandPath()+" [command] --help"))
	}
	fmt.Fprintln(w)
	return nil
}

var preset = regexp.MustCompile(`(?m)\(default (.*)\)$`)

// flagUsages is what the library writes of flags, with its word for the preset value in the language that is spoken.
func flagUsages(f *pflag.FlagSet) string {
	return preset.ReplaceAllStringFunc(f.FlagUsages(), func(s string) string {
		return lang.T("command.help.default", "value", preset.FindStringSubmatch(s)[1])
	})
}
