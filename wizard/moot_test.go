package wizard

import (
	"testing"

	"linecheck/checks"
)

// Of two servers the product uses one at a time; what the other one does must neither accuse nor clear it.
func TestServerThatIsNotInUse(t *testing.T) {
	at := func(id, host, server string, code checks.Code, st checks.Status) Seen {
		f := walk(id, host, code, st, true, "direct")
		f.Args["server"], f.Args["proven"] = server, "tls"
		return f
	}
	in := func(side, sure string) Seen {
		return other("f90", "domain", "domain.server", checks.Note, "side", side, "sure", sure)
	}
	for name, c := range map[string]struct {
		found  []Seen
		status string
	}{
		"a closed global server accuses beside a local one in use": {[]Seen{
			at("f1", "sps", "local", "path.answered", checks.Pass), at("f2", "ds20", "global", "tcp.dropped", checks.Fail), in("local", "yes")}, Healthy},
		"a dead local server accuses off domain": {[]Seen{
			at("f1", "sps", "local", "dns.no_such_name", checks.Fail), at("f2", "ds20", "global", "path.open", checks.Pass), in("global", "yes")}, Healthy},
		"the server in use is let off":                        {[]Seen{at("f1", "sps", "local", "tcp.dropped", checks.Fail), at("f2", "ds20", "global", "path.open", checks.Pass), in("local", "yes")}, Fault},
		"an open global server clears a local one":            {[]Seen{at("f2", "ds20", "global", "path.open", checks.Pass), in("local", "yes")}, Inconclusive},
		"what is not sure accuses a server":                   {[]Seen{at("f1", "sps", "local", "path.answered", checks.Pass), at("f2", "ds20", "global", "tcp.dropped", checks.Fail), in("local", "no")}, Inconclusive},
		"without a word about the domain a server is accused": {[]Seen{at("f1", "sps", "local", "path.answered", checks.Pass), at("f2", "ds20", "global", "tcp.dropped", checks.Fail)}, Inconclusive},
		"without a word about the domain both are let off":    {[]Seen{at("f1", "sps", "local", "tcp.dropped", checks.Fail), at("f2", "ds20", "global", "tcp.dropped", checks.Fail)}, Fault},
		"a product of one server is let off":                  {[]Seen{at("f2", "ds20", "global", "tcp.dropped", checks.Fail)}, Fault},
		"another address hides behind the two servers":        {[]Seen{at("f1", "sps", "local", "path.answered", checks.Pass), at("f2", "ds20", "global", "tcp.dropped", checks.Fail), at("f3", "manager", "", "tcp.dropped", checks.Fail)}, Fault},
		"two servers that answer are weighed":                 {[]Seen{at("f1", "sps", "local", "path.answered", checks.Pass), at("f2", "ds20", "global", "path.open", checks.Pass), in("", "no")}, Healthy},
	} {
		v := judged(t, Product{Name: "p", Title: "Product"}, append(c.found, looked...)...)
		if v.Status != c.status {
			t.Errorf("%s: %s %s %v", name, v.Status, v.Headline, v.Missing)
		}
		for _, f := range c.found {
			if f.Path != nil && !f.Path.Required {
				t.Errorf("%s: the finding itself was changed", name)
			}
		}
	}
}
