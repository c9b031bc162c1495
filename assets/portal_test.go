package assets

import "testing"

func TestPortalsAreAddressesWithAnAnswer(t *testing.T) {
	own := map[string]bool{}
	for _, p := range boxes(t).Portals {
		own[p.OS] = true
		e := p.Endpoint()
		if e.URL() != p.URL || e.Scheme != "http" || len(e.Expect.Status) != 1 || e.Expect.Status[0] != p.Status || e.Required {
			t.Errorf("%s became %s, %+v", p.URL, e.URL(), e.Expect)
		}
		if empty := e.Expect.BodyLength != nil; empty != (p.Body == "" && p.Has == "") || empty && *e.Expect.BodyLength != 0 {
			t.Errorf("%s: expected %+v", p.URL, e.Expect)
		}
		if documented := e.Host == "www.msftconnecttest.com" || e.Host == "nmcheck.gnome.org"; e.Mark.Hint() == documented || e.Expect.Mark != e.Mark {
			t.Errorf("%s is marked as better or less known than it is: %s", p.URL, e.Mark)
		}
	}
	if !own["windows"] || !own["linux"] {
		t.Errorf("systems without a question of their own: %v", own)
	}
	if e := (Portal{URL: "http://a.example:8080/x?y=1", Status: 204}).Endpoint(); e.Port != 8080 || e.Path != "/x?y=1" || e.Host != "a.example" {
		t.Errorf("%+v", e)
	}
}
