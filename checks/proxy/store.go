package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// stores reads the places where the product keeps a proxy of its own, those that exist on this system.
func (r *run) stores(ctx context.Context) []source {
	var out []source
	for _, st := range r.env.Profile.Proxy.Stores {
		var s source
		switch windows := r.env.Machine.OS == "windows"; {
		case st.Registry != "" && windows:
			s = r.storeKey(st)
		case st.File != "" && assets.PathOS(st.File) == r.env.Machine.OS:
			s = r.storeFile(st)
		case st.Env != "" && (st.Unit == "" || !windows) && st.Registry == "" && st.File == "":
			s = r.storeEnv(ctx, st)
		default:
			continue
		}
		s.Source, s.Whose, s.mark = ownStore, product, st.Mark
		out = append(out, s)
	}
	return out
}

// storeKey reads a registry key with a value for the proxy and, where the profile names one, a value that switches it.
func (r *run) storeKey(st assets.Store) (s source) {
	s.Where = st.Registry + ", " + st.URL
	v, err := r.env.Machine.Registry.Value(st.Registry, st.URL)
	if host.Absent(err) {
		s.Raw = fmt.Sprintf("there is no value %q", st.URL)
		return s
	}
	if err != nil {
		s.Err = err
		return s
	}
	if v.Key != "" {
		s.Where = v.Key + ", " + st.URL
	}
	s.Raw = fmt.Sprintf("%s = %s", st.URL, mask(v.Text))
	s.proof = []checks.Evidence{s.evidence()}
	if st.Enabled != "" {
		e, err := r.env.Machine.Registry.Value(st.Registry, st.Enabled)
		switch {
		case host.Absent(err):
			s.note = st.Enabled + " is not there, so it is not in use"
		case err != nil:
			s.Err = err
			return s
		case !on(e):
			s.note = st.Enabled + " is 0, so it is not in use"
		}
		text := st.Enabled + " is not there"
		if err == nil {
			text = st.Enabled + " = " + e.Text
			if e.Text == "" {
				text = st.Enabled + " = " + strconv.FormatUint(e.Number, 10)
			}
		}
		s.proof = append(s.proof, checks.Evidence{Source: st.Registry, Text: text})
	}
	if s.note == "" {
		s.named(v.Text)
	}
	return s
}

// named makes the source choose what stands there by hand.
func (s *source) named(value string) {
	if strings.TrimSpace(value) != "" {
		s.Modes, s.Server = []host.Mode{host.Manual}, value
	}
}

func (r *run) storeEnv(ctx context.Context, st assets.Store) (s source) {
	var value string
	switch {
	case st.Unit != "":
		s.Where = "unit " + st.Unit + ", " + st.Env
		vars, err := r.env.Machine.Services.Environment(ctx, st.Unit)
		if err != nil && !host.Absent(err) {
			s.Err = err
			return s
		}
		value = vars[st.Env]
	case r.env.Machine.OS == "windows":
		s.Where = environKey + ", " + st.Env
		v, err := r.env.Machine.Registry.Value(environKey, st.Env)
		if err != nil && !host.Absent(err) {
			s.Err = err
			return s
		}
		value = v.Text
	default:
		s.Where = "this process, " + st.Env
		value = r.env.Machine.Environ.Get(st.Env)
	}
	s.Raw = st.Env + "=" + mask(value)
	s.reads = asCurl
	s.named(value)
	return s
}

func (r *run) storeFile(st assets.Store) (s source) {
	s.Where = st.File + ", " + st.Key
	b, err := r.read(st.File)
	if host.Absent(err) {
		s.Raw = "the file is not there"
		return s
	}
	if err != nil {
		s.Err = err
		return s
	}
	value, line, err := lookup(b, st.Key)
	if err != nil {
		s.Err = err
		return s
	}
	s.Raw = st.Key + " = " + mask(value)
	if value == "" {
		s.Raw = "no " + st.Key + " in it"
	}
	s.proof = []checks.Evidence{{Source: st.File, Line: line, Text: s.Raw}}
	s.named(value)
	return s
}

// lookup finds a key in a file of unknown form: KEY=value lines first, since they are also what a broken JSON or YAML
// file is not, then JSON, then YAML. A key with dots also walks into nested maps. Not there: "".
func lookup(b []byte, key string) (value string, line int, err error) {
	text := strings.TrimPrefix(string(b), "\ufeff")
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") {
		var tree any
		if err := json.Unmarshal([]byte(t), &tree); err != nil {
			return "", 0, errors.New("the file is no valid JSON")
		}
		v, err := leaf(tree, key)
		return v, 0, err
	}
	n := 0
	for l := range strings.Lines(text) {
		n++
		if name, v, ok := assignment(l); ok && name == key {
			value, line = v, n // the last one counts, as in a shell
		}
	}
	if line > 0 {
		return value, line, nil
	}
	var tree any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		return "", 0, nil // a file of KEY=value lines without the key
	}
	v, err := leaf(tree, key)
	return v, 0, err
}

func leaf(tree any, key string) (string, error) {
	m, ok := tree.(map[string]any)
	if !ok {
		return "", nil
	}
	v, ok := m[key]
	if !ok {
		if first, rest, dotted := strings.Cut(key, "."); dotted {
			return leaf(m[first], rest)
		}
		return "", nil
	}
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("%s is no text", key)
}
