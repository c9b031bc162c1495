// Package cache looks at the folder where a product keeps its cloud's answers, and empties it when a person approves.
// An answer that says "no connection" is kept as long as any other, so a mended line may go on looking broken.
package cache

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

//go:embed texts.yaml
var texts []byte

func init() { checks.Register(check{}) }

// The codes of this check.
const (
	Recent     checks.Code = "cache.recent"       // the newest entry is younger than the product keeps answers
	Old        checks.Code = "cache.old"          // every entry is older than that
	Empty      checks.Code = "cache.empty"        // the folder holds no file
	Missing    checks.Code = "cache.missing"      // there is no such folder
	Unreadable checks.Code = "cache.unreadable"   // it could not be told what is in it
	LeftOver   checks.Code = "cache.left_over"    // beside it stands what a cleanup moved aside and has not deleted
	None       checks.Code = "cache.none"         // the profile names no cache for this system
	NoTTL      checks.Code = "cache.ttl_unknown"  // entries are there, but nobody says how long they are kept
	Cleaned    checks.Code = "cache.cleaned"      // a fix emptied it
	Failed     checks.Code = "repair.failed"      // a fix did not complete
	RolledBack checks.Code = "repair.rolled_back" // it did not either, and the machine is as it was before it
)

// view is whose eyes see the folder: always the person who runs linecheck.
const view = "you, this machine"

// check has a walk of its own only in tests.
type check struct {
	walk func(context.Context, probe.Request) probe.Answer
}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "cache",
		Title:    lang.T("step.cache.title"),
		Question: lang.T("step.cache.question"),
		Summary:  lang.T("step.cache.summary"),
		Timeout:  30 * time.Second,
		Texts:    texts,
		Codes:    []checks.Code{Recent, Old, Empty, Missing, Unreadable, LeftOver, None, NoTTL, Cleaned, Failed, RolledBack},
		Needs:    []checks.FactName{checks.FactRoute}, // the cleanup asks the line on that way
		Order:    50,
	}
}

// Run reads names, sizes and times in the cache folder; it opens no file.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	now := time.Now()
	f := checks.Finding{View: view, At: now, Args: map[string]string{}}
	done := func(code checks.Code, s checks.Status, why string, actions ...checks.Action) (checks.Result, error) {
		f.Code, f.Status, f.Took = code, s, time.Since(now)
		if why != "" {
			f = f.With("why", why)
		}
		all := []checks.Finding{f}
		if code != None {
			all = append(all, left(env, now)...)
		}
		for _, f := range all {
			emit(checks.Found{Finding: f})
		}
		return checks.Result{Findings: all, Actions: actions, Reason: why}, nil
	}

	c := env.Profile.Cache
	if why := absent(c, env.Machine.OS); why != "" {
		f.Subject = env.Profile.Title
		return done(None, checks.Skip, why)
	}
	f.Subject, f.Mark = c.Dir, c.Mark
	f.Args["service"] = c.Service
	if c.TTL > 0 {
		f.Args["ttl"] = span(time.Duration(c.TTL))
	}

	seen, err := look(ctx, env.Machine.Files, c.Dir)
	if host.Absent(err) {
		f.Evidence = []checks.Evidence{{Source: c.Dir, Text: err.Error()}}
		return done(Missing, checks.Note, "")
	}
	if err != nil {
		f.Evidence = []checks.Evidence{{Source: c.Dir, Text: err.Error()}}
		why := whyNot(err, env.Machine.Identity.Elevated)
		if ttl := time.Duration(c.TTL); host.Denied(err) && ttl > 0 { // what lies in it may be as young as now
			f.Args["newest"], f.Args["until"] = "a time that this account may not see", clock(now.Add(ttl), now)+" at the latest"
		}
		return done(Unreadable, checks.Unknown, why, propose(ctx, env, seen, why))
	}
	f.Evidence = seen.evidence(c.Dir)
	code, status, why := judge(&f, seen, time.Duration(c.TTL), now)
	if code == Empty && seen.nothing() { // a folder that holds a link alone is refused in so many words
		return done(code, status, why)
	}
	return done(code, status, why, propose(ctx, env, seen, ""))
}

// left tells of what earlier cleanups moved aside and have not deleted.
func left(env checks.Env, now time.Time) []checks.Finding {
	var out []checks.Finding
	c := env.Profile.Cache
	for _, path := range leftovers(env.Machine.Files, c.Dir) {
		out = append(out, checks.Finding{Code: LeftOver, Status: checks.Note, Subject: path, View: view, At: now, Mark: c.Mark,
			Args:     map[string]string{"dir": c.Dir, "service": c.Service},
			Evidence: []checks.Evidence{{Source: path, Text: "a folder with the name that linecheck gives to what it moves aside"}}})
	}
	return out
}

// absent says why there is nothing to look at on this system, "" where there is.
func absent(c *assets.Cache, os string) string {
	switch {
	case c == nil || c.Dir == "":
		return "the profile names no cache"
	case assets.PathOS(c.Dir) == "":
		return "the profile's cache folder is no full path: " + c.Dir
	case assets.PathOS(c.Dir) != os:
		return fmt.Sprintf("the profile knows this cache only on %s", assets.PathOS(c.Dir))
	}
	return ""
}

// judge turns what was seen into a code, and fills the finding's arguments.
func judge(f *checks.Finding, s survey, ttl time.Duration, now time.Time) (checks.Code, checks.Status, string) {
	f.Args["files"] = s.count()
	f.Args["size"] = size(s.bytes)
	f.Args["bytes"] = strconv.FormatInt(s.bytes, 10)
	if s.files == 0 {
		if s.partial() {
			return Unreadable, checks.Unknown, s.whyPartial()
		}
		return Empty, checks.Pass, ""
	}
	f.Args["newest"], f.Args["oldest"] = clock(s.newest.at, now), clock(s.oldest.at, now)
	if ttl <= 0 {
		return NoTTL, checks.Note, ""
	}
	// A time in the future comes from a clock that was set back; no answer can be younger than now.
	newest := s.newest.at
	if newest.After(now) {
		newest = now
	}
	if until := newest.Add(ttl); until.After(now) {
		f.Args["until"] = clock(until, now)
		return Recent, checks.Pass, ""
	}
	if s.partial() {
		return Unreadable, checks.Unknown, s.whyPartial()
	}
	return Old, checks.Pass, ""
}

// whyNot says in words why the folder could not be read.
func whyNot(err error, elevated bool) string {
	switch {
	case host.Denied(err) && !elevated:
		return "needs administrator rights"
	case host.Denied(err):
		return "access is denied even with administrator rights"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "the look was stopped before it was finished"
	case errors.Is(err, errLink), errors.Is(err, errNoFolder):
		return err.Error()
	}
	return "reading failed: " + strings.ToValidUTF8(err.Error(), "?")
}
