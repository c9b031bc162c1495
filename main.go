// Command linecheck finds out why an endpoint-security product cannot reach its vendor's cloud.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/term"

	"linecheck/assets/lang"
	_ "linecheck/checks/all"
	"linecheck/checks/cache"
	"linecheck/checks/host"
	"linecheck/checks/logs"
	"linecheck/tui"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

// version and commit are set by the release build (-ldflags "-X main.version=…"); else the build information has them.
var version, commit = "dev", ""

func main() { os.Exit(run()) }

func run() int {
	// SIGHUP is a lost SSH session: the screen library ignores it, and a service that was stopped must run again.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	console := host.ConsoleAt(os.Stdin, os.Stdout)
	p := command.Program{
		Version: version, Commit: commitOf(),
		Machine: host.Local, Hands: host.LocalHands,
		KeepPromises: cache.KeepPromises,
		Guard:        cache.Guard,
		Look:         look,
		Follow:       logs.Follow,
		Settings:     settings,
		Terminal:     console.Interactive,
		Alone:        func() string { return alone(console) },
		Lang:         func() string { return speakable(console, host.Locale()) },
		AskLogin: func(ctx context.Context) (string, string, error) {
			return wizard.AskLogin(ctx, os.Stdin, os.Stderr)
		},
		Screen: func(ctx context.Context, o wizard.Options, accessible bool) (wizard.Session, error) {
			return show(ctx, o, accessible, console)
		},
	}
	return p.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// show chooses between the full screen and lines, and falls back to lines with one sentence why.
func show(ctx context.Context, o wizard.Options, accessible bool, console host.Console) (wizard.Session, error) {
	out := wizard.NewOutlet(ctx, os.Stdout)
	o.Width, _, _ = term.GetSize(os.Stdout.Fd())
	o.Console, o.ASCII, o.Clipboard = console, o.ASCII || console.ASCII, host.CopyText
	o.Notice = notice(console, host.Locale(), o.LangKnown)
	lines := func(why string) (wizard.Session, error) {
		for _, s := range []string{o.Notice, why} {
			for _, l := range tui.Wrap(wizard.Printable(s), cmp.Or(max(0, o.Width), 80)) {
				fmt.Fprintln(out, l)
			}
		}
		return wizard.RunLines(ctx, o, os.Stdin, out)
	}
	if accessible {
		return lines("")
	}
	if !console.Screen {
		return lines(lang.T("terminal.lines." + console.Lacks))
	}
	debug.SetGCPercent(screenGarbage)
	s, err := wizard.Screen(ctx, o, os.Stdin, os.Stdout)
	if err != nil && ctx.Err() == nil {
		return lines(lang.T("terminal.lines.failed", "why", err.Error()))
	}
	return s, err
}

// screenGarbage is how much garbage there may be to what is in use, in percent. A screen has time, and keeps within 40 MB;
// "linecheck logs" reads half a gigabyte, and is in a hurry.
const screenGarbage = 25

// alone says why nobody can be asked, where what started this program is known to give it no terminal.
func alone(console host.Console) string {
	if console.Lacks == "" {
		return ""
	}
	return lang.T("terminal.alone." + console.Lacks)
}

// speakable is the system's language where this terminal can show its letters, and "" where it cannot.
func speakable(console host.Console, system string) string {
	code := strings.ToLower(system)
	switch {
	case !console.Interactive, strings.HasPrefix(code, lang.English):
	case !console.UTF8, strings.HasPrefix(code, "ja") && !console.Japanese:
		return ""
	}
	return system
}

// notice says why English is spoken on a system of another language that linecheck speaks; "" where it is not, or where a
// person asked for it.
func notice(console host.Console, system string, asked bool) string {
	known := slices.ContainsFunc(lang.Known(), func(code string) bool { return strings.HasPrefix(strings.ToLower(system), code) })
	if asked || !known || speakable(console, system) == system {
		return ""
	}
	return lang.T("terminal.english")
}

// settings are the places of a settings file: beside the program, for everybody who uses it from there, and the user's own,
// which counts more.
func settings() []string {
	var files []string
	if program, err := os.Executable(); err == nil {
		files = append(files, filepath.Join(filepath.Dir(program), "linecheck.yaml"))
	}
	if own, err := os.UserConfigDir(); err == nil {
		files = append(files, filepath.Join(own, "linecheck", "linecheck.yaml"))
	}
	return files
}

// look reads logs that a person named, or the products' own.
func look(ctx context.Context, f command.LookFor) (wizard.Looked, error) {
	ask := logs.Ask{Machine: f.Machine, Profiles: f.Profiles, Chosen: f.Chosen, Paths: f.Paths, In: f.In, Since: f.Since}
	if f.Tell != nil {
		ask.Tell = func(e logs.Entry) { f.Tell(e.Line) }
	}
	said, err := logs.Read(ctx, ask)
	l := wizard.Looked{Paths: f.Paths, AsOf: said.AsOf, Profiles: said.Profiles, Results: said.Results, Known: said.Known,
		Files: said.Files, Problems: said.Problems}
	return l, err
}

func commitOf() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return "unknown commit"
}
