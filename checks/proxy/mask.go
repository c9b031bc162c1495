package proxy

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"linecheck/checks"
	"linecheck/checks/probe"
)

const hidden = probe.Hidden

// plain is the part before the last @ of an address that is written by the book.
var plain = regexp.MustCompile(`^([A-Za-z]+=)?((?:[A-Za-z0-9]+://)?)([^\s;,=:/@]+)(:[^\s;,=]*)?$`)

// mask makes a raw setting fit to be shown: no password, no control character, a bounded length. Where it cannot tell
// how far a password goes, it hides everything before the last @, or what may stand for one.
func mask(raw string) string {
	at := max(strings.LastIndexByte(raw, '@'), strings.LastIndex(raw, "%40"))
	if at < 0 {
		return clean(raw, 300)
	}
	m := plain.FindStringSubmatch(raw[:at])
	switch {
	case m == nil:
		return clean(hidden+raw[at:], 300)
	case len(m[4]) < 2 || strings.Contains(m[3], "%40"): // a name alone may be a token, and two ends may be a password's
		return clean(m[1]+m[2]+hidden+raw[at:], 300)
	}
	return clean(m[1]+m[2]+m[3]+":"+hidden+raw[at:], 300)
}

// clean drops control characters and cuts a text for a line.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffd:
			return -1
		}
		return r
	}, s)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// shown is a proxy for people, "none" for direct; an address with a password never passes any other way.
func shown(u *url.URL) string {
	if u == nil {
		return "none"
	}
	return checks.RouteName(u)
}

// scrub removes secrets from everything of a finding that is shown.
func scrub(f checks.Finding, hide func(string) string) checks.Finding {
	args := make(map[string]string, len(f.Args))
	for k, v := range f.Args {
		args[k] = hide(v)
	}
	f.Args, f.Subject, f.View = args, hide(f.Subject), hide(f.View)
	f.Evidence = slices.Clone(f.Evidence)
	for i, e := range f.Evidence {
		f.Evidence[i].Text, f.Evidence[i].Source = hide(e.Text), hide(e.Source)
	}
	if f.Table != nil {
		t := checks.Table{Head: hideAll(f.Table.Head, hide)}
		for _, row := range f.Table.Rows {
			t.Rows = append(t.Rows, hideAll(row, hide))
		}
		f.Table = &t
	}
	if f.Path != nil {
		p := scrubPath(*f.Path, hide)
		f.Path = &p
	}
	return f
}

func hideAll(cells []string, hide func(string) string) []string {
	out := slices.Clone(cells)
	for i, c := range out {
		out[i] = hide(c)
	}
	return out
}

// scrubPath does the same for a walk: a proxy may send back what it was sent.
func scrubPath(p checks.Path, hide func(string) string) checks.Path {
	p.Route, p.URL = hide(p.Route), hide(p.URL)
	p.Stages = slices.Clone(p.Stages)
	for i, s := range p.Stages {
		p.Stages[i].Error, p.Stages[i].Note = hide(s.Error), hide(s.Note)
	}
	return p
}
