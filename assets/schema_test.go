package assets

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "schema/profile.schema.json"

func schemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a YAML text as a JSON validator sees it.
func asJSON(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestProfilesFitTheSchema(t *testing.T) {
	s := schemaOf(t)
	files := map[string][]byte{"new": NewProfile("new"), "small": []byte(small), "filling": []byte(filling)}
	for _, name := range []string{"withsecure", "deepsecurity"} {
		b, err := profileFiles.ReadFile("profiles/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	for name, b := range files {
		if err := s.Validate(asJSON(t, b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefusesWhatTheLoaderRefuses(t *testing.T) {
	s := schemaOf(t)
	for _, more := range []string{
		"sevices: []", "products: x", "budget: {connect_ms: -1}", "budget: {mark: sure}", "endpoints: [{host: a.b}]",
		"endpoints: [{host: a.b, purpose: p, scheme: tcp}]", "endpoints: [{host: a.b, purpose: p, port: 0}]",
		"endpoints: [{host: a.b, purpose: p, expect: {status: [600]}}]", "endpoints: [{host: a.b, purpose: p, server: both}]", "endpoints: [{host: a.b, purpose: p, own_certificate: maybe}]", "vars: {a: {host: x}}", "wildcards: [a.b]", "detect: {registry: [SOFTWARE]}",
		"detect: {paths: [x]}", "proxy: {stores: [{registry: 'HKLM\\X', file: /x, key: k, url: v}]}", "proxy: {auth: [ntml]}",
		"services: [{name: a, title: b, os: mac}]", "cache: {dir: /a/b/c/d, service: s}", "cache: {dir: /a/b/c/d, service: s, ttl: soon}",
		"logs: [{name: a, format: b, files: []}]", "events: [{providers: [a]}]", "events: [{channel: a, ids: [70000]}]", "events: [{channel: a, providers: [' ']}]", "tester: [{title: t}]", "tester: [{title: t, url: 'ftp://x'}]", "impact: [{feature: f}]",
		"notes: [{topic: ' ', text: x}]", "title: \"a\\e[1m\"", "vars: {Big: {}}", "help: ",
	} {
		b := []byte(small + more + "\n")
		if _, err := ParseProfile("f", b); err == nil {
			t.Errorf("the loader takes %s", more)
		}
		if s.Validate(asJSON(t, b)) == nil {
			t.Errorf("the schema takes %s", more)
		}
	}
}

func TestTheSchemaHasTheKeysOfTheLoader(t *testing.T) {
	b, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var root node
	if err := json.Unmarshal(b, &root); err != nil {
		t.Fatal(err)
	}
	seen := compare(t, &root, &root, reflect.TypeFor[Profile](), "profile")
	if seen < 15 {
		t.Errorf("only %d groups of keys were compared", seen)
	}
}

type node struct {
	Ref        string           `json:"$ref"`
	Defs       map[string]*node `json:"$defs"`
	Properties map[string]*node `json:"properties"`
	Additional json.RawMessage  `json:"additionalProperties"`
	Items      *node            `json:"items"`
}

// compare walks schema and struct side by side and returns how many groups of keys it met.
func compare(t *testing.T, root, n *node, typ reflect.Type, where string) int {
	t.Helper()
	if n.Ref != "" {
		n = root.Defs[path.Base(n.Ref)]
	}
	switch {
	case n == nil:
		t.Errorf("%s leads nowhere", where)
		return 0
	case typ.Kind() == reflect.Pointer:
		return compare(t, root, n, typ.Elem(), where)
	case typ.Kind() == reflect.Slice:
		if n.Items == nil {
			t.Errorf("%s is no list in the schema", where)
			return 0
		}
		return compare(t, root, n.Items, typ.Elem(), where)
	case typ.Kind() == reflect.Map:
		var of node
		if err := json.Unmarshal(n.Additional, &of); err != nil {
			t.Errorf("%s: %v", where, err)
			return 0
		}
		return compare(t, root, &of, typ.Elem(), where)
	case typ.Kind() != reflect.Struct:
		return 0
	}
	if strings.TrimSpace(string(n.Additional)) != "false" {
		t.Errorf("%s takes unknown keys", where)
	}
	count, keys := 1, keysOf(typ)
	for k := range n.Properties {
		if _, ok := keys[k]; !ok {
			t.Errorf("%s.%s is only in the schema", where, k)
		}
	}
	for k, i := range keys {
		if n.Properties[k] == nil {
			t.Errorf("%s.%s is not in the schema", where, k)
			continue
		}
		count += compare(t, root, n.Properties[k], typ.Field(i).Type, where+"."+k)
	}
	return count
}
