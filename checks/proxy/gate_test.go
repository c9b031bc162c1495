package proxy

import (
	"bufio"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// vendor is the endpoint that all proxies of the tests are asked for; httptest's certificate is for this name.
const vendor = "example.com"

// world is a machine, the vendor's server, and the profile of a product.
type world struct {
	*hosttest.Fake
	t       *testing.T
	profile *assets.Profile
	roots   *x509.CertPool
	cloud   string // the vendor's real address
	facts   checks.Facts
	login   *url.Userinfo
}

const (
	storeKey = `HKLM\SOFTWARE\Vendor\proxy`
	nsKey    = `HKU\S-1-5-20\Software` + settingsKey
	lsKey    = `HKU\S-1-5-18\Software` + settingsKey
)

func newWorld(t *testing.T, os string) *world {
	t.Helper()
	cloud := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
	t.Cleanup(cloud.Close)
	roots := x509.NewCertPool()
	roots.AddCert(cloud.Certificate())
	w := &world{Fake: hosttest.New(t), t: t, roots: roots, cloud: cloud.Listener.Addr().String()}
	w.OS, w.Root, w.Scripts = os, t.TempDir(), &realEngine{Scripts: host.Local().Scripts}
	w.profile = &assets.Profile{Name: "vendor", Title: "Vendor Agent", RunAs: "network_service",
		Endpoints: []assets.Endpoint{{Host: vendor, Scheme: "https", Port: 443, Path: "/", Required: true, Mark: assets.Seed}},
		Proxy: assets.ProxyRules{Schemes: []string{"http", "pac"}, Auth: []string{"basic"},
			Stores: []assets.Store{{Registry: storeKey, URL: "value", Enabled: "access", Mark: assets.Seed}}},
		Services: []assets.Service{{Name: "agent", OS: "linux", Required: true}, {Name: "winagent", OS: "windows", Required: true}}}
	w.Settings = []host.Setting{}
	if os == "windows" {
		w.Settings = []host.Setting{
			{Source: winHTTP, Whose: services, Where: "API"}, {Source: internetOptions, Whose: you, Where: "API"}}
		for _, k := range []string{storeKey, policyKey} {
			w.Registry[k] = nil
		}
		for _, a := range accounts {
			w.Registry[`HKU\`+a.sid+`\Software`+settingsKey] = map[string]host.Value{}
			w.Registry[`HKU\`+a.sid+`\Software`+settingsKey+`\Connections`] = nil
		}
		w.Registry[environKey] = map[string]host.Value{}
		bare(w.Registry)
		return w
	}
	w.profile.RunAs = "root"
	w.Services["agent"] = &host.Service{Name: "agent", State: host.Running}
	return w
}

func text(s string) host.Value    { return host.Value{Kind: "REG_SZ", Text: s} }
func dword(n uint64) host.Value   { return host.Value{Kind: "REG_DWORD", Number: n} }
func bytesOf(b []byte) host.Value { return host.Value{Kind: "REG_BINARY", Bytes: b} }

// stored puts a proxy into the product's own store.
func (w *world) stored(value string, access uint64) {
	w.Registry[storeKey] = map[string]host.Value{"value": text(value), "access": dword(access)}
}

// options puts a binary value under somebody's Internet Options.
func (w *world) options(key string, flags uint32, proxy, bypass, pac string) {
	w.Registry[key+`\Connections`] = map[string]host.Value{"DefaultConnectionSettings": bytesOf(blob(0x46, flags, proxy, bypass, pac))}
}

func blob(version, flags uint32, parts ...string) []byte {
	return hosttest.Blob(version, 7, flags, parts...)
}

// proxy starts a server on loopback under a name and port of the fake network; serve is given each request that came.
func (w *world) proxy(name, addr string, port int, serve func(net.Conn, *http.Request)) *atomic.Int32 {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { l.Close() })
	w.Network.Name(name, addr)
	w.Network.Lead(fmt.Sprintf("%s:%d", addr, port), l.Addr().String())
	var asked atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				asked.Add(1)
				serve(c, req)
			}()
		}
	}()
	return &asked
}

// tunnel leads to the vendor's server, as a working proxy does.
func (w *world) tunnel(c net.Conn, req *http.Request) {
	if req.Method != http.MethodConnect || req.Host != vendor+":443" {
		io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
		return
	}
	w.pipe(c, w.cloud)
}

func (w *world) pipe(c net.Conn, to string) {
	up, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer up.Close()
	io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { io.Copy(up, c); up.(*net.TCPConn).CloseWrite() }()
	io.Copy(c, up)
}

// says is a proxy that answers every request with the same bytes.
func says(s string) func(net.Conn, *http.Request) {
	return func(c net.Conn, _ *http.Request) { io.WriteString(c, s) }
}

// page is a server that answers with a body.
func page(status int, body string) func(net.Conn, *http.Request) {
	return says(fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: application/x-ns-proxy-autoconfig\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), len(body), body))
}

func (w *world) run() checks.Result {
	w.t.Helper()
	res, err := check{}.Run(w.t.Context(), checks.Env{Machine: w.Machine(), Profile: w.profile, Roots: w.roots, Facts: w.facts}, func(checks.Event) {})
	if err != nil {
		w.t.Fatal(err)
	}
	if e, ok := w.Scripts.(*realEngine); ok && runtime.GOOS == "windows" && e.asked.Load() {
		w.t.Skip("held with goja: Wine's WinHTTP tells only the first proxy of a list, and asks the DNS of this machine")
	}
	return res
}

// realEngine notes that a script was run.
type realEngine struct {
	host.Scripts
	asked atomic.Bool
}

func (e *realEngine) Run(ctx context.Context, s host.Script, urls []string) ([]host.Choice, error) {
	e.asked.Store(true)
	return e.Scripts.Run(ctx, s, urls)
}

func route(t *testing.T, res checks.Result) checks.Route {
	t.Helper()
	for _, f := range res.Facts {
		if r, ok := f.Value.(checks.Route); ok && f.Name == checks.FactRoute {
			return r
		}
	}
	t.Fatal("no route among the facts")
	return checks.Route{}
}

// of returns the findings of a source, written like "the product's own setting/the product".
func of(res checks.Result, who string) []checks.Finding {
	var out []checks.Finding
	for _, f := range res.Findings {
		if f.Arg("source")+"/"+f.Arg("whose") == who {
			out = append(out, f)
		}
	}
	return out
}

func coded(res checks.Result, code checks.Code) []checks.Finding {
	var out []checks.Finding
	for _, f := range res.Findings {
		if f.Code == code {
			out = append(out, f)
		}
	}
	return out
}

// line is a finding in a line: code, status, proxy, mode and whether the product uses it.
func line(f checks.Finding) string {
	return strings.Join([]string{string(f.Code), f.Status.String(), f.Arg("proxy"), f.Arg("mode"), "used=" + f.Arg("used")}, " ")
}
