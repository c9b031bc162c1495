// Package domain tells where a product with an off-domain mode takes itself to be. Such an agent pings its domain
// controller and chooses its server by the answer alone, so a blocked ping looks to it like being away from the office.
package domain

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"
	"sync"
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
	On           checks.Code = "domain.on"                     // a controller answers ping
	SomeSilent   checks.Code = "domain.some_silent"            // and another one does not
	Filtered     checks.Code = "domain.icmp_filtered"          // none answers ping, one takes connections
	Unreachable  checks.Code = "domain.controller_unreachable" // none answers anything
	NotJoined    checks.Code = "domain.not_joined"             // there can be no controller
	NotFound     checks.Code = "domain.not_found"              // joined, and nothing names a controller's address
	WrongDomain  checks.Code = "domain.wrong_domain"           // what is named as controllers serves another domain
	NoPing       checks.Code = "domain.ping_impossible"        // this account or system cannot send a ping
	UnknownState checks.Code = "domain.unknown"                // it could not be told
	None         checks.Code = "domain.none"                   // the product has no such mode here
	OnlyPing     checks.Code = "domain.only_ping"              // controllers answer ping and nothing that a controller must
	NoRecords    checks.Code = "domain.no_records"             // only the system's own locator names a controller
	Server       checks.Code = "domain.server"                 // which server the agent uses now, and by what rule
	Failover     checks.Code = "domain.option_as_failover"     // on domain with a dead local server
	Otherwise    checks.Code = "domain.otherwise"              // what would change it
	Servers      checks.Code = "domain.servers"                // what each of the two servers answers
	Certificate  checks.Code = "domain.certificate"            // the local server's own
	BadCert      checks.Code = "domain.certificate_fault"      // out of date, or for another name
	URLCase      checks.Code = "product.url_case"              // the local server's URL was given in another case
)

// view is whose eyes see the network. The agent runs as another account, but ping and DNS are the machine's.
const view = "you, this machine"

// How long the parts may take; together they are the whole check's patience.
const (
	wholeWait = 8 * time.Second
	joinWait  = time.Second
	findWait  = 2500 * time.Millisecond
	nameWait  = 1500 * time.Millisecond
	probeWait = 2 * time.Second // for one controller's port; pings are tried twice within it
)

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "domain",
		Title:    lang.T("step.domain.title"),
		Question: lang.T("step.domain.question"),
		Summary:  lang.T("step.domain.summary"),
		Timeout:  wholeWait + 2*time.Second,
		// The walks to the two servers tell what each answers; where there are none, the check makes its own. The logs tell
		// which of them the agent spoke of.
		Needs: []checks.FactName{checks.FactRoute, probe.FactAnswers, checks.FactServers},
		Texts: texts,
		Codes: []checks.Code{On, SomeSilent, Filtered, Unreachable, NotJoined, NotFound, WrongDomain, NoPing, UnknownState, None,
			OnlyPing, NoRecords, Server, Failover, Otherwise, Servers, Certificate, BadCert, URLCase},
		Order: 60,
	}
}

// Run asks how the machine is joined, finds controllers, asks each in every way, and looks at the two servers between which
// the product chooses.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	began := time.Now()
	d := env.Profile.Domain
	if why := absent(d, env.Machine.OS); why != "" {
		f := checks.Finding{Code: None, Status: checks.Skip, Subject: env.Profile.Title, View: view, At: began,
			Args: map[string]string{"why": why}}
		found := append([]checks.Finding{f}, elsewhere(ctx, env, began)...)
		for _, f := range found {
			emit(checks.Found{Finding: f})
		}
		return checks.Result{Findings: found, Reason: why}, nil
	}
	l := &looker{machine: env.Machine, rule: d, option: optionOf(env.Profile), emit: emit, began: began}
	l.evidence, l.hasLocal = l.option.evidence, hasLocal(env.Profile)
	whole, cancel := context.WithTimeout(ctx, wholeWait)
	defer cancel()
	var both pair
	var wg sync.WaitGroup
	wg.Go(func() { both = look(whole, env) })
	found := l.look(whole)
	wg.Wait()
	found = append(found, l.conclude(env.Profile, both)...)
	res := checks.Result{Findings: found}
	for _, f := range found {
		emit(checks.Found{Finding: f})
		if f.Status == checks.Unknown {
			res.Reason = f.Arg("why")
		}
	}
	return res, nil
}

// elsewhere is what there is to say where the mode does not exist on this system and a local server was named all the same:
// the agent has no way to leave it.
func elsewhere(ctx context.Context, env checks.Env, began time.Time) []checks.Finding {
	if env.Profile.Domain == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, wholeWait)
	defer cancel()
	both := look(ctx, env)
	if len(both.local.ports) == 0 {
		return nil
	}
	l := &looker{machine: env.Machine, rule: env.Profile.Domain, option: option{state: optionNone}, hasLocal: true, began: began}
	return l.conclude(env.Profile, both)
}

// absent says why the product has no off-domain mode here, "" where it has.
func absent(d *assets.Domain, os string) string {
	switch {
	case d == nil:
		return "the product has no off-domain mode"
	case len(d.OS) > 0 && !slices.Contains(d.OS, os):
		return "the product has an off-domain mode only on " + strings.Join(d.OS, " and ")
	}
	return ""
}

// option is what is known of the product's setting.
type option struct {
	state    string // on, off, not known
	evidence []checks.Evidence
}

// The states of an option.
const (
	optionOn      = "on"
	optionOff     = "off"
	optionUnknown = "not known"
	optionNone    = "not on this system"
)

func optionOf(p *assets.Profile) option {
	name := p.Domain.Option
	raw := strings.TrimSpace(p.Values[name])
	if name == "" || raw == "" {
		return option{state: optionUnknown}
	}
	o := option{state: optionUnknown, evidence: []checks.Evidence{
		{Source: "variable " + name + ", " + cmp.Or(p.From[name], "profile"), Text: raw}}}
	switch strings.ToLower(raw) {
	case "on", "yes", "true", "1", "enabled":
		o.state = optionOn
	case "off", "no", "false", "0", "disabled":
		o.state = optionOff
	}
	return o
}

// looker is one run under way.
type looker struct {
	machine  host.Machine
	rule     *assets.Domain
	option   option
	emit     func(checks.Event)
	began    time.Time
	evidence []checks.Evidence
	join     host.Join
	dir      directory
	stand    stand // what the product's own rule looks at
	alive    bool  // a controller does something else than answering ping
	divided  bool  // controllers differ, and which of them the product asks is not known
	lost     bool  // nothing names a controller's address
	strange  bool  // what is named as controllers serves another domain
	hasLocal bool  // the policy's local server was named, so there is one
	left     int   // controllers that DNS names and nobody looked at
}

func (l *looker) look(ctx context.Context) []checks.Finding {
	done := 0
	waits := checks.NewWaits(func(s string) { l.emit(checks.Progress{Done: done, Total: 4, Waiting: s}) })
	defer waits.End()
	tell := func(n int, what string, most time.Duration) {
		waits.For("", 0)
		done = n
		waits.For(what, most)
	}
	tell(0, "how this computer is joined", joinWait)
	limit, cancel := context.WithTimeout(ctx, joinWait)
	join, err := l.machine.Domain.Join(limit)
	cancel()
	l.join = join
	if join.Raw != "" || join.How != "" {
		l.evidence = append(l.evidence, checks.Evidence{Source: cmp.Or(join.How, "join state"), Text: cmp.Or(join.Raw, string(join.State))})
	}
	if err != nil {
		l.evidence = append(l.evidence, checks.Evidence{Source: "join state", Text: err.Error()})
		return l.unknown(whyNoJoin(err))
	}
	switch join.State {
	case host.NotJoined, host.WorkgroupOnly, host.EntraJoined:
		l.stand.joined = no
		return l.offDomain(NotJoined, nil)
	case host.DomainJoined, host.HybridJoined:
		l.stand.joined = yes
	default:
		return l.unknown("this system does not say whether it is in a domain")
	}

	tell(1, "controllers of "+cmp.Or(join.Domain, "the domain"), findWait)
	found := l.find(ctx)
	tell(2, "addresses of the controllers", nameWait)
	l.resolve(ctx, found)
	if ctx.Err() != nil {
		return l.unknown("the look was stopped before it was finished")
	}
	if !slices.ContainsFunc(found, func(c *controller) bool { return len(c.addrs) > 0 }) {
		if l.dir.Domain.Reply == cut && (l.dir.Locator.Reply == cut || l.dir.Locator.Reply == cannot) {
			return l.unknown("nobody who knows the domain's controllers could be asked")
		}
		return l.offDomain(NotFound, found)
	}
	tell(3, "answers of the controllers", probeWait)
	l.probe(ctx, found)
	found = l.nearer(ctx, found)
	waits.For("", 0)
	l.emit(checks.Progress{Done: 4, Total: 4})
	return l.judge(ctx, found)
}

func whyNoJoin(err error) string {
	switch {
	case errors.Is(err, host.ErrUnsupported):
		return "this system has no way to tell whether it is in a domain"
	case errors.Is(err, host.ErrDenied):
		return "this account may not ask whether the computer is in a domain"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "the computer did not say in time whether it is in a domain"
	}
	return "whether the computer is in a domain could not be read"
}
