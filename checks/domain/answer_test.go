package domain

import (
	"testing"
	"time"
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
