// Package logs reads what a product's own logs say about its line to the cloud, once or as they are written. What a
// line means is data: assets/signatures and assets/codes. It has four ways in, which share everything below them:
//
//   - check.go is the live check: the logs that a profile names (find.go), and on Windows the event log (event_channels.go).
//   - look.go reads what a person names: folders, archives (look_bundle.go), exported events (look_events.go). look_share.go
//     tells whose each line is, look_result.go what is said of it (look_words.go).
//   - tail.go follows logs as they grow. Four times a second a round (tail_round.go) looks at each file (tail_glance.go; what
//     it must not take for text, tail_zeros.go; what it is too late for, tail_pass.go), and searches for new and lost ones
//     (tail_seek.go looks, tail_find.go decides). tail_cursor.go is what it remembers of a file, tail_batch.go the order of
//     time, tail_follow.go its beginning.
//   - command*.go is what linecheck logs and main ask for.
//
// From bytes to findings a line goes through these files:
//
//   - scan.go opens a file and keeps its place in it (the cursor), from the time that is asked for or unpacked (history.go).
//     What lies in between is cut by the room lines: encodings, blocks, literals, bisection by time.
//   - pool.go hands blocks to the workers, decode.go finds the known lines in them, and stream.go puts these back in the
//     order of the file. Lines that come in pieces go through stream.go alone. entry.go is one of them, decoded, with as
//     much of its text as is shown (text.go).
//   - event_entries.go makes entries of events instead, event_order.go in the order of their times.
//   - gather.go counts entries, in memory that does not grow with the log: lines of one event once (gather_recent.go), by
//     meaning (gather_group.go), hour, duration, host (gather_hours.go, gather_latency.go, gather_names.go), and as Trend
//     Micro's manager sees its servers (gather_servers.go). sight.go is what is kept of a line, instant.go of its time.
//   - findings.go judges what was gathered, as of a time that it is told: findings_*.go each its part. findings_replay.go
//     replays the manager's view.
//
// Beside lines there are the rooms bundle (archives), events (exported events) and logtest (logs made for tests). model.go
// and model_view.go draw it all.
package logs

import (
	"context"
	_ "embed"
	"sync/atomic"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

//go:embed texts.yaml
var texts []byte

func init() { checks.Register(check{}) }

// The codes of this check. Those up to Other are what lines say, the rest is about the look itself.
const (
	ProxyUnresolvable  checks.Code = "logs.proxy_unresolvable"
	HostUnresolvable   checks.Code = "logs.host_unresolvable"
	DNSTimeout         checks.Code = "logs.dns_timeout"
	ConnectTimeout     checks.Code = "logs.connect_timeout"
	ConnectFailed      checks.Code = "logs.connect_failed"
	Timeout            checks.Code = "logs.timeout" // connected or not is not certain
	Stalled            checks.Code = "logs.stalled"
	Reset              checks.Code = "logs.reset"
	TLS                checks.Code = "logs.tls"
	ProxyRefused       checks.Code = "logs.proxy_refused"
	ProxyNoAnswer      checks.Code = "logs.proxy_no_answer"
	NetworkFailure     checks.Code = "logs.network_failure" // which hop is not known
	QueryFailed        checks.Code = "logs.query_failed"    // a feature got no answer from the product's own cloud part
	Disconnected       checks.Code = "logs.disconnected"
	ManagerUnreachable checks.Code = "logs.manager_unreachable"
	FilterReply        checks.Code = "logs.filter_reply"
	Suppressed         checks.Code = "logs.suppressed"
	Slow               checks.Code = "logs.slow"
	Connected          checks.Code = "logs.connected"
	Answered           checks.Code = "logs.answered" // a single query worked; lines only, never a finding
	Event              checks.Code = "logs.event"    // the number of an event; lines only, never a finding
	Stopped            checks.Code = "logs.stopped"
	Other              checks.Code = "logs.other" // an error number that nobody explains

	Hours           checks.Code = "logs.hours"            // when the failures were
	ComesAndGoes    checks.Code = "logs.comes_and_goes"   // lost and back again and again
	Latency         checks.Code = "logs.latency"          // how long queries took, as the product saw it
	SmartProtection checks.Code = "logs.smart_protection" // the state of a server as Trend Micro's manager shows it
	ServerUntested  checks.Code = "logs.server_untested"  // the product lost a server that is none of the profile's addresses
	ClockChanged    checks.Code = "logs.clock_changed"
	SystemEvent     checks.Code = "logs.system_event" // what Windows itself says about the line

	Hosts checks.Code = "logs.hosts" // which hosts fail how often

	AsOf          checks.Code = "logs.as_of" // time is told by the log, not by this machine's clock
	BundleRefused checks.Code = "logs.bundle_refused"
	Events        checks.Code = "logs.events" // a channel of the event log was read, or could not be

	Quiet      checks.Code = "logs.quiet"
	Silent     checks.Code = "logs.silent" // nothing was written in the time looked at
	NoFiles    checks.Code = "logs.no_files"
	NoLogs     checks.Code = "logs.none" // the profile names no log for this system
	Unreadable checks.Code = "logs.unreadable"
	LongLines  checks.Code = "logs.long_lines" // lines of which only a part was read
	URLCase    checks.Code = "product.url_case"
)

const (
	// lookTime is how long a look may take; files that are not reached in it are told.
	lookTime = 30 * time.Second
	// hostsTime is how long others wait for the hosts in the logs at most.
	hostsTime = 400 * time.Millisecond
	// usualSince is how far back a look goes unless told.
	usualSince = 24 * time.Hour
)

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "logs",
		Title:    lang.T("step.logs.title"),
		Question: lang.T("step.logs.question"),
		Summary:  lang.T("step.logs.summary"),
		Timeout:  lookTime + 10*time.Second,
		Provides: []checks.FactName{checks.FactHosts, checks.FactServers},
		Texts:    texts,
		Codes: []checks.Code{ProxyUnresolvable, HostUnresolvable, DNSTimeout, ConnectTimeout, ConnectFailed, Timeout, Stalled, Reset, TLS,
			ProxyRefused, ProxyNoAnswer, NetworkFailure, QueryFailed, Disconnected, ManagerUnreachable, FilterReply, Suppressed, Slow,
			Connected, Answered, Event, Stopped, Other, Hours, ComesAndGoes, Hosts, Latency, SmartProtection, ServerUntested, ClockChanged, SystemEvent, AsOf, BundleRefused,
			Events, Quiet, Silent, NoFiles, NoLogs, Unreadable, LongLines, URLCase},
		Order:   70,
		Follows: true,
	}
}

// Run reads the profile's logs. With env.Follow it then goes on reading what is added, until ctx is done, and hands
// every new line to emit.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	since := env.Since
	if since <= 0 {
		since = usualSince
	}
	if env.Follow {
		return follow(ctx, env, since, emit)
	}
	r, _, err := once(ctx, env, since, nil, emit)
	return r, err
}

// once reads the profile's logs to their ends, and says how many there are. tell, which may be nil, hears every known line
// that is not older than since, one log after the other.
func once(ctx context.Context, env checks.Env, since time.Duration, tell func(Entry), emit func(checks.Event)) (checks.Result, int, error) {
	found := find(ctx, env.Machine, env.Profile)
	if len(found.patterns) == 0 {
		r, err := none(env)
		return r, 0, err
	}
	start, atOnce, hear := time.Now().Add(-since), readers, (func(*Entry))(nil)
	if tell != nil {
		atOnce = 1 // for the order
		hear = func(e *Entry) {
			if e.When.IsZero() || !e.When.Before(start) {
				tell(*e)
			}
		}
	}
	cursors, err := cursorsFor(found.sources, time.Local, hear)
	if err != nil {
		return checks.Result{}, 0, err
	}
	for _, c := range cursors {
		c.start = start
	}
	looking, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	defer impatient(looking, emit)()
	windows := make(chan []checks.Finding, 1)
	go func() { windows <- system(looking, env, time.Now(), since) }()
	var read atomic.Int32
	waits := checks.NewWaits(func(s string) { emit(checks.Progress{Done: int(read.Load()), Total: len(cursors), Waiting: s}) })
	waits.For("the logs", lookTime)
	scan(looking, env.Machine.Files, cursors, atOnce, func(n int, c *cursor) {
		c.end()
		read.Store(int32(n))
		emit(checks.Progress{Done: n, Total: len(cursors), Waiting: base(c.path)})
	})
	waits.End()
	r := result(sum(looking, cursors), found, env, since)
	r.Findings = append(r.Findings, <-windows...)
	return r, len(found.sources), nil
}

// impatient tells those who wait for the hosts that these are not known yet, where reading takes longer than others
// should wait. The returned function ends it.
func impatient(ctx context.Context, emit func(checks.Event)) (end func()) {
	ctx, cancel := context.WithTimeout(ctx, hostsTime)
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-ctx.Done()
		if ctx.Err() == context.DeadlineExceeded {
			emit(checks.Learned{Fact: checks.Fact{Name: checks.FactHosts}})
		}
	}()
	return func() { cancel(); <-done }
}

// result is everything that was learned, in findings and facts.
func result(s *scanned, found finds, env checks.Env, since time.Duration) checks.Result {
	route, _ := checks.Get[checks.Route](env.Facts, checks.FactRoute)
	return s.tell(found, env.Profile, route, time.Now(), since)
}

// tell is everything that was learned, as of now.
func (s *scanned) tell(found finds, p *assets.Profile, route checks.Route, now time.Time, since time.Duration) checks.Result {
	said := s.total.judge(now, since, keeps(p), time.Local)
	var r checks.Result
	said = append(said, untested(p, said)...)
	r.Findings = append(said, s.total.views(p, route, now, since, time.Local)...)
	r.Findings = append(r.Findings, s.total.swingFindings(now, time.Local)...)
	r.Findings = append(r.Findings, s.look(found, r.Findings, now, since, time.Local)...)
	r.Facts = []checks.Fact{{Name: checks.FactHosts, Value: s.total.hostFacts(route)}, {Name: checks.FactServers, Value: s.total.serverFacts()}}
	if len(s.cursors) == 0 {
		r.Reason = "no log of the product could be read"
	}
	return r
}

// keeps is how long the product repeats a failed answer.
func keeps(p *assets.Profile) time.Duration {
	if p.Cache != nil && p.Cache.TTL > 0 {
		return time.Duration(p.Cache.TTL)
	}
	return usualFresh
}

func none(env checks.Env) (checks.Result, error) {
	reason := "the profile names no log for this system"
	return checks.Result{Reason: reason, Findings: []checks.Finding{{Code: NoLogs, Status: checks.Skip, Subject: env.Profile.Title,
		View: view, At: time.Now(), Args: map[string]string{"os": env.Machine.OS}}}}, nil
}

func cursorsFor(sources []source, loc *time.Location, tell func(*Entry)) ([]*cursor, error) {
	out := make([]*cursor, len(sources))
	for i, src := range sources {
		c, err := newCursor(src, loc, false, tell)
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}

var _ checks.Check = check{}
