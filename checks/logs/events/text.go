package events

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"linecheck/checks/host"
)

// numbered begins an event of wevtutil's text: "Event[0]:", in newer versions without the colon.
var numbered = regexp.MustCompile(`^Event\[\d+\]:?\s*$`)

// keys are the words before the colons. wevtutil's are English everywhere, as far as seen; Event Viewer copies them in
// the language of the screen.
var keys = map[string]field{
	"log name": channel, "protokollname": channel, "nom du journal": channel, "nombre de registro": channel, "nome registro": channel,
	"source": source, "quelle": source, "origen": source, "origine": source,
	"date": date, "datum": date, "fecha": date, "data": date,
	"event id": number, "ereignis-id": number, "id de l'événement": number, "id. del evento": number, "id evento": number,
	"level": level, "ebene": level, "niveau": level, "nivel": level, "livello": level,
	"computer": computer, "ordinateur": computer, "equipo": computer,
	"description": message, "beschreibung": message, "descripción": message, "descrizione": message, "message": message,
	"event record id": record, "event xml": tags, "ereignis-xml": tags,
}

// key reads a line like "  Log Name: System".
func key(text string) (field, string) {
	name, value, ok := strings.Cut(text, ":")
	if !ok || len(name) > 40 {
		return unknown, ""
	}
	return keys[tidy(name)], strings.TrimSpace(value)
}

// block is one event of a text that is being read.
type block struct {
	e      host.EventRecord
	when   string
	line   int
	found  bool
	inside bool // the message has begun
	over   bool // it has ended
	bad    string
	words  strings.Builder
	raw    strings.Builder
}

func (in *input) text() error {
	var b *block
	for {
		l, err := in.line()
		if errors.Is(err, io.EOF) {
			return in.close(b)
		}
		if err != nil {
			return err
		}
		f, value := key(l.text)
		switch {
		case numbered.MatchString(l.text):
			if err := in.close(b); err != nil {
				return err
			}
			b = &block{line: l.number}
		case f == channel && !strings.HasPrefix(l.text, " ") && (b == nil || b.inside):
			if err := in.close(b); err != nil {
				return err
			}
			b = &block{line: l.number}
			b.take(l.text, f, value)
		case b != nil:
			b.take(l.text, f, value)
		case strings.TrimSpace(l.text) != "":
			in.problem(l.number, "this stands before the first event", anXML)
		}
	}
}

func (b *block) take(text string, f field, value string) {
	if b.raw.Len() < maxRaw {
		b.raw.WriteString(text + "\n")
	}
	switch {
	case b.over:
	case b.inside && f == tags && value == "" && !strings.HasPrefix(text, " "):
		b.over = true // Event Viewer's copy repeats the event as XML
	case b.inside:
		b.say(text)
	case f == message:
		b.inside = true
		b.say(value)
	case f == channel:
		b.e.Channel = cut(value, 300)
	case f == source:
		b.e.Provider = cut(value, 300)
	case f == level:
		b.e.Level = words[strings.ToLower(value)]
	case f == computer:
		b.e.Computer = cut(value, 300)
	case f == date:
		b.when = value
	case f == record:
		b.e.Record, _ = strconv.ParseUint(value, 10, 64)
	case f == number:
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			b.bad = "its number " + strconv.Quote(cut(value, 40)) + " is none"
			return
		}
		b.e.ID, b.found = int(n), true
	}
}

func (b *block) say(text string) {
	if b.words.Len() < maxRecord {
		b.words.WriteString(text + "\n")
	}
}

// close hands over the event that has ended.
func (in *input) close(b *block) error {
	switch {
	case b == nil:
		return nil
	case b.bad != "":
		in.problem(b.line, b.bad, anXML)
		return nil
	case !b.found:
		in.problem(b.line, "the event has no number", anXML)
		return nil
	case b.words.Len() >= maxRecord:
		in.problem(b.line, fmt.Sprintf("the message has more than %d bytes", maxRecord), "the rest of it was left out")
	}
	b.e.Message = cut(strings.TrimSpace(b.words.String()), maxMessage)
	b.e.Raw = cut(strings.TrimSpace(b.raw.String()), maxRaw)
	return in.dates.add(b.e, b.when, b.line)
}
