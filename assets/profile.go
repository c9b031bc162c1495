package assets

import (
	"slices"
	"strings"
	"time"
)

// ProfileSchema is the schema that a profile names in its first line.
const ProfileSchema = "linecheck.profile/1"

// Profile is what is known of one vendor's product: data only. The key names are a contract with the people who write
// profiles of their own. A loaded profile is never changed.
type Profile struct {
	Schema    string         `yaml:"schema"`
	Name      string         `yaml:"name"`
	Vendor    string         `yaml:"vendor"`
	Title     string         `yaml:"title"` // what a person calls it: "WithSecure Security Cloud"
	Products  []string       `yaml:"products"`
	Revision  string         `yaml:"revision"`
	Vars      map[string]Var `yaml:"vars"`
	Detect    Detect         `yaml:"detect"`
	RunAs     string         `yaml:"run_as"` // whose proxy and route count; see [Profile.Account]
	Budget    Budget         `yaml:"budget"`
	Retry     Retry          `yaml:"retry"`
	Endpoints []Endpoint     `yaml:"endpoints"`
	Wildcards []string       `yaml:"wildcards"`
	Proxy     ProxyRules     `yaml:"proxy"`
	Services  []Service      `yaml:"services"`
	Cache     *Cache         `yaml:"cache"`
	Domain    *Domain        `yaml:"domain"`
	Logs      []Log          `yaml:"logs"`
	Events    []EventSource  `yaml:"events"`
	Tester    []Tester       `yaml:"tester"`
	Impact    []Impact       `yaml:"impact"`
	Notes     []Note         `yaml:"notes"`
	Help      []string       `yaml:"help"`
	Articles  []Article      `yaml:"articles"`

	Origin string            `yaml:"-"` // "embedded", or the file it came from
	Values map[string]string `yaml:"-"` // variables as they were filled in
	Given  map[string]string `yaml:"-"` // what was given for a variable with Host set, where that was more than a name; see [Var]
	From   map[string]string `yaml:"-"` // where each value came from: "argument", "default", "found in …"

	raw   *Profile       // as it was written, before Fill; nil: this one is
	lines map[string]int // key path -> line in Origin
}

// Var is a name that strings of the profile may hold as ${NAME}. An empty value means that it is not known.
type Var struct {
	Default string   `yaml:"default"`
	Values  []string `yaml:"values"` // what it may be, beside empty; none: anything
	Help    string   `yaml:"help"`
	Host    bool     `yaml:"host"` // a name or an address; where a URL is given, its host is the value, see [Profile.Given]
}

// Detect lists signs of the product; any one of them means that it is installed.
type Detect struct {
	Services []string `yaml:"services"`
	Registry []string `yaml:"registry"`
	Paths    []string `yaml:"paths"`
}

// Budget is the product's own patience: slower than this is a failure for the product.
type Budget struct {
	ConnectMS int  `yaml:"connect_ms"`
	AnswerMS  int  `yaml:"answer_ms"`
	Mark      Mark `yaml:"mark"`
}

// Connect is the patience for a TCP connection; zero: not known.
func (b Budget) Connect() time.Duration { return time.Duration(b.ConnectMS) * time.Millisecond }

// Answer is the patience for a whole query; zero: not known.
func (b Budget) Answer() time.Duration { return time.Duration(b.AnswerMS) * time.Millisecond }

// Retry is the product's own rule for trying again.
type Retry struct {
	Tries   int  `yaml:"tries"`
	WaitMS  int  `yaml:"wait_ms"`  // how long one try waits
	EveryMS int  `yaml:"every_ms"` // how often the whole is repeated
	Mark    Mark `yaml:"mark"`
}

// Endpoint is one address that the product talks to.
type Endpoint struct {
	Host     string `yaml:"host"`
	Scheme   string `yaml:"scheme"` // https, http, tcp
	Port     int    `yaml:"port"`   // filled in from the scheme where absent
	Path     string `yaml:"path"`
	Purpose  string `yaml:"purpose"`
	Required bool   `yaml:"required"`
	When     string `yaml:"when"` // a variable: tested only where it has a value
	Expect   Expect `yaml:"expect"`
	Mark     Mark   `yaml:"mark"`
	// Server is which of the two servers of the off-domain mode answers there: local (Domain.OnDomain), global
	// (Domain.OffDomain); "": neither. The product uses one of the two at a time.
	Server string `yaml:"server"`
	// Own: the server's certificate is usually one that it made itself, so nobody need trust its issuer, and its dates and
	// name do not end a walk.
	Own bool `yaml:"own_certificate"`
	// Direct: the product goes there without a proxy, whatever is set.
	Direct bool `yaml:"direct"`
}

// The words of [Endpoint.Server].
const (
	LocalServer  = "local"
	GlobalServer = "global"
)

// Expect is what the vendor answers. An empty member is not looked at.
type Expect struct {
	Status       []int  `yaml:"status"`
	Body         string `yaml:"body"` // equal after trimming, in any case
	BodyContains string `yaml:"body_contains"`
	BodyLength   *int   `yaml:"body_length"`
	ContentType  string `yaml:"content_type"`
	Issuer       string `yaml:"issuer"` // part of the name of an issuer in the chain
	Mark         Mark   `yaml:"mark"`   // of the answer; "": as well known as the address. See [Endpoint.ExpectMark]
}

// Empty reports whether nothing is expected, so that any HTTP answer only shows that something answers.
func (e Expect) Empty() bool {
	return len(e.Status) == 0 && e.Body == "" && e.BodyContains == "" && e.BodyLength == nil && e.ContentType == "" && e.Issuer == ""
}

// ProxyRules is how the product chooses and uses a proxy. An empty list means that it is not known, not that there is
// none.
type ProxyRules struct {
	Stores  []Store  `yaml:"stores"`
	Schemes []string `yaml:"schemes"` // what it can go through: http, pac, socks4, socks5
	Auth    []string `yaml:"auth"`    // what it can answer a 407 with: basic, digest, ntlm, negotiate
	Mark    Mark     `yaml:"mark"`    // of schemes and auth; a store has its own
}

// Store is a place where the product keeps a proxy of its own: a registry key, a file, or a unit's environment.
type Store struct {
	Registry string `yaml:"registry"`
	URL      string `yaml:"url"`     // name of the value that holds the proxy
	Enabled  string `yaml:"enabled"` // name of the value that is not 0 where the store is in use; "" : always
	File     string `yaml:"file"`
	Key      string `yaml:"key"`
	Env      string `yaml:"env"`
	Unit     string `yaml:"unit"`
	Mark     Mark   `yaml:"mark"`
}

// Service is a service of the product.
type Service struct {
	Name     string `yaml:"name"`
	Title    string `yaml:"title"`
	Required bool   `yaml:"required"` // the connection to the cloud needs it
	OS       string `yaml:"os"`       // windows, linux; "": both
	Mark     Mark   `yaml:"mark"`
}

// Cache is where the product keeps answers of its cloud.
type Cache struct {
	Dir     string   `yaml:"dir"`
	Service string   `yaml:"service"` // stopped before the cache is emptied, started after
	TTL     Duration `yaml:"ttl"`     // how long answers, failures too, are kept
	Mark    Mark     `yaml:"mark"`
}

// Domain is the product's off-domain mode.
type Domain struct {
	Ping      string   `yaml:"ping"`  // icmp
	Every     Duration `yaml:"every"` // zero: not known
	OnDomain  string   `yaml:"on_domain"`
	OffDomain string   `yaml:"off_domain"`
	Option    string   `yaml:"option"` // the variable that says whether the option is on
	OS        []string `yaml:"os"`     // where the option exists; empty: everywhere
	Mark      Mark     `yaml:"mark"`
}

// Log is one kind of log file.
type Log struct {
	Name       string   `yaml:"name"`
	Files      []string `yaml:"files"` // patterns; ** for any depth
	Format     string   `yaml:"format"`
	Signatures []string `yaml:"signatures"`
	Only       string   `yaml:"only"` // the product that alone has it
	Mark       Mark     `yaml:"mark"`
}

// EventSource is where in the Windows Event Log the product writes events of its own, whose texts the signatures of its
// logs read. What Windows itself writes about services and hosts is known for every product; see [SystemEvents].
type EventSource struct {
	Channel   string   `yaml:"channel"`   // "Application"
	Providers []string `yaml:"providers"` // empty: all of the channel
	IDs       []int    `yaml:"ids"`       // empty: all
	Mark      Mark     `yaml:"mark"`
}

// Tester is the vendor's own connectivity tool.
type Tester struct {
	Path    string `yaml:"path"`
	URL     string `yaml:"url"` // where it can be downloaded
	Since   string `yaml:"since"`
	Product string `yaml:"product"`
	Title   string `yaml:"title"`
	Mark    Mark   `yaml:"mark"`
}

// Note is something that a person must know and no machine can check.
type Note struct {
	Topic string `yaml:"topic"`
	Text  string `yaml:"text"`
	Mark  Mark   `yaml:"mark"`
}

// ForOS returns the services that exist on the given system.
func (p *Profile) ForOS(os string) []Service {
	return slices.DeleteFunc(slices.Clone(p.Services), func(s Service) bool { return s.OS != "" && s.OS != os })
}

// Account is run_as for one system ("windows", "linux"). Linux has one account for services, so what runs as
// local_system or network_service on Windows runs as root there, and the other way round.
func (p *Profile) Account(os string) string {
	switch {
	case p.RunAs == "user":
	case os == "linux":
		return "root"
	case p.RunAs == "root":
		return "local_system"
	}
	return p.RunAs
}

// ExpectMark is how well the expected answer is known: its own mark, else the address's. A wrong answer is a hint
// where the mark is one, even where the address itself is certain.
func (e Endpoint) ExpectMark() Mark {
	if e.Expect.Mark != "" {
		return e.Expect.Mark
	}
	return e.Mark
}

// PathOS tells for which system a path is written: "windows" for a drive letter, "linux" for a slash, else "".
func PathOS(path string) string {
	switch {
	case len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/'):
		return "windows"
	case strings.HasPrefix(path, "/"):
		return "linux"
	}
	return ""
}
