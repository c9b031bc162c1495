package logs

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

func TestHosts(t *testing.T) {
	const curl7 = " [1.2] .W: CurlQuery::completeWithStatus: failure on handle 0A 7 Failed to connect to %s after 3 ms: Connection refused\n"
	refused := func(to string) string { return line("10:00", strings.Replace(curl7, "%s", to, 1)) }
	waited := func(at, host string) string {
		return line(at, " [1.2] .W: fs::rs::WinSocket::Impl::connect: Conection timeout: "+host+"\n")
	}
	files := map[string]string{
		"fsscorplug.log": waited("10:00", "Doorman.sc.fsapi.com") + waited("10:01", "doorman.sc.fsapi.com") + refused("orsp.f-secure.com port 443") + line("10:05", curl5) +
			refused("gw.corp.example port 3128") + refused("10.0.0.9 port 443") + refused("[2001:db8::1] port 443") + waited("10:06", "bad_name..x") + waited("10:06", "-x.fsapi.com") +
			waited("10:07", "stranger.example") + waited("10:08", "way.corp.example") + waited("10:08", "localhost") + waited("10:08", "12345"),
		"ds_agent.log": line("10:00", lostAt("http://sps.corp.example:5274")),
	}
	parts := poured(t, files)
	way, _ := url.Parse("http://way.corp.example:3128")
	route := checks.Route{Proxy: way}
	g := merged(parts, sorted(parts))
	want := []string{"doorman.sc.fsapi.com", "orsp.f-secure.com", "sps.corp.example", "stranger.example"}
	if got := g.hostFacts(route); !slices.Equal(got, want) {
		t.Errorf("offered %q\nwant    %q: neither proxies nor addresses nor what is no name", got, want)
	}
	p := &assets.Profile{Endpoints: []assets.Endpoint{{Host: "orsp.f-secure.com"}}, Wildcards: []string{"*.fsapi.com"}}
	found := g.hostFindings(p, route, time.UTC)
	var rows []string
	for _, r := range found[0].Table.Rows {
		rows = append(rows, strings.Join([]string{r[0], r[1], r[3], r[4]}, " | "))
	}
	wantRows := []string{
		"doorman.sc.fsapi.com | 2 | fsscorplug.log:2 | of *.fsapi.com",
		"10.0.0.9 | 1 | fsscorplug.log:6 | an address, not in the profile",
		"2001:db8::1 | 1 | fsscorplug.log:7 | an address, not in the profile",
		"orsp.f-secure.com | 1 | fsscorplug.log:3 | in the profile",
		"sps.corp.example | 1 | ds_agent.log:1 | not in the profile",
		"stranger.example | 1 | fsscorplug.log:10 | not in the profile",
		"way.corp.example | 1 | fsscorplug.log:11 | a proxy",
	}
	if !slices.Equal(rows, wantRows) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(wantRows, "\n"))
	}
	if got := found[0].Args["worst"]; got != "most failures name doorman.sc.fsapi.com (2, no connection 2)" {
		t.Errorf("worst %q", got)
	}
}

func TestClockChanges(t *testing.T) {
	g := newGather(time.Time{})
	g.jumped(`C:\Log\b.log`, []jump{{10, noon, noon.Add(-time.Minute)}, {99, noon, noon.Add(-2 * time.Hour)}}, false)
	g.jumped(`C:\Log\b.log`, []jump{{99, noon, noon.Add(-2 * time.Hour)}}, false) // told once more
	o := newGather(time.Time{})
	o.jumped(`C:\Log\a.log`, []jump{{7, noon, noon.Add(time.Hour)}}, false)
	g.merge(o)
	var got []string
	for _, f := range g.clockFindings(time.UTC) {
		got = append(got, checks.Fill("{file} {direction} from {from} to {to}{times}", f)+" "+f.Evidence[0].Text)
	}
	want := []string{"a.log jumped ahead from 2026-11-22 12:00:00 to 2026-11-22 13:00:00 near byte 7: 2026-11-22 12:00:00, then 2026-11-22 13:00:00",
		"b.log went back from 2026-11-22 12:00:00 to 2026-11-22 10:00:00, the widest of 2 such changes near byte 10: 2026-11-22 12:00:00, then 2026-11-22 11:59:00"}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
