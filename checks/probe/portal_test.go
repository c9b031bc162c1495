package probe

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"linecheck/assets"
)

func TestWhatAnswersThePortalQuestion(t *testing.T) {
	const asked = "http://www.portal.example/connecttest.txt"
	text := assets.Portal{URL: asked, Status: 200, Body: "Microsoft Connect Test"}
	empty := assets.Portal{URL: asked, Status: 204}
	part := assets.Portal{URL: asked, Status: 200, Has: "Success"}
	for name, c := range map[string]struct {
		portal assets.Portal
		up     any
		want   PortalState
		args   map[string]string
		hurry  bool
	}{
		"the owner's own words":      {text, answer(ok("Microsoft Connect Test")), PortalExpected, nil, false},
		"the owner's empty answer":   {empty, answer("HTTP/1.1 204 No Content\r\n\r\n"), PortalExpected, nil, false},
		"a part of the owner's page": {part, answer(ok("<HTML><BODY>Success</BODY></HTML>")), PortalExpected, nil, false},
		"a redirect to the hotel": {text, answer("HTTP/1.1 302 Found\r\nLocation: https://login.hotel.example/?u=1\r\n\r\n"), PortalLogin,
			map[string]string{"location": "https://login.hotel.example/?u=1", "status": "302 Found"}, false},
		"511 is the word for it":                {text, answer("HTTP/1.1 511 Network Authentication Required\r\n\r\nlogin"), PortalLogin, nil, false},
		"a login page in the owner's place":     {text, answer(ok("<form>room number</form>")), PortalLogin, nil, false},
		"a login page where nothing should be":  {empty, answer(ok("<form>room number</form>")), PortalLogin, nil, false},
		"a known block page is no login page":   {text, answer("HTTP/1.1 403 Forbidden\r\n\r\nInternet Security by Zscaler"), PortalFiltered, map[string]string{"middlebox": "Zscaler"}, false},
		"a refusal is no login page":            {text, answer("HTTP/1.1 403 Forbidden\r\n\r\nno"), PortalFiltered, nil, false},
		"a gateway's failure is no login page":  {text, answer("HTTP/1.1 504 Gateway Timeout\r\n\r\n"), PortalFiltered, nil, false},
		"the owner moving within its own names": {text, answer("HTTP/1.1 301 Moved\r\nLocation: https://new.portal.example/\r\n\r\n"), PortalFiltered, nil, false},
		"a network that lets nothing out":       {text, silence{}, PortalSilent, nil, true},
		"a network that cuts":                   {text, slam, PortalSilent, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			here := netip.MustParseAddr("203.0.113.77")
			l.names["ip4 www.portal.example"] = []netip.Addr{here}
			if f, ok := c.up.(func(net.Conn)); ok {
				c.up = serve(t, f)
			}
			l.ports[netip.AddrPortFrom(here, 80)] = c.up
			l.through("nobody goes there")
			l.req.Family = "ip4"
			lim := patient
			if c.hurry {
				lim = hasty
			}
			got, a := portal(t.Context(), l.req, c.portal, lim)
			if got != c.want {
				t.Errorf("%q, want %q (%q %v)", got, c.want, a.Failure, a.Err)
			}
			for k, v := range c.args {
				if a.Args[k] != v {
					t.Errorf("argument %s is %q, want %q", k, a.Args[k], v)
				}
			}
			if a.Path.URL != asked || a.Path.Route != "direct" {
				t.Errorf("asked %s, %s", a.Path.URL, a.Path.Route)
			}
			holds(t, a)
		})
	}
}

func TestASystemsOwnPortalQuestionIsAskedFirst(t *testing.T) {
	for os, want := range map[string]string{"windows": "msft", "linux": "gnome"} {
		all := Portals(os)
		if len(all) < 5 || !strings.Contains(all[0].URL, want) {
			t.Errorf("%s asks %+v", os, all)
		}
		for _, p := range all {
			if got := p.Endpoint().URL(); got != p.URL {
				t.Errorf("%s would be asked as %s", p.URL, got)
			}
			if e := p.Endpoint().Expect; !asserts(e) || !wantsBody(e) {
				t.Errorf("%s: nothing is expected of the body", p.URL)
			}
		}
	}
}
