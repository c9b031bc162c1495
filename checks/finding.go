package checks

import (
	"maps"
	"time"

	"linecheck/assets"
)

// Code names a kind of observation, "<area>.<condition>": "proxy.unresolvable", "path.open".
type Code string

// Finding is one observation with its evidence. It holds no opinion: a cause exists only in the verdict.
type Finding struct {
	Code     Code
	Status   Status
	Subject  string            // what was looked at: a host, a file, a service
	View     string            // whose identity and route saw it: "you, direct", "NetworkService, http://proxy:3128"
	Args     map[string]string // fills the text of the code
	Evidence []Evidence        // raw, oldest first
	At       time.Time         // when it was seen; for a log line, the time in the line
	Took     time.Duration
	Mark     assets.Mark // how well the expectation behind it is known; empty where the machine itself was asked
	Path     *Path       // the walk of one probe; nil where the finding is no probe
	Table    *Table      // a comparison of many things; nil where there is none
}

// Table is a comparison. Every row has as many cells as Head; cells are plain text, of any length.
type Table struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

// Evidence is one raw thing that was seen: a registry value, a log line, an error, bytes on the wire.
type Evidence struct {
	Source string `json:"source"`         // where it stands: a registry path, a file, "DNS 10.0.0.53", "TLS"
	Line   int    `json:"line,omitempty"` // 1-based line number where Source is a file
	Text   string `json:"text"`           // as it was seen; may hold anything, so the screen and the report clean it
}

// StageName is one hop of a probe's walk, in walking order.
type StageName string

// The hops of a walk. Through a proxy, resolve and connect are those of the proxy.
const (
	Resolve StageName = "resolve"
	Connect StageName = "connect"
	Tunnel  StageName = "tunnel"
	TLS     StageName = "tls"
	HTTP    StageName = "http"
	Content StageName = "content"
)

// Stage is one hop. A hop behind the first failing one is never there as passed: it is Unknown, "not tested".
type Stage struct {
	Name    StageName
	Status  Status
	Took    time.Duration
	Failure Failure // empty where it passed
	Error   string  // the raw error text
	Note    string  // what was learned: an address, an issuer, a status line
}

// Path is one walk from this machine to one endpoint.
type Path struct {
	Target   string // "doorman.sc.fsapi.com:443"
	URL      string // what was asked for
	Route    string // "direct" or the proxy's URL without its password
	Family   string // "ipv4", "ipv6", or "" where a proxy resolves the name
	Address  string // the address that was tried, "" where none was found
	Product  bool   // this is the way the product itself goes, as far as we know
	Required bool   // the profile says that the product needs the endpoint
	Stages   []Stage
}

// FamilyName is the family as people write it: "IPv4", "IPv6", or "".
func (p Path) FamilyName() string { return map[string]string{"ipv4": "IPv4", "ipv6": "IPv6"}[p.Family] }

// Arg returns one of the finding's arguments, "" where it has none of that name.
func (f Finding) Arg(name string) string { return f.Args[name] }

// YesNo writes a truth as arguments have it: rules of the verdict compare with these two words.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// With returns a copy that also has the given argument.
func (f Finding) With(name, value string) Finding {
	m := maps.Clone(f.Args)
	if m == nil {
		m = map[string]string{}
	}
	m[name] = value
	f.Args = m
	return f
}
