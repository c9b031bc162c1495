package domain

import (
	"net/netip"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func TestWhichDomainAnAddressServes(t *testing.T) {
	ticket := func(r reply, code int, realm string) answer {
		a := answer{ticket: ticketInfo{Code: code, Realm: realm}}
		a.said[viaTicket].reply = r
		return a
	}
	directory := func(r reply, domain string) answer {
		a := answer{root: rootInfo{Domain: domain}}
		a.said[viaLDAP].reply = r
		return a
	}
	logon := func(a answer, r reply, domain string) answer {
		a.said[viaLogon].reply, a.logon.Domain = r, domain
		return a
	}
	for name, tc := range map[string]struct {
		answer
		foreign string
		speaks  bool
	}{
		"Kerberos that knows the domain is not another domain's":                  {ticket(answered, 6, "CORP.EXAMPLE"), "", true},
		"Kerberos of another realm is another domain's":                           {ticket(odd, wrongRealm, "OTHER.EXAMPLE"), "other.example", false},
		"Kerberos of another realm counts less than the netlogon ping":            {logon(ticket(odd, 6, "OTHER.EXAMPLE"), answered, "corp.example"), "", true},
		"Kerberos that knows the account counts more than a wrong netlogon ping":  {logon(ticket(answered, preauthRequired, "CORP.EXAMPLE"), odd, "other.example"), "", true},
		"a netlogon ping of another domain counts more than Kerberos that echoes": {logon(ticket(answered, 6, "CORP.EXAMPLE"), odd, "other.example"), "other.example", false},
		"a directory of the domain speaks":                                        {directory(answered, "corp.example"), "", true},
		"a directory of another domain does not":                                  {directory(odd, "other.example"), "other.example", false},
		"a connection to LDAP alone proves nothing":                               {directory(answered, ""), "", false},
		"what LDAP said before it was refused proves nothing":                     {directory(refused, "corp.example"), "", false},
		"silence serves nobody":                                                   {answer{}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.answer.foreign(); got != tc.foreign {
				t.Errorf("it serves %q, want %q", got, tc.foreign)
			}
			if got := tc.answer.speaks(); got != tc.speaks {
				t.Errorf("speaks: %v", got)
			}
		})
	}
}

func TestACellSaysWhatIsOddOfAnAnswer(t *testing.T) {
	at := func(s signal, r reply, set func(*answer)) string {
		a := answer{}
		a.said[s] = said{reply: r, took: 1234567 * time.Nanosecond}
		if set != nil {
			set(&a)
		}
		return cell(s, a)
	}
	late := func(a *answer) { a.ticket = ticketInfo{Clock: true, Skew: -6 * time.Minute} }
	for name, tc := range map[string]struct{ got, want string }{
		"a ping tells its time":                             {at(viaPing, answered, nil), "1.2ms"},
		"a clock that Kerberos would not take is told":      {at(viaTicket, answered, late), "clock off"},
		"a clock that was not read is not":                  {at(viaTicket, answered, func(a *answer) { a.ticket.Skew = time.Hour }), "yes"},
		"a clock of no answer is not":                       {at(viaTicket, silent, late), "silent"},
		"a clock that is a little off is not":               {at(viaTicket, answered, func(a *answer) { a.ticket = ticketInfo{Clock: true, Skew: 4 * time.Minute} }), "yes"},
		"a controller whose netlogon service rests is told": {at(viaLogon, answered, func(a *answer) { a.logon.Paused = true }), "paused"},
		"another domain is told":                            {at(viaLogon, odd, func(a *answer) { a.logon.Domain = "other.example" }), "other domain"},
		"an answer that cannot be read is only odd":         {at(viaLogon, odd, nil), "odd"},
		"this computer's own firewall is told":              {at(viaSMB, unreachable, func(a *answer) { a.said[viaSMB].here = true }), "blocked here"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", name, tc.got, tc.want)
		}
	}
}

func TestWhoKeepsPingAway(t *testing.T) {
	pinged := func(x said) *controller {
		a := answer{}
		a.said[viaPing] = x
		return &controller{asked: []answer{a}}
	}
	router := said{reply: unreachable, by: netip.MustParseAddr("192.0.2.1")}
	for name, tc := range map[string]struct {
		about          []*controller
		silence, keeps string
	}{
		"nobody says anything":           {[]*controller{pinged(said{reply: silent}), pinged(said{reply: silent})}, "no answer", "the network team"},
		"a router says so":               {[]*controller{pinged(router)}, "192.0.2.1 says that there is no way", "the network team"},
		"somebody unknown says so":       {[]*controller{pinged(said{reply: unreachable})}, "there is no way to it", "the network team"},
		"this computer says so":          {[]*controller{pinged(said{reply: unreachable, here: true})}, "this computer's own firewall keeps it in", "whoever keeps this computer's own firewall"},
		"each says another thing":        {[]*controller{pinged(said{reply: silent}), pinged(router)}, "no answer; 192.0.2.1 says that there is no way", "the network team"},
		"what answers is not kept away":  {[]*controller{pinged(said{reply: answered})}, "", "the network team"},
		"what was not asked is not kept": {[]*controller{pinged(said{})}, "", "the network team"},
	} {
		if got := silenceOf(tc.about); got != tc.silence {
			t.Errorf("%s: %q", name, got)
		}
		if got := keeper(tc.about); got != tc.keeps {
			t.Errorf("%s: kept by %q", name, got)
		}
	}
}

func TestTheFastestAnsweredPingCounts(t *testing.T) {
	c := &controller{asked: make([]answer, 3)}
	c.asked[0].said[viaPing] = said{reply: silent, took: time.Millisecond}
	c.asked[1].said[viaPing] = said{reply: answered, took: 9 * time.Millisecond}
	c.asked[2].said[viaPing] = said{reply: answered, took: 5 * time.Millisecond}
	if got := c.fastest(); got != 5*time.Millisecond {
		t.Error(got)
	}
}

func TestAnswersOfControllersInOneLine(t *testing.T) {
	all := logonInfo{Host: "dc1.corp.example", Domain: "corp.example", Flat: "CORP", Site: "Home", Near: "Branch", Paused: true, Flags: 0x8}
	for want, got := range map[string]string{
		"dc1.corp.example serves corp.example, its site is Home, this computer's site is Branch, its netlogon service is paused; LDAP (0x8)": all.String(),
		"it serves CORP": logonInfo{Flat: "CORP"}.String(),
		"KDC_ERR_X (25) from CORP.EXAMPLE, its clock is 7m0s behind this computer's": ticketInfo{Text: "KDC_ERR_X", Code: 25, Realm: "CORP.EXAMPLE", Clock: true, Skew: -7 * time.Minute}.String(),
		"a ticket from CORP.EXAMPLE, its clock is 3s ahead of this computer's":       ticketInfo{Text: "a ticket", Code: -1, Realm: "CORP.EXAMPLE", Clock: true, Skew: 3 * time.Second}.String(),
		"KDC_ERR_X (0) from CORP.EXAMPLE":                                            ticketInfo{Text: "KDC_ERR_X", Realm: "CORP.EXAMPLE", Clock: true, Skew: 2 * time.Second}.String(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAFindingWithoutControllersIsAboutTheDomain(t *testing.T) {
	for domain, want := range map[string]string{"corp.example": "corp.example", "": "this computer"} {
		l := &looker{rule: &assets.Domain{}, join: host.Join{Domain: domain}}
		if got := l.finding(NotFound, checks.Note, nil).Subject; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
