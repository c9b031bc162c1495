// Package wizard is the session of one troubleshooting run: its state as a value, the runner that feeds it, the verdict,
// the report, and the screens that read it. It knows no concrete check.
package wizard
