// Package host is the machine behind small interfaces, one for each thing that differs between systems: what it can be
// asked ([Machine]) and what it can be told ([Hands]). It is the only room with files for one system.
package host

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"time"
)

// Errors that every implementation uses, so that callers need not know the system.
var (
	// ErrNotFound: the key, value, service or process does not exist.
	ErrNotFound = errors.New("not found")
	// ErrDenied: the account has no right to ask this.
	ErrDenied = errors.New("access denied")
	// ErrUnsupported: this system has no such thing (a registry on Linux), or no way to ask for it.
	ErrUnsupported = errors.New("not on this system")
)

// Absent reports whether an error says that the thing asked for is not there, which is an answer and no failure.
func Absent(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, fs.ErrNotExist) }

// Denied reports whether an error says that the account lacks the rights.
func Denied(err error) bool { return errors.Is(err, ErrDenied) || errors.Is(err, fs.ErrPermission) }

// Machine is what may be asked. Looking changes nothing. No member is nil; where a system has no such thing, its
// methods return ErrUnsupported.
type Machine struct {
	OS       string // "windows" or "linux": which of a profile's entries apply
	Registry Registry
	Services Services
	Files    Files
	Network  Network
	Ping     Pinger
	Proxies  Proxies
	Scripts  Scripts
	Logins   Logins
	Domain   Domain
	Events   Events
	Environ  Environ
	Identity Identity
}

// Hands is what changes the machine. Only a Fixer is given it, for one approved action.
type Hands struct {
	Services Controller
	Files    Shelver
	Journal  Journal
	Guards   Guards
}

// Registry reads the Windows registry. Keys are written like HKLM\SOFTWARE\F-Secure; HKLM, HKCU and HKU are known.
// Under HKLM\SOFTWARE the 64-bit view is asked first, then the 32-bit one.
type Registry interface {
	// Value returns one value; an empty name is the key's default value. ErrNotFound, ErrDenied, ErrUnsupported.
	Value(key, name string) (Value, error)
	// Keys returns the names of the sub-keys, unsorted.
	Keys(key string) ([]string, error)
}

// Value is a registry value as it stands there.
type Value struct {
	Kind   string // "REG_SZ", "REG_EXPAND_SZ", "REG_MULTI_SZ", "REG_DWORD", "REG_QWORD", "REG_BINARY"
	Text   string // strings; REG_MULTI_SZ joined with "\n"
	Number uint64 // REG_DWORD, REG_QWORD
	Bytes  []byte // REG_BINARY
	Key    string // the key it was found under, with Wow6432Node where it was the 32-bit view
}

// ServiceState is a service's state in the words of the Windows service manager; systemd's are mapped onto it.
type ServiceState string

// The states.
const (
	Stopped      ServiceState = "stopped"
	StartPending ServiceState = "start pending"
	StopPending  ServiceState = "stop pending"
	Running      ServiceState = "running"
	Paused       ServiceState = "paused"
)

// Service is what the service manager says of one service.
type Service struct {
	Name, Title string
	State       ServiceState
	Start       string // "auto", "manual", "disabled"; "" where it could not be read
	Account     string // the account it runs as; "" where it could not be read
	PID         int    // 0 where it does not run
	Path        string // the command line it is started with
	Raw         string // the manager's own words, as evidence
}

// Services asks the service manager: the SCM, or systemd.
type Services interface {
	// Query returns ErrNotFound for a service that is not there and ErrUnsupported where no manager runs.
	Query(ctx context.Context, name string) (Service, error)
	// Dependents names the running services that need this one.
	Dependents(ctx context.Context, name string) ([]string, error)
	// Environment returns the variables that the service is started with (systemd's Environment and EnvironmentFile),
	// and for a running one the process's own; ErrUnsupported on Windows.
	Environment(ctx context.Context, name string) (map[string]string, error)
}

// Controller starts and stops services and waits until they have.
type Controller interface {
	Start(ctx context.Context, name string) error
	Stop(ctx context.Context, name string) error
}

// Files reads files and folders without following links at the last step and without keeping others from renaming or
// deleting what is open.
type Files interface {
	// Open opens a regular file for reading, sharing delete. A link, folder or device is an error.
	Open(path string) (File, error)
	// Stat describes the path itself, not what a link points to.
	Stat(path string) (fs.FileInfo, error)
	ReadDir(path string) ([]fs.DirEntry, error)
	// Glob finds files; * and ? within a name, ** for any depth. No links are followed. It stops with ErrTooMany after
	// 10,000 entries and returns what it has; folders that may not be read are in the error too.
	Glob(pattern string) ([]string, error)
	// Exposed tells how an ordinary user could mislead an administrator who works on the folder: where such a user owns it
	// or a folder on the way to it, or may replace, rename or fill one of them. account is the one that the folder belongs
	// to by right (a service's), "" where none does. None: nobody can.
	Exposed(dir, account string) ([]Exposure, error)
	// Movable says why [Shelver] could not move aside what is in the folder, before anything is stopped for it: the folder
	// is a link or behind one, or another volume than the folder around it.
	Movable(dir string) error
}

// Exposure is one way in which an ordinary user could change where a path leads.
type Exposure struct {
	Path string // the folder
	Who  string // the account or group
	May  string // "owns it", "may rename or replace what is in it"
}

// ErrTooMany says that a search was ended by its bound.
var ErrTooMany = errors.New("more entries than linecheck looks through")

// File is an open file.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
	Stat() (fs.FileInfo, error)
}

// Shelver takes the content of a folder away in two steps, so that it can be put back in between. The shelf is a folder
// beside it, on the same volume, named by [Shelf]. All three work inside the roots of the folders, which are reached name
// by name and held open; they follow no link, and refuse a folder that is one or lies behind one.
type Shelver interface {
	// Shelve makes the shelf, which must not exist, and moves every entry of dir there. It ends at the first entry that
	// cannot be moved; what was moved until then stays on the shelf. moved is told after each entry and may be nil.
	Shelve(ctx context.Context, dir, shelf string, moved func(entries int)) (entries int, err error)
	// Return moves everything back and removes the shelf. What took an entry's place meanwhile is removed first. A shelf
	// that does not exist is no error.
	Return(ctx context.Context, dir, shelf string) (entries int, err error)
	// Discard removes the shelf with everything on it, links themselves and never what they lead to. files counts files
	// and links, bytes are their sizes. It goes on after a file that cannot be removed and returns all errors. A shelf
	// that does not exist is no error.
	Discard(ctx context.Context, dir, shelf string) (files int, bytes int64, err error)
}

// Journal keeps promises over a crash. A promise is written before a change and struck when it is kept.
type Journal interface {
	// Promise returns once the promise is on the disk and would survive a power cut. One with that ID is replaced, as a
	// whole or not at all.
	Promise(p Promise) error
	Strike(id string) error
	// Open returns the promises that nobody has kept, oldest first.
	Open() ([]Promise, error)
	// Lock keeps every other process from working on the promises until unlock or the end of this process, however it
	// ends. It waits until ctx is done and returns ErrBusy then.
	Lock(ctx context.Context) (unlock func(), err error)
}

// ErrBusy says that another linecheck holds the journal.
var ErrBusy = errors.New("another linecheck is at work on this computer")

// Promise is what must be made true again after a crash, and how far the work was when it was last written.
type Promise struct {
	ID       string    `json:"id"`
	Action   string    `json:"action"`             // "clean"; "told" for one that is kept and waits to be told of
	Phase    string    `json:"phase,omitempty"`    // how far the work is; the action defines the words
	Services []string  `json:"services,omitempty"` // must run again, in the order in which they are started
	Dir      string    `json:"dir,omitempty"`      // the folder whose content was moved
	Shelf    string    `json:"shelf,omitempty"`    // where to: see [Shelf]
	Told     []Told    `json:"told,omitempty"`     // what a watchdog did
	Written  time.Time `json:"written"`
	PID      int       `json:"pid"` // who wrote it
}

// Told is one thing that a watchdog did.
type Told struct {
	When   time.Time `json:"when"`
	What   string    `json:"what"`
	Result string    `json:"result"` // as in a report's changes: "done", "failed: …"
}

// Guards start watchdogs: processes that outlive this one, and keep its promises when it ends without having done so.
type Guards interface {
	// Watch starts a watchdog for the promise of that ID, and returns once it watches. An error: nobody watches. The
	// caller holds the journal's lock: a watchdog takes over where it is free.
	Watch(ctx context.Context, id string) (Guard, error)
}

// Guard is a watchdog at work.
type Guard interface {
	// Told says what watches, and what could not be set up beside it, one line each for a person.
	Told() []string
	// Dismiss ends it: nothing is left to be done.
	Dismiss() error
	// Leave lets it take over at once, as the end of this process would.
	Leave() error
}

// Network is names and connections.
type Network interface {
	// Lookup returns the addresses of one family ("ip4" or "ip6") as programs of this machine get them, hosts file and
	// all. Errors are *net.DNSError.
	Lookup(ctx context.Context, family, name string) ([]netip.Addr, error)
	// LookupSRV returns the records of a full name such as _ldap._tcp.dc._msdcs.corp.example.
	LookupSRV(ctx context.Context, name string) ([]*net.SRV, error)
	// Dial connects to an address, never to a name. Where a router forbade it and that could be heard, the error holds a
	// [*Barred].
	Dial(ctx context.Context, network string, addr netip.AddrPort) (net.Conn, error)
	// DialSmall makes a TCP connection on which the other side sends packets of at most a few hundred bytes, whatever the
	// line would carry, and this side too where the system can; see [SmallSegment]. It tells a line on which large packets
	// vanish from a dead one. ErrUnsupported where the system cannot.
	DialSmall(ctx context.Context, addr netip.AddrPort) (net.Conn, error)
	// Resolvers names the DNS servers that this machine asks, "" entries left out.
	Resolvers() []string
	// Records asks each of Resolvers for one family's records of a name ("ip4" or "ip6"), all at once, 2 s at most. It
	// explains what Lookup said and proves nothing about it: a program gets what Lookup gets.
	Records(ctx context.Context, family, name string) []Records
	// Addresses are this machine's own, the one that leads out first, without loopback and link-local ones.
	Addresses() []netip.Addr
	// Cached lists names that the system's DNS cache holds, at most 10,000; ErrUnsupported where it cannot be asked.
	Cached(ctx context.Context) ([]string, error)
	// HostsFile returns the lines of the hosts file that name the host, with the file's path.
	HostsFile(name string) (path string, lines []string, err error)
}

// Pinger sends one ICMP echo, without administrator rights where the system can.
type Pinger interface {
	// Ping waits at most until ctx is done. ErrDenied: no right to send one, which says nothing about the other side.
	// os.ErrDeadlineExceeded: no answer. Anything else: the network said that it cannot, or this machine did; where it is
	// known who, the error holds a [*Barred].
	Ping(ctx context.Context, addr netip.Addr) (time.Duration, error)
}

// Mode is how a setting chooses a proxy.
type Mode string

// The modes.
const (
	Direct Mode = "direct"
	Manual Mode = "manual"
	PAC    Mode = "pac"
	Auto   Mode = "auto" // WPAD by DHCP or DNS
)

// The sources that a system's own interfaces know.
const (
	WinHTTP         = "WinHTTP"          // its default, for services and programs of the command line
	WinHTTPAdvanced = "WinHTTP advanced" // what Windows 11 lets an administrator give to services beside that default
	InternetOptions = "Internet Options"
	GNOME           = "GNOME"
	NetworkManager  = "NetworkManager"
)

// Setting is one proxy setting as it stands.
type Setting struct {
	Source string   // one of those above, or another name for what a file, a key or a variable holds
	Whose  string   // "you", "services", "NetworkService", …
	Where  string   // registry key, file and line, API
	Raw    string   // as it stands there
	Modes  []Mode   // in the order in which they are tried; empty: nothing is set, which is direct
	Server string   // as written: host:port, or http=…;https=…
	Bypass []string // hosts that go direct, as written
	PACURL string
	Err    error // it could not be read
}

// Proxies asks the system's own interfaces. Everything that is only a value in the registry, a file or a variable is
// read by the proxy check itself.
type Proxies interface {
	// Settings: on Windows WinHTTP's default and advanced settings and Internet Options of the calling user; on Linux GNOME
	// and NetworkManager.
	Settings(ctx context.Context) []Setting
	// Offered is the PAC file's address that DHCP gave this machine (option 252), with where that was read; ErrNotFound
	// where it gave none, ErrUnsupported or ErrDenied where it cannot be asked.
	Offered(ctx context.Context) (url, where string, err error)
}

// JoinState is how the machine belongs to a domain.
type JoinState string

// The states.
const (
	JoinUnknown   JoinState = ""
	NotJoined     JoinState = "not joined"
	DomainJoined  JoinState = "domain"
	EntraJoined   JoinState = "entra"  // Entra ID only: no controller at all
	HybridJoined  JoinState = "hybrid" // both
	WorkgroupOnly JoinState = "workgroup"
)

// Join says how this machine belongs to a domain.
type Join struct {
	State  JoinState
	Domain string // DNS name where known, else the NetBIOS name
	Flat   string // the NetBIOS name; "" where not known
	Site   string // the site that this computer takes itself to be in; "" where not known
	Tenant string // the Entra tenant, "" where none or not known
	How    string // where it was read
	Raw    string
}

// LocatedController is a domain controller that the system's own locator names.
type LocatedController struct {
	Name    string
	Address string
	Site    string // its own
	Near    string // the site that it says this computer is in; "" where it does not say
	Flags   string // what it says it can do, in words; "" where it does not say
	How     string
}

// Domain asks how the machine belongs to a domain.
type Domain interface {
	Join(ctx context.Context) (Join, error)
	// Locate asks the system's locator (DsGetDcName); ErrUnsupported where there is none, ErrNotFound where it finds none.
	Locate(ctx context.Context, domain string) (LocatedController, error)
}

// Environ is the environment of this process.
type Environ interface {
	Get(name string) string
}

// Identity says who runs linecheck and where from.
type Identity struct {
	User     string // DOMAIN\user or user
	Host     string
	Elevated bool   // administrator or root
	Session  string // "ssh", "rdp" or "" for a local one
	Machine  string // 16 hex digits that tell this computer from others and say nothing else of it; "" where none can be had
}
