package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// maxRefused is how many parts of archives are told by name.
const maxRefused = 20

// Result is what the logs say of one profile's product, as the live check says it, but as of the newest line; false
// where nothing in them concerns that product.
func (l *Looked) Result(p *assets.Profile) (checks.Result, bool) {
	s, ok := l.of(p)
	if !ok {
		return checks.Result{}, false
	}
	now, since := s.newest, l.since
	if now.IsZero() { // no line tells when it was written; then none is old
		now = time.Now()
	} else if since > 0 { // what is too old as of everything that was read is too old
		since = max(since-l.AsOf.Sub(now), 1)
	}
	s.total.far = true
	r := s.tell(finds{}, p, checks.Route{}, now, since)
	r.Findings = append(r.Findings, l.asOf(p, s))
	r.Findings = slices.Concat(r.Findings, l.told(), l.refusals(), l.unread())
	alone(r.Findings, " of a run on that computer")
	return r, true
}

// of is the part of everything that concerns a profile.
func (l *Looked) of(p *assets.Profile) (*scanned, bool) {
	i := l.index(p)
	if i < 0 {
		return nil, false
	}
	own := slices.ContainsFunc(l.shares, func(s *share) bool { return len(s.cursors) > 0 })
	switch {
	case len(l.shares[i].cursors) > 0:
		return l.shares[i].with(l.rest[i]), true
	case !own && len(l.rest[i].cursors) > 0 && (l.hosted(i) || i == 0 && !slices.ContainsFunc(l.sorter.profiles, l.names)):
		return newShare().with(l.rest[i]), true
	}
	return nil, false
}

func (l *Looked) index(p *assets.Profile) int {
	if i := slices.Index(l.sorter.profiles, p); i >= 0 {
		return i
	}
	return slices.IndexFunc(l.sorter.profiles, func(o *assets.Profile) bool { return o.Name == p.Name })
}

// names reports whether a line names the profile's product: lines of its own do, and of lines that may be anybody's those
// that name a host of its cloud.
func (l *Looked) names(p *assets.Profile) bool {
	i := l.index(p)
	if i < 0 {
		return false
	}
	return len(l.shares[i].cursors) > 0 || l.hosted(i)
}

func (l *Looked) hosted(i int) bool { return len(l.rest[i].total.names.hosts) > 0 }

// asOf says how far the logs of one product go. s: what was read of them; nil: nothing, and it is about all.
func (l *Looked) asOf(p *assets.Profile, s *scanned) checks.Finding {
	files, read, newest, oldest := l.Files, l.Lines, l.AsOf, l.From
	if s != nil {
		files, read, newest, oldest = len(s.cursors), s.lines, s.newest, s.total.oldest()
	}
	f := checks.Finding{Code: AsOf, Status: checks.Note, Subject: p.Title, View: view, At: newest, Args: map[string]string{
		"files": strconv.Itoa(files), "lines": strconv.Itoa(read), "passed": strconv.Itoa(l.Passed),
		"time": clock(newest), "from": clock(oldest), "read": amount(files, read), "range": extent(read, newest, oldest)}}
	if !newest.IsZero() {
		f.Args["more"] = "A time without a zone is taken as one of this computer's (UTC" + newest.In(time.Local).Format("-07:00") + "), whatever the zone of the computer that wrote it."
	}
	if l.Passed > 0 {
		f.Args["more"] = strings.TrimSpace(f.Args["more"] + " Passed over as no log that linecheck knows: " + counted(l.Passed, "file", "files") + ".")
	}
	return f
}

// refusals are the archives and members that were not read, or not whole, the first of them with the reason.
func (l *Looked) refusals() (out []checks.Finding) {
	for i, r := range l.refused {
		more := len(l.refused) - i + l.moreRefused
		if i == maxRefused-1 && more > 1 {
			r.Name, r.Why = fmt.Sprintf("%d more parts", more), "one of them is "+r.Name+": "+r.Why
		}
		if i < maxRefused {
			out = append(out, checks.Finding{Code: BundleRefused, Status: checks.Unknown, Subject: r.Name, View: disk, At: time.Now(),
				Args: map[string]string{"why": r.Why, "do": r.Do}, Evidence: []checks.Evidence{{Source: r.Name, Text: r.Why}}})
		}
	}
	return out
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "a time the logs do not name"
	}
	return t.In(time.Local).Format(clockForm)
}

// unread are the files that could not be read.
func (l *Looked) unread() (out []checks.Finding) {
	for i, err := range l.Problems {
		f := checks.Finding{Code: Unreadable, Subject: "a file", View: disk, At: time.Now(), Args: map[string]string{"why": err.Error()},
			Evidence: []checks.Evidence{{Source: "the files that were named", Text: err.Error()}}}
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			f.Subject, f.Args["why"] = printable(pe.Path), because(pe.Err)
		}
		if i == maxEvidence-1 && len(l.Problems) > maxEvidence {
			f.Subject = strconv.Itoa(len(l.Problems)-i) + " more files"
		}
		if i < maxEvidence {
			out = append(out, f)
		}
	}
	return out
}
