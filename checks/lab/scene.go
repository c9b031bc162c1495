// Package lab is the practice network: servers on loopback that misbehave on request (DNS, CONNECT proxy, PAC, TLS, the
// vendor's endpoints, domain controllers) and a machine made of values. A [Scene] says in YAML what is wrong; [Start]
// turns it and the vendors' profiles into a network where everything else is as it should be. It serves `linecheck lab`
// and tests; it never reaches beyond 127.0.0.1.
package lab

import "time"

// Scene is one fault with its story. A scene states only what differs from a healthy network of its profiles.
type Scene struct {
	Name     string            `yaml:"name"`     // the file's name; a cause's id where it is about one
	Title    string            `yaml:"title"`    // a few words for a list
	Story    string            `yaml:"story"`    // one sentence, as a ticket would tell it
	Profiles []string          `yaml:"profiles"` // empty: withsecure
	Vars     map[string]string `yaml:"vars"`     // variables of the profiles
	Expect   Expectation       `yaml:"expect"`
	Machine  Machine           `yaml:"machine"`
	Network  Network           `yaml:"network"`
}

// Expectation is the verdict that a run in the scene has to reach.
type Expectation struct {
	Causes []string `yaml:"causes"` // cause ids, the main one first; empty where nothing is wrong
	Status string   `yaml:"status"` // fault, warning, healthy, inconclusive
}

// Machine is how the practice machine differs from a healthy one.
type Machine struct {
	OS       string                    `yaml:"os"`       // windows (unless told) or linux
	Proxy    string                    `yaml:"proxy"`    // put into every profile's own proxy store
	Registry map[string]map[string]any `yaml:"registry"` // key -> name -> text or number
	Services map[string]string         `yaml:"services"` // name -> running, stopped, disabled, missing, paused, wont_start, stuck
	Env      map[string]string         `yaml:"env"`
	Settings []Setting                 `yaml:"settings"` // WinHTTP, Internet Options, GNOME
	Hosts    []string                  `yaml:"hosts"`    // lines of the hosts file: "127.0.0.1 doorman.sc.fsapi.com"
	Join     string                    `yaml:"join"`     // domain, hybrid, entra, workgroup (unless told)
	Domain   string                    `yaml:"domain"`   // "corp.example"
	Limited  bool                      `yaml:"limited"`  // run without administrator's rights
	Cache    *Cache                    `yaml:"cache"`    // nil: a healthy product's
	Logs     []Log                     `yaml:"logs"`
	Grow     []Log                     `yaml:"grow"` // one line a second, again from the first after the last
}

// Setting is one system-wide proxy setting.
type Setting struct {
	Source string   `yaml:"source"` // "WinHTTP", "Internet Options", "GNOME"
	Whose  string   `yaml:"whose"`  // "you", "services"
	Mode   string   `yaml:"mode"`   // direct, manual, pac, auto; empty: what the other members say
	Server string   `yaml:"server"`
	Bypass []string `yaml:"bypass"`
	PAC    string   `yaml:"pac"` // its URL
}

// Cache says what lies in the products' cache folders.
type Cache struct {
	Files  int           `yaml:"files"`
	Newest time.Duration `yaml:"newest"` // how long ago the newest was written
	Oldest time.Duration `yaml:"oldest"`
	Absent bool          `yaml:"absent"` // there is no folder at all
}

// Log is what one of the profiles' logs holds. A line is "-90s .W: what it says": how long ago, then the line without
// its time stamp, which is written in the log's own grammar. A line that does not begin with a duration is written as
// it stands; in Grow every line gets the time of its writing.
type Log struct {
	Name  string   `yaml:"name"` // as in the profile
	Lines []string `yaml:"lines"`
}

// Network is how the practice network differs from a healthy one. Patterns are "host", "*.example.com" or "*", for
// servers also "host:port"; the longest that fits counts, alone.
type Network struct {
	Down        bool              `yaml:"down"` // no network at all: nothing leaves the machine, DNS neither
	Direct      string            `yaml:"direct"`
	Clock       time.Duration     `yaml:"clock"` // the servers' clock minus ours
	Names       map[string]Name   `yaml:"names"`
	Servers     map[string]Server `yaml:"servers"`
	Proxies     map[string]Proxy  `yaml:"proxies"` // "name:port"
	PAC         map[string]PAC    `yaml:"pac"`     // URL -> what is served there
	Controllers []Controller      `yaml:"controllers"`
}

// Name is what DNS says of the names that fit.
type Name struct {
	A     []string      `yaml:"a"`     // instead of the right addresses; [none]: no such record
	AAAA  []string      `yaml:"aaaa"`  // the same for IPv6
	Rcode string        `yaml:"rcode"` // nxdomain, servfail, refused, silent
	Slow  time.Duration `yaml:"slow"`  // how long the answer takes
}

// Server is how the vendor's servers that fit answer.
type Server struct {
	TCP     string `yaml:"tcp"`     // open, refuse, drop, no_route
	Family  string `yaml:"family"`  // which one TCP is about: ip4, ip6, both (unless told)
	TLS     string `yaml:"tls"`     // ok, silent, large_silent, reset, reset_by_name, untrusted, expired, not_yet_valid, wrong_name, intercepted, tls10, plain
	Cert    string `yaml:"cert"`    // the name in the certificate where it is the wrong one
	Issuer  string `yaml:"issuer"`  // who re-signs where TLS is intercepted: "CN=FortiGate CA,O=Fortinet"
	Foreign bool   `yaml:"foreign"` // the machine does not trust that issuer
	HTTP    *HTTP  `yaml:"http"`
}

// HTTP is an answer instead of the one that the profile expects. A member that is not told stays as expected.
type HTTP struct {
	Status   int               `yaml:"status"`
	Body     *string           `yaml:"body"`
	Length   *int              `yaml:"length"` // a body of that many bytes
	Headers  map[string]string `yaml:"headers"`
	Delay    time.Duration     `yaml:"delay"`
	Silent   bool              `yaml:"silent"`   // takes the request and says nothing
	Redirect string            `yaml:"redirect"` // 302 to there
}

// Proxy is an HTTP proxy.
type Proxy struct {
	Mode    string   `yaml:"mode"`    // open, auth, deny, echo (denies, and repeats what it was sent), silent, refuse, drop, bad_gateway, garbage
	Schemes []string `yaml:"schemes"` // what a 407 offers; empty: Basic
	Login   string   `yaml:"login"`   // "user:password" that mode auth accepts; empty: nobody's
}

// PAC is what a web server answers where a PAC file should be.
type PAC struct {
	Status int    `yaml:"status"` // 0: 200
	Body   string `yaml:"body"`
	Silent bool   `yaml:"silent"`
}

// Controller is a domain controller.
type Controller struct {
	Name     string `yaml:"name"`
	ICMP     string `yaml:"icmp"`     // yes (unless told), no: echo requests are dropped
	LDAP     string `yaml:"ldap"`     // open (unless told), refuse, drop
	Kerberos string `yaml:"kerberos"` // the same
}
