// Package proxy finds every proxy setting of the machine, says which one the product uses, and whether each proxy
// that is named works. A run goes through these files in this order:
//
//   - source.go gathers the settings. windows.go reads Windows (options.go, winhttp.go, policy.go; blob.go for binary
//     values), linux.go reads Linux (unitfile.go, profiled.go, apt.go, dnf.go; files.go), store.go the product's own,
//     environ.go variables. parse.go and bypass.go understand what stands there.
//   - pac.go has the scripts fetched (fetch.go), looked for (search.go) and run; answers.go reads what they give.
//   - identity.go says who is compared and which settings each asks, choice.go which way that gives to each address, and
//     route.go which of these ways is the product's.
//   - try.go walks through each proxy, again with a login where one is wanted; verdict.go says what that means for it.
//   - findings.go tells it all, findings_*.go each its part, with tables (folded.go), words (words.go) and no secrets
//     (mask.go).
package proxy

import (
	"context"
	_ "embed"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// The codes this check reports besides the failures of a walk.
const (
	Source     checks.Code = "proxy.source"
	RouteCode  checks.Code = "proxy.route"
	PACUnavail checks.Code = "proxy.pac_unavailable"
	PACError   checks.Code = "proxy.pac_error"
	PACNotRun  checks.Code = "proxy.pac_not_run"
	PACAnswer  checks.Code = "proxy.pac_answer"
	DirectHead checks.Code = "proxy.direct_first"
	FirstDead  checks.Code = "proxy.first_dead"
	Unusable   checks.Code = "proxy.kind_unusable"
	LoginWorks checks.Code = "proxy.login_works"
	SearchOff  checks.Code = "proxy.wpad_off"
	Choices    checks.Code = "proxy.choices"
	Differ     checks.Code = "proxy.identities_differ"
	Disagree   checks.Code = "proxy.sources_disagree"
	Bypassed   checks.Code = "proxy.bypassed"
)

// Bounds of one run.
const (
	mostAtOnce    = 8 // walks and downloads under way: more would look like a scan to a firewall
	mostProxies   = 32
	mostScripts   = 8
	mostCandidate = 5 // proxies of one PAC file that are tried
)

//go:embed texts.yaml
var texts []byte

type check struct{}

func init() { checks.Register(check{}) }

// Spec implements [checks.Check].
func (check) Spec() checks.Spec {
	codes := []checks.Code{Source, RouteCode, PACUnavail, PACError, PACNotRun, PACAnswer, DirectHead, FirstDead, Unusable,
		LoginWorks, SearchOff, Choices, Differ, Disagree, Bypassed}
	for _, f := range slices.Sorted(maps.Keys(failures)) {
		codes = append(codes, checks.Code(f))
	}
	return checks.Spec{
		ID:       "proxy",
		Title:    lang.T("step.proxy.title"),
		Question: lang.T("step.proxy.question"),
		Summary:  lang.T("step.proxy.summary"),
		Timeout:  60 * time.Second,
		Needs:    []checks.FactName{checks.FactInstalled}, // a product that is not here has no service whose environment counts
		Provides: []checks.FactName{checks.FactRoute},
		Texts:    texts,
		Codes:    codes,
		Order:    30,
	}
}

// Run implements [checks.Check].
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	if env.Profile == nil {
		return checks.Result{}, errors.New("proxy: no profile that says what the product uses")
	}
	r := &run{env: env, emit: emit, pacs: map[string]*script{}, tries: map[string]*try{}}
	if r.endpoints = ranked(env.Profile); len(r.endpoints) > 0 {
		r.target = r.endpoints[0]
	}
	r.sources = r.gather(ctx)
	r.fetchAll(ctx)
	r.decide()
	emit(checks.Learned{Fact: checks.Fact{Name: checks.FactRoute, Value: r.fact()}})
	r.tryAll(ctx)
	res := checks.Result{Facts: []checks.Fact{{Name: checks.FactRoute, Value: r.fact()}}}
	for _, f := range r.findings() {
		f.At = time.Now()
		res.Findings = append(res.Findings, f)
		emit(checks.Found{Finding: f})
	}
	return res, nil
}

// run is one run: what was read, what was fetched, what was tried.
type run struct {
	env       checks.Env
	emit      func(checks.Event)
	endpoints []*assets.Endpoint // those that can be tested, what a proxy is tried with first
	target    *assets.Endpoint   // the first of them; nil: the profile has nothing to try a proxy with
	sources   []source
	pacs      map[string]*script // by URL
	tries     map[string]*try    // by proxy, with its userinfo
	order     []*try
	who       []*identity      // the product, its account, then those that are compared with them
	lead      *assets.Endpoint // the address whose way stands for the product's
	own       choice           // what the product's own store says
	system    choice           // what the system gives the product's account
	route     choice           // which of the two counts
	plain     *try             // the direct way, where the product can use none of the ways it is given

	mu          sync.Mutex
	done, total int
}

// ranked lists the addresses that can be tested: the required ones first, and among them those that need a tunnel, since
// that is what most products ask of a proxy. Plain TCP comes last.
func ranked(p *assets.Profile) []*assets.Endpoint {
	var out []*assets.Endpoint
	for i := range p.Endpoints {
		if e := &p.Endpoints[i]; e.Missing(p) == "" {
			out = append(out, e)
		}
	}
	rank := func(e *assets.Endpoint) int {
		n := map[string]int{"tcp": 2, "http": 1}[schemeOf(e)]
		if !e.Required {
			n += 3
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b *assets.Endpoint) int { return rank(a) - rank(b) })
	return out
}

// each calls f for every number below n, mostAtOnce at a time, and returns when all have returned.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	turn := make(chan struct{}, mostAtOnce)
	for i := range n {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			f(i)
		})
	}
	wg.Wait()
}

// progress counts one more thing as done, and says what is waited for next.
func (r *run) progress(add int, waiting string) {
	r.mu.Lock()
	r.done += add
	p := checks.Progress{Done: r.done, Total: r.total, Waiting: waiting}
	r.mu.Unlock()
	r.emit(p)
}
