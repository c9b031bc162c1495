package proxy

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"

	"linecheck/checks"
)

const hidden = "***"

// plain is the part before the last @ of an address that is written by the book.
var plain = regexp.MustCompile(`^([A-Za-z]+=)?([A-Za-z0-9]+://)?([^\s;,=:/@]+):[^\s;,=]*$`)

// mask makes a raw setting fit to be shown: no password, no control character, a bounded length. Where it cannot tell
// how far a password goes, it hides everything before the last @.
func mask(raw string) string {
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		at = strings.LastIndex(raw, "%40")
	}
	if at < 0 {
		return clean(raw, 300)
	}
	if m := plain.FindStringSubmatch(raw[:at]); m != nil {
		return clean(m[1]+m[2]+m[3]+":"+hidden+raw[at:], 300)
	}
	return clean(hidden+raw[at:], 300)
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

// secrets are the forms in which a proxy's password can come back in an error or an answer.
func secrets(u *url.URL) []string {
	if u == nil || u.User == nil {
		return nil
	}
	pass, ok := u.User.Password()
	if !ok {
		return nil
	}
	out := []string{base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + pass))}
	if len(pass) > 2 { // a shorter one would cut every word
		_, escaped, _ := strings.Cut(u.User.String(), ":")
		out = append(out, pass, escaped, url.QueryEscape(pass))
	}
	return out
}

// scrub removes secrets from everything of a finding that is shown.
func scrub(f checks.Finding, u *url.URL) checks.Finding {
	words := secrets(u)
	if len(words) == 0 {
		return f
	}
	hide := func(s string) string {
		for _, w := range words {
			s = strings.ReplaceAll(s, w, hidden)
		}
		return s
	}
	args := make(map[string]string, len(f.Args))
	for k, v := range f.Args {
		args[k] = hide(v)
	}
	f.Args, f.Subject, f.View = args, hide(f.Subject), hide(f.View)
	f.Evidence = append([]checks.Evidence(nil), f.Evidence...)
	for i := range f.Evidence {
		f.Evidence[i].Text, f.Evidence[i].Source = hide(f.Evidence[i].Text), hide(f.Evidence[i].Source)
	}
	if f.Path != nil {
		p := *f.Path
		p.Route, p.URL = hide(p.Route), hide(p.URL)
		p.Stages = append([]checks.Stage(nil), p.Stages...)
		for i := range p.Stages {
			p.Stages[i].Error, p.Stages[i].Note = hide(p.Stages[i].Error), hide(p.Stages[i].Note)
		}
		f.Path = &p
	}
	return f
}
