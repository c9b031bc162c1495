package wizard

import (
	"slices"

	"linecheck/checks"
)

// statusCodes are the exit codes of the verdicts; 0 for healthy.
var statusCodes = map[string]int{Fault: 1, Inconclusive: 3, Warning: 4}

// Exit codes that count more than the verdict.
const (
	exitRepair      = 5   // a repair was refused, failed or was taken back
	exitInterrupted = 130 // as after Ctrl+C
)

// ExitCode is the program's exit code for a verdict, by the contract.
func ExitCode(s Session, v Verdict) int {
	switch {
	case s.unmended() || slices.ContainsFunc(s.Seen(), func(f Seen) bool { return failedRepair(f.Code, f.Status) }):
		return exitRepair // also where the person left meanwhile: a service may be down
	case s.Ended:
		return exitInterrupted
	}
	return statusCodes[v.Status]
}

// ExitCode is the one with which the run ended that the report is of, as far as a report tells: that a person cut a run
// off stands in none.
func (r Report) ExitCode() int {
	last := map[string]string{}
	for _, rep := range r.Repairs {
		if rep.Result != underWay {
			last[rep.Profile+" "+rep.Action] = rep.Result
		}
	}
	for _, result := range last {
		if result != string(Repaired) {
			return exitRepair
		}
	}
	for _, c := range r.Checks {
		if slices.ContainsFunc(c.Findings, func(f FindingReport) bool { return failedRepair(f.Code, f.Status) }) {
			return exitRepair
		}
	}
	return statusCodes[r.Verdict.Status]
}

// ExitCode is that of the newer run.
func (c Comparison) ExitCode() int { return c.of[1].ExitCode() }

func failedRepair(code checks.Code, status checks.Status) bool {
	return code == repairRolledBack || code == repairFailed && status == checks.Fail
}
