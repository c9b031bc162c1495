// Package product says what of a vendor's product is on this machine, whether its services run, and where the vendor's
// own connectivity tester lies.
package product

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// The codes this check reports.
const (
	Found         checks.Code = "product.found"
	NotFound      checks.Code = "product.not_found"
	Running       checks.Code = "service.running"
	Stopped       checks.Code = "service.stopped"
	Missing       checks.Code = "service.missing"
	Unreadable    checks.Code = "service.unreadable"
	TesterFound   checks.Code = "product.tester_found"
	TesterMissing checks.Code = "product.tester_missing"
)

//go:embed texts.yaml
var texts []byte

type check struct{}

func init() { checks.Register(check{}) }

// Spec implements [checks.Check].
func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "product",
		Title:    lang.T("step.product.title"),
		Question: lang.T("step.product.question"),
		Summary:  lang.T("step.product.summary"),
		Timeout:  20 * time.Second,
		Provides: []checks.FactName{checks.FactInstalled},
		Texts:    texts,
		Codes:    []checks.Code{Found, NotFound, Running, Stopped, Missing, Unreadable, TesterFound, TesterMissing},
		Order:    10,
	}
}

// Run implements [checks.Check].
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	if env.Profile == nil {
		return checks.Result{}, errors.New("product: no profile to look for")
	}
	l := look{ctx: ctx, m: env.Machine, p: env.Profile, asked: map[string]answer{}, emit: emit}
	l.waits = checks.NewWaits(func(s string) { emit(checks.Progress{Done: l.done, Total: l.total, Waiting: s}) })
	defer l.waits.End()
	l.total = len(signs(l.p, l.m.OS)) + len(l.p.ForOS(l.m.OS)) + 1
	seen := l.signs()
	name, version, entries := l.uninstall()

	var res checks.Result
	add := func(f checks.Finding) {
		f.At, f.View = time.Now(), view
		res.Findings = append(res.Findings, f)
		emit(checks.Found{Finding: f})
	}
	present := len(seen.there) > 0
	inst := checks.Installed{Present: present}
	if present {
		inst.Name, inst.Version = name, version
	}
	installed := checks.Fact{Name: checks.FactInstalled, Value: inst}
	emit(checks.Learned{Fact: installed}) // the proxy check waits for it, and the services may take their time
	add(presence(l.p, l.m.OS, seen, name, version, entries))
	for _, s := range l.p.ForOS(l.m.OS) {
		l.step("the service " + s.Name)
		if f, ok := l.service(s, present); ok {
			add(f)
		}
	}
	for _, f := range l.testers(present) {
		add(f)
	}
	res.Facts = []checks.Fact{installed}
	return res, nil
}

// view: the service manager, the registry and the disk are asked with the rights of the person at the keyboard.
const view = "you"

// look is one run: what it asks with, and how far it is.
type look struct {
	ctx   context.Context
	m     host.Machine
	p     *assets.Profile
	asked map[string]answer // a service is often both a sign and judged: asked once
	emit  func(checks.Event)

	waits       *checks.Waits
	begun       int // what was looked at or is
	done, total int
}

type answer struct {
	host.Service
	err error
}

func (l *look) query(name string) (host.Service, error) {
	a, ok := l.asked[name]
	if !ok {
		a.Service, a.err = l.m.Services.Query(l.ctx, name)
		l.asked[name] = a
	}
	return a.Service, a.err
}

func (l *look) step(waiting string) {
	l.waits.For("", 0)
	l.done = l.begun
	l.begun++
	l.waits.For(waiting, 0)
}
