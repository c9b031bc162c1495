package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What nmcli 1.42 prints for a device with a lease and for one without.
const nmLease = `GENERAL.DEVICE:eth0
DHCP4.OPTION[1]:dhcp_lease_time = 86400
DHCP4.OPTION[2]:domain_name = corp.example
DHCP4.OPTION[3]:requested_wpad = 1
DHCP4.OPTION[4]:wpad = http://wpad.corp.example:8080/wpad.dat?a=b

GENERAL.DEVICE:lo
`

const networkdSample = `# This is private data. Do not parse.
ADDRESS=192.0.2.9
NETMASK=255.255.255.0
OPTION_249=00
OPTION_252=687474703a2f2f777061642e636f72702e6578616d706c652f777061642e6461740a
`

const dhclientSample = `default-duid "\000\001";
lease {
  interface "eth0";
  option unknown-252 "http://old.example/wpad.dat";
  expire 2 2020/11/24 08:30:00;
}
lease {
  interface "eth0";
  fixed-address 192.0.2.9;
  option domain-name "corp.example";
  option %s;
  renew %[2]s;
  expire %[2]s;
}
`

func TestOfferedByLeases(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	later, earlier := "2 2026/11/24 08:30:00", "6 2026/11/21 08:30:00"
	nobody := func(context.Context) (string, string, error) { return "", "", ErrUnsupported }
	nm := func(out string) func(context.Context) (string, string, error) {
		return func(context.Context) (string, string, error) { return nmWPAD(out) }
	}
	const want = "http://wpad.corp.example/wpad.dat"
	for name, c := range map[string]struct {
		manager            func(context.Context) (string, string, error)
		networkd, dhclient string
		want, where        string
		err                error
	}{
		"NetworkManager calls it wpad":                    {nm(nmLease), "", "", "http://wpad.corp.example:8080/wpad.dat?a=b", "eth0", nil},
		"NetworkManager's lease without it":               {nm("GENERAL.DEVICE:eth0\nDHCP4.OPTION[1]:requested_wpad = 1\n"), "", "", "", "", ErrNotFound},
		"NetworkManager without any lease cannot say":     {nm("GENERAL.DEVICE:lo\n"), "", "", "", "", ErrUnsupported},
		"networkd writes it in hex digits":                {nobody, networkdSample, "", want, "networkd", nil},
		"networkd was not told to ask for it":             {nobody, "ADDRESS=192.0.2.9\n", "", "", "", ErrNotFound},
		"networkd's option is broken":                     {nobody, "OPTION_252=68747\n", "", "", "", errAny},
		"dhclient writes it as text":                      {nobody, "", fmt.Sprintf(dhclientSample, `unknown-252 "`+want+`\000"`, later), want, "dhclient", nil},
		"dhclient knows its name":                         {nobody, "", fmt.Sprintf(dhclientSample, `wpad "`+want+`"`, later), want, "dhclient", nil},
		"dhclient writes it as bytes":                     {nobody, "", fmt.Sprintf(dhclientSample, `unknown-252 68:74:74:70:3a:2f:2f:77`, later), "http://w", "dhclient", nil},
		"a lease without an end":                          {nobody, "", fmt.Sprintf(dhclientSample, `option-252 "`+want+`"`, "never"), want, "dhclient", nil},
		"a lease that has run out gives nothing":          {nobody, "", fmt.Sprintf(dhclientSample, `wpad "`+want+`"`, earlier), "", "", ErrNotFound},
		"a lease that has run out, in seconds":            {nobody, "", fmt.Sprintf(dhclientSample, `wpad "`+want+`"`, "epoch 1000; # x"), "", "", ErrNotFound},
		"an older lease of the file does not count":       {nobody, "", fmt.Sprintf(dhclientSample, `routers 192.0.2.1`, later), "", "", ErrNotFound},
		"control characters are not passed on":            {nobody, "", fmt.Sprintf(dhclientSample, `wpad "http://w/\033[2J"`, later), "", "", errAny},
		"an empty option is none":                         {nobody, "", fmt.Sprintf(dhclientSample, `wpad "\000"`, later), "", "", ErrNotFound},
		"an option that is longer than any address":       {nobody, "", fmt.Sprintf(dhclientSample, `wpad "http://`+strings.Repeat("x", maxWPAD)+`"`, later), "", "", errAny},
		"an empty file":                                   {nobody, "", " ", "", "", ErrNotFound},
		"no DHCP client at all":                           {nobody, "", "", "", "", ErrUnsupported},
		"the first one that gives an address is believed": {nm(nmLease), networkdSample, "", "http://wpad.corp.example:8080/wpad.dat?a=b", "eth0", nil},
		"one that gives none leaves it to the next one":   {nm("DHCP4.OPTION[1]:a = b\n"), networkdSample, "", want, "networkd", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put := func(name, text string) []string {
				if text != "" {
					must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
				}
				return []string{filepath.Join(dir, name+"*")}
			}
			url, where, err := offered(t.Context(), c.manager, put("networkd", c.networkd), put("dhclient", c.dhclient), now)
			if url != c.want || !strings.Contains(where, c.where) {
				t.Errorf("got %q from %q, want %q", url, where, c.want)
			}
			if c.err == errAny && (err == nil || Absent(err) || errors.Is(err, ErrUnsupported)) || c.err != errAny && !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
		})
	}
}

func TestOfferedOfThisMachine(t *testing.T) {
	url, where, err := Local().Proxies.Offered(t.Context())
	t.Logf("%q from %q, %v", url, where, err)
	if (err == nil) != (url != "" && where != "") {
		t.Errorf("%q from %q, %v", url, where, err)
	}
}

func FuzzLeases(f *testing.F) {
	f.Add(fmt.Sprintf(dhclientSample, `unknown-252 "http://w\000\"\\"`, "never"))
	f.Add(fmt.Sprintf(dhclientSample, `wpad 68:74`, "epoch 9"))
	f.Add(networkdSample)
	f.Add(nmLease)
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []func(string) (string, error){
			networkdLease,
			func(s string) (string, error) { return dhclientLease(s, time.Unix(1e9, 0)) },
			func(s string) (string, error) { u, _, err := nmWPAD(s); return u, err },
		} {
			if u, err := read(s); err == nil && (u == "" || len(u) > maxWPAD || strings.ContainsAny(u, "\x00\x1b\n")) {
				t.Errorf("%q gives %q", s, u)
			}
		}
	})
}
