// Command linecheck finds out why an endpoint-security product cannot reach its vendor's cloud.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/charmbracelet/x/term"

	_ "linecheck/checks/all"
	"linecheck/checks/cache"
	"linecheck/checks/host"
	"linecheck/checks/logs"
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
	interactive, screen := host.Console(os.Stdin, os.Stdout)
	p := command.Program{
		Version: version, Commit: commitOf(),
		Machine: host.Local, Hands: host.LocalHands,
		KeepPromises: cache.KeepPromises,
		Guard:        cache.Guard,
		Look:         look,
		Follow:       logs.Follow,
		Settings:     settings,
		Terminal:     interactive,
		AskLogin: func(ctx context.Context) (string, string, error) {
			return wizard.AskLogin(ctx, os.Stdin, os.Stderr)
		},
		Screen: func(ctx context.Context, o wizard.Options, accessible bool) (wizard.Session, error) {
			return show(ctx, o, accessible, screen)
		},
	}
	return p.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// show chooses between the full screen and lines, and falls back to lines with one sentence why.
func show(ctx context.Context, o wizard.Options, accessible, screen bool) (wizard.Session, error) {
	out := wizard.NewOutlet(ctx, os.Stdout)
	o.Width, _, _ = term.GetSize(os.Stdout.Fd())
	if accessible {
		return wizard.RunLines(ctx, o, os.Stdin, out)
	}
	if !screen {
		fmt.Fprintln(out, "This terminal cannot draw a full screen, so linecheck goes on in lines.")
		return wizard.RunLines(ctx, o, os.Stdin, out)
	}
	s, err := wizard.Screen(ctx, o, os.Stdin, os.Stdout)
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(out, wizard.Printable("The full screen did not work ("+err.Error()+"), so linecheck goes on in lines."))
		return wizard.RunLines(ctx, o, os.Stdin, out)
	}
	return s, err
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
