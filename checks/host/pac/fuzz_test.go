package pac

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"
)

// FuzzScript runs whatever it is given in a child: none may end in anything but answers or a fault of the script.
func FuzzScript(f *testing.F) {
	for _, s := range []string{"", body(`return "DIRECT"`), body(`return shExpMatch(host, "*.x") ? dnsResolve(host) : timeRange(1, 2)`), "let a = `${1}`", "(function(){})()", "/(?<=a)b/u.test('')",
		body(`return [].concat(isInNet(host, "1.2.3.4", "255.0.0.0"), dateRange("JAN", 1, "FEB"), weekdayRange("MON")).join()`)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j := job(t, text)
		j.Wait = 2 * time.Second
		got, err := Run(context.Background(), j, one)
		var fault *Fault
		if err != nil && !errors.As(err, &fault) || err == nil && len(got) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// FuzzFunctions calls every function with any texts: each gives a value or an exception of the script.
func FuzzFunctions(f *testing.F) {
	f.Add("four.example", "10.0.0.0", "255.0.0.0", "GMT")
	f.Add("JAN", "1", "FEB", "2")
	f.Add("2001:db8::1", "2001:db8::/32", "a;b", "*.(a|b)?[0-9]")
	names, err := json.Marshal([]string{"isPlainHostName", "dnsDomainIs", "localHostOrDomainIs", "dnsDomainLevels", "shExpMatch", "isResolvable", "dnsResolve", "isInNet",
		"convert_addr", "myIpAddress", "isResolvableEx", "dnsResolveEx", "isInNetEx", "myIpAddressEx", "sortIpAddressList", "getClientVersion", "weekdayRange", "dateRange", "timeRange"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		args, err := json.Marshal([]string{a, b, c, d})
		if err != nil {
			t.Skip()
		}
		got, fault, _ := answer(body(fmt.Sprintf(`var a = %s, n = %s, g = (function () { return this })();
for (var i = 0; i < n.length; i++) for (var k = 0; k <= 4; k++) try {
	var v = g[n[i]].apply(null, a.slice(0, k));
	if (["boolean", "number", "string"].indexOf(typeof v) < 0 && v !== null) return n[i] + " gives " + typeof v;
} catch (e) { if (n[i] != "shExpMatch" && n[i] != "timeRange") return n[i] + " throws " + e }
return "DIRECT"`, args, names)), moment, nil)
		if fault != nil || len(got) != 1 || got[0].Fault != nil || got[0].Result != "DIRECT" {
			t.Errorf("%+v, %+v", got, fault)
		}
	})
}
