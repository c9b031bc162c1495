package wizard

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"linecheck/checks/host"
)

// RedactLevel says how much is replaced before a report leaves the program.
type RedactLevel string

// The levels. An unknown word means strict. Secrets stand in none.
const (
	RedactOff      RedactLevel = "off"
	RedactStandard RedactLevel = "standard" // people, and this computer: its name and its domain
	RedactStrict   RedactLevel = "strict"   // private addresses too, and every name that is not the vendor's own public one
)

// Redaction says what was replaced.
type Redaction struct {
	Level    RedactLevel    `json:"level"`
	Replaced map[string]int `json:"replaced"` // kind -> how many different values
}

// at least is the stricter of two levels: what was taken out does not come back.
func (l RedactLevel) atLeast(other RedactLevel) RedactLevel {
	rank := func(l RedactLevel) int {
		switch l {
		case RedactOff, "":
			return 0
		case RedactStandard:
			return 1
		}
		return 2
	}
	if rank(other) > rank(l) {
		l = other
	}
	if rank(l) == 2 {
		return RedactStrict
	}
	return l
}

// Redact returns the report with what must not leave replaced; the same value gets the same stand-in everywhere. A
// report that was redacted before keeps its stand-ins, and gets new ones for what the level asks for beyond that.
func (r Report) Redact(level RedactLevel, who host.Identity) Report {
	return r.redact(level, who, true)
}

// redact is Redact; without computer, what is this computer's own stays: its name, its domain.
func (r Report) redact(level RedactLevel, who host.Identity, computer bool) Report {
	was := r.Redaction
	if level == RedactOff {
		out := copied(reflect.ValueOf(r), Discreet).Interface().(Report)
		if out.Redaction.Level == "" {
			out.Redaction.Level = RedactOff
		}
		return out
	}
	d := newRedactor(level, who)
	d.computer = computer
	d.goOn(r)
	d.gather(r)
	d.frozen = true
	out := copied(reflect.ValueOf(r), d.text).Interface().(Report)
	d.run(&out.Run, r.Run)
	out.Redaction = Redaction{Level: d.level.atLeast(was.Level), Replaced: d.replaced}
	return out
}

// run replaces whoever is called by an ordinary word, which stands in too many sentences to be looked for in them. A strict
// report cannot be told to be of the same computer as another one: the hash says nothing of it, but is always the same.
func (d *redactor) run(out *RunInfo, was RunInfo) {
	if out.User == was.User && vocabulary()[strings.ToLower(was.User)] && !commonAccounts().MatchString(was.User) {
		out.User = d.standIn("user", was.User)
	}
	if name := strings.ToLower(was.Host); d.computer && out.Host == was.Host && (vocabulary()[name] || commonAccounts().MatchString(name)) && name != "localhost" {
		out.Host = d.standIn("host", was.Host)
	}
	if d.level == RedactStrict {
		out.Machine = ""
	}
}

// Redactor replaces in single sentences what a report of these options would replace.
func (o Options) Redactor() func(string) string {
	if o.Redact == RedactOff {
		return Discreet
	}
	d := newRedactor(o.Redact, o.Place.Machine.Identity)
	for _, p := range o.Profiles {
		d.public(p.Wildcards...)
		for _, v := range p.Values {
			d.own(v)
		}
	}
	return d.text
}

// redactor holds the stand-ins of one report. It is for one goroutine.
type redactor struct {
	level    RedactLevel
	computer bool              // this computer's name and domain are replaced too
	frozen   bool              // it learns no more names: all were gathered
	names    map[string]string // kind and lower-case value -> stand-in
	replaced map[string]int    // kind -> different values
	next     map[string]int    // kind -> the number given last
	done     map[string]string // what was replaced in, and what came of it
	known    map[string]string // lower-case value -> kind
	forms    map[string]string // another way to write one of them -> that one
	find     *regexp.Regexp    // any of known; nil: they changed
	parted   *regexp.Regexp    // those of known that look like several words; nil: there are none
	vendors  []string          // ends of names that everybody may read
	safe     *regexp.Regexp    // what is left alone; nil: vendors changed
}

func newRedactor(level RedactLevel, who host.Identity) *redactor {
	if level != RedactStandard {
		level = RedactStrict
	}
	d := &redactor{level: level, computer: true, names: map[string]string{}, done: map[string]string{}, replaced: map[string]int{},
		next: map[string]int{}, known: map[string]string{}, forms: map[string]string{}, vendors: publicNames()}
	d.identity(who)
	return d
}

// standInForm is a stand-in.
var standInForm = regexp.MustCompile(`<([a-z]+)-(\d+)>`)

// goOn counts on behind the stand-ins that a report holds already.
func (d *redactor) goOn(r Report) {
	maps.Copy(d.replaced, r.Redaction.Replaced)
	if r.Redaction.Level == RedactOff || r.Redaction.Level == "" {
		return
	}
	copied(reflect.ValueOf(r), func(s string) string {
		if strings.Contains(s, "<") {
			for _, m := range standInForm.FindAllStringSubmatch(s, -1) {
				if n, err := strconv.Atoi(m[2]); err == nil {
					d.next[m[1]] = max(d.next[m[1]], n)
				}
			}
		}
		return s
	})
}

func (d *redactor) standIn(kind, value string) string {
	key := kind + " " + strings.ToLower(value)
	if s, ok := d.names[key]; ok {
		return s
	}
	d.replaced[kind]++
	d.next[kind]++
	s := fmt.Sprintf("<%s-%d>", kind, d.next[kind])
	d.names[key] = s
	return s
}

// text replaces in one string. Secrets go first: a stand-in never holds a part of one.
func (d *redactor) text(s string) string {
	if len(s) < 2 {
		return s
	}
	if done, ok := d.done[s]; ok { // a report says most of its sentences again and again
		return done
	}
	if !d.frozen {
		d.learn(s)
	}
	out := discreetly(s, d.standIn)
	out = decoded(d.plain(out), d.plain, d.standIn)
	if d.frozen {
		d.done[s] = out
	}
	return out
}

// plain replaces people and names in what is written as it is.
func (d *redactor) plain(s string) string {
	s = d.people(d.partedIn(s))
	if d.level == RedactStrict {
		s = d.strict(s)
	}
	return d.knownIn(s)
}

// copied copies a value and sends every string of it through to. Keys of maps and fields with the tag redact:"no" hold
// words of the program's own: a person called "helpdesk" must not change them.
func copied(v reflect.Value, to func(string) string) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[string]() {
			return v // a word of the program's own: a role, a code, the name of a hop
		}
		return reflect.ValueOf(to(v.String()))
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(copied(v.Elem(), to))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if f := out.Field(i); f.CanSet() && v.Type().Field(i).Tag.Get("redact") != "no" {
				f.Set(copied(v.Field(i), to))
			}
		}
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(copied(v.Index(i), to))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), copied(it.Value(), to))
		}
		return out
	}
	return v
}
