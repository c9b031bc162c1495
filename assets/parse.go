package assets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Bounds of a profile; a real one stays far below.
const (
	MaxProfile = 1 << 20 // bytes of the file
	maxItems   = 200     // entries of one list, the endpoints above all
	maxText    = 2000    // characters of one string
)

// ParseProfile reads a profile strictly. origin names it in errors. Variables are left in place; see [Profile.Fill].
// The error is a [Problems] that holds every mistake, not only the first; broken YAML is the one mistake that hides
// the others.
func ParseProfile(origin string, b []byte) (*Profile, error) {
	l := parse(origin, b)
	if err := l.problems.orNil(); err != nil {
		return nil, err
	}
	return l.p, nil
}

func parse(origin string, b []byte) *linter {
	l := &linter{file: origin, p: &Profile{Origin: origin}, lines: map[string]int{}, broken: map[string]bool{}}
	l.p.lines = l.lines
	root := l.syntax(b)
	if root == nil {
		return l
	}
	l.decode(root, reflect.ValueOf(l.p).Elem(), "", root.Line)
	l.defaults()
	l.lint()
	return l
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// syntax returns the top node of a file that holds one YAML document, else nil.
func (l *linter) syntax(b []byte) *yaml.Node {
	if len(b) > MaxProfile {
		l.add(0, "", fmt.Sprintf("the file has more than %d bytes", MaxProfile), "a profile is a few thousand bytes: is this the right file?")
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc, next yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		l.add(1, "", "the file is empty", "begin with schema: "+ProfileSchema)
		return nil
	}
	if err == nil {
		if err = d.Decode(&next); err == nil {
			l.add(next.Line, "", "a second YAML document begins", "one profile a file: remove the --- line and what follows it")
			return nil
		}
	}
	if !errors.Is(err, io.EOF) {
		m := yamlLine.FindStringSubmatch(err.Error())
		line, _ := strconv.Atoi(m[1])
		if line == 0 { // the library names no line for a control code, nor for the first line
			line = 1 + bytes.Count(b[:max(0, bytes.IndexFunc(b, odd))], []byte("\n"))
		}
		l.add(line, "", "broken YAML: "+strings.TrimPrefix(err.Error(), m[0]), "look at this line and the one before it")
		return nil
	}
	return doc.Content[0]
}

func odd(r rune) bool { return r != '\t' && r != '\n' && r != '\r' && unicode.IsControl(r) }

// decode puts a node into v. It differs from the YAML library's own decoding in that it goes on after a mistake, takes
// nothing for something else, and remembers the line of every key.
func (l *linter) decode(n *yaml.Node, v reflect.Value, key string, line int) {
	l.lines[key] = line
	wrong := func(text, remedy string) {
		l.broken[key] = true
		l.add(line, key, text, remedy)
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		wrong("anchors and aliases are not allowed", "write the value out")
		return
	case n.Style&yaml.TaggedStyle != 0:
		wrong("tags are not allowed", "remove "+quote(n.Tag))
		return
	case n.Tag == "!!null":
		wrong("has no value", "give it one, or remove the key")
		return
	}
	if u, ok := v.Addr().Interface().(yaml.Unmarshaler); ok {
		if u.UnmarshalYAML(n) != nil {
			wrong(kindOf(n)+" is no duration", `write it like "2h", "5m" or "90s", at most 31 days`)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		l.decode(n, v.Elem(), key, line)
	case reflect.String:
		l.text(n, v, wrong)
	case reflect.Bool:
		if n.Tag != "!!bool" || n.Value != "true" && n.Value != "false" {
			wrong(kindOf(n)+" where true or false is wanted", "write true or false, without quotes")
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if n.Tag != "!!int" || err != nil {
			wrong(kindOf(n)+" where a whole number is wanted", "write digits only, without quotes")
			return
		}
		v.SetInt(int64(i))
	case reflect.Slice:
		l.list(n, v, key, line, wrong)
	case reflect.Struct, reflect.Map:
		l.group(n, v, key, wrong)
	}
}

func (l *linter) text(n *yaml.Node, v reflect.Value, wrong func(text, remedy string)) {
	switch i := strings.IndexFunc(n.Value, hidden); {
	case n.Kind == yaml.ScalarNode && n.Tag != "!!str" && n.Tag != "!!timestamp":
		wrong(kindOf(n)+" where text is wanted", `put it in quotes: "`+plain(n.Value)+`"`)
	case n.Kind != yaml.ScalarNode:
		wrong(kindOf(n)+" where text is wanted", "write one text")
	case i >= 0 && n.Value[i] == '\n':
		wrong("has a line break", "fold long text with >- instead of > or |")
	case i >= 0:
		r, _ := utf8.DecodeRuneInString(n.Value[i:])
		wrong(fmt.Sprintf("has a control character, %U", r), "remove it")
	case utf8.RuneCountInString(n.Value) > maxText:
		wrong(fmt.Sprintf("has more than %d characters", maxText), "shorten it")
	default:
		v.SetString(n.Value)
	}
}

func (l *linter) list(n *yaml.Node, v reflect.Value, key string, line int, wrong func(text, remedy string)) {
	if n.Kind != yaml.SequenceNode {
		wrong(kindOf(n)+" where a list is wanted", "begin each entry with -, or write [a, b]")
		return
	}
	items := n.Content
	if len(items) > maxItems {
		l.add(line, key, fmt.Sprintf("has %d entries", len(items)), fmt.Sprintf("at most %d: split the profile", maxItems))
		items = items[:maxItems]
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		l.decode(item, v.Index(i), fmt.Sprintf("%s[%d]", key, i), item.Line)
	}
}

func (l *linter) group(n *yaml.Node, v reflect.Value, key string, wrong func(text, remedy string)) {
	if n.Kind != yaml.MappingNode {
		wrong(kindOf(n)+" where keys are wanted", "write key: value lines under it")
		return
	}
	var known map[string]int
	if v.Kind() == reflect.Struct {
		known = keysOf(v.Type())
	} else {
		v.Set(reflect.MakeMap(v.Type()))
		if len(n.Content)/2 > maxItems {
			wrong(fmt.Sprintf("has %d entries", len(n.Content)/2), fmt.Sprintf("at most %d", maxItems))
			return
		}
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		full := strings.TrimPrefix(key+"."+cut(k.Value), ".")
		field, ok := known[k.Value]
		switch {
		case k.Kind != yaml.ScalarNode || k.Anchor != "" || k.Style&yaml.TaggedStyle != 0:
			l.add(k.Line, key, "has a key that is no plain word", "write key: value")
		case known != nil && !ok:
			l.add(k.Line, full, "unknown key", meant(k.Value, slices.Sorted(maps.Keys(known))))
		case seen[k.Value] > 0:
			l.add(k.Line, full, fmt.Sprintf("is given twice, first in line %d", seen[k.Value]), "keep one of them")
		case known != nil:
			l.decode(value, v.Field(field), full, k.Line)
		default:
			item := reflect.New(v.Type().Elem()).Elem()
			l.decode(value, item, full, k.Line)
			v.SetMapIndex(reflect.ValueOf(k.Value), item)
		}
		if seen[k.Value] == 0 {
			seen[k.Value] = k.Line
		}
	}
}

// strict reads YAML of the program's own: an unknown key is a mistake there too, and one error is enough.
func strict(b []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	return d.Decode(into)
}

// cut keeps a stranger's key readable in a message.
func cut(key string) string {
	if len(key) > 40 {
		return strings.ToValidUTF8(key[:40], "") + "…"
	}
	return key
}

// keysOf maps the YAML keys of a struct to its fields.
func keysOf(t reflect.Type) map[string]int {
	m := map[string]int{}
	for i := range t.NumField() {
		if k := t.Field(i).Tag.Get("yaml"); k != "" && k != "-" {
			m[k] = i
		}
	}
	return m
}

// kindOf says what a node is, in words.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!int", "!!float":
		return "the number " + quote(n.Value)
	case "!!bool":
		return n.Value
	}
	return "the text " + quote(n.Value)
}
