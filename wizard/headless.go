package wizard

import (
	"context"
	"fmt"
	"io"
	"strings"

	"linecheck/assets/lang"
)

// Play runs the whole session without a screen and returns it settled. progress is told one line for each check that
// ends; nil: nobody listens. When ctx is done the session comes back as far as it got, marked as ended.
func Play(ctx context.Context, s Session, r *Runner, progress io.Writer) Session {
	for {
		s = r.StartReady(s)
		if s.Settled() {
			return s
		}
		changes := r.Next(ctx)
		if changes == nil {
			r.Close()
			s = s.Apply(Interrupted{}) // before what is still to be told: nothing is looked at again for whoever left
			for _, c := range r.drain() {
				s = s.Apply(c)
			}
			return s
		}
		for _, c := range changes {
			s = s.Apply(c)
			if f, ok := c.(RunFinished); ok && progress != nil {
				report(progress, s, f.Key)
			}
		}
	}
}

func report(w io.Writer, s Session, k Key) {
	run := s.Run(k)
	if run == nil {
		return
	}
	reason := ""
	if why := run.Reason(); why != "" {
		reason = lang.T("headless.why", "why", lang.Phrase(firstLine(why)))
	}
	took := lang.T("headless.took", "seconds", lang.Decimal(run.Took.Seconds(), 1))
	fmt.Fprintf(w, "%-9s %-12s %s%s, %s\n", k.Check, k.Profile, resultWord(run.Status()), reason, took)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
