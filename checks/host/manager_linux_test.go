package host

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestProxiesOfNetworkManager(t *testing.T) {
	for name, c := range map[string]struct {
		out  string
		want []string // modes, PAC address, error
		raw  string
	}{
		"a script by its address": {"connection.id:Office\nproxy.method:auto\nproxy.pac-url:http://w:8080/p.pac\nproxy.pac-script:\n",
			[]string{"pac http://w:8080/p.pac"}, "proxy.method auto"},
		"automatic without an address is WPAD":        {"connection.id:Office\nproxy.method:auto\nproxy.pac-url:\nproxy.pac-script:\n", []string{"auto "}, "auto"},
		"a script in the connection is told, not run": {"connection.id:Office\nproxy.method:auto\nproxy.pac-url:\nproxy.pac-script:function FindProxyForURL(url, host) {\n return \"DIRECT\" }\n", []string{"pac  error"}, "pac-script of 56 bytes"},
		"no proxy at all is one setting":              {"connection.id:Office\nproxy.method:none\nproxy.pac-url:\n\nconnection.id:lo\nproxy.method:none\n", []string{" "}, "Office, lo"},
		"the one with a proxy stands for itself":      {"connection.id:lo\nproxy.method:none\n\nconnection.id:VPN\nproxy.method:auto\nproxy.pac-url:http://v/p\n", []string{"pac http://v/p"}, "auto"},
		"numbers mean the same":                       {"connection.id:a\nproxy.method:1\nproxy.pac-url:http://v/p\n\nconnection.id:b\nproxy.method:0\n", []string{"pac http://v/p"}, "1"},
		"a method that nobody knows is an error":      {"connection.id:a\nproxy.method:manual\n", []string{"  error"}, "manual"},
		"nothing is no setting":                       {"", nil, ""},
		"lines before a connection belong to nobody":  {"proxy.pac-url:http://evil/p\nproxy.method:auto\n", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range managerSettings(Setting{Source: "NetworkManager", Whose: "everybody", Where: "nmcli"}, c.out) {
				var modes []string
				for _, m := range s.Modes {
					modes = append(modes, string(m))
				}
				one := strings.Join(modes, ",") + " " + s.PACURL
				if s.Err != nil {
					one += " error"
				}
				got = append(got, one)
				if s.Source != "NetworkManager" || s.Where == "" || !strings.Contains(s.Raw, c.raw) {
					t.Errorf("%+v", s)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSettingsOfThisMachine(t *testing.T) {
	for _, s := range Local().Proxies.Settings(t.Context()) {
		if s.Source == "" || s.Whose == "" || s.Where == "" || s.Raw == "" && s.Err == nil || errors.Is(s.Err, ErrUnsupported) {
			t.Errorf("%+v", s)
		}
	}
}
