package logs

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

const exportedXML = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Events>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Some Agent"/><EventID>41</EventID><Level>3</Level>
<TimeCreated SystemTime="2026-03-02T08:00:00.0000000Z"/><EventRecordID>1</EventRecordID><Channel>Application</Channel><Computer>pc</Computer></System>
<RenderingInfo Culture="en-US"><Message>Disconnected from Smart Protection Server: https://sps.example.com:443/tmcss/: Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached)
It will be tried again.</Message></RenderingInfo></Event>
</Events>
`

func TestExportedEventsAreReadAsTheLinesOfTheirText(t *testing.T) {
	for title, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"in a file that is named": {map[string]string{"events.xml": exportedXML}, []string{"events.xml:3 logs.disconnected"}},
		"in an archive, in UTF-16": {map[string]string{"s.zip": pack(t, "diag/events.xml", wide(strings.Replace(exportedXML, "utf-8", "utf-16", 1)))},
			[]string{"s.zip > diag/events.xml:3 logs.disconnected"}},
	} {
		t.Run(title, func(t *testing.T) {
			l, lines := looked(t, c.files)
			if !slices.Equal(lines, c.want) || len(l.Problems) > 0 {
				t.Errorf("told %q, want %q; problems %v", lines, c.want, l.Problems)
			}
			if want := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC); !l.AsOf.Equal(want) {
				t.Errorf("as of %v, want %v", l.AsOf, want)
			}
			r, ok := l.Result(profileOf(l, "deepsecurity"))
			if f := finding(r, Events); !ok || f.Args["what"] != "1 exported event" {
				t.Errorf("events: %v %+v", ok, f)
			}
		})
	}
}

func profileOf(l *Looked, name string) *assets.Profile {
	return l.sorter.profiles[slices.IndexFunc(l.sorter.profiles, func(p *assets.Profile) bool { return p.Name == name })]
}

func TestARecordThatIsDamagedIsTold(t *testing.T) {
	l, lines := looked(t, map[string]string{"events.xml": strings.Replace(exportedXML, "<EventID>41</EventID>", "<EventID>forty</EventID>", 1)})
	if len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Error(), "1 event could") {
		t.Errorf("problems %v, lines %q", l.Problems, lines)
	}
}

// logOf answers for one Windows event log file.
type logOf struct{ events []host.EventRecord }

func (l logOf) Read(_ context.Context, q host.EventQuery, each func(host.EventRecord) error) (bool, error) {
	if filepath.Base(q.File) != "a.evtx" {
		return false, host.ErrNotFound
	}
	for _, e := range l.events {
		if err := each(e); err != nil {
			return false, err
		}
	}
	return false, nil
}

func TestAWindowsEventLogFileIsReadWhereWindowsDoes(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for title, c := range map[string]struct {
		events  host.Events
		lines   int
		refused string
	}{
		"by Windows":          {logOf{[]host.EventRecord{{Provider: "p", ID: 1, At: at, Message: "Smart Protection Server Disconnected for Smart Scan"}}}, 1, ""},
		"and told where not":  {unsupported{}, 0, "Event Viewer"},
		"and where nobody is": {nil, 0, "Event Viewer"},
	} {
		t.Run(title, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.evtx")
			must(t, os.WriteFile(path, []byte("ElfFile\x00 and more"), 0o644))
			all, err := assets.Profiles()
			must(t, err)
			n := 0
			l, err := Look(t.Context(), host.Machine{Files: host.Disk{}, Events: c.events}, all, []string{path}, nil, 0, func(Entry) { n++ })
			must(t, err)
			why := ""
			for _, r := range l.refused {
				why += r.Why + r.Do
			}
			if n != c.lines || !strings.Contains(why, c.refused) || (why == "") != (c.refused == "") || len(l.Problems) > 0 {
				t.Errorf("%d lines, refused %q, problems %v", n, why, l.Problems)
			}
		})
	}
}

type unsupported struct{}

func (unsupported) Read(context.Context, host.EventQuery, func(host.EventRecord) error) (bool, error) {
	return false, host.ErrUnsupported
}
