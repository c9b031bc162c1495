package proxy

import (
	"cmp"
	"strconv"
	"strings"

	"linecheck/checks"
)

// heading is an identity's name as a column has it.
func (r *run) heading(i int) string {
	if id := r.who[i]; i != 1 {
		return id.name
	}
	return "its account, " + r.who[1].name
}

// choices is the truth table: which way each identity goes to each address, and what was seen of that way.
func (r *run) choices() (checks.Finding, bool) {
	if len(r.endpoints) == 0 {
		return checks.Finding{}, false
	}
	t := folded{head: []string{"address"}}
	for i := range r.who {
		t.head = append(t.head, r.heading(i))
	}
	for _, e := range r.endpoints {
		var cells []string
		for _, id := range r.who {
			cells = append(cells, clean(r.cell(id.choice[e]), 300))
		}
		t.add(e, cells...)
	}
	f := checks.Finding{Code: Choices, Status: checks.Note, Subject: r.title(), View: "everybody on this computer", Table: t.table(),
		Evidence: t.evidence(), Args: map[string]string{"addresses": strconv.Itoa(len(r.endpoints))}}
	said := saying{}
	for i, id := range r.who {
		c := id.choice[r.lead]
		said.add(r.heading(i), r.cell(c))
		from := "nothing is set: " + cmp.Or(strings.Join(c.asked, ", "), "there is nothing to ask")
		if c.from >= 0 {
			from = name(r.sources[c.from]) + ": " + r.sources[c.from].Raw
		}
		f.Evidence = append(f.Evidence, checks.Evidence{Source: r.heading(i), Text: clean(from, 300)})
	}
	f.Args["address"] = r.lead.URL()
	f.Args["summary"] = clean(said.String(), 600)
	if len(t.rows) > 1 {
		f.Args["to"] = "To " + stem(r.lead) + ":"
	}
	return f, true
}

// cell is a choice in plain words.
func (r *run) cell(c choice) string {
	if !c.known {
		return "not known: " + c.reason
	}
	if len(c.barred) > 0 {
		return r.told(c.ways) + "; it cannot use " + written(c.barred)
	}
	return r.told(c.ways)
}
