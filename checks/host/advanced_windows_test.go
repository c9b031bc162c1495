package host

import (
	"errors"
	"slices"
	"testing"
)

func TestAdvancedProxy(t *testing.T) {
	for name, c := range map[string]struct {
		out         string
		modes       []Mode
		server, pac string
		bypass      []string
		err         error
	}{
		"a proxy with exceptions, behind translated words": {"\r\nAktuelle erweiterte WinHTTP-Proxyeinstellungen:\r\n\r\n{\r\n  \"ProxyIsEnabled\": true,\r\n  \"Proxy\": \"http=p:3128;https=p:3129\",\r\n" +
			"  \"ProxyBypass\": \"<local>;*.corp.example\",\r\n  \"AutoConfigIsEnabled\": false,\r\n  \"AutoconfigUrl\": \"\",\r\n  \"AutoDetect\": false,\r\n  \"PerUserProxySettings\": true\r\n}\r\n\x81",
			[]Mode{Manual}, "http=p:3128;https=p:3129", "", []string{"<local>", "*.corp.example"}, nil},
		"everything, in the order in which it is tried": {`{"ProxyIsEnabled":true,"Proxy":"p:3128","AutoConfigIsEnabled":true,"AutoconfigUrl":"http://w/p.pac","AutoDetect":true}`,
			[]Mode{Auto, PAC, Manual}, "p:3128", "http://w/p.pac", nil, nil},
		"what is written but switched off is not used":  {`{"ProxyIsEnabled":false,"Proxy":"p:3128","ProxyBypass":"x","AutoConfigIsEnabled":false,"AutoconfigUrl":"http://w/p.pac"}`, nil, "", "", nil, nil},
		"nothing set is direct":                         {`{"ProxyIsEnabled":false,"AutoDetect":false}`, nil, "", "", nil, nil},
		"a Windows without it":                          {"The following command was not found: winhttp show advproxy.\r\n", nil, "", "", nil, ErrUnsupported},
		"an empty stub":                                 {"", nil, "", "", nil, ErrUnsupported},
		"an object that is cut is an error, not direct": {`{"ProxyIsEnabled": true, "Pro`, nil, "", "", nil, errAny},
		"an object of other things is an error":         {`{"ProxyIsEnabled": "yes"}`, nil, "", "", nil, errAny},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := advancedSetting(Setting{Where: "netsh"}, c.out)
			if c.err == errAny {
				if err == nil || errors.Is(err, ErrUnsupported) {
					t.Errorf("error %v", err)
				}
			} else if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if !slices.Equal(s.Modes, c.modes) || s.Server != c.server || s.PACURL != c.pac || !slices.Equal(s.Bypass, c.bypass) || err == nil && s.Raw == "" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestAdvancedProxyOfThisMachine(t *testing.T) {
	for _, s := range askAdvanced(t.Context()) {
		if underWine() {
			t.Errorf("Wine's netsh prints nothing, but there is %+v", s)
		}
		if s.Err == nil && s.Raw == "" {
			t.Errorf("no evidence: %+v", s)
		}
	}
}
