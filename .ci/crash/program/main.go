// Command program is linecheck with hands that can be made to fail: it is wired like the real one, and ends, or panics, at
// the call of its hands that LINECHECK_CRASH names. The watchdogs that it starts do not inherit that, so they are the real
// thing. For the proof in this folder only.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "linecheck/checks/all"
	"linecheck/checks/cache"
	"linecheck/checks/host"
	"linecheck/wizard/command"
)

func main() { os.Exit(run()) }

func run() int {
	f, err := planned()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 99
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	p := command.Program{
		Version: "crash", Commit: "crash",
		Machine: machine, Hands: func() host.Hands { return f.wrap(host.LocalHands()) },
		KeepPromises: cache.KeepPromises, Guard: cache.Guard,
	}
	return p.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
