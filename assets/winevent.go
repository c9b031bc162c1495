package assets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// winevent is the table of Windows' own events, made from what is known of them. A number that two providers have is
// one entry with both meanings.
func winevent() (CodeTable, error) {
	all, err := SystemEvents()
	if err != nil {
		return CodeTable{}, err
	}
	t := CodeTable{Name: "winevent", Title: "Windows events",
		About: "Numbers of the Windows Event Log are each provider's own: look at the source too. Only those that say something about a line are here."}
	at := map[int]int{}
	for i := range all {
		for _, n := range all[i].Numbers {
			c := all[i].code(n)
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
func (e *SystemEvent) code(number int) Code {
	o := e.Outcome
	for i := range e.Cases {
		if id := e.Cases[i].When["id"]; len(e.Cases[i].When) == 1 && id != "" && e.Cases[i].fits(map[string]string{"id": strconv.Itoa(number)}) {
			o.refine(e.Cases[i].Outcome)
		}
	}
	named := func(s string) string {
		return blank.ReplaceAllStringFunc(s, func(name string) string { return "<" + strings.Trim(name, "{}") + ">" })
	}
	meaning := named(o.Meaning)
	c := Code{Table: "winevent", Number: strconv.Itoa(number), Name: e.Provider, Do: named(o.Remedy), Mark: o.Mark,
		Meaning: strings.ToUpper(meaning[:1]) + meaning[1:] + "."}
	c.Note = "It stands in the event log " + e.Channel + "."
	if e.Off {
		c.Note = "It stands in the event log " + e.Channel + ", and only where somebody switched it on."
	}
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
