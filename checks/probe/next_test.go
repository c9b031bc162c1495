package probe

import (
	"testing"

	"linecheck/checks"
)

func TestAProxyThatSaysNoIsNotPassedOver(t *testing.T) {
	for name, c := range map[string]struct {
		failure checks.Failure
		at      checks.StageName
		want    bool
	}{
		"an open way is passed over":                        {checks.NoFailure, "", false},
		"a walk that was called off is passed over":         {checks.Cancelled, checks.Connect, false},
		"a proxy without a name keeps its place":            {checks.ProxyUnresolvable, checks.Resolve, true},
		"a proxy that refuses keeps its place":              {checks.ProxyRefused, checks.Connect, true},
		"a silent proxy keeps its place":                    {checks.ProxyNoAnswer, checks.Tunnel, true},
		"a proxy that cuts the line keeps its place":        {checks.ResetLater, checks.Tunnel, true},
		"a proxy that denies is passed over":                {checks.ProxyDenied, checks.Tunnel, false},
		"a proxy that wants a login is passed over":         {checks.ProxyAuth, checks.Tunnel, false},
		"a proxy without a way out is passed over":          {checks.ProxyTarget, checks.Tunnel, false},
		"what is no proxy is passed over":                   {checks.ProxyNotHTTP, checks.Tunnel, false},
		"a closed direct way keeps its place":               {checks.Dropped, checks.Connect, true},
		"a name that is not found directly keeps its place": {checks.NoSuchName, checks.Resolve, true},
		"a name that only SOCKS 4 lacks is passed over":     {checks.NoSuchName, checks.Tunnel, false},
		"a bad certificate is passed over":                  {checks.Untrusted, checks.TLS, false},
		"a line that is cut at the vendor is passed over":   {checks.ResetLater, checks.TLS, false},
	} {
		if got := PassedOver(Answer{Failure: c.failure, Failed: c.at}); got != c.want {
			t.Error(name)
		}
	}
}
