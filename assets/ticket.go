package assets

import (
	_ "embed"
	"fmt"
	"maps"
	"sync"

	"linecheck/assets/lang"
)

//go:embed texts/ticket.yaml
var ticketYAML []byte

// TicketText is what the ticket for the firewall team says of one kind of failure. {name} is filled in.
type TicketText struct {
	Happened string `yaml:"happened"`
	Ask      string `yaml:"ask"`
}

// ticketTexts reads them once, as they are written.
var ticketTexts = sync.OnceValues(func() (map[string]TicketText, error) {
	var m map[string]TicketText
	if err := strict(ticketYAML, &m); err != nil {
		return nil, fmt.Errorf("texts/ticket.yaml: %w", err)
	}
	for code, t := range m {
		if t.Happened == "" || t.Ask == "" {
			return nil, fmt.Errorf("texts/ticket.yaml: %s needs happened and ask", code)
		}
	}
	return m, nil
})

// LoadTicket returns the texts of the ticket by code, in the language that is spoken; an error is a mistake in the
// program's own data.
func LoadTicket() (map[string]TicketText, error) {
	m, err := ticketTexts()
	if err != nil || lang.Code() == lang.English {
		return m, err
	}
	m = maps.Clone(m)
	for code, t := range m {
		tell("texts_ticket."+code+".happened", &t.Happened)
		tell("texts_ticket."+code+".ask", &t.Ask)
		m[code] = t
	}
	return m, nil
}
