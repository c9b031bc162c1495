package host

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of one event.
const (
	// MaxEvent is the most bytes of one event's XML that are read.
	MaxEvent = 64 << 10
	// maxRaw is how much of an event is kept as it stood.
	maxRaw = 4 << 10
	// maxData is how many values of an event are kept; Windows' own have at most a few dozen.
	maxData = 64
	// maxDeep is how many elements may stand in one another; Windows' own events need five.
	maxDeep = 32
)

// levels are the words for an event's number of severity, as winmeta.xml has them. 0 is "always logged", which Event
// Viewer shows as information.
var levels = [...]string{"information", "critical", "error", "warning", "information", "verbose"}

// EventLevel is the word for a level's number; "" where it is none of Windows' own.
func EventLevel(n int) string {
	if n < 0 || n >= len(levels) {
		return ""
	}
	return levels[n]
}

// ParseEvent reads one <Event> element: as EvtRender gives it, or with the <RenderingInfo> that Event Viewer adds to what
// it saves (learn.microsoft.com/windows/win32/wes/eventschema-schema). The error says what is wrong in it.
func ParseEvent(b []byte) (EventRecord, error) {
	var e EventRecord
	if len(b) > MaxEvent {
		return e, fmt.Errorf("the event has more than %d bytes", MaxEvent)
	}
	text := tame(string(b))
	d := xml.NewDecoder(strings.NewReader(text))
	// What is read is text already, whatever the declaration says of its bytes.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	w := walker{e: &e}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return e, fmt.Errorf("broken XML: %w", err)
		}
		if err := w.take(token); err != nil {
			return e, err
		}
		if w.done {
			break
		}
	}
	if !w.done {
		return e, errors.New("no <Event> in it")
	}
	if !w.numbered {
		return e, errors.New("the event has no number")
	}
	e.Raw = cutText(strings.TrimSpace(text), maxRaw)
	return e, nil
}

// tame makes text that Windows renders with control characters, which XML 1.0 does not allow, readable.
func tame(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
			return '?'
		}
		return r
	}, s)
}

// cutText shortens to at most so many bytes, at the edge of a letter.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// walker takes the tokens of one event.
type walker struct {
	e        *EventRecord
	path     []string
	text     strings.Builder
	name     string // of the value that is open
	leaf     bool   // nothing was opened in the open element
	plain    int    // values without a name
	numbered bool
	done     bool
}

func (w *walker) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if len(w.path) == 0 && t.Name.Local != "Event" {
			return fmt.Errorf("begins with <%s>, not with <Event>", cutText(t.Name.Local, 40))
		}
		if len(w.path) == maxDeep {
			return fmt.Errorf("more than %d elements in one another", maxDeep)
		}
		w.path = append(w.path, t.Name.Local)
		w.text.Reset()
		w.leaf, w.name = true, attr(t, "Name")
		switch w.at() {
		case "Event/System/Provider":
			w.e.Provider = w.name
			if w.e.Provider == "" {
				w.e.Provider = attr(t, "EventSourceName")
			}
		case "Event/System/TimeCreated":
			at, err := time.Parse(time.RFC3339Nano, attr(t, "SystemTime"))
			if err != nil {
				return fmt.Errorf("its time %q is none", cutText(attr(t, "SystemTime"), 40))
			}
			w.e.At = at
		}
	case xml.CharData:
		w.text.Write(t)
	case xml.EndElement:
		err := w.end()
		w.path = w.path[:len(w.path)-1]
		w.leaf, w.name = false, ""
		w.text.Reset()
		w.done = len(w.path) == 0
		return err
	}
	return nil
}

func (w *walker) at() string { return strings.Join(w.path, "/") }

func (w *walker) end() error {
	e, text := w.e, strings.TrimSpace(w.text.String())
	switch w.at() {
	case "Event/System/EventID":
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return fmt.Errorf("its number %q is none", cutText(text, 40))
		}
		e.ID, w.numbered = int(n), true
	case "Event/System/Level":
		if n, err := strconv.Atoi(text); err == nil {
			e.Level = EventLevel(n)
		}
	case "Event/System/EventRecordID":
		e.Record, _ = strconv.ParseUint(text, 10, 64)
	case "Event/System/Channel":
		e.Channel = text
	case "Event/System/Computer":
		e.Computer = text
	case "Event/RenderingInfo/Message":
		e.Message = text
	case "Event/EventData/Data":
		w.value(w.name, text)
	case "Event/EventData/Binary":
		if text := readable(text); text != "" {
			w.value("Binary", text)
		}
	default:
		// What programs put under <UserData> has names of its own, at any depth.
		if w.leaf && len(w.path) > 2 && w.path[1] == "UserData" && text != "" {
			w.value(w.path[len(w.path)-1], text)
		}
	}
	return nil
}

func (w *walker) value(name, text string) {
	if name == "" {
		w.plain++
		name = strconv.Itoa(w.plain)
	}
	if w.e.Data == nil {
		w.e.Data = map[string]string{}
	}
	if _, ok := w.e.Data[name]; !ok && len(w.e.Data) < maxData {
		w.e.Data[name] = text
	}
}

// readable is the text that bytes in hexadecimal are in UTF-16, "" where they are none. The service manager writes there
// a service's short name and the number of its state, "examplesvc/4", which is the same in every language; seen by
// others, in events 7000 and 7036.
func readable(hexed string) string {
	b, err := hex.DecodeString(hexed)
	if err != nil || len(b) < 2 || len(b)%2 != 0 {
		return ""
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	text := strings.TrimRight(string(utf16.Decode(units)), "\x00")
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) {
		return ""
	}
	return text
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
