package wizard

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// SaveReport writes the report twice, as JSON for programs and as Markdown for a ticket, into the current folder, or
// where that may not be written into the user's home or the temporary folder. A second save of the same run replaces the first.
func SaveReport(r Report) ([]string, error) {
	dirs := []string{".", os.TempDir()}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = []string{".", home, os.TempDir()}
	}
	name := "linecheck-" + strings.NewReplacer(":", "", "-", "", "T", "-").Replace(r.Run.Started[:min(16, len(r.Run.Started))]) + "-" + r.Run.ID
	var errs []error
	for _, dir := range dirs {
		files, err := saveIn(dir, name, r)
		if err == nil {
			return files, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func saveIn(dir, name string, r Report) ([]string, error) {
	var files []string
	for _, form := range []struct{ format, ext string }{{"json", ".json"}, {"markdown", ".md"}} {
		path, err := filepath.Abs(filepath.Join(dir, name+form.ext))
		if err != nil {
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(r.Write(f, form.format), f.Close()); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// saidSaved is the sentence after a save.
func saidSaved(msg savedMsg) string {
	if msg.err != nil {
		return "The report could not be saved: " + firstLine(msg.err.Error())
	}
	var names []string
	stem := strings.TrimSuffix(filepath.Base(msg.files[0]), filepath.Ext(msg.files[0]))
	for i, f := range msg.files {
		name := filepath.Base(f)
		if i > 0 {
			name = strings.TrimPrefix(name, stem) // one name and two endings fit into a line
		}
		names = append(names, name)
	}
	return fmt.Sprintf("Saved %s in %s", strings.Join(names, " and "), filepath.Dir(msg.files[0]))
}

// saidFixed is the sentence after a change.
func saidFixed(f FixFinished) string {
	if f.Err != nil {
		return "It was not completed: " + firstLine(f.Err.Error())
	}
	if len(f.Result.Changes) == 1 {
		return "Done, one change; the report holds it."
	}
	return fmt.Sprintf("Done, %d changes; the report holds them.", len(f.Result.Changes))
}
