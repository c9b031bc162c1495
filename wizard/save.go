package wizard

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linecheck/assets/lang"
)

// form is one of the files that something is saved as.
type form struct {
	ext   string
	write func(io.Writer) error
}

// SaveReport writes the report three times, as JSON for programs, as Markdown for tickets and as a page for a browser, into
// the current folder, or where that may not be written into the user's home or the temporary folder. A second save of the
// same run replaces the first.
func SaveReport(r Report) ([]string, error) {
	return saveSomewhere(stem(r.Run.Started, r.Run.ID), []form{
		{".json", func(w io.Writer) error { return r.Write(w, "json") }},
		{".md", func(w io.Writer) error { return r.Write(w, "markdown") }},
		{".html", func(w io.Writer) error { return r.Write(w, "html") }}})
}

// SaveTicket writes the ticket beside where [SaveReport] writes the report, as text and as Markdown.
func SaveTicket(t Ticket, started time.Time, runID string) ([]string, error) {
	return saveSomewhere(stem(stamp(started), runID)+ticketEnds[t.For], []form{
		{".txt", func(w io.Writer) error { return t.Write(w, "text") }},
		{".md", func(w io.Writer) error { return t.Write(w, "markdown") }}})
}

// ticketEnds tell the tickets of one run apart by their names.
var ticketEnds = map[Whose]string{ForNetwork: "-ticket", ForCustomer: "-ticket-customer", ForVendor: "-ticket-vendor"}

// stem is the name of a run's files without their endings.
func stem(started, id string) string {
	return "linecheck-" + strings.NewReplacer(":", "", "-", "", "T", "-").Replace(started[:min(16, len(started))]) + "-" + id
}

// saveDirs are the folders in which something is saved, the first one that can be written to.
func saveDirs() []string {
	if home, err := os.UserHomeDir(); err == nil {
		return []string{".", home, os.TempDir()}
	}
	return []string{".", os.TempDir()}
}

func saveSomewhere(name string, forms []form) ([]string, error) {
	var errs []error
	for _, dir := range saveDirs() {
		files, err := saveIn(dir, name, forms)
		if err == nil {
			return files, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func saveIn(dir, name string, forms []form) ([]string, error) {
	var files []string
	for _, form := range forms {
		path, err := filepath.Abs(filepath.Join(dir, name+form.ext))
		if err != nil {
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(form.write(f), f.Close()); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// saidSaved is the sentence after a save.
func saidSaved(msg savedMsg) string {
	if msg.err != nil {
		return lang.T("report.not_saved", "why", firstLine(msg.err.Error()))
	}
	var names []string
	stem := strings.TrimSuffix(filepath.Base(msg.files[0]), filepath.Ext(msg.files[0]))
	for i, f := range msg.files {
		name := filepath.Base(f)
		if i > 0 {
			name = strings.TrimPrefix(name, stem) // one name and its endings fit into a line
		}
		names = append(names, name)
	}
	return lang.T("report.saved", "folder", filepath.Dir(msg.files[0]), "files", lang.List(names)) // the folder first: a narrow window cuts the end
}

// saidFixed is the sentence after a change.
func saidFixed(r Repair) string {
	switch {
	case r.Outcome == Refused:
		return lang.T("report.fixed.refused", "why", lang.Phrase(r.Why))
	case r.Outcome == RolledBack:
		return lang.T("report.fixed.rolled_back", "why", lang.Phrase(r.Why))
	case r.Outcome == Broken:
		return lang.T("report.fixed.broken", "why", lang.Phrase(r.Why))
	case len(r.Changes) == 0:
		return lang.T("report.fixed.nothing")
	}
	return lang.N("report.fixed.done", len(r.Changes))
}
