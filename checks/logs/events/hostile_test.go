package events

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host"
)

// endless repeats a text up to a size, without holding it.
type endless struct {
	text string
	left int
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		m := copy(p[n:], e.text[e.at:])
		e.at = (e.at + m) % len(e.text)
		n += m
		e.left -= m
	}
	return n, nil
}

// A file that was made to be read for ever takes no longer than its size: 2 MB of each, or what is told, where what is
// tried again and again would take minutes. The context's end makes a failure of it.
func TestHostileExportsAreReadInTheTimeOfTheirSize(t *testing.T) {
	head := "Level,Date and Time,Source,Event ID,Task Category\n"
	for name, c := range map[string]struct {
		kind       Kind
		head, text string
		mb         int
	}{
		"events that begin and never end":         {XML, "", "<Event ", 2},
		"events that begin in one another":        {XML, "", strings.Repeat("<Event>", 9000) + "</Event>", 2},
		"ends without a beginning":                {XML, "", "</Event>", 2},
		"events with many broken values":          {XML, "", "<Event><System><EventID>1</EventID></System><EventData>" + strings.Repeat("<Data>&#1;</Data>", 3000) + "</EventData></Event>", 2},
		"a quotation mark in every line":          {CSV, head, "a,b,\"\n", 2},
		"three of them":                           {CSV, head, "\"\"\"\n", 2},
		"a mark that is open after every line":    {CSV, head, "a\",\"\n", 16},
		"a mark that opens and empty lines":       {CSV, head + "\"", "\n", 2},
		"nothing but delimiters":                  {CSV, head, ",,,,,,,,,,\n", 2},
		"one line":                                {CSV, head, "x", 2},
		"dates that wait":                         {CSV, head, "Error,3/4/2020 9:15:30 AM,X,1,None,a\n", 2},
		"beginnings of events":                    {Text, "", "Event[0]:\n", 2},
		"an event whose message never ends":       {Text, "Event[0]:\n  Event ID: 1\n  Description:\n", "x\n", 2},
		"a message of one line that never ends":   {Text, "Event[0]:\n  Event ID: 1\n  Description: ", "x", 2},
		"lines of nothing before the first event": {Text, "", "x\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			r := io.MultiReader(strings.NewReader(c.head), &endless{text: c.text, left: c.mb << 20})
			err := read(ctx, r, c.kind, "x", time.UTC, func(host.EventRecord, int) error { return nil })
			if ctx.Err() != nil {
				t.Errorf("not done in time: %v", err)
			}
		})
	}
}

func TestARowOfNothingButDelimitersHasABound(t *testing.T) {
	if n := len(split(strings.Repeat(",", 1<<20), ',')); n != maxCells+1 {
		t.Errorf("%d cells", n)
	}
	if c := split("a,\"b,c\",d", ','); len(c) != 3 || c[2] != "d" {
		t.Errorf("got %q", c)
	}
}
