package host

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

const ns = `xmlns='http://schemas.microsoft.com/win/2004/08/events/event'`

// service is an event as EvtRender gives it; viewer is one as Event Viewer saves it. Made from Microsoft's schema and
// samples of it; names are invented.
const (
	service = `<Event ` + ns + `><System><Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/><EventID Qualifiers='16384'>7036</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2026-11-20T08:15:30.868683000Z'/><EventRecordID>412598</EventRecordID><Correlation/><Execution ProcessID='692' ThreadID='2109'/><Channel>System</Channel><Computer>PC07.corp.example</Computer><Security/></System><EventData><Data Name='param1'>WithSecure Ultralight Hoster</Data><Data Name='param2'>stopped</Data><Binary>6600730075006C006E006500740068006F0073007400650072002F0031000000</Binary></EventData></Event>`
	viewer  = `<Event ` + ns + `><System><Provider Name='Microsoft-Windows-DNS-Client' Guid='{1c95126e-7eea-49a9-a3fe-a378b03ddb4d}'/><EventID>1014</EventID><Level>3</Level><TimeCreated SystemTime='2026-11-20T08:15:30.1234567Z'/><EventRecordID>7</EventRecordID><Channel>System</Channel><Computer>PC07</Computer></System><EventData><Data Name='QueryName'>doorman.sc.fsapi.com</Data><Data Name='AddressLength'>128</Data></EventData><RenderingInfo Culture='en-US'><Message>Name resolution for the name doorman.sc.fsapi.com timed out after none of the configured DNS servers responded.</Message><Level>Warning</Level></RenderingInfo></Event>`
)

func TestParseEvent(t *testing.T) {
	for name, c := range map[string]struct {
		xml  string
		want EventRecord
	}{
		"an event of the service manager": {service, EventRecord{Channel: "System", Provider: "Service Control Manager", ID: 7036, Level: "information",
			At: time.Date(2026, 11, 20, 8, 15, 30, 868683000, time.UTC), Record: 412598, Computer: "PC07.corp.example",
			Data: map[string]string{"param1": "WithSecure Ultralight Hoster", "param2": "stopped", "Binary": "fsulnethoster/1"}}},
		"an event with its text, as Event Viewer saves it": {viewer, EventRecord{Channel: "System", Provider: "Microsoft-Windows-DNS-Client", ID: 1014, Level: "warning",
			At: time.Date(2026, 11, 20, 8, 15, 30, 123456700, time.UTC), Record: 7, Computer: "PC07",
			Message: "Name resolution for the name doorman.sc.fsapi.com timed out after none of the configured DNS servers responded.",
			Data:    map[string]string{"QueryName": "doorman.sc.fsapi.com", "AddressLength": "128"}}},
		"values without names are counted": {`<Event><System><EventID>6005</EventID></System><EventData><Data>a</Data><Data/><Data>c</Data></EventData></Event>`,
			EventRecord{ID: 6005, Data: map[string]string{"1": "a", "2": "", "3": "c"}}},
		"values of a program's own form": {`<Event><System><EventID>30</EventID></System><UserData><CertVerify><Result value='0'>not trusted</Result><Chain><Name>ca</Name></Chain></CertVerify></UserData></Event>`,
			EventRecord{ID: 30, Data: map[string]string{"Result": "not trusted", "Name": "ca"}}},
		"bytes that are no text": {`<Event><System><EventID>1</EventID></System><EventData><Binary>00D8FFFF01</Binary><Binary>0100</Binary><Binary>xy</Binary></EventData></Event>`, EventRecord{ID: 1}},
		"a level nobody knows":   {`<Event><System><EventID>1</EventID><Level>17</Level></System></Event>`, EventRecord{ID: 1}},
		"control characters that XML forbids": {"<?xml version='1.0' encoding='utf-16'?><Event><System><EventID>1</EventID></System><EventData><Data>a\x1b[31m\x00</Data></EventData></Event>",
			EventRecord{ID: 1, Data: map[string]string{"1": "a?[31m?"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseEvent([]byte(c.xml))
			if err != nil {
				t.Fatal(err)
			}
			if got.Raw == "" || len(got.Raw) > maxRaw+len("…") {
				t.Errorf("raw has %d bytes", len(got.Raw))
			}
			got.Raw = ""
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestEventsThatAreNone(t *testing.T) {
	for name, xml := range map[string]string{
		"nothing":                     "",
		"half an event":               service[:300],
		"another element":             "<html><body/></html>",
		"no number":                   "<Event><System/></Event>",
		"a number that is a word":     "<Event><System><EventID>many</EventID></System></Event>",
		"a number that no event has":  "<Event><System><EventID>70000</EventID></System></Event>",
		"a time that is none":         "<Event><System><EventID>1</EventID><TimeCreated SystemTime='soon'/></System></Event>",
		"an entity of its own":        `<!DOCTYPE x [<!ENTITY a "aaaa">]><Event><System><EventID>1</EventID></System><EventData><Data>&a;</Data></EventData></Event>`,
		"more than linecheck reads":   "<Event><System><EventID>1</EventID></System><EventData><Data>" + strings.Repeat("x", MaxEvent) + "</Data></EventData></Event>",
		"thousands of open elements":  strings.Repeat("<Event>", 9000),
		"an event that never closes":  strings.TrimSuffix(service, "</Event>"),
		"elements closed crosswise":   "<Event><System><EventID>1</System></EventID></Event>",
		"text in front of the event":  "Event <x/>",
		"an event in another element": "<Events>" + service + "</Events>",
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := ParseEvent([]byte(xml)); err == nil {
				t.Errorf("read as %+v", e)
			}
		})
	}
}

func TestAnEventOfManyValuesIsBounded(t *testing.T) {
	e, err := ParseEvent([]byte("<Event><System><EventID>1</EventID></System><EventData>" + strings.Repeat("<Data>x</Data>", 3000) + "</EventData></Event>"))
	if err != nil || len(e.Data) != maxData {
		t.Errorf("%d values, %v", len(e.Data), err)
	}
}

func TestEventQuery(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 15, 30, 868683000, time.FixedZone("", 3600))
	many := make([]int, maxTerms+1)
	for name, c := range map[string]struct {
		q    EventQuery
		want string
	}{
		"everything":                      {EventQuery{Channel: "System"}, "*"},
		"one provider and two numbers":    {EventQuery{Providers: []string{"Schannel"}, IDs: []int{36887, 36888}}, "*[System[Provider[@Name='Schannel'] and (EventID=36887 or EventID=36888)]]"},
		"since a time of another zone":    {EventQuery{Since: at}, "*[System[TimeCreated[@SystemTime>='2026-11-20T08:15:30.868Z']]]"},
		"a provider with an apostrophe":   {EventQuery{Providers: []string{"Tom's"}}, `*[System[Provider[@Name="Tom's"]]]`},
		"a provider that breaks out":      {EventQuery{Providers: []string{`a' or "b`}}, "*"},
		"more numbers than a query takes": {EventQuery{Providers: []string{"A", "B"}, IDs: many}, "*[System[Provider[@Name='A' or @Name='B']]]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.q.xpath(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatAQueryLeavesOutIsCompared(t *testing.T) {
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	e := EventRecord{Provider: "schannel", ID: 36887, At: at}
	for name, c := range map[string]struct {
		q    EventQuery
		want bool
	}{
		"nothing asked":          {EventQuery{}, true},
		"the provider in a case": {EventQuery{Providers: []string{"Schannel"}}, true},
		"another provider":       {EventQuery{Providers: []string{"Tcpip"}}, false},
		"another number":         {EventQuery{IDs: []int{1}}, false},
		"too old":                {EventQuery{Since: at.Add(time.Second)}, false},
		"just old enough":        {EventQuery{Since: at}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.q.fits(e); got != c.want {
				t.Errorf("fits = %v", got)
			}
		})
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(service))
	f.Add([]byte(viewer))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseEvent(b)
		if err == nil && (len(e.Data) > maxData || len(e.Raw) > maxRaw+8) {
			t.Errorf("unbounded: %d values, %d bytes", len(e.Data), len(e.Raw))
		}
	})
}
