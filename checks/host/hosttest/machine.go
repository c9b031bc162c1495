package hosttest

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"strings"
	"time"

	"linecheck/checks/host"
)

type registry struct{ *Fake }

func (f registry) Value(key, name string) (host.Value, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.OS != "windows" {
		return host.Value{}, host.ErrUnsupported
	}
	key = strings.TrimSuffix(key, `\`)
	if err, ok := fold(f.RegistryErr, key); ok {
		return host.Value{}, err
	}
	values, ok := fold(f.Registry, key)
	if !ok && len(f.below(key)) == 0 {
		f.surprise(fmt.Sprintf("Registry.Value(%q, %q)", key, name))
	}
	v, ok := fold(values, name)
	if !ok {
		return host.Value{}, fmt.Errorf("%s, %q: %w", key, name, host.ErrNotFound)
	}
	if v.Key == "" {
		v.Key = key
	}
	return v, nil
}

func (f registry) Keys(key string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.OS != "windows" {
		return nil, host.ErrUnsupported
	}
	key = strings.TrimSuffix(key, `\`)
	if err, ok := fold(f.RegistryErr, key); ok {
		return nil, err
	}
	names := f.below(key)
	values, ok := fold(f.Registry, key)
	if !ok && len(names) == 0 {
		f.surprise(fmt.Sprintf("Registry.Keys(%q)", key))
	}
	if values == nil && len(names) == 0 {
		return nil, fmt.Errorf("%s: %w", key, host.ErrNotFound)
	}
	return names, nil
}

// below names the sub-keys of a key.
func (f registry) below(key string) []string {
	var out []string
	seen := map[string]bool{}
	for k, v := range f.Registry {
		if v == nil || len(k) <= len(key)+1 || !strings.EqualFold(k[:len(key)+1], key+`\`) {
			continue
		}
		name, _, _ := strings.Cut(k[len(key)+1:], `\`)
		if !seen[strings.ToLower(name)] {
			seen[strings.ToLower(name)] = true
			out = append(out, name)
		}
	}
	return out
}

type services struct{ *Fake }

func (f services) Query(ctx context.Context, name string) (host.Service, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.service(ctx, "Services.Query", name)
	if err != nil {
		return host.Service{}, err
	}
	return *s, nil
}

func (f services) Dependents(ctx context.Context, name string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.service(ctx, "Services.Dependents", name); err != nil {
		return nil, err
	}
	needed, _ := fold(f.Fake.Dependents, name)
	var out []string
	for _, n := range needed {
		if s, _ := fold(f.Services, n); s != nil && s.State != host.Stopped {
			out = append(out, n)
		}
	}
	return out, nil
}

func (f services) Environment(ctx context.Context, name string) (map[string]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.OS == "windows" {
		return nil, host.ErrUnsupported
	}
	if _, err := f.service(ctx, "Services.Environment", name); err != nil {
		return nil, err
	}
	v, _ := fold(f.Variables, name)
	return maps.Clone(v), nil
}

// service finds a service; f.mu must be held.
func (f *Fake) service(ctx context.Context, question, name string) (*host.Service, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err, ok := fold(f.ServiceErr, name); ok {
		return nil, err
	}
	s, ok := fold(f.Services, name)
	if !ok {
		f.surprise(fmt.Sprintf("%s(%q)", question, name))
	}
	if s == nil {
		return nil, fmt.Errorf("service %s: %w", name, host.ErrNotFound)
	}
	return s, nil
}

// Pong is what comes back for an echo: an answer after a time, or an error (os.ErrDeadlineExceeded for silence, at
// once). Its zero value is an answer without delay.
type Pong struct {
	Took time.Duration
	Err  error
}

type pinger struct{ *Fake }

func (f pinger) Ping(ctx context.Context, addr netip.Addr) (time.Duration, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	p, ok := f.Pings[addr.Unmap().String()]
	if !ok {
		f.surprise(fmt.Sprintf("Ping(%s)", addr))
		return 0, os.ErrDeadlineExceeded
	}
	return p.Took, p.Err
}

type proxies struct{ *Fake }

func (f proxies) Settings(context.Context) []host.Setting {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Fake.Settings == nil {
		f.surprise("Proxies.Settings()")
	}
	return append([]host.Setting(nil), f.Fake.Settings...)
}

type domain struct{ *Fake }

func (f domain) Join(ctx context.Context) (host.Join, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Fake.Join == (host.Join{}) && f.JoinErr == nil {
		f.surprise("Domain.Join()")
	}
	return f.Fake.Join, f.JoinErr
}

func (f domain) Locate(ctx context.Context, name string) (host.LocatedController, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.OS != "windows" {
		return host.LocatedController{}, host.ErrUnsupported
	}
	if err, ok := fold(f.LocateErr, name); ok {
		return host.LocatedController{}, err
	}
	c, ok := fold(f.Located, name)
	if !ok {
		f.surprise(fmt.Sprintf("Domain.Locate(%q)", name))
		return c, host.ErrNotFound
	}
	return c, nil
}

type environ struct{ *Fake }

func (f environ) Get(name string) string {
	if f.OS == "windows" {
		v, _ := fold(f.Env, name)
		return v
	}
	return f.Env[name]
}

type files struct{ *Fake }

func (f files) disk(question, path string) (host.Disk, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Root == "" {
		f.surprise(fmt.Sprintf("Files.%s(%q)", question, path))
		return host.Disk{}, &fs.PathError{Op: strings.ToLower(question), Path: path, Err: fs.ErrNotExist}
	}
	for at, err := range f.FileErr {
		if at = strings.TrimRight(at, `\/`); len(path) >= len(at) && strings.EqualFold(path[:len(at)], at) && (len(path) == len(at) || strings.ContainsRune(`\/`, rune(path[len(at)]))) {
			return host.Disk{}, &fs.PathError{Op: strings.ToLower(question), Path: path, Err: err}
		}
	}
	return host.Disk{Root: f.Root}, nil
}

func (f files) Open(path string) (host.File, error) {
	d, err := f.disk("Open", path)
	if err != nil {
		return nil, err
	}
	return d.Open(path)
}

func (f files) Stat(path string) (fs.FileInfo, error) {
	d, err := f.disk("Stat", path)
	if err != nil {
		return nil, err
	}
	return d.Stat(path)
}

func (f files) ReadDir(path string) ([]fs.DirEntry, error) {
	d, err := f.disk("ReadDir", path)
	if err != nil {
		return nil, err
	}
	return d.ReadDir(path)
}

// Exposed answers from the script: who may write to a test's own folder says nothing.
func (f files) Exposed(dir, _ string) ([]host.Exposure, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, _ := fold(f.Exposures, dir)
	return e, nil
}

func (f files) Movable(dir string) error {
	d, err := f.disk("Movable", dir)
	if err != nil {
		return err
	}
	return d.Movable(dir)
}

func (f files) Glob(pattern string) ([]string, error) {
	d, err := f.disk("Glob", pattern)
	if err != nil {
		return nil, nil
	}
	return d.Glob(pattern)
}

// fold looks a name up in any case, the exact one first.
func fold[T any](m map[string]T, name string) (T, bool) {
	if v, ok := m[name]; ok {
		return v, true
	}
	for k, v := range m {
		if strings.EqualFold(k, name) {
			return v, true
		}
	}
	var zero T
	return zero, false
}
