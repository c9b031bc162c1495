// Package clock compares this machine's clock with the vendor's servers: by their Date headers, since NTP is often
// closed and a wrong clock matters where certificates are judged by it.
package clock

import (
	"context"
	_ "embed"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/probe"
)

//go:embed texts.yaml
var texts []byte

func init() { checks.Register(check{}) }

// The codes of this check.
const (
	OK      checks.Code = "clock.ok"
	Skew    checks.Code = "clock.skew"
	Unknown checks.Code = "clock.unknown"
)

const (
	// tolerance is what Kerberos usually allows, the order of 5 minutes (RFC 4120, 1.6); certificates forgive more.
	tolerance = 5 * time.Minute
	// servers is how many are asked: a second one tells a wrong server from a wrong clock.
	servers = 2
	// whole is how long it may take, with the second try without the proxy.
	whole = 20 * time.Second
	// second is what it may take behind the walks of others, whose time counts too.
	second = 5 * time.Second
)

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "clock",
		Title:    lang.T("step.clock.title"),
		Question: lang.T("step.clock.question"),
		Summary:  lang.T("step.clock.summary"),
		Timeout:  whole + 5*time.Second,
		// The walks to the product's addresses have heard the time already; where there are none, servers are asked the way
		// that the product goes.
		Needs:    []checks.FactName{checks.FactRoute, probe.FactAnswers},
		Provides: []checks.FactName{checks.FactSkew},
		Texts:    texts,
		Codes:    []checks.Code{OK, Skew, Unknown},
		Order:    20,
	}
}

// Run reads the time out of what others heard of the product's servers. Where that tells none, it asks at most two that
// nobody has asked yet, all at once; and where none of them tells a time through the product's proxy, it asks directly.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	start := time.Now()
	route, _ := checks.Get[checks.Route](env.Facts, checks.FactRoute)
	if !route.Known {
		route.Proxy, route.Each = nil, nil
	}
	answers, heard := checks.Get[[]probe.Answer](env.Facts, probe.FactAnswers)
	readings := pick(answers)
	if !told(readings) {
		limit := whole
		if heard {
			limit = second
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		list := endpoints(env.Profile)
		readings = append(readings, ask(ctx, env, unasked(list, answers), route.Ways, emit)...)
		if ctx.Err() == nil && !told(readings) && slices.ContainsFunc(list, func(e assets.Endpoint) bool { return !direct(e, route, answers) }) {
			readings = append(readings, ask(ctx, env, list, func(string) []*url.URL { return []*url.URL{nil} }, emit)...)
		}
	}
	f, skew, known := judge(env.Profile, readings)
	f.At, f.Took = time.Now(), time.Since(start)
	emit(checks.Found{Finding: f})
	res := checks.Result{Findings: []checks.Finding{f}}
	if known {
		res.Facts = []checks.Fact{{Name: checks.FactSkew, Value: skew}}
	}
	return res, nil
}

// endpoints picks encrypted ones, the required before the others: a certificate belongs to the question.
func endpoints(p *assets.Profile) []assets.Endpoint {
	var out []assets.Endpoint
	for _, required := range []bool{true, false} {
		for _, e := range p.Endpoints {
			if e.Required == required && e.Scheme == "https" && e.Missing(p) == "" && len(out) < servers {
				out = append(out, e)
			}
		}
	}
	return out
}

func ask(ctx context.Context, env checks.Env, list []assets.Endpoint, ways func(string) []*url.URL, emit func(checks.Event)) []reading {
	out := make([]reading, len(list))
	names := probe.NewNames(env.Machine.Network)
	ended := atomic.Int32{}
	tell := func(p checks.Path) {
		emit(checks.Walking{Path: p})
		if note := probe.Waits(p); note != "" {
			emit(checks.Progress{Done: int(ended.Load()), Total: len(list), Waiting: strings.TrimSuffix(p.Target, ":443") + ": " + note})
		}
	}
	var wg sync.WaitGroup
	for i, e := range list {
		wg.Go(func() {
			out[i] = reading{probe.Walk(ctx, probe.Request{
				Network: env.Machine.Network, Endpoint: e, Route: ways(e.URL())[0], Roots: env.Roots, Names: names, Turns: env.Turns,
				Insecure: true,
				OnStage:  tell,
			})}
			ended.Add(1)
		})
	}
	wg.Wait()
	return out
}
