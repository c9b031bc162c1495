package logs

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// view is whose eyes these findings are.
const view = "the product's own log"

// disk is whose eyes see the files, or see none.
const disk = "you, this machine"

// clockForm is how times of log lines are shown: as the log has them, in this machine's zone.
const clockForm = "2006-01-02 15:04:05"

// census is the topic of the services beside the Smart Protection Servers.
const census = "Census"

// usualFresh is how long a failure counts as of now where the profile names no cache that repeats it.
const usualFresh = time.Hour

// judge turns what was gathered into findings. Lines before now minus since are old; since 0: none is. keeps is how long
// the product repeats a failed answer; only failures younger than that can still be felt, which the argument fresh tells.
func (g *gather) judge(now time.Time, since, keeps time.Duration, loc *time.Location) []checks.Finding {
	t, servers := g.topics(), replay(g.servers.runs, assets.Retry{}, now)
	var out []checks.Finding
	for _, k := range g.order() {
		at := g.groups[k]
		if at.count == 0 || checks.Code(at.code) == Answered || checks.Code(at.code) == Event {
			continue
		}
		f := at.finding(loc)
		old := isOld(at.last.moment(), now, since)
		f.Args["old"], f.Args["fresh"] = checks.YesNo(old), checks.YesNo(!at.last.moment().Before(now.Add(-keeps)))
		switch {
		case fails(at):
			g.standing(at, t, servers, old, now, loc).put(&f)
			if f.Args["seems"] != "" {
				f.Args["lasted"] = checks.YesNo(g.lasted(at.topic, now.Add(-keeps), now))
			}
			if f.Code == Disconnected { // the vendor's article tells of the alert about Smart Protection Servers alone
				f.Args["alert"] = checks.YesNo(!strings.HasPrefix(at.topic, census))
			}
		case at.last.Effect == assets.Recovers:
			f.Status = checks.Pass
			if last := t[at.topic].failed; old || last != nil && last.after(&at.last) {
				f.Status = checks.Note
			}
		default:
			f.Status = checks.Note
		}
		ofWindows(&f)
		out = append(out, f)
	}
	return out
}

// views are what the lines say together, beside what each kind of line says.
func (g *gather) views(p *assets.Profile, route checks.Route, now time.Time, since time.Duration, loc *time.Location) []checks.Finding {
	out := g.misspelt(p)
	out = append(out, g.serverFindings(p, now, since, loc)...)
	out = append(out, g.latencyFindings(p, now, since, loc)...)
	out = append(out, g.hourFindings(now, loc)...)
	out = append(out, g.hostFindings(p, route, loc)...)
	return append(out, g.clockFindings(loc)...)
}

// isOld reports whether a line was written before the look goes back. One that nothing dates may be new.
func isOld(t, now time.Time, since time.Duration) bool {
	return since > 0 && !t.IsZero() && t.Before(now.Add(-since))
}

func fails(g *group) bool {
	return g.count > 0 && (g.last.Effect == assets.Fails || g.last.Effect == assets.Slows)
}

func (g *group) finding(loc *time.Location) checks.Finding {
	last := &g.last
	f := checks.Finding{Code: checks.Code(g.code), Subject: g.subject, View: view, At: last.When, Mark: last.Mark,
		Args: last.Found.Map()}
	if f.Args == nil {
		f.Args = map[string]string{}
	}
	if f.Subject == "" {
		f.Subject = last.File
	}
	maps.Copy(f.Args, map[string]string{"count": strconv.Itoa(g.count), "first": g.first.instant().in(loc), "last": last.instant().in(loc), "often": often(g.count, last.instant().in(loc)),
		"file": last.File, "ref": g.numbers(), "meaning": last.Meaning, "topic": g.topic, "remedy": last.Remedy})
	if f.Args["ref"] != "" {
		f.Args["numbers"] = "(" + f.Args["ref"] + ")"
	}
	if f.Args["host"] == "" {
		delete(f.Args, "host")
	}
	for _, s := range g.trail.list() {
		f.Evidence = append(f.Evidence, s.evidence())
	}
	return f
}

// often says how many times, as a person would.
func often(n int, last string) string {
	if n == 1 {
		return "Once, at " + last
	}
	return fmt.Sprintf("%d times, last at %s", n, last)
}
