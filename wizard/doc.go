// Package wizard is the session of one troubleshooting run: its state as a value, the runner that feeds it, the verdict,
// the report, and the screens that read it. It knows no concrete check. Data goes one way:
//
//   - runner.go runs checks beside the screen and gathers what they say (runner_gather.go) into changes.
//   - change.go applies a change to the session (session.go), a value; markers.go puts what linecheck asked among the lines
//     of live tails. look.go makes a session of logs that a person named, with nothing to run.
//   - verdict.go judges what was found, by causes.go and proof.go; by verdict_logs*.go where nothing but logs was read.
//   - report.go is session and verdict for others, redact.go what it leaves out: format*.go write it, ticket*.go make of it
//     what the network's team is asked for, save.go puts it into files.
//   - Four readers show the session and turn what a person wants into changes: model*.go the full screen, lines*.go line by
//     line, headless.go nobody, watch*.go again and again. options.go is what they are told, detect.go which products are
//     here, outlet.go and escape.go keep a terminal that hangs or listens from doing harm.
package wizard
