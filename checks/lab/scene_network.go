package lab

import "time"

// Network is how the practice network differs from a healthy one. Patterns are "host", "*.example.com" or "*", for
// servers also "host:port"; the longest that fits counts, alone.
type Network struct {
	Down        bool              `yaml:"down"`   // no network at all: nothing leaves the machine, DNS neither
	Direct      string            `yaml:"direct"` // open (unless told), dropped, refused, prohibited: what leaves without a proxy
	Clock       time.Duration     `yaml:"clock"`  // the servers' clock minus ours
	Delay       time.Duration     `yaml:"delay"`  // how long every vendor's server takes for every answer
	Portal      string            `yaml:"portal"` // where the network's login page is: every plain request is led there
	Names       map[string]Name   `yaml:"names"`
	Resolvers   []Resolver        `yaml:"resolvers"` // the DNS servers that the machine asks; none: one that knows all
	Addresses   map[string]string `yaml:"addresses"` // address -> refuse, drop, no_route, prohibited
	Servers     map[string]Server `yaml:"servers"`
	Proxies     map[string]Proxy  `yaml:"proxies"` // "name:port"
	PAC         map[string]PAC    `yaml:"pac"`     // URL -> what is served there
	Controllers []Controller      `yaml:"controllers"`
}

// Name is what DNS says of the names that fit.
type Name struct {
	A     []string      `yaml:"a"`     // instead of the right addresses; "right": the right one; [none]: no such record
	AAAA  []string      `yaml:"aaaa"`  // the same for IPv6
	CNAME []string      `yaml:"cname"` // the chain of aliases that leads to the addresses
	TTL   time.Duration `yaml:"ttl"`   // 60s unless told
	Rcode string        `yaml:"rcode"` // nxdomain, servfail, refused, silent
	Slow  time.Duration `yaml:"slow"`  // how long the answer takes
	Cut   string        `yaml:"cut"`   // by UDP the answer is cut short. by_tcp: TCP brings it; no_tcp: TCP is silent
}

// Resolver is one DNS server. What it does not know itself it answers as the network's names say. Programs ask the first
// one; where that one is silent, the next.
type Resolver struct {
	Address string          `yaml:"address"` // of 10.11.12.240 to 10.11.12.253
	Silent  bool            `yaml:"silent"`
	Names   map[string]Name `yaml:"names"`
}

// Server is how the vendor's servers that fit answer.
type Server struct {
	TCP     string `yaml:"tcp"`     // open, refuse, drop, no_route, prohibited (a router's ICMP says that a rule forbids it)
	Family  string `yaml:"family"`  // which one TCP, Flaky and LargeLost are about: ip4, ip6, both (unless told)
	Flaky   int    `yaml:"flaky"`   // so many connections of each family are dropped before the first that works
	TLS     string `yaml:"tls"`     // ok, silent, large_silent, reset, reset_by_name, untrusted, expired, not_yet_valid, wrong_name, intercepted, tls10, plain
	Cert    string `yaml:"cert"`    // the name in the certificate where it is the wrong one
	Issuer  string `yaml:"issuer"`  // who re-signs where TLS is intercepted: "CN=FortiGate CA,O=Fortinet"
	Foreign bool   `yaml:"foreign"` // the machine does not trust that issuer
	HTTP    *HTTP  `yaml:"http"`
	Loss    `yaml:",inline"`
}

// Loss is a line on which large packets vanish and nobody says so.
type Loss struct {
	LargeLost int    `yaml:"large_lost"` // packets that carry more bytes than so many are lost; 0: none is
	LargeWay  string `yaml:"large_way"`  // both (unless told), out: only those from the machine
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

// Proxy is a proxy.
type Proxy struct {
	Kind string `yaml:"kind"` // http (unless told), https (TLS to the proxy itself), socks4, socks4a, socks5
	// Mode: open, auth, deny, echo (denies, and repeats what it was sent), silent, refuse, drop, no_route, bad_gateway,
	// reset (cuts every request off), garbage (speaks another protocol).
	Mode    string        `yaml:"mode"`
	Schemes []string      `yaml:"schemes"` // what a 407 offers; empty: Basic
	Login   string        `yaml:"login"`   // "user:password" that mode auth accepts; empty: nobody's
	System  bool          `yaml:"system"`  // mode auth accepts the login of the practice machine by NTLM or Negotiate
	Ask     []string      `yaml:"ask"`     // mode auth: patterns of hosts that it wants a login for; none: for all
	Deny    []string      `yaml:"deny"`    // patterns of hosts that it forbids
	Answer  *HTTP         `yaml:"answer"`  // what it says to requests for these, without deny to every one: 403 unless status, headers, body or redirect tell more
	Slow    time.Duration `yaml:"slow"`    // how long it takes for every request
	TLS     string        `yaml:"tls"`     // kind https: its certificate, as of a server
	Loss    `yaml:",inline"`
}

// PAC is what a web server answers where a PAC file should be. The real machine's engine runs the script; on Windows that
// engine asks the real machine's DNS, so a shipped scene's script asks for no name.
type PAC struct {
	Status   int           `yaml:"status"` // 0: 200
	Body     string        `yaml:"body"`
	Size     int           `yaml:"size"` // blanks are added behind the body up to so many bytes, 4 MB at most
	Silent   bool          `yaml:"silent"`
	Slow     time.Duration `yaml:"slow"`     // how long the answer takes
	Redirect string        `yaml:"redirect"` // 302 to there; to its own address: a loop
	TCP      string        `yaml:"tcp"`      // of its server: open, refuse, drop, no_route
}

// Controller is a domain controller.
type Controller struct {
	Name     string `yaml:"name"`
	ICMP     string `yaml:"icmp"`     // yes (unless told), no: echo requests are dropped, prohibited: a router says that a rule forbids them
	LDAP     string `yaml:"ldap"`     // open (unless told), refuse, drop: TCP and UDP 389, TCP 636 and 445
	Kerberos string `yaml:"kerberos"` // the same for TCP and UDP 88
	Domain   string `yaml:"domain"`   // that it serves; empty: the machine's
	Records  string `yaml:"records"`  // yes (unless told), no: DNS does not name it
}
