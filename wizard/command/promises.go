package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/wizard"
)

// promiseQuiet is how long an earlier linecheck's promises are seen to without a word to the person who waits.
const promiseQuiet = 2 * time.Second

// promises keeps what an earlier linecheck left open, before anything else happens, and puts into o what is to be told of
// it: on the screen, in lines and in reports.
func (a *app) promises(ctx context.Context, o *wizard.Options) {
	if o.Place.Practice != "" || a.KeepPromises == nil {
		return
	}
	type kept struct {
		changes []checks.Change
		err     error
	}
	done := make(chan kept, 1)
	go func() {
		var k kept
		k.changes, k.err = a.KeepPromises(ctx, o.Place.Machine, o.Place.Hands)
		done <- k
	}()
	var k kept
	quiet := time.NewTimer(promiseQuiet)
	defer quiet.Stop()
	for waits := true; waits; {
		select {
		case k = <-done:
			waits = false
		case <-quiet.C:
			fmt.Fprintln(a.io.err, lang.T("command.looking_after"))
		}
	}
	o.Kept = k.changes
	if k.err != nil {
		o.Owed = strings.Split(k.err.Error(), "\n")
	}
}

// tellPromises is promises for who has no screen to read of it.
func (a *app) tellPromises(ctx context.Context, o *wizard.Options) {
	a.promises(ctx, o)
	for _, c := range o.Kept {
		fmt.Fprintln(a.io.err, wizard.Printable(lang.T("command.not_ended", "change", wizard.SaidChange(c))))
	}
	for _, s := range o.Owed {
		fmt.Fprintln(a.io.err, wizard.Printable(lang.T("command.earlier", "what", lang.Phrase(s))))
	}
}
