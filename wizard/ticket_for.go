package wizard

import (
	"errors"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

// Whose says for whom a ticket is written. Each reader gets other words, other facts and another redaction.
type Whose string

// The readers of a ticket.
const (
	ForCustomer Whose = "customer" // whoever sits at the computer: plain words, nothing technical
	ForNetwork  Whose = "network"  // the team that runs firewall, proxy and DNS
	ForVendor   Whose = "vendor"   // the support of the product's maker
)

// Readers is the order in which the readers of a ticket are offered.
var Readers = []Whose{ForCustomer, ForNetwork, ForVendor}

// word is the reader as a sentence names one.
func (w Whose) word() string { return lang.T("ticket.reader." + string(w)) }

// next is the reader after this one, by steps; the first follows the last.
func (w Whose) next(by int) Whose {
	return Readers[(max(0, slices.Index(Readers, w))+by+len(Readers))%len(Readers)]
}

// ParseWhose reads the word of a flag; no word is the network team.
func ParseWhose(word string) (Whose, error) {
	if word == "" {
		return ForNetwork, nil
	}
	if !slices.Contains(Readers, Whose(word)) {
		return "", errors.New(lang.T("command.bad.whose", "list", listed(Readers), "word", word))
	}
	return Whose(word), nil
}

// listed names readers as a flag takes them.
func listed(list []Whose) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// Part is a heading of a ticket and what stands under it.
type Part struct {
	Title string
	Items []Item
}

// Item is a sentence, and what belongs to it.
type Item struct {
	Text string
	Sub  []string
	Raw  []string // as it was seen: log lines
}

// TicketFor takes out of the report what is for one reader, with what that reader must not get left out first. who is
// the person and the computer of the report.
func (r Report) TicketFor(whose Whose, level RedactLevel, who host.Identity) Ticket {
	switch whose {
	case ForCustomer:
		return r.Redact(RedactStrict, who).customerTicket()
	case ForVendor:
		return r.vendorRedact(level, who).vendorTicket()
	}
	return r.TicketRedact(level, who).Ticket()
}

// vendorRedact is the redaction of a report that leaves the house: at least its standard, because no login and no
// person is needed to find a fault in a product.
func (r Report) vendorRedact(level RedactLevel, who host.Identity) Report {
	if level == RedactOff {
		level = RedactStandard
	}
	was := r.Redaction
	r = r.Redact(level, who)
	if was.Level == RedactStrict {
		r.Redaction.Level = RedactStrict // what a saved report lacks does not come back
	}
	for kind, n := range was.Replaced {
		r.Redaction.Replaced[kind] = max(n, r.Redaction.Replaced[kind])
	}
	return r
}
