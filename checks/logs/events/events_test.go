package events

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"linecheck/checks/host"
)

// here is the zone of the tests: one with summer time would hide a mistake half of the year.
var here = time.FixedZone("here", 2*3600)

// short is an event as the tables below write it.
func short(e host.EventRecord, line int) string {
	at := "no time"
	if !e.At.IsZero() {
		at = e.At.UTC().Format("2006-01-02T15:04:05")
	}
	return fmt.Sprintf("%d %s %s %d %s %q", line, at, e.Provider, e.ID, e.Level, e.Message)
}

// reads reads an export whole, and piece by piece, which must come to the same.
func reads(t *testing.T, kind Kind, text string) ([]string, error) {
	t.Helper()
	var got [2][]string
	var errs [2]error
	for i, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		errs[i] = read(t.Context(), r, kind, "export", here, func(e host.EventRecord, line int) error {
			got[i] = append(got[i], short(e, line))
			return nil
		})
	}
	if !reflect.DeepEqual(got[0], got[1]) || fmt.Sprint(errs[0]) != fmt.Sprint(errs[1]) {
		t.Errorf("read whole  %q, %v\nread by byte %q, %v", got[0], errs[0], got[1], errs[1])
	}
	return got[0], errs[0]
}

const scm = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Service Control Manager'/><EventID Qualifiers='16384'>7036</EventID><Level>4</Level><TimeCreated SystemTime='2026-11-20T08:15:30.868683000Z'/><Channel>System</Channel></System><EventData><Data Name='param1'>X</Data></EventData></Event>`

const scmShort = `2026-11-20T08:15:30 Service Control Manager 7036 information ""`

func wide(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\uFEFF" + s)) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

const german = "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\nWarnung,27.10.2021 12:28:26,Microsoft-Windows-DNS-Client,1014,(1014),\"Zeitüberschreitung bei der Namensauflösung, Server antwortet nicht.\"\r\n"

const germanShort = `2 2021-10-27T10:28:26 Microsoft-Windows-DNS-Client 1014 warning "Zeitüberschreitung bei der Namensauflösung, Server antwortet nicht."`

func TestExports(t *testing.T) {
	for name, c := range map[string]struct {
		kind Kind
		text string
		want []string
	}{
		"XML without a root, one event a line": {XML, scm + "\r\n" + scm + "\r\n", []string{"1 " + scmShort, "2 " + scmShort}},
		"XML as Event Viewer saves it":         {XML, "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>" + scm + "\n\n" + scm + "</Events>", []string{"2 " + scmShort, "4 " + scmShort}},
		"XML in UTF-16":                        {XML, wide("<Events>"+scm+"</Events>", false), []string{"1 " + scmShort}},
		"a CSV of Event Viewer in German":      {CSV, german, []string{germanShort}},
		"a CSV in Windows-1252":                {CSV, strings.ReplaceAll(german, "ü", "\xfc"), []string{strings.ReplaceAll(germanShort, "ö", "ö")}},
		"a CSV in UTF-16, big end first":       {CSV, wide(german, true), []string{germanShort}},
		"a message over several lines, with marks": {CSV, "Level,Date and Time,Source,Event ID,Task Category\r\nError,11/20/2026 9:15:30 PM,Schannel,36887,None,\"A \"\"fatal\"\" alert,\r\ncode 40\"\r\nError,11/19/2026 9:15:30 AM,Schannel,36888,None,b\r\n",
			[]string{"2 2026-11-20T19:15:30 Schannel 36887 error \"A \\\"fatal\\\" alert,\\ncode 40\"", "4 2026-11-19T07:15:30 Schannel 36888 error \"b\""}},
		"tabs instead of commas": {CSV, "Level\tDate and Time\tSource\tEvent ID\tTask Category\nInformation\t2026-11-20 09:15:30\tEventLog\t6005\tNone\tThe Event log service was started.\n",
			[]string{`2 2026-11-20T07:15:30 EventLog 6005 information "The Event log service was started."`}},
		"what PowerShell exports": {CSV, "#TYPE Selected.System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"ProviderName\",\"Message\"\r\n\"11/20/2026 9:15:30\u202fPM\",\"7036\",\"Information\",\"Service Control Manager\",\"The X service entered the stopped state.\"\r\n",
			[]string{`3 2026-11-20T19:15:30 Service Control Manager 7036 information "The X service entered the stopped state."`}},
		"semicolons and Excel's word for them": {CSV, "sep=;\nTimeCreated;Id;LevelDisplayName;ProviderName;Message\n20.11.2026 09:15:30;1014;Warnung;DNS;a, b\n",
			[]string{`3 2026-11-20T07:15:30 DNS 1014 warning "a, b"`}},
		"what Trend Micro's manager exports": {CSV, "Time,Level,Event ID,Event,Tag(s),Target,Action By,Description\n\"November 20, 2026 09:15:30 PM\",Warning,9012,Smart Protection Server Disconnected for Smart Scan,,pc07,System,Disconnected from Smart Protection Server: https://x\n",
			[]string{`2 2026-11-20T19:15:30 Trend Micro manager 9012 warning "Smart Protection Server Disconnected for Smart Scan: Disconnected from Smart Protection Server: https://x"`}},
		"names in a language nobody taught linecheck": {CSV, "Szint,Dátum és idő,Forrás,Eseményazonosító,Feladatkategória\nHiba,2026. 11. 20. 9:15:30,Schannel,36887,Nincs,a\nHiba,2026-11-20 09:15:30,Schannel,36887,Nincs,a\n", nil},
		"names of another language, dates that are read": {CSV, "Taso,Päivämäärä ja aika,Lähde,Tapahtumatunnus,Tehtäväluokka\nVirhe,20.11.2026 9.15.30,Schannel,36887,Ei mitään,a\n",
			[]string{`2 2026-11-20T07:15:30 Schannel 36887  "a"`}},
		"rows without names": {CSV, "Error,20.11.2026 09:15:30,Schannel,36887,None,a\nError,20.11.2026 09:15:31,Schannel,36887,None,b\n",
			[]string{`1 2026-11-20T07:15:30 Schannel 36887 error "a"`, `2 2026-11-20T07:15:31 Schannel 36887 error "b"`}},
		"text of wevtutil": {Text, "Event[0]:\n  Log Name: System\n  Source: Microsoft-Windows-Kernel-Power\n  Date: 2019-05-26T10:21:11.251\n  Event ID: 107\n  Task: N/A\n  Level: 信息\n  Computer: PC\n  Description:\nThe system has resumed from sleep.\nSource: no key here\n\nEvent[1]\n  Log Name: System\n  Date: 2026-09-29T13:14:02.1230000Z\n  Event ID: 42\n  Description: \nSleep\n",
			[]string{`1 2019-05-26T08:21:11 Microsoft-Windows-Kernel-Power 107 information "The system has resumed from sleep.\nSource: no key here"`, `13 2026-09-29T13:14:02  42  "Sleep"`}},
		"text that Event Viewer copies": {Text, "Log Name:      System\r\nSource:        NETLOGON\r\nDate:          20.11.2026 09:15:30\r\nEvent ID:      5719\r\nLevel:         Error\r\nComputer:      PC\r\nDescription:\r\nThis computer was not able\r\nto set up a session.\r\nEvent Xml:\r\n<Event/>\r\nProtokollname: System\r\nQuelle: X\r\nEreignis-ID: 1\r\nBeschreibung:\r\nHallo\r\n",
			[]string{`1 2026-11-20T07:15:30 NETLOGON 5719 error "This computer was not able\nto set up a session."`, `12 no time X 1  "Hallo"`}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == nil {
				if _, err := reads(t, c.kind, c.text); err == nil {
					t.Error("no error")
				}
				return
			}
			got, err := reads(t, c.kind, c.text)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %q, %v\nwant %q", got, err, c.want)
			}
			if k := Sniff([]byte(c.text)); k != c.kind {
				t.Errorf("Sniff = %q", k)
			}
		})
	}
}

func TestWhatIsNoExport(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                 "",
		"a log of the product":    "2026-11-20 09:15:30.123 [1a2b.3c4d] *E: fsscorplug: error 28\n",
		"a web page":              "<html><body><Events/></body></html>",
		"some other XML":          "<?xml version='1.0'?><Events><Event><Name>x</Name></Event></Events>",
		"a table of other things": "name,time,value\na,1,2\n",
		"a log with commas":       "2026-11-20 09:15:30, INFO, 123, a\n",
		"zeros":                   strings.Repeat("\x00", 100),
	} {
		t.Run(name, func(t *testing.T) {
			if k := Sniff([]byte(text)); k != None {
				t.Errorf("Sniff = %q", k)
			}
		})
	}
	if err := Read(t.Context(), strings.NewReader(""), None, "x", nil); err == nil {
		t.Error("a form that is none is read")
	}
}

// Every bad record is told where it stands, and the others are read.
func TestBadRecordsAreToldAndTheRestIsRead(t *testing.T) {
	head := "Level,Date and Time,Source,Event ID,Task Category\n"
	good := "Error,20.11.2026 09:15:30,Schannel,36887,None,a\n"
	for name, c := range map[string]struct {
		kind Kind
		text string
		want int // events
		says []string
	}{
		"a row with a word for its number": {CSV, head + "Error,20.11.2026 09:15:30,Schannel,many,None,a\n" + good, 1, []string{"export:2:", "number", "XML"}},
		"a row that ends too early":        {CSV, head + good + "Error\n" + good, 2, []string{"export:3:", "ends before"}},
		"a quotation mark that never ends": {CSV, head + "Error,20.11.2026 09:15:30,Schannel,1,None,\"a\n" + good + good, 2, []string{"export:2:", "quotation"}},
		"a record that is too large":       {CSV, head + "Error,20.11.2026 09:15:30,Schannel,1,None," + strings.Repeat("x", maxRecord) + "\n" + good, 1, []string{"export:2:", "more than"}},
		"a line that is too long":          {CSV, head + "Error,20.11.2026 09:15:30,Schannel,1,None," + strings.Repeat("x", maxLine) + "\n" + good, 1, []string{"export:2:", "line has more"}},
		"a date of another kind":           {CSV, head + "Error,tomorrow,Schannel,1,None,a\n" + good, 2, []string{"export:2:", "tomorrow"}},
		"an event cut in half":             {XML, scm[:200] + "\n" + scm + "\n" + scm[:100], 1, []string{"export:1:", "export:3:", "ends inside"}},
		"an event without an end":          {XML, "<Event ><System>" + strings.Repeat("x", 2*maxRecord) + "\n" + scm, 1, []string{"export:1:", "no end"}},
		"an event of text without number":  {Text, "Event[0]:\n  Log Name: System\n  Description:\nx\nEvent[1]:\n  Event ID: 1\n  Description:\ny\n", 1, []string{"export:1:", "no number"}},
		"words before the first event":     {Text, "hello\nEvent[1]:\n  Event ID: 1\n", 1, []string{"export:1:", "before the first"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := reads(t, c.kind, c.text)
			var bad *Problems
			if len(got) != c.want || !errors.As(err, &bad) {
				t.Fatalf("%q, %v; want %d events and problems", got, err, c.want)
			}
			for _, s := range c.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%v does not say %q", err, s)
				}
			}
		})
	}
}

func TestManyProblemsAreCounted(t *testing.T) {
	_, err := reads(t, CSV, "Level,Date and Time,Source,Event ID,Task Category\n"+strings.Repeat("x\n", 500))
	if err == nil || len(strings.Split(err.Error(), "\n")) != maxProblems+1 || !strings.Contains(err.Error(), "480 more") {
		t.Errorf("%v", err)
	}
}

func TestReadingEndsWithItsContextAndItsReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("the disk is gone")
	for _, k := range []Kind{XML, CSV, Text} {
		if err := Read(ctx, strings.NewReader(german), k, "x", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", k, err)
		}
		if err := Read(t.Context(), iotest.ErrReader(broken), k, "x", nil); !errors.Is(err, broken) {
			t.Errorf("%s: %v", k, err)
		}
	}
	stop := errors.New("enough")
	err := Read(t.Context(), strings.NewReader(german), CSV, "x", func(host.EventRecord, int) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("each: %v", err)
	}
}
