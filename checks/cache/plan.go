package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// ActionClean is the only action of this check.
const ActionClean = "cache.clean"

// plan is what a person approved: Fix does no more than this.
type plan struct {
	dir     string
	service string
	stops   []string // running services in the order in which they are stopped, the product's own last; empty: it does not run

	idle   bool // the service is known to be stopped
	hazard bool // by hand it would do the harm that it is refused for

	called, what string // the service and the content, for a person
}

// maxChain bounds how many running services may hang on the product's one.
const maxChain = 32

// askWait is how long the service manager may take for one question.
const askWait = 5 * time.Second

// propose writes the whole plan of a cleanup. why is not empty where the folder could not be read.
func propose(ctx context.Context, env checks.Env, s survey, why string) checks.Action {
	c, os := env.Profile.Cache, env.Machine.OS
	p := plan{dir: c.Dir, service: c.Service, what: "what is in " + c.Dir}
	svc, blocked := ready(ctx, env.Machine, c, s, &p)
	p.called = called(svc, p.service)
	if why != "" {
		blocked = "the cache folder could not be read: " + why
	} else {
		p.what = fmt.Sprintf("%s (%s) in %s", s.noun(), size(s.bytes), c.Dir)
	}
	if !env.Machine.Identity.Elevated {
		blocked = "needs administrator rights: start linecheck as administrator"
		if os == "linux" {
			blocked = "needs administrator rights: start linecheck as root"
		}
	}
	a := checks.Action{
		ID:       ActionClean,
		Title:    "Clean the product's cache?",
		Why:      reason(c, s),
		Effect:   effect(p),
		Takes:    takes(p),
		Undo:     undo(p),
		Confirm:  "clean",
		Ask:      asks(p),
		Commands: byHand(p, os),
		Blocked:  blocked,
		Again:    []checks.ID{"product", "allowlist", "logs"},
		Data:     p,
	}
	for _, s := range p.order() {
		a.Steps = append(a.Steps, s.text)
	}
	return spoken(a)
}

// spoken is the action in the language that is spoken: a person decides on these words. The steps that the work reports stay
// as they are recorded.
func spoken(a checks.Action) checks.Action {
	for _, text := range []*string{&a.Title, &a.Why, &a.Effect, &a.Takes, &a.Undo, &a.Ask, &a.Blocked} {
		*text = lang.Phrase(*text)
	}
	for i := range a.Steps {
		a.Steps[i] = lang.Phrase(a.Steps[i])
	}
	return a
}

func effect(p plan) string {
	if p.idle {
		return "Nothing that runs is stopped."
	}
	return "Until " + p.called + " runs again, for some seconds as a rule, the product may work without its cloud."
}

// takes is how long it takes: what is usual, and the sum of all limits.
func takes(p plan) string {
	most := time.Duration(0)
	for _, s := range p.order() {
		most += s.most
	}
	usual := "a few seconds"
	if !p.idle {
		usual = "about 5 seconds, the service's own time to stop and start apart"
	}
	return fmt.Sprintf("%s; at most %s", usual, span(most.Round(time.Minute)+time.Minute))
}

func undo(p plan) string {
	if p.idle {
		return "Where it fails, everything is moved back. Once deleted, the answers cannot be had back; the product fills its cache again by itself."
	}
	return "Until the service runs again with an empty cache, everything is moved back where something fails. " +
		"After that it cannot be undone; the product fills its cache again by itself."
}

// asks is what a customer is asked before it.
func asks(p plan) string {
	if p.idle {
		return "May I delete the answers that your security program has stored? It collects new ones by itself."
	}
	return "May I restart a part of your security program and delete the answers it has stored? " +
		"For a few seconds it works without its cloud; you can go on working."
}

// byHand is the same as commands for a person with the rights; without knowledge of the service, the vendor's three. A
// shell follows links that linecheck refuses, so there are none where one was seen.
func byHand(p plan, os string) []string {
	if p.hazard || p.service == "" || oddName(p.service) || unsafePlace(p.dir) != nil {
		return nil
	}
	stops := p.stops
	if p.idle {
		return []string{wipe(os, p.dir)}
	}
	if len(stops) == 0 {
		stops = []string{p.service}
	}
	var out []string
	for _, s := range stops {
		out = append(out, command(os, "stop", s))
	}
	out = append(out, wipe(os, p.dir))
	for _, s := range slices.Backward(stops) {
		out = append(out, command(os, "start", s))
	}
	return out
}

// ready says why a cleanup is not possible now, "" where it is, and fills in what would be stopped.
func ready(ctx context.Context, m host.Machine, c *assets.Cache, s survey, p *plan) (host.Service, string) {
	switch {
	case c.Service == "":
		return host.Service{}, "the profile names no service to stop before the cache is emptied"
	case oddName(c.Service):
		return host.Service{}, "the profile's service name has characters that no service name has"
	}
	if err := unsafePlace(c.Dir); err != nil {
		return host.Service{}, err.Error()
	}
	p.hazard = true
	if s.odd != "" {
		return host.Service{}, fmt.Sprintf("%s is a link or a device; a cache holds only files, so somebody else put it there, and nothing is touched", s.odd)
	}
	if at := linked(m.Files, c.Dir); at != "" {
		return host.Service{}, at + " is a link, and linecheck follows none on the way to what it deletes"
	}
	p.hazard = false
	svc, err := query(ctx, m.Services, c.Service)
	switch {
	case errors.Is(err, host.ErrNotFound):
		return svc, "the service " + c.Service + " is not on this machine"
	case err != nil:
		return svc, fmt.Sprintf("the service %s cannot be asked: %v", c.Service, err)
	}
	why, known := exposed(m.Files, c.Dir, svc.Account)
	p.hazard = known
	switch {
	case why != "":
		return svc, why
	case svc.State != host.Running && svc.State != host.Stopped:
		return svc, fmt.Sprintf("the service %s is just in the state %q; look again when it runs", c.Service, svc.State)
	}
	if why := fixed(m.Files, c.Dir); why != "" {
		return svc, why
	}
	if svc.State == host.Stopped {
		p.idle = true
		return svc, ""
	}
	stops, err := chain(ctx, m.Services, c.Service)
	if err != nil {
		p.hazard = true // what is stopped by hand would stay stopped
		return svc, err.Error()
	}
	p.stops = stops
	return svc, ""
}

// exposed says how an ordinary user could mislead a cleanup, which works with an administrator's rights; "" where none can.
// known is false where that could only not be told.
func exposed(files host.Files, dir, account string) (why string, known bool) {
	ways, err := files.Exposed(dir, account)
	if host.Absent(err) {
		return "", false
	}
	if err != nil {
		return fmt.Sprintf("who else may change the folder %s cannot be told: %v", dir, err), false
	}
	if len(ways) == 0 {
		return "", false
	}
	w := ways[0]
	why = fmt.Sprintf("%s: %s %s, and could lead an administrator's cleanup elsewhere", w.Path, w.Who, w.May)
	if n := len(ways) - 1; n > 0 {
		why += fmt.Sprintf(" (%s)", things(n, "more such right"))
	}
	return why, true
}

// fixed says why what is in the folder cannot be moved to one beside it, "" where it can.
func fixed(files host.Files, dir string) string {
	err := files.Movable(dir)
	if err == nil || host.Absent(err) {
		return ""
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Sprintf("%s: %v", dir, err)
}

// chain lists the running services that need the named one, and it, so that each stands before what it needs. It
// refuses where one of them could not be started again.
func chain(ctx context.Context, services host.Services, name string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	var visit func(string) error
	visit = func(name string) error {
		key := strings.ToLower(name)
		if seen[key] {
			return nil
		}
		seen[key] = true
		if len(seen) > maxChain {
			return fmt.Errorf("more than %d services need it", maxChain)
		}
		svc, err := query(ctx, services, name)
		if err != nil {
			return fmt.Errorf("the service %s cannot be asked: %w", name, err)
		}
		if svc.State == host.Stopped {
			return nil
		}
		if svc.Start == "disabled" {
			return fmt.Errorf("the service %s runs but is disabled: once stopped it could not be started again", name)
		}
		if svc.State != host.Running {
			return fmt.Errorf("the service %s is just in the state %q; look again when it runs", name, svc.State)
		}
		ask, cancel := context.WithTimeout(ctx, askWait)
		needs, err := services.Dependents(ask, name)
		cancel()
		if err != nil && !errors.Is(err, host.ErrUnsupported) {
			return fmt.Errorf("which services need %s cannot be told: %w", name, err)
		}
		for _, d := range needs {
			if err := visit(d); err != nil {
				return err
			}
		}
		out = append(out, name)
		return nil
	}
	err := visit(name)
	return out, err
}

func query(ctx context.Context, services host.Services, name string) (host.Service, error) {
	ask, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	return services.Query(ask, name)
}

// called names a service with its title where it has one.
func called(svc host.Service, name string) string {
	if svc.Title == "" || strings.EqualFold(svc.Title, name) {
		return name
	}
	return name + " (" + svc.Title + ")"
}

// reason says what a cleanup would bring, without promising more than the age of the entries allows.
func reason(c *assets.Cache, s survey) string {
	ttl, now := time.Duration(c.TTL), time.Now()
	switch {
	case s.files == 0:
		return "The product then asks its cloud again instead of repeating stored answers."
	case ttl <= 0:
		return "The product then asks its cloud again; how long it keeps answers is not known."
	case s.newest.at.Add(ttl).After(now):
		newest := s.newest.at
		if newest.After(now) {
			newest = now
		}
		return "The product may repeat stored answers, failures too, until " + clock(newest.Add(ttl), now) +
			". After the cleanup it asks its cloud again at once."
	}
	return "Every stored answer seen is already older than the " + span(ttl) +
		" for which the product keeps it, so a cleanup will hardly change anything."
}
