package clock

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

// heard is an answer that somebody else's walk got, from a server whose clock differs from ours.
func heard(target, route string, ahead time.Duration) probe.Answer {
	return probe.Answer{
		Path: checks.Path{Target: target + ":443", URL: "https://" + target + "/", Route: route, Required: true, Product: true},
		Args: map[string]string{"host": target}, Status: 200, Header: http.Header{}, Trusted: true,
		Date: time.Now().Add(ahead), Asked: time.Now(), Heard: time.Now(),
	}
}

func failed(a probe.Answer, f checks.Failure) probe.Answer {
	a.Failure, a.Date, a.Heard, a.Trusted = f, time.Time{}, time.Time{}, false
	return a
}

func TestWhatOthersHeardIsNotAskedAgain(t *testing.T) {
	const a, b = "a.vendor.example", "b.vendor.example"
	gw := &url.URL{Scheme: "http", Host: "gw.corp.example:3128"}
	plain := heard(a, "direct", 0)
	plain.Path.URL = "http://" + a + "/"
	stranger := heard(a, "direct", time.Hour)
	stranger.Trusted = false
	for name, c := range map[string]struct {
		answers []probe.Answer
		route   *url.URL
		asked   int // servers that are asked all the same
		want    checks.Code
	}{
		"a time was heard":                          {[]probe.Answer{heard(a, "direct", 0)}, nil, 0, OK},
		"an hour of difference was heard":           {[]probe.Answer{heard(a, "direct", -time.Hour), heard(b, "direct", -time.Hour)}, nil, 0, Skew},
		"two that disagree prove nothing":           {[]probe.Answer{heard(a, "direct", 0), heard(b, "direct", 2*time.Hour)}, nil, 0, Unknown},
		"a third server's opinion is not asked for": {[]probe.Answer{heard(a, "direct", 0), heard(b, "direct", 0), heard("c.vendor.example", "direct", 2*time.Hour)}, nil, 0, OK},
		"the same server twice is one server":       {[]probe.Answer{heard(a, "direct", 0), heard(a, "direct", 0), failed(heard(b, "direct", 0), checks.Dropped)}, nil, 0, OK},
		"a stranger's time beside a proven one":     {[]probe.Answer{stranger, heard(b, "direct", 0)}, nil, 0, OK},
		"a stranger's time alone":                   {[]probe.Answer{stranger, failed(heard(b, "direct", 0), checks.Dropped)}, nil, 0, Unknown},
		"nobody was reached directly":               {[]probe.Answer{failed(heard(a, "direct", 0), checks.Dropped), failed(heard(b, "direct", 0), checks.Dropped)}, nil, 0, Unknown},
		"the proxy is dead, so servers are asked":   {[]probe.Answer{failed(heard(a, gw.String(), 0), checks.ProxyRefused), failed(heard(b, gw.String(), 0), checks.ProxyRefused)}, gw, 2, OK},
		"the product went past its dead proxy":      {[]probe.Answer{failed(heard(a, gw.String(), 0), checks.ProxyRefused), heard(a, "direct", 0)}, gw, 0, OK},
		"only an address without encryption":        {[]probe.Answer{plain}, nil, 2, OK},
		"a walk that was called off tells nothing":  {[]probe.Answer{failed(heard(a, "direct", 0), checks.Cancelled), failed(heard(b, "direct", 0), checks.Dropped)}, nil, 1, OK},
		"no walk at all":                            {[]probe.Answer{}, nil, 2, OK},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTown(t)
			n.server(a, 0, says(0))
			n.server(b, 0, says(0))
			env := checks.Env{Machine: host.Machine{Network: n}, Roots: n.roots(), Turns: checks.NewTurns(), Profile: &assets.Profile{Title: "Cloud",
				Endpoints: []assets.Endpoint{endpoint(a, true), endpoint(b, true)}},
				Facts: checks.Facts{checks.FactRoute: checks.Route{Known: true, Proxy: c.route}, probe.FactAnswers: c.answers}}
			res, err := check{}.Run(t.Context(), env, func(checks.Event) {})
			if err != nil || len(res.Findings) != 1 {
				t.Fatalf("%d findings, %v", len(res.Findings), err)
			}
			if f := res.Findings[0]; f.Code != c.want {
				t.Errorf("the finding is %s (%v), want %s", f.Code, f.Args, c.want)
			}
			if len(n.asked) != c.asked {
				t.Errorf("%q were asked, want %d", n.asked, c.asked)
			}
		})
	}
}
