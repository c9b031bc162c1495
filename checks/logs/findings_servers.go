package logs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// maxRows is how many events a server's table shows; the newest ones.
const maxRows = 24

// noReturn is where the vendor's two texts disagree.
const noReturn = "The vendor's article says that no event tells of the return for Web Reputation, since cached answers hide it; the vendor's list " +
	"of events has two (9301 of the agent, 933 of the manager). So linecheck takes a missing one for not known, not for still disconnected."

// serverFindings replays what the manager shows of each Smart Protection Server.
func (g *gather) serverFindings(p *assets.Profile, now time.Time, since time.Duration, loc *time.Location) []checks.Finding {
	g.servers.forget()
	var out []checks.Finding
	for _, s := range replay(g.servers.runs, p.Retry, now) {
		if len(s.events) > 0 && s.condition != "" && len(out) < maxNames {
			out = append(out, s.finding(p.Retry, g.servers.earlier, now, since, loc))
		}
	}
	return out
}

func (s *serverState) finding(rule assets.Retry, earlier int, now time.Time, since time.Duration, loc *time.Location) checks.Finding {
	last := &s.events[len(s.events)-1]
	f := checks.Finding{Code: SmartProtection, Status: checks.Note, Subject: s.host, View: view, At: last.last.instant().own(), Mark: assets.Seed}
	if f.Subject == "" {
		f.Subject = s.service
	}
	f.Subject += s.on
	f.Args = map[string]string{"service": s.service + s.on, "server": s.server, "state": string(s.condition), "since": s.since.in(loc),
		"events": strconv.Itoa(len(s.events))}
	if s.service == "" {
		f.Args["service"] = "A Smart Protection Server" + s.on
	}
	if s.server == "" {
		f.Args["server"] = "a server that no event names"
	}
	switch {
	case !s.alert:
		f.Args["alert"], f.Args["alertsays"] = "none", "None of these events raises an alert."
	case s.condition == connected:
		f.Args["alert"], f.Args["alertsays"] = "dismissed by hand needed", "The alert of before stays in the manager until an administrator dismisses it, although the server is connected again."
		f.Args["then"] = "; when it answers, let the manager's administrator dismiss the alert"
	default:
		f.Args["alert"], f.Args["alertsays"] = "stands", "The manager's alert stands until an administrator dismisses it; it does not clear by itself, and these logs do not tell whether somebody did."
		f.Args["then"] = "; once it answers, let the manager's administrator dismiss the alert"
	}
	f.Args["note"] = s.note(rule, now)
	old := isOld(last.last.at, now, since)
	if s.condition == disconnected && !old {
		f.Status = checks.Warn
	}
	f.Table = s.table(rule, earlier, loc)
	for i := max(0, len(s.events)-maxEvidence); i < len(s.events); i++ {
		f.Evidence = append(f.Evidence, s.events[i].last.evidence())
	}
	return f
}

// note is what must be known to read the state right.
func (s *serverState) note(rule assets.Retry, now time.Time) string {
	switch {
	case s.service == webReputation:
		return noReturn
	case s.condition == suspect && s.since.how != exact:
		return "The manager is told only when the next tries fail too; whether they did, lines without a time do not tell."
	case s.condition == suspect && now.Sub(s.since.at) > patience(rule):
		return fmt.Sprintf("No event followed within %s, the time of one round of tries: either a later try worked, or the events are not in these logs.", spell(patience(rule)))
	case s.condition == suspect:
		return "The manager is told only when the next tries fail too."
	case s.condition == unsure:
		return "An event says that a server is connected again, and does not name which of several."
	case s.condition == disconnected:
		return fmt.Sprintf("The agent tries a lost server again every %s and tells the manager when it answers; these logs have no such event.", spell(every(rule)))
	}
	return ""
}

func (s *serverState) table(rule assets.Retry, earlier int, loc *time.Location) *checks.Table {
	t := &checks.Table{Head: []string{"Time", "Event", "What it means", "State after it"}}
	gone := max(0, len(s.events)-maxRows)
	if gone+earlier > 0 {
		t.Rows = append(t.Rows, []string{"earlier", fmt.Sprintf("%d more", gone+earlier), "", ""})
	}
	for i := gone; i < len(s.events); i++ {
		e := &s.events[i]
		at := e.first.instant().in(loc)
		if e.count > 1 && !e.last.at.Equal(e.first.at) {
			to := e.last.instant().in(loc)
			if n := len(time.DateOnly) + 1; len(to) > n && strings.HasPrefix(at, to[:n]) {
				to = to[n:]
			}
			at += " to " + to
		}
		before := condition("")
		if i > 0 {
			before = s.after[i-1]
		}
		t.Rows = append(t.Rows, []string{at, e.name(), e.meaning(s.service, before, rule), string(s.after[i])})
	}
	return t
}

func (e *serverEvent) name() string {
	name := "log line"
	switch {
	case e.number != "":
		name = e.number
	case e.turn == lost:
		name = "disconnected"
	case e.turn == back:
		name = "connected"
	}
	if e.count > 1 {
		name += fmt.Sprintf(" (%d times)", e.count)
	}
	return name
}

func (e *serverEvent) meaning(service string, before condition, rule assets.Retry) string {
	text := ""
	switch {
	case e.turn == failed:
		text = "a query of the scanner failed; the server is tried again"
		if rule.Tries > 0 && rule.WaitMS > 0 {
			text += fmt.Sprintf(" %d times, %s each", rule.Tries, spell(time.Duration(rule.WaitMS)*time.Millisecond))
		}
	case e.turn == lost && service == webReputation:
		text = "an address that is not in the cache could not be rated"
	case e.turn == lost && before == disconnected:
		text = "still disconnected"
	case e.turn == lost:
		text = "all tries failed; the manager is told and raises an alert"
	case e.turn == back && service == webReputation:
		text = "connected, by an event that the article does not know"
	case e.turn == back && before == "":
		text = "connected; what was before is not in these logs"
	default:
		text = "it answers again; the alert stays"
	}
	if e.why != "" {
		text += ": " + strings.TrimSpace(e.why)
	}
	return text
}

func every(rule assets.Retry) time.Duration {
	if rule.EveryMS > 0 {
		return time.Duration(rule.EveryMS) * time.Millisecond
	}
	return 5 * time.Minute
}

// spell writes a duration in words that a sentence takes.
func spell(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
