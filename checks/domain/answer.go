package domain

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// signal is one way in which a controller is asked. The agent knows only the first.
type signal uint8

// The signals, in the order in which they are shown.
const (
	viaPing   signal = iota // ICMP echo: the only one that the agent looks at
	viaLogon                // the netlogon ping, CLDAP on UDP 389: how Windows itself finds a controller
	viaTicket               // a Kerberos answer on TCP or UDP 88
	viaLDAP                 // a connection to TCP 389, with what the directory there says of itself
	viaLDAPS                // a connection to TCP 636
	viaKDC                  // a connection to TCP 88
	viaSMB                  // a connection to TCP 445
	signals                 // how many there are
)

// ways are the signals' names and ports; port 0: none.
var ways = [signals]struct {
	name string // for a person
	port uint16 // of the connection that is tried; 0 where more than a connection is wanted
}{
	viaPing: {"ping", 0}, viaLogon: {"netlogon ping (UDP 389)", 0}, viaTicket: {"Kerberos answer (88)", 0},
	viaLDAP: {"LDAP", 389}, viaLDAPS: {"LDAP over TLS", 636}, viaKDC: {"Kerberos", 88}, viaSMB: {"SMB", 445},
}

// ports are the signals that are no more than a connection.
var ports = []signal{viaLDAP, viaLDAPS, viaKDC, viaSMB}

// reply is how a question to one address ended. A later one tells more than an earlier one.
type reply uint8

// The replies.
const (
	cut         reply = iota // the run ended before anything was known; also: not asked
	cannot                   // this account or system cannot ask so, which says nothing about the other side
	silent                   // no answer in time
	unreachable              // a machine on the way, or this one, said that there is no way there, or that a rule forbids it
	refused                  // the address itself said no: a closed port
	odd                      // something came back that is no right answer: no such protocol, or another domain
	answered
)

var replyWords = [...]string{cut: "not asked", cannot: "cannot be asked from here", silent: "no answer", unreachable: "unreachable",
	refused: "refused", odd: "answers something else", answered: "answers"}

func (r reply) String() string { return replyWords[r] }

// said is what came of one signal at one address.
type said struct {
	reply reply
	took  time.Duration // until the answer; zero where none came
	by    netip.Addr    // who said unreachable, where that could be heard; may be this machine
	here  bool          // this machine's own firewall said it, whoever sent the message
	text  string        // the words for evidence: "answered in 3ms", "i/o timeout"
}

// answer is what one address said.
type answer struct {
	addr   netip.Addr
	said   [signals]said
	logon  logonInfo  // zero where the netlogon ping brought nothing to read
	root   rootInfo   // zero where the directory on TCP 389 said nothing
	ticket ticketInfo // zero where no Kerberos answer came
}

// alive reports whether it did anything that only a living machine does, ping left out.
func (a answer) alive() bool {
	for s := viaLogon; s < signals; s++ {
		if a.said[s].reply >= odd {
			return true
		}
	}
	return false
}

// speaks reports whether it answered as only a controller of the computer's own domain does. A connection alone proves
// less: some firewalls take every connection themselves.
func (a answer) speaks() bool {
	if a.said[viaLogon].reply == answered {
		return true
	}
	return a.foreign() == "" && (a.said[viaTicket].reply == answered || a.said[viaLDAP].reply == answered && a.root != rootInfo{})
}

// foreign is the domain that it serves, where it says that this is another one than the computer's; else "". A Kerberos
// server may repeat whatever realm it is asked for, so that one is believed only where nothing else answers, or where it
// knows the computer's account.
func (a answer) foreign() string {
	switch {
	case a.said[viaTicket].reply == answered && a.ticket.knows():
		return ""
	case a.said[viaLogon].reply == odd && a.logon != logonInfo{}:
		return cmp.Or(a.logon.Domain, a.logon.Flat)
	case a.said[viaLogon].reply == answered:
		return ""
	case a.said[viaLDAP].reply == odd:
		return a.root.Domain
	case a.said[viaLogon].reply < odd && a.said[viaTicket].reply == odd:
		return strings.ToLower(a.ticket.Realm)
	}
	return ""
}

// logonInfo is what a controller says of itself on a netlogon ping (MS-ADTS 6.3.1.9). Everything is the controller's word.
type logonInfo struct {
	Flags  uint32 // DS_FLAG: see flagWords
	Domain string // DNS name of the domain that it serves
	Forest string
	Host   string // its DNS name
	Flat   string // NetBIOS name of the domain
	Site   string // its own site
	Near   string // the site that it says this computer is in, by the address that the question came from
	Paused bool   // its netlogon service is paused: it answers, and takes nobody
}

// ticketInfo is what a Kerberos server says to a request that is only meant to get an answer.
type ticketInfo struct {
	Realm  string        // as it names itself
	Code   int           // the error's number (RFC 4120 7.5.9); -1 for a ticket
	Text   string        // its name: "KDC_ERR_C_PRINCIPAL_UNKNOWN"
	Skew   time.Duration // its clock minus this computer's; Kerberos takes 5 minutes at most
	Clock  bool          // Skew is known
	By     string        // "TCP" or "UDP": how it came
	Server string        // the service that it speaks for: "krbtgt/CORP.EXAMPLE"
}

// String is one line for evidence.
func (i logonInfo) String() string {
	out := fmt.Sprintf("%s serves %s", cmp.Or(i.Host, "it"), cmp.Or(i.Domain, i.Flat))
	if i.Site != "" {
		out += ", its site is " + i.Site
	}
	if i.Near != "" {
		out += ", this computer's site is " + i.Near
	}
	if i.Paused {
		out += ", its netlogon service is paused"
	}
	if words := host.ControllerFlags(i.Flags); words != "" {
		out += "; " + words
	}
	return out
}

// knows reports whether the answer is one that only an account of that realm gets.
func (t ticketInfo) knows() bool {
	return t.Code == -1 || t.Code == preauthRequired || t.Code == preauthFailed
}

// String is one line for evidence.
func (t ticketInfo) String() string {
	out := t.Text
	if t.Code >= 0 {
		out += fmt.Sprintf(" (%d)", t.Code)
	}
	out += " from " + t.Realm
	switch {
	case t.Clock && t.Skew > skewShown:
		out += fmt.Sprintf(", its clock is %s ahead of this computer's", t.Skew)
	case t.Clock && t.Skew < -skewShown:
		out += fmt.Sprintf(", its clock is %s behind this computer's", -t.Skew)
	}
	return out
}

// skewShown is a difference of clocks that may be the way's and not the clocks'.
const skewShown = 2 * time.Second

// lookup is how one question for the controllers' names ended.
type lookup struct {
	Asked string // the record's full name, or the locator
	Reply reply  // refused: there is no such record; cut: not asked
	Found int
	Text  string // the words for evidence
}

// directory is what names the controllers, and which site this computer is in.
type directory struct {
	Site     string // this computer's; "" where nobody says
	SiteFrom string // who says so
	Domain   lookup // _ldap._tcp.dc._msdcs.<domain>
	Near     lookup // _ldap._tcp.<site>._sites.dc._msdcs.<domain>
	Locator  lookup
}

// evidence is one line for each signal that was tried.
func (a answer) evidence(c *controller) []checks.Evidence {
	var out []checks.Evidence
	for s := viaPing; s < signals; s++ {
		if x := a.said[s]; x.text != "" {
			out = append(out, checks.Evidence{Source: source(s, a.addr, c), Text: x.text})
		}
	}
	return out
}

// opens reports whether any address of the controller answers that way.
func (c *controller) opens(s signal) bool {
	for _, a := range c.asked {
		if a.said[s].reply == answered {
			return true
		}
	}
	return false
}
