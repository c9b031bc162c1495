package wizard

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// ReportLimit is far above any report linecheck writes: two products with every log line it keeps come to some hundred KiB.
const ReportLimit = 32 << 20

// Bounds of the search for the last run: a folder of the helpdesk may hold the reports of years.
const (
	lastLooked  = 60
	lastBytes   = 64 << 20
	lastEntries = 20000
)

// LastRun is the newest saved report that a session can be compared with.
type LastRun struct {
	Report Report
	File   string
}

// when is the run's time, as a person chooses it.
func (l LastRun) when() string {
	t := clock(l.Report.Run.Started)
	return t[:min(len(t), len("2006-01-02 15:04"))]
}

// against compares the run with what is seen now.
func (l LastRun) against(r Report) Comparison { return compare(l.Report, r, true) }

// ReadReport reads a saved report; what names it in an error. It reads at most [ReportLimit] bytes.
func ReadReport(in io.Reader, what string) (Report, error) {
	b, err := io.ReadAll(io.LimitReader(in, ReportLimit+1))
	if err != nil {
		return Report{}, err
	}
	if len(b) > ReportLimit {
		return Report{}, fmt.Errorf("%s is larger than %d MB", what, ReportLimit>>20)
	}
	var r Report
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s is no report of linecheck: %w", what, err)
	}
	if r.Schema != ReportSchema {
		return r, fmt.Errorf("%s: its schema is %q; this linecheck reads %s", what, r.Schema, ReportSchema)
	}
	if r.Repairs == nil {
		r.Repairs = []RepairReport{} // an older linecheck wrote none
	}
	return copied(reflect.ValueOf(r), shortened).Interface().(Report), nil
}

// textMost is far above the longest text that a run writes down.
const textMost = 64 << 10

// shortened is s where it is no longer than what a run writes: whoever looks for names in more takes minutes.
func shortened(s string) string {
	if len(s) <= textMost {
		return s
	}
	return strings.ToValidUTF8(s[:textMost], "") + " (cut: it is longer than any text of a report)"
}

// FindLast returns the newest report in these folders that is of this computer and of the session's products, judged by
// today's rules. Reports whose computer cannot be told are left out: a stick may hold those of many.
func FindLast(ctx context.Context, dirs []string, o Options, s Session, runID string) (LastRun, bool) {
	type file struct{ dir, name string }
	var files []file
	seen := map[string]bool{}
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil || seen[abs] || ctx.Err() != nil {
			continue
		}
		seen[abs] = true
		for _, name := range savedIn(abs) {
			files = append(files, file{abs, name})
		}
	}
	// The name begins with the time of the run, so the newest comes first whatever folder it lies in.
	slices.SortStableFunc(files, func(a, b file) int { return cmp.Compare(b.name, a.name) })
	left := int64(lastBytes)
	for _, f := range files[:min(len(files), lastLooked)] {
		if ctx.Err() != nil || left <= 0 {
			break
		}
		path := filepath.Join(f.dir, f.name)
		r, n, ok := readSaved(path)
		if left -= n; ok && r.sameAs(o, s, runID) {
			return LastRun{r.Rejudge(o.Rules), path}, true
		}
	}
	return LastRun{}, false
}

// savedIn names the reports of a folder.
func savedIn(dir string) []string {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	var out []string
	for n := 0; n < lastEntries; {
		entries, err := d.ReadDir(1000)
		for _, e := range entries {
			if e.Type().IsRegular() && strings.HasPrefix(e.Name(), "linecheck-") && strings.HasSuffix(e.Name(), ".json") {
				out = append(out, e.Name())
			}
		}
		if n += len(entries); err != nil {
			break
		}
	}
	return out
}

// readSaved reads a report where there is one, and says how many bytes that took.
func readSaved(path string) (Report, int64, bool) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > ReportLimit {
		return Report{}, 0, false
	}
	f, err := os.Open(path)
	if err != nil {
		return Report{}, 0, false
	}
	defer f.Close()
	r, err := ReadReport(f, path)
	return r, info.Size(), err == nil
}

// sameAs: the report is of this computer and of the session's products, and of another run.
func (r Report) sameAs(o Options, s Session, runID string) bool {
	if _, named := r.namedLogs(); named || r.Run.ID == runID || r.Run.Practice != o.Place.Practice || len(r.Profiles) != len(s.Profiles) {
		return false
	}
	for _, p := range s.Profiles {
		if !slices.ContainsFunc(r.Profiles, func(i ProfileInfo) bool { return i.Name == p.Name }) {
			return false
		}
	}
	who := o.Place.Machine.Identity
	switch {
	case o.Place.Practice != "":
		return true // one scene is one computer
	case r.Run.Machine != "" || who.Machine != "":
		return r.Run.Machine == who.Machine
	}
	return r.Run.Host != "" && strings.EqualFold(r.Run.Host, who.Host)
}
