package assets

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// linter gathers the problems of one profile while it is read, then looks at what was read.
type linter struct {
	file     string
	p        *Profile
	lines    map[string]int
	broken   map[string]bool // keys whose value could not be read: said once, not again for them or what is under them
	only     map[string]bool // the keys to look at; nil: all
	problems Problems
}

func (l *linter) add(line int, key, text, remedy string) {
	l.problems = append(l.problems, Problem{File: l.file, Line: line, Key: key, Text: text, Remedy: remedy})
}

// bad reports a key that was read but is not right.
func (l *linter) bad(key, text, remedy string) {
	if l.only != nil && !l.only[key] || l.broken[""] {
		return
	}
	for k := key; k != ""; k = above(k) {
		if l.broken[k] {
			return
		}
	}
	l.add(l.line(key), key, text, remedy)
}

// line is where a key stands, or the nearest thing above it that is there.
func (l *linter) line(key string) int {
	for key != "" {
		if n := l.lines[key]; n > 0 {
			return n
		}
		key = above(key)
	}
	return l.lines[""]
}

// above cuts the last step off a key path.
func above(key string) string { return key[:max(0, strings.LastIndexAny(key, ".["))] }

func (l *linter) need(key, value, what string) {
	if strings.TrimSpace(value) == "" {
		l.bad(key, "is missing", "say "+what)
	}
}

// choice wants one of a few words; empty is left to need.
func (l *linter) choice(key, value string, words ...string) {
	if value != "" && !slices.Contains(words, value) {
		l.bad(key, quote(value)+" is not known", "one of "+strings.Join(words, ", "))
	}
}

func (l *linter) mark(key string, m Mark) {
	l.choice(key+".mark", string(m), marks...)
}

func (l *linter) within(key string, n, most int) {
	if n < 0 || n > most {
		l.bad(key, fmt.Sprintf("%d is out of range", n), fmt.Sprintf("0 (not known) to %d", most))
	}
}

// fault reports what a look at one value found; an empty text means nothing.
func (l *linter) fault(key, text, remedy string) {
	if text != "" {
		l.bad(key, text, remedy)
	}
}

// defaults fills in what may be left out.
func (l *linter) defaults() {
	if l.p.Title == "" && !l.broken["title"] {
		l.p.Title = l.p.Vendor
	}
	// An option is known by the variable's name alone: a profile need not declare what has no default and no help.
	if d := l.p.Domain; d != nil && varName.MatchString(d.Option) && nearest(d.Option, slices.Sorted(maps.Keys(l.p.Vars))) == "" {
		if l.p.Vars == nil {
			l.p.Vars = map[string]Var{}
		}
		l.p.Vars[d.Option] = Var{Values: []string{"on", "off"}, Help: "is the off-domain option on in the policy?"}
	}
	for i := range l.p.Endpoints {
		e, key := &l.p.Endpoints[i], fmt.Sprintf("endpoints[%d]", i)
		if e.Scheme == "" && !l.broken[key+".scheme"] {
			e.Scheme = "https"
		}
		if l.lines[key+".port"] == 0 {
			e.Port = map[string]int{"https": 443, "http": 80}[e.Scheme]
		}
	}
}

// lint looks at everything that was read.
func (l *linter) lint() {
	p := l.p
	if p.Schema != ProfileSchema {
		l.bad("schema", quote(p.Schema)+" is not the schema of a profile", "write schema: "+ProfileSchema)
	}
	if !profileName.MatchString(p.Name) {
		l.bad("name", quote(p.Name)+" is no name for a profile", "2 to 32 small letters, digits, - or _, a letter first")
	}
	l.need("vendor", p.Vendor, "who makes the product")
	l.need("run_as", p.RunAs, "whose proxy and route count: network_service, local_system, root or user")
	l.choice("run_as", p.RunAs, "network_service", "local_system", "root", "user")
	for i, s := range p.Products {
		l.need(fmt.Sprintf("products[%d]", i), s, "a product's name")
	}
	for i, s := range p.Help {
		l.need(fmt.Sprintf("help[%d]", i), s, "an article's name or address")
	}
	l.variables()
	l.detect()
	l.within("budget.connect_ms", p.Budget.ConnectMS, 600_000)
	l.within("budget.answer_ms", p.Budget.AnswerMS, 600_000)
	l.mark("budget", p.Budget.Mark)
	l.within("retry.tries", p.Retry.Tries, 1000)
	l.within("retry.wait_ms", p.Retry.WaitMS, 600_000)
	l.within("retry.every_ms", p.Retry.EveryMS, 86_400_000)
	l.mark("retry", p.Retry.Mark)
	l.endpoints()
	l.proxy()
	l.services()
	l.cache()
	l.domain()
	l.logs()
	l.events()
	l.testers()
	l.articles()
	l.people()
}

// variables wants every ${NAME} declared.
func (l *linter) variables() {
	known := slices.Sorted(maps.Keys(l.p.Vars))
	for _, name := range known {
		v, key := l.p.Vars[name], "vars."+name
		if !varName.MatchString(name) {
			l.bad(key, quote(name)+" is no name for a variable", "1 to 32 small letters, digits or _, a letter first")
		}
		l.fault(key+".default", valueFault(v, v.Default), "mend the default")
		for i, s := range v.Values {
			l.need(fmt.Sprintf("%s.values[%d]", key, i), s, "what the variable may be; empty is always allowed")
		}
	}
	mapText(reflect.ValueOf(*l.p), "", func(key, s string) string {
		for _, name := range names(s) {
			if _, ok := l.p.Vars[name]; !ok {
				l.undeclared(key, name, known)
			}
		}
		if strings.Contains(template.ReplaceAllString(s, ""), "${") {
			l.bad(key, "has a ${ that is no variable", "write ${NAME} with a declared name")
		}
		return s
	})
}

func (l *linter) undeclared(key, name string, known []string) {
	remedy := "declare it: vars: {" + cut(name) + `: {default: "", help: "…"}}`
	if k := nearest(name, known); k != "" {
		remedy = "did you mean " + k + "?"
	}
	l.bad(key, "variable "+quote(name)+" is not declared", remedy)
}

// declared wants a key that names a variable without ${}.
func (l *linter) declared(key, name string) {
	if _, ok := l.p.Vars[name]; name != "" && !ok {
		l.undeclared(key, name, slices.Sorted(maps.Keys(l.p.Vars)))
	}
}

func (l *linter) detect() {
	for i, s := range l.p.Detect.Services {
		key := fmt.Sprintf("detect.services[%d]", i)
		l.fault(key, serviceFault(s), "write the service's short name")
	}
	for i, s := range l.p.Detect.Registry {
		key := fmt.Sprintf("detect.registry[%d]", i)
		text, remedy := registryFault(s)
		l.fault(key, text, remedy)
	}
	for i, s := range l.p.Detect.Paths {
		text, remedy := pathFault(s, false)
		l.fault(fmt.Sprintf("detect.paths[%d]", i), text, remedy)
	}
}
