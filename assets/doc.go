// Package assets is what linecheck knows, as data, and what reads it. Of the project it imports only assets/lang.
//
//   - profile.go is a product's profile (profiles/*.yaml): parse.go and load.go read it, lint*.go and hints.go say what is
//     wrong or weak in it (problems.go, mark.go), fill.go, values.go and made.go fill its variables, new.go begins one.
//   - rules.go is how findings become causes (rules.yaml, and rules_logs.yaml where nothing but logs was read).
//   - codes.go is the tables of error numbers (codes/*.yaml), explain.go what a person asks of them.
//   - signatures.go is the known lines of logs (signatures/*.yaml), sigfile.go reads their files. Of a line, grammar.go takes
//     its form apart (moment.go its time), reading.go what a signature reads in it, and tell.go says it of one line alone.
//     pattern.go and match.go are the regular expressions in them, matched by hand, and memo.go remembers what the last
//     lines meant: a log is read at the speed of the disk.
//   - events.go is the known events of Windows (events/*.yaml), winevent.go the same as a table of numbers.
//   - spoken.go and rules_told.go say all this in the language that is spoken: the English of it stays in its own files.
//   - page.go is the look of the report as a page for a browser (page/page.css).
//   - middlebox.go, portal.go and ticket.go are what is known of boxes on the way, of login pages, and what to ask for.
package assets
