package wizard

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"linecheck/checks/host"
)

// RedactLevel says how much is replaced before a report leaves the program.
type RedactLevel string

// The levels. An unknown word means strict.
const (
	RedactOff      RedactLevel = "off"
	RedactStandard RedactLevel = "standard" // secrets, people, this computer
	RedactStrict   RedactLevel = "strict"   // private addresses too
)

// Redaction says what was replaced.
type Redaction struct {
	Level    RedactLevel    `json:"level"`
	Replaced map[string]int `json:"replaced"` // kind -> how many different values
}

type redactor struct {
	level    RedactLevel
	names    map[string]string // lower-case value -> stand-in
	replaced map[string]int
	done     map[string]string // what was replaced in, and what came of it
	known    []known
}

type known struct {
	kind string
	re   *regexp.Regexp
}

var (
	urlPassword = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)([^/\s:@"']*)(:[^\s"']*)?@`) // to the last @: a password may hold one
	proxyLogin  = regexp.MustCompile(`(?i)((?:proxy-)?authorization:\s*\w+\s+)\S+`)
	bareLogin   = regexp.MustCompile(`(^|[\s"'(=,;])([^\s:/@"'<>()=,;]+:[^\s/@"'<>]+)@([A-Za-z0-9])`)
	cookies     = regexp.MustCompile(`(?i)\b((?:set-)?cookie:\s*)[^"\r\n]+`) // several stand in one line, each with a name of its own
	secretPair  = regexp.MustCompile(`(?i)\b((?:[a-z0-9]+[_-])*(?:pass(?:word|wd)?|pwd|secret|token|cookie|api[_-]?key)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'\\]+`)
	blob        = regexp.MustCompile(`(?i)\b((?:bearer|basic|negotiate|ntlm|kerberos)\s+)([A-Za-z0-9+/=._~-]{8,})`)
	email       = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	userPath    = regexp.MustCompile(`(?i)(\bC:\\Users\\|/home/)([^\\/\s"']+)`)
	userSID     = regexp.MustCompile(`S-1-5-21-[0-9-]+`)
	address     = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
)

// Redact returns the report with what must not leave replaced; the same value gets the same stand-in everywhere.
func (r Report) Redact(level RedactLevel, who host.Identity) Report {
	if level == RedactOff {
		return r
	}
	d := newRedactor(level, who)
	if d.level == RedactStrict {
		for _, a := range localAddresses(r) {
			d.know("address", a)
		}
	}
	out := d.value(reflect.ValueOf(r)).Interface().(Report)
	out.Redaction = Redaction{Level: d.level, Replaced: d.replaced}
	return out
}

// Redactor replaces in single sentences what a report of these options would replace.
func (o Options) Redactor() func(string) string {
	if o.Redact == RedactOff {
		return func(s string) string { return s }
	}
	return newRedactor(o.Redact, o.Place.Machine.Identity).text
}

func newRedactor(level RedactLevel, who host.Identity) *redactor {
	if level != RedactStandard {
		level = RedactStrict
	}
	d := &redactor{level: level, names: map[string]string{}, done: map[string]string{}, replaced: map[string]int{}}
	d.know("host", who.Host)
	if domain, user, ok := strings.Cut(who.User, `\`); ok {
		d.know("user", user)
		d.know("domain", domain)
	} else {
		d.know("user", who.User)
	}
	return d
}

// localAddresses are this computer's own, as its walks saw them; they need not be private ones.
func localAddresses(r Report) []string {
	var out []string
	all := slices.Clone(r.Checks)
	for _, rep := range r.Repairs {
		all = append(all, rep.Before.Checks...)
	}
	for _, c := range all {
		for _, f := range c.Findings {
			if a := localAddress(f); a != "" && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// commonAccounts are no secret and stand in too many sentences to be replaced.
var commonAccounts = regexp.MustCompile(`(?i)^(root|admin|administrator|system|localsystem|network ?service|local ?service|localhost)$`)

func (d *redactor) know(kind, value string) {
	if len(value) < 2 || commonAccounts.MatchString(value) {
		return
	}
	d.known = append(d.known, known{kind, regexp.MustCompile(`(?i)(^|[^A-Za-z0-9_-])(` + regexp.QuoteMeta(value) + `)($|[^A-Za-z0-9_-])`)})
}

func (d *redactor) standIn(kind, value string) string {
	key := kind + " " + strings.ToLower(value)
	if s, ok := d.names[key]; ok {
		return s
	}
	d.replaced[kind]++
	s := fmt.Sprintf("<%s-%d>", kind, d.replaced[kind])
	d.names[key] = s
	return s
}

// text replaces in one string. Secrets go first: a stand-in never holds a part of one.
func (d *redactor) text(s string) string {
	s = urlPassword.ReplaceAllStringFunc(s, func(m string) string {
		p := urlPassword.FindStringSubmatch(m)
		return p[1] + d.standIn("login", p[2]+p[3]) + "@"
	})
	s = bareLogin.ReplaceAllStringFunc(s, func(m string) string {
		p := bareLogin.FindStringSubmatch(m)
		return p[1] + d.standIn("login", p[2]) + "@" + p[3]
	})
	secret := func(re *regexp.Regexp) {
		s = re.ReplaceAllStringFunc(s, func(m string) string {
			p := re.FindStringSubmatch(m)
			return p[1] + d.standIn("secret", m[len(p[1]):])
		})
	}
	secret(proxyLogin)
	secret(cookies)
	secret(secretPair)
	s = blob.ReplaceAllStringFunc(s, func(m string) string {
		p := blob.FindStringSubmatch(m)
		if !coded(p[2]) {
			return m
		}
		return p[1] + d.standIn("secret", p[2])
	})
	s = email.ReplaceAllStringFunc(s, func(m string) string { return d.standIn("email", m) })
	s = userPath.ReplaceAllStringFunc(s, func(m string) string {
		p := userPath.FindStringSubmatch(m)
		return p[1] + d.standIn("user", p[2])
	})
	s = userSID.ReplaceAllStringFunc(s, func(m string) string { return d.standIn("sid", m) })
	for _, k := range d.known {
		for range 2 { // neighbours share the character between them
			s = k.re.ReplaceAllStringFunc(s, func(m string) string {
				p := k.re.FindStringSubmatch(m)
				return p[1] + d.standIn(k.kind, p[2]) + p[3]
			})
		}
	}
	if d.level == RedactStrict {
		s = address.ReplaceAllStringFunc(s, func(m string) string {
			if a, err := netip.ParseAddr(m); err == nil && a.IsPrivate() {
				return d.standIn("address", m)
			}
			return m
		})
	}
	return s
}

// coded tells an encoded login from a word: it has a digit or a sign, or a capital behind a small letter.
func coded(s string) bool {
	return strings.ContainsAny(s, "0123456789+/=") || innerCapital.MatchString(s)
}

var innerCapital = regexp.MustCompile(`[a-z][A-Z]`)

// value copies a value and replaces in every string of it. Keys of maps and fields with the tag redact:"no" hold words of
// the program's own: a person called "helpdesk" must not change them.
func (d *redactor) value(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[string]() {
			return v // a word of the program's own: a role, a code, the name of a hop
		}
		out := reflect.New(v.Type()).Elem()
		done, known := d.done[v.String()] // a report says most of its sentences again and again
		if !known {
			done = d.text(v.String())
			d.done[v.String()] = done
		}
		out.SetString(done)
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(d.value(v.Elem()))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if f := out.Field(i); f.CanSet() && v.Type().Field(i).Tag.Get("redact") != "no" {
				f.Set(d.value(v.Field(i)))
			}
		}
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(d.value(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), d.value(it.Value()))
		}
		return out
	}
	return v
}
