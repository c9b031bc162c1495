package checks

import (
	"net/url"
	"slices"
	"strings"
)

// FactName names something that one check learned and another needs.
type FactName string

// Fact is a value for a name. A value is never changed after it was handed over.
type Fact struct {
	Name  FactName
	Value any
}

// Facts is what is known so far; nil is empty.
type Facts map[FactName]any

// Get returns the fact of that name if it is known and of that type.
func Get[T any](f Facts, name FactName) (T, bool) {
	v, ok := f[name].(T)
	return v, ok
}

// The facts that checks share. A new check may bring names of its own.
const (
	FactInstalled FactName = "product.installed" // Installed
	FactRoute     FactName = "proxy.route"       // Route
	FactHosts     FactName = "logs.hosts"        // []string: hosts that the product's logs name
	FactServers   FactName = "logs.servers"      // []string: server URLs that the product's logs name, as they spell them
	FactSkew      FactName = "clock.skew"        // time.Duration: this clock minus the servers' clock
)

// Installed says what of the product is on this machine.
type Installed struct {
	Present bool
	Name    string // what the machine calls it, "" where it does not say
	Version string
}

// Route is how the product goes out, as far as this machine tells.
type Route struct {
	Proxy  *url.URL // nil: direct. Userinfo is kept: never print it, see [RouteName]
	Source string   // which setting said so: "the product's own setting"
	Where  string   // where that stands
	Known  bool     // false: no source could be read; direct is then only an assumption
	Others []Other  // proxies that other sources name and the product does not use
	// Each holds the ways to single addresses, by [assets.Endpoint.URL], in the order in which the product tries them; nil
	// among them is direct. An address that is not in it goes through Proxy.
	Each map[string][]*url.URL
	// Found are proxies that nobody on this machine set: a search in the network named them. No login is sent there.
	Found []*url.URL
}

// Trusts reports whether a login may be sent to a proxy of the product's.
func (r Route) Trusts(proxy *url.URL) bool {
	return proxy != nil && !slices.ContainsFunc(r.Found, func(u *url.URL) bool {
		return strings.EqualFold(u.Scheme, proxy.Scheme) && strings.EqualFold(u.Host, proxy.Host)
	})
}

// Ways are the ways to an address in the order in which the product tries them; there is always one.
func (r Route) Ways(address string) []*url.URL {
	if w := r.Each[address]; len(w) > 0 {
		return w
	}
	return []*url.URL{r.Proxy}
}

// Other is a proxy that somebody else on this machine uses.
type Other struct {
	Proxy  *url.URL
	Source string
	Whose  string
}

// RouteName writes a route for people: "direct" or the proxy without its password.
func RouteName(proxy *url.URL) string {
	if proxy == nil {
		return "direct"
	}
	u := *proxy
	u.User = nil
	return u.String()
}
