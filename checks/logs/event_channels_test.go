package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// ofService is an event of the service manager, so many minutes ago.
func ofService(id, minutes int, values ...string) host.EventRecord {
	e := host.EventRecord{Channel: "System", Provider: "Service Control Manager", ID: id, At: time.Now().Add(-time.Duration(minutes) * time.Minute),
		Record: uint64(1000 - minutes), Data: map[string]string{}, Raw: "<Event/>"}
	for i, v := range values {
		e.Data[fmt.Sprintf("param%d", i+1)] = v
	}
	return e
}

func ofDNS(minutes int, name string) host.EventRecord {
	return host.EventRecord{Provider: "Microsoft-Windows-DNS-Client", ID: 1014, At: time.Now().Add(-time.Duration(minutes) * time.Minute),
		Message: "Name resolution for the name " + name + " timed out", Data: map[string]string{"QueryName": name}}
}

// looks are the findings of one look at a machine's event log.
func looks(t *testing.T, p *assets.Profile, prepare func(*hosttest.Fake)) []checks.Finding {
	t.Helper()
	f := hosttest.New(t)
	f.Events = map[string][]host.EventRecord{}
	f.EventErr = map[string]error{}
	prepare(f)
	return system(t.Context(), checks.Env{Machine: f.Machine(), Profile: p}, time.Now(), 24*time.Hour)
}

func TestTheEventLogOfThisMachine(t *testing.T) {
	for name, c := range map[string]struct {
		system []host.EventRecord
		want   []string
	}{
		"nothing that matters":                 {[]host.EventRecord{ofService(7036, 5, "Print Spooler", "stopped")}, nil},
		"the product's service ended":          {[]host.EventRecord{ofService(7034, 5, "One Service", "2")}, []string{"system_event warn One Service x1"}},
		"it ended and was started again":       {[]host.EventRecord{ofService(7036, 6, "One Service", "stopped"), ofService(7036, 5, "One Service", "running")}, []string{"system_event note One Service x1", "system_event note One Service, running x1"}},
		"by its short name":                    {[]host.EventRecord{ofService(7011, 5, "30000", "onesvc")}, []string{"system_event warn onesvc x1"}},
		"three times":                          {[]host.EventRecord{ofService(7034, 7, "One Service", "1"), ofService(7034, 6, "One Service", "2"), ofService(7034, 5, "One Service", "3")}, []string{"system_event warn One Service x3"}},
		"a name of the cloud timed out":        {[]host.EventRecord{ofDNS(5, "cloud.one.example")}, []string{"system_event warn cloud.one.example x1"}},
		"a name of a wildcard timed out":       {[]host.EventRecord{ofDNS(5, "eu.one.example")}, []string{"system_event warn eu.one.example x1"}},
		"names that look like it":              {[]host.EventRecord{ofDNS(5, "one.example.org"), ofDNS(4, "evilone.example")}, []string{"system_event note other names x2"}},
		"older than the look":                  {[]host.EventRecord{ofService(7034, 25*60, "One Service", "2")}, nil},
		"the product's event text in a source": {[]host.EventRecord{{Provider: "One Agent", ID: 5, At: time.Now(), Message: "Disconnected from Smart Protection Server: https://x.example/tmcss/ "}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := looks(t, eventProfiles()[0], func(f *hosttest.Fake) { f.Events["System"] = c.system })
			short := said(checks.Result{Findings: got})
			if len(short) != len(c.want) || slices.ContainsFunc(c.want, func(w string) bool { return !short[w] }) {
				t.Errorf("%v, want %q", short, c.want)
			}
			read := finding(checks.Result{Findings: got}, Events)
			if read.Status != checks.Note || !strings.HasPrefix(read.Args["what"], "System: ") {
				t.Errorf("read: %+v", read)
			}
			for _, f := range got {
				if f.Code == SystemEvent && (f.View != eventView || len(f.Evidence) == 0 || f.Args["provider"] == "" || f.Args["id"] == "" || f.Args["state"] == "") {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

func TestChannelsThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		channel string
		err     error
		status  checks.Status
		says    string
	}{
		"no right to what everybody may read":    {"System", host.ErrDenied, checks.Unknown, "administrator"},
		"no right to what is off by default":     {"Security", host.ErrDenied, checks.Note, "administrator"},
		"a service that does not answer":         {"System", fmt.Errorf("RPC"), checks.Unknown, "RPC"},
		"a system that cannot be asked at all":   {"System", host.ErrUnsupported, checks.Unknown, "this system"},
		"the product's own channel, not allowed": {"One/Operational", host.ErrDenied, checks.Unknown, "administrator"},
	} {
		t.Run(name, func(t *testing.T) {
			p := eventProfiles()[0]
			p.Events = []assets.EventSource{{Channel: "One/Operational"}}
			got := looks(t, p, func(f *hosttest.Fake) { f.EventErr[c.channel] = c.err })
			if len(got) != 1 || got[0].Code != Events || got[0].Status != c.status || !strings.Contains(got[0].Args["what"], c.says) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestNoChannelAndNoWindowsSayNothing(t *testing.T) {
	if got := looks(t, eventProfiles()[0], func(*hosttest.Fake) {}); len(got) > 0 {
		t.Errorf("no channel: %+v", got)
	}
	if got := looks(t, eventProfiles()[0], func(f *hosttest.Fake) {
		f.OS = "linux"
		f.Events["System"] = []host.EventRecord{ofService(7034, 5, "One Service", "2")}
	}); len(got) > 0 {
		t.Errorf("Linux: %+v", got)
	}
}

// The product's own events are read in its own channel, as the lines of its logs are.
func TestEventsThatTheProductWrites(t *testing.T) {
	p := eventProfiles()[1]
	p.Events = []assets.EventSource{{Channel: "Application", Providers: []string{"Two Agent"}}}
	got := looks(t, p, func(f *hosttest.Fake) {
		f.Events["Application"] = []host.EventRecord{
			{Provider: "Two Agent", ID: 5, At: time.Now(), Message: "Disconnected from Smart Protection Server: https://x.example/tmcss/ "},
			{Provider: "Somebody", ID: 5, At: time.Now(), Message: "Disconnected from Smart Protection Server: https://y.example/tmcss/ "},
		}
	})
	f := finding(checks.Result{Findings: got}, Disconnected)
	if f.Subject != "x.example" || f.Status != checks.Warn || len(f.Evidence) != 1 || !strings.Contains(f.Evidence[0].Text, "Smart Protection") {
		t.Errorf("%v", said(checks.Result{Findings: got}))
	}
}

func TestMoreEventsThanAreReadAreTold(t *testing.T) {
	got := looks(t, eventProfiles()[0], func(f *hosttest.Fake) {
		for range channelMost + 1 {
			f.Events["System"] = append(f.Events["System"], ofDNS(5, "a.example"))
		}
	})
	if f := finding(checks.Result{Findings: got}, Events); !strings.Contains(f.Args["what"], "1000 events") || !strings.Contains(f.Args["what"], "there are more") {
		t.Errorf("%v", f.Args)
	}
}
