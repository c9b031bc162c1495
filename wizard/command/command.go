// Package command is linecheck's command line: it reads flags, makes the options of a session, and turns its end into
// an exit code. It knows no concrete check; what needs one is handed in by main.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/wizard"
)

// Program is what main wires together.
type Program struct {
	Version, Commit string
	Machine         func() host.Machine
	Hands           func() host.Hands
	// KeepPromises starts what an earlier linecheck promised to start again; it is asked before anything else.
	KeepPromises func(context.Context, host.Machine, host.Hands) ([]checks.Change, error)
	// Guard keeps one promise, by its ID, where the process that gave it ended: the work of "linecheck guard".
	Guard func(ctx context.Context, machine host.Machine, hands host.Hands, id string) error
	// Look reads logs, folders and support bundles once, and says what they say of each product.
	Look func(context.Context, LookFor) (wizard.Looked, error)
	// Follow decodes what is written to logs until ctx is done, which then is no error, and returns how many failures stand.
	Follow func(ctx context.Context, w io.Writer, m host.Machine, profiles []*assets.Profile, paths []string, since time.Duration) (int, error)
	// Settings names the settings files, the one that counts most last; nil: there are none. See [app.settings].
	Settings func() []string
	// Lang is the system's language as the system names it, such as de_AT.UTF-8 or ja-JP; nil: it is not known.
	Lang func() string
	// Terminal says whether a person can be asked: standard input and output are a terminal.
	Terminal bool
	// Alone says in one sentence why nobody can be asked, where that is known, before a run without a screen; nil: it is not.
	Alone func() string
	// AskLogin asks a person for the login at a proxy, without showing the password. nil: nobody can be asked.
	AskLogin func(context.Context) (user, password string, err error)
	// Screen runs the wizard in the mode that fits the terminal, and returns the settled session.
	Screen func(ctx context.Context, o wizard.Options, accessible bool) (wizard.Session, error)
}

// takes wants at least min and at most max arguments; max 0: any number. A wrong call is told in the command's own words.
func takes(what string, min, max int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < min || max > 0 && len(args) > max {
			return errors.New(lang.T("command.bad.takes", "command", strings.TrimPrefix(cmd.CommandPath(), "linecheck "), "what", what))
		}
		return nil
	}
}

// group is a command that only holds others: alone, or with one that is not there, it is a wrong call.
func group(c *cobra.Command, of ...*cobra.Command) *cobra.Command {
	var names []string
	for _, s := range of {
		names = append(names, s.Name())
	}
	c.AddCommand(of...)
	c.RunE = func(_ *cobra.Command, args []string) error {
		known := lang.T("command.bad.one_of", "command", c.Name(), "list", strings.Join(names, ", "))
		if len(args) > 0 {
			return errors.New(lang.T("command.bad.none_such", "word", args[0], "known", known))
		}
		return errors.New(known)
	}
	return c
}

// app is one call of the program.
type app struct {
	Program
	flags flags
	// record is the file that the session is written down in, "" for none.
	record string
	do     string // what the person of a scene approves, where nobody is asked: clean; empty: nothing
	code   int
	io     streams
}

type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Run parses args, does what they say and returns the exit code: 2 for every error that names none of its own. ctx ends it.
func (p Program) Run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	defer p.speak(args)()
	to := wizard.NewOutlet(ctx, out)
	errw = hushed{wizard.NewOutlet(ctx, errw)}
	a := &app{Program: p, io: streams{wizard.Inlet(ctx, in), to, errw}}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.io.in)
	root.SetOut(to)
	root.SetErr(errw)
	err := root.ExecuteContext(ctx)
	if err == nil && to.Err() != nil {
		err = saidOf(to.Err(), lang.T("command.bad.not_written", "why", to.Err()))
		a.code = 2
	}
	switch {
	case err == nil:
		return a.code
	case ctx.Err() != nil:
		return 130
	}
	fmt.Fprintln(errw, "linecheck: "+wizard.Printable(lang.Phrase(err.Error())))
	if a.code != 0 {
		return a.code
	}
	return 2
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:          "linecheck",
		Short:        lang.T("command.root.short"),
		Long:         lang.T("command.root.long"),
		SilenceUsage: true, SilenceErrors: true,
		Args: cobra.NoArgs,
		RunE: a.wizard,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if a.Settings == nil || cmd.Hidden {
				return nil
			}
			return a.settings(cmd, a.Settings())
		},
	}
	a.flags.add(root)
	a.recorded(root)
	root.AddCommand(a.runCommand(), a.watchCommand(), a.logsCommand(), a.explainCommand(), a.profileCommand(), a.reportCommand(),
		a.cleanCommand(), a.guardCommand(), a.labCommand(), a.replayCommand(), a.versionCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	sayHelp(root)
	return root
}

// wizard is the main job.
func (a *app) wizard(cmd *cobra.Command, _ []string) error {
	o, err := a.options(cmd.Context())
	if err != nil {
		return err
	}
	return a.walk(cmd.Context(), o)
}

// walk shows the session to a person, and leaves its exit code. Without a terminal, and where the result is wanted in a
// form or a file, it does what `linecheck run` does.
func (a *app) walk(ctx context.Context, o wizard.Options) error {
	if a.flags.format != "" || a.flags.output != "" || !a.Terminal {
		if a.Alone != nil && !a.Terminal {
			if why := a.Alone(); why != "" {
				fmt.Fprintln(a.io.err, why)
			}
		}
		return a.headless(ctx, o)
	}
	record, err := a.recorder(ctx, &o)
	if err != nil {
		return err
	}
	a.promises(ctx, &o)
	s, err := a.Screen(ctx, o, a.flags.accessible || os.Getenv("ACCESSIBLE") != "")
	if err != nil {
		return err
	}
	a.code = wizard.ExitCode(s, s.Verdict(o.Rules))
	record(s, wizard.NewRunID())
	return nil
}

func (a *app) runCommand() *cobra.Command {
	return a.recorded(&cobra.Command{Use: "run", Short: lang.T("command.run"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.options(cmd.Context())
			if err != nil {
				return err
			}
			return a.headless(cmd.Context(), o)
		}})
}

// headless runs everything and writes the report to standard output, progress to standard error.
func (a *app) headless(ctx context.Context, o wizard.Options) error {
	write, err := a.writer(ctx)
	if err != nil {
		return err
	}
	record, err := a.recorder(ctx, &o)
	if err != nil {
		return err
	}
	a.tellPromises(ctx, &o)
	if len(o.Profiles) == 0 {
		if o.Profiles, err = a.found(ctx, o); err != nil {
			return err
		}
	}
	if t := a.flags.timeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	r := wizard.NewRunner(context.WithoutCancel(ctx), o.Env(), o.Place.Hands)
	defer r.Close()
	s := wizard.Play(ctx, o.New(o.Profiles, o.Role, time.Now()), r, a.io.err)
	if a.do == "clean" && ctx.Err() == nil {
		s = a.approve(ctx, o, s, r)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		s.Ended = false // its own limit ended it, not a person: what did not finish is unknown
	}
	id := wizard.NewRunID()
	report := o.Report(s, id)
	a.code = wizard.ExitCode(s, report.Verdict)
	record(s, id)
	return write(report)
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: lang.T("command.version.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.io.out, "linecheck %s (%s) %s %s/%s\n", a.Version, a.Commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			list, err := assets.Profiles()
			if err != nil {
				return err
			}
			for _, p := range list {
				fmt.Fprintf(a.io.out, "%s %-14s %s  %s\n", lang.T("command.version.profile"), p.Name, p.Revision, p.Title)
			}
			fmt.Fprintln(a.io.out, lang.T("command.version.no_affiliation"))
			return nil
		}}
}

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{Use: "explain CODE…", Short: lang.T("command.explain.short"),
		Long: lang.T("command.explain.long"),
		Args: takes(lang.T("command.explain.takes"), 1, 0),
		RunE: func(_ *cobra.Command, args []string) error {
			rules, err := assets.LoadRules()
			if err != nil {
				return err
			}
			switch a.flags.format {
			case "", "text":
			case "json":
				return a.explainJSON(rules, asked(args))
			default:
				return errors.New(lang.T("command.bad.explain_format", "word", a.flags.format))
			}
			for i, q := range asked(args) {
				if i > 0 {
					fmt.Fprintln(a.io.out)
				}
				if !a.explain(rules, strings.TrimSpace(q)) {
					a.code = 2
				}
			}
			return nil
		}}
}
