package assets

import (
	_ "embed"
	"fmt"
	"sync"
)

//go:embed texts/ticket.yaml
var ticketYAML []byte

// TicketText is what the ticket for the firewall team says of one kind of failure. {name} is filled in.
type TicketText struct {
	Happened string `yaml:"happened"`
	Ask      string `yaml:"ask"`
}

// LoadTicket returns the texts of the ticket by code; an error is a mistake in the program's own data.
var LoadTicket = sync.OnceValues(func() (map[string]TicketText, error) {
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
