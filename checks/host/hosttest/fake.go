package hosttest

import (
	"os"
	"sync"

	"linecheck/checks/host"
)

// TB is the part of a test that a [Fake] needs; *testing.T is one.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	TempDir() string
}

// Fake is a machine made of values. Its members are set before it is used and left alone while it is; it may be asked
// from many goroutines. A question it was not prepared for is a failure of the test, and is answered as if the thing
// were not there.
type Fake struct {
	// OS is the machine's system: "windows", unless told.
	OS string

	// Registry holds keys (in any case) with their values. A key with a nil map is known not to exist; keys above a
	// known one exist without values.
	Registry map[string]map[string]host.Value
	// RegistryErr answers for a key, as a lack of rights would: host.ErrDenied.
	RegistryErr map[string]error

	// Services are the services by name (in any case); nil: known not to exist. Start and Stop change them.
	Services map[string]*host.Service
	// ServiceErr answers for asking about a service.
	ServiceErr map[string]error
	// Dependents are services that need another one. Only the running ones are named, as on a real machine.
	Dependents map[string][]string
	// Variables are what a service is started with.
	Variables map[string]map[string]string
	// StartErr and StopErr fail every start or stop of a service, which stays as it is.
	StartErr, StopErr map[string]error
	// Stuck are services that never get past StartPending or StopPending; the call lasts until its context ends.
	Stuck map[string]bool
	// OnCall is asked before each start and stop ("start", "stop"); an error fails that one. nil: nobody is asked.
	OnCall func(verb, name string) error

	// Root is the folder that all files lie under: C:\x is Root/C/x, /etc/x is Root/etc/x. What is not there does not
	// exist. Empty: no question about files was expected.
	Root string
	// FileErr answers for a file, or for a folder and all that lies in it, as a lack of rights would: host.ErrDenied.
	FileErr map[string]error
	// OnShelf is asked before a folder's content is moved or removed ("shelve", "return", "discard"); an error fails that
	// call. nil: nobody is asked. What is not failed really happens under Root.
	OnShelf func(verb, dir string) error
	// WatchErr fails the start of a watchdog.
	WatchErr error
	// Exposures are what an ordinary user could mislead, by folder.
	Exposures map[string][]host.Exposure

	// Env is the whole environment; nil: empty.
	Env map[string]string
	// Settings are the proxies that the system's interfaces tell; nil: nobody was expected to ask.
	Settings []host.Setting

	// Offered is the PAC address that DHCP gives; empty: none.
	Offered string
	// OfferedErr answers for it instead: host.ErrUnsupported, host.ErrDenied.
	OfferedErr error
	// Scripts runs proxy scripts; nil: nobody was expected to run one.
	Scripts host.Scripts
	// Logins logs in to proxies, [Talks] for one; nil: the system has none.
	Logins host.Logins

	// Join is how the machine belongs to a domain; its zero value: nobody was expected to ask.
	Join    host.Join
	JoinErr error
	// Located are the controllers by domain; without one in Located or LocateErr nobody was expected to ask.
	Located   map[string]host.LocatedController
	LocateErr map[string]error

	// Events are the event log's channels, oldest event first; EventErr answers for a channel instead. A channel that is in
	// neither does not exist, which a test may expect.
	Events   map[string][]host.EventRecord
	EventErr map[string]error

	// Network is what names resolve to and where connections lead.
	Network Network
	// Pings are the answers to an echo, by address.
	Pings map[string]Pong
	// Identity is who runs linecheck.
	Identity host.Identity

	tb    TB
	mu    sync.Mutex
	calls []string
	asked []string
	temp  string
}

// New returns a Windows machine with nothing on it. With a nil tb it is lenient: what it does not know is not there.
func New(tb TB) *Fake {
	return &Fake{
		OS:          "windows",
		Registry:    map[string]map[string]host.Value{},
		RegistryErr: map[string]error{},
		FileErr:     map[string]error{},
		Services:    map[string]*host.Service{},
		ServiceErr:  map[string]error{},
		Dependents:  map[string][]string{},
		Variables:   map[string]map[string]string{},
		StartErr:    map[string]error{},
		StopErr:     map[string]error{},
		Stuck:       map[string]bool{},
		Env:         map[string]string{},
		Located:     map[string]host.LocatedController{},
		LocateErr:   map[string]error{},
		Network:     newNetwork(),
		Pings:       map[string]Pong{},
		Identity:    host.Identity{User: "tester", Host: "testhost", Elevated: true},
		tb:          tb,
	}
}

// Machine is what may be asked.
func (f *Fake) Machine() host.Machine {
	return host.Machine{
		OS: f.OS, Registry: registry{f}, Services: services{f}, Files: files{f}, Network: &network{f}, Ping: pinger{f},
		Proxies: proxies{f}, Scripts: scripts{f}, Logins: logins{f}, Domain: domain{f}, Events: events{f}, Environ: environ{f}, Identity: f.Identity,
	}
}

// Hands are its hands. The journal is a real one, in a temporary folder; see [Fake.Close].
func (f *Fake) Hands() host.Hands {
	return host.Hands{Services: hands{f}, Files: hands{f}, Journal: host.NewJournal(f.journalDir()), Guards: guards{f}}
}

// Close removes the journal's folder where no test does.
func (f *Fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir := f.temp
	f.temp = ""
	if dir == "" || f.tb != nil {
		return nil
	}
	return os.RemoveAll(dir)
}

// Calls returns what the hands were told, in order: "watch", "stop fsulnethoster", "shelve C:\…", "start fsulnethoster",
// "discard C:\…", "dismiss".
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// Surprises returns the questions that it was not prepared for, in order.
func (f *Fake) Surprises() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

func (f *Fake) journalDir() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.temp == "" {
		if f.tb != nil {
			f.temp = f.tb.TempDir()
		} else if dir, err := os.MkdirTemp("", "linecheck-journal-"); err == nil {
			f.temp = dir
		}
	}
	return f.temp
}

// surprise notes a question; f.mu must be held.
func (f *Fake) surprise(question string) {
	f.asked = append(f.asked, question)
	if f.tb != nil {
		f.tb.Helper()
		f.tb.Errorf("hosttest: not prepared for the question %s", question)
	}
}
