package assets

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Where a value of a variable came from; a finder may use words of its own ("found in ds_agent.log").
const (
	FromArgument = "argument"
	FromDefault  = "default"
)

// Fill returns a copy with ${NAME} replaced by the variables' values. It begins with the values that p has, or with
// the defaults; what was given as an argument is only replaced by another argument. A text whose variable has no value
// keeps its ${NAME}, which is how [Endpoint.Missing] finds it. Every Fill begins with the text as it was written, so a
// value may be replaced later. The error is a [Problems]: an unknown name, or a value that makes a text wrong (a host
// with a blank in it).
func (p *Profile) Fill(vars map[string]string, from string) (*Profile, error) {
	raw := p
	if p.raw != nil {
		raw = p.raw
	}
	l := &linter{file: raw.Origin, lines: raw.lines, only: map[string]bool{}}
	values, origins, given := map[string]string{}, map[string]string{}, map[string]string{}
	for name, v := range raw.Vars {
		values[name], origins[name] = v.Default, FromDefault
	}
	maps.Copy(values, p.Values)
	maps.Copy(origins, p.From)
	maps.Copy(given, p.Given)
	known := slices.Sorted(maps.Keys(raw.Vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		v, ok := raw.Vars[name]
		text := valueFault(v, vars[name])
		switch {
		case !ok:
			l.add(0, "vars."+cut(name), "no such variable", remedyVar(name, known))
		case text != "":
			l.add(l.line("vars."+name), "vars."+name, text, "give another value")
		case from == FromArgument || origins[name] != FromArgument:
			values[name], origins[name] = vars[name], from
			delete(given, name)
			if bare, more := hostOf(vars[name]); v.Host && more {
				values[name], given[name] = bare, vars[name]
			}
		}
	}
	if len(l.problems) > 0 {
		return nil, l.problems.orNil()
	}
	sources := map[string][]string{}
	filled := mapText(reflect.ValueOf(*raw), "", func(key, s string) string {
		used := names(s)
		if len(used) == 0 || slices.ContainsFunc(used, func(n string) bool { return values[n] == "" }) {
			return s
		}
		l.only[key] = true
		sources[key] = used
		return template.ReplaceAllStringFunc(s, func(t string) string { return values[t[2:len(t)-1]] })
	}).Interface().(Profile)
	filled.raw, filled.Values, filled.From, filled.Given = raw, values, origins, given
	l.p = &filled
	l.lint()
	for i, problem := range l.problems {
		l.problems[i].Remedy = fmt.Sprintf("give variable %s another value: %s", strings.Join(sources[problem.Key], " or "), problem.Remedy)
	}
	if err := l.problems.orNil(); err != nil {
		return nil, err
	}
	return &filled, nil
}

func remedyVar(name string, known []string) string {
	if len(known) == 0 {
		return "this profile has none"
	}
	return meant(name, known)
}

// Missing names the variable without a value for which the endpoint cannot be tested; "" if it can be.
func (e Endpoint) Missing(p *Profile) string {
	if e.When != "" && p.Values[e.When] == "" {
		return e.When
	}
	for _, name := range append(names(e.Host), names(e.Path)...) {
		if p.Values[name] == "" {
			return name
		}
	}
	return ""
}

// mapText copies a value deeply and hands every text in it, with its key path, to fn, except the variables' own.
func mapText(v reflect.Value, key string, fn func(key, s string) string) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		return reflect.ValueOf(fn(key, v.String())).Convert(v.Type())
	case reflect.Pointer:
		if !v.IsNil() {
			c := reflect.New(v.Type().Elem())
			c.Elem().Set(mapText(v.Elem(), key, fn))
			return c
		}
	case reflect.Slice:
		if !v.IsNil() {
			c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			for i := range v.Len() {
				c.Index(i).Set(mapText(v.Index(i), fmt.Sprintf("%s[%d]", key, i), fn))
			}
			return c
		}
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if name := v.Type().Field(i).Tag.Get("yaml"); name != "" && name != "-" && name != "vars" {
				c.Field(i).Set(mapText(v.Field(i), trimDot(key, name), fn))
			}
		}
		return c
	}
	return v
}

func trimDot(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// hostOf takes the host out of a URL, or of a name with a port or a path behind it; more is false where there is nothing
// but a name or an address. Userinfo is no part of any of them, so a text with one is left as it is, and refused later.
func hostOf(s string) (bare string, more bool) {
	if _, err := netip.ParseAddr(s); err == nil || !strings.ContainsAny(s, ":/") {
		return s, false
	}
	text := s
	if !strings.Contains(s, "://") {
		text = "//" + s
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return s, false
	}
	return u.Hostname(), true
}
