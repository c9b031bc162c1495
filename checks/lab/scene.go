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
	Do       string            `yaml:"do"` // what the person approves there: clean; empty: nothing
	Machine  Machine           `yaml:"machine"`
	Network  Network           `yaml:"network"`
}

// Expectation is the verdict that a run in the scene has to reach.
type Expectation struct {
	Causes []string `yaml:"causes"` // cause ids, the main one first; empty where nothing is wrong
	Status string   `yaml:"status"` // fault, warning, healthy, inconclusive
	// Exit is the exit code where it is not the status's own: 5 after a cleanup that failed.
	Exit *int `yaml:"exit"`
	// Confidence is that of the first cause: certain, likely, possible; empty: it is not looked at.
	Confidence string `yaml:"confidence"`
}

// Machine is how the practice machine differs from a healthy one.
type Machine struct {
	OS       string                       `yaml:"os"`       // windows (unless told) or linux
	Proxy    string                       `yaml:"proxy"`    // put into every profile's own proxy store
	Registry map[string]map[string]any    `yaml:"registry"` // key -> name -> text, number or [Binary]
	Services map[string]string            `yaml:"services"` // name -> running, stopped, disabled, manual, missing, paused, starting, stopping, wont_start, wont_stop, stuck, denied
	Needs    map[string][]string          `yaml:"needs"`    // service -> the services that need it
	Units    map[string]map[string]string `yaml:"units"`    // service -> the variables that it was started with (Linux)
	Env      map[string]string            `yaml:"env"`
	Files    map[string]string            `yaml:"files"`     // path -> what stands in it: /etc/apt/apt.conf
	Settings []Setting                    `yaml:"settings"`  // WinHTTP, WinHTTP advanced, Internet Options, GNOME, NetworkManager
	DHCP     string                       `yaml:"dhcp_pac"`  // the PAC file's address that DHCP gave (option 252)
	Hosts    []string                     `yaml:"hosts"`     // lines of the hosts file: "127.0.0.1 doorman.sc.fsapi.com"
	Cached   []string                     `yaml:"dns_cache"` // names in the system's DNS cache; none: it cannot be asked
	Login    bool                         `yaml:"login"`     // the system can log in to proxies (NTLM, Negotiate) for this account
	Join     string                       `yaml:"join"`      // domain, hybrid, entra, workgroup (unless told)
	Domain   string                       `yaml:"domain"`    // "corp.example"
	Limited  bool                         `yaml:"limited"`   // run without administrator's rights
	Absent   []string                     `yaml:"absent"`    // profiles of the scene whose products are not installed
	Denied   []string                     `yaml:"denied"`    // files and folders that this account may not look into
	Cache    *Cache                       `yaml:"cache"`     // nil: a healthy product's
	Logs     []Log                        `yaml:"logs"`
	Events   []Event                      `yaml:"events"` // of the Windows Event Log
	Grow     []Log                        `yaml:"grow"`   // one line a second, again from the first after the last
}

// Binary is a REG_BINARY value: its bytes, or one of the two proxy values, which the lab writes as Windows does.
type Binary struct {
	Hex         string `yaml:"hex"`         // "46000000..."; blanks are left out
	Connections *Blob  `yaml:"connections"` // DefaultConnectionSettings of Internet Options
	WinHTTP     *Blob  `yaml:"winhttp"`     // WinHttpSettings
}

// Blob is what a proxy value says.
type Blob struct {
	Flags  *uint32 `yaml:"flags"` // 1 direct, 2 manual, 4 PAC, 8 search; nil: direct, and what the other members say
	Proxy  string  `yaml:"proxy"`
	Bypass string  `yaml:"bypass"`
	PAC    string  `yaml:"pac"`
}

// Setting is one system-wide proxy setting.
type Setting struct {
	Source string   `yaml:"source"` // [host.WinHTTP] and the others of its kind
	Whose  string   `yaml:"whose"`  // "you", "services"; empty: as the source usually has it
	Mode   string   `yaml:"mode"`   // direct, manual, pac, auto; empty: what the other members say. After auto these follow
	Denied bool     `yaml:"denied"` // this account may not read it
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
	Held   string        `yaml:"held"`   // move, delete: another program has a file open, so that a cleanup cannot do this
}

// Log is what one of the profiles' logs holds. A line is "-90s .W: what it says": how long ago, then the line without
// its time stamp, which is written in the log's own grammar. A line that does not begin with a duration is written as
// it stands; in Grow every line gets the time of its writing.
type Log struct {
	Name  string   `yaml:"name"` // as in the profile
	Lines []string `yaml:"lines"`
	File  string   `yaml:"file"`  // the file's name where it is not the log's own: that of a rotated one
	UTF16 bool     `yaml:"utf16"` // written as UTF-16 with a byte order mark
	Alone bool     `yaml:"alone"` // nothing stands in it but these lines
}

// Event is one event of the Windows Event Log.
type Event struct {
	Channel  string        `yaml:"channel"` // Application unless told
	Provider string        `yaml:"provider"`
	ID       int           `yaml:"id"`
	Level    string        `yaml:"level"` // warning unless told
	Ago      time.Duration `yaml:"ago"`
	Text     string        `yaml:"text"`
}
