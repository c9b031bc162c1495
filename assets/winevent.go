package assets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// eventTable is the name of Windows' own events; the notes say where one stands.
const (
	eventTable   = "winevent"
	eventNote    = "It stands in the event log {channel}."
	eventNoteOff = "It stands in the event log {channel}, and only where somebody switched it on."
)

// english leaves a text as it stands in the files.
func english(_, text string) string { return text }

// winevent is the table of Windows' own events, made from what is known of them. A number that two providers have is
// one entry with both meanings. said
// says a text of the files: [english], or lang.Or for the language that is spoken.
func winevent(said func(key, text string) string) (CodeTable, error) {
	all, err := SystemEvents()
	if err != nil {
		return CodeTable{}, err
	}
	t := CodeTable{Name: eventTable, Title: "Windows events",
		About: "Numbers of the Windows Event Log are each provider's own: look at the source too. Only those that say something about a line are here."}
	at := map[int]int{}
	for i := range all {
		for _, n := range all[i].Numbers {
			c := all[i].code(n, said)
			if j, ok := at[n]; ok {
				t.Codes[j].Name += ", " + c.Name
				t.Codes[j].Meaning += " " + c.Meaning
				continue
			}
			at[n] = len(t.Codes)
			t.Codes = append(t.Codes, c)
		}
	}
	slices.SortFunc(t.Codes, func(a, b Code) int { return cmp.Compare(a.value(), b.value()) })
	return t, nil
}

// code is one number as a table has it. What an event's values would say stands as <name>.
func (e *SystemEvent) code(number int, said func(key, text string) string) Code {
	o := e.Outcome
	for i := range e.Cases {
		if id := e.Cases[i].When["id"]; len(e.Cases[i].When) == 1 && id != "" && e.Cases[i].fits(map[string]string{"id": strconv.Itoa(number)}) {
			o.refine(e.Cases[i].Outcome)
		}
	}
	named := func(s string) string {
		if s != "" {
			s = said("events."+s, s)
		}
		return blank.ReplaceAllStringFunc(s, func(name string) string { return "<" + strings.Trim(name, "{}") + ">" })
	}
	meaning := named(o.Meaning)
	c := Code{Table: eventTable, Number: strconv.Itoa(number), Name: e.Provider, Do: named(o.Remedy), Mark: o.Mark,
		Meaning: capital(meaning) + "."}
	note := eventNote
	if e.Off {
		note = eventNoteOff
	}
	c.Note = strings.ReplaceAll(said("codes."+note, note), "{channel}", e.Channel)
	switch {
	case o.Effect == Neither: // no fault
	case e.About == AboutService:
		c.Hop = "local"
	case e.About == AboutProgram:
		c.Hop = "connect"
	case strings.HasPrefix(o.Topic, "dns"):
		c.Hop = "resolve"
	case strings.HasPrefix(o.Topic, "tls"):
		c.Hop = "tls"
	}
	return c
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
