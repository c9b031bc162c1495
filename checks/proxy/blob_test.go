package proxy

import (
	"encoding/hex"
	"testing"
)

func TestBinaryInternetOptionsAreReadByTheirFlags(t *testing.T) {
	whole := blob(0x46, 15, "gw:8080", "*.corp;<local>", "http://pac/x.pac")
	cases := map[string]struct {
		in   []byte
		want connection
		bad  bool
	}{
		"direct":                                     {blob(0x46, 1, "", "", ""), connection{}, false},
		"a proxy that is switched on":                {blob(0x46, 3, "gw:8080", "<local>", ""), connection{manual: true, proxy: "gw:8080", bypass: "<local>"}, false},
		"a proxy that is switched off":               {blob(0x46, 1, "gw:8080", "", ""), connection{proxy: "gw:8080"}, false},
		"a PAC file":                                 {blob(0x3c, 5, "", "", "http://pac/x.pac"), connection{pac: true, pacURL: "http://pac/x.pac"}, false},
		"automatic search":                           {blob(0x46, 9, "", "", ""), connection{auto: true}, false},
		"everything at once, with more behind":       {append(whole, 1, 2, 3), connection{true, true, true, "gw:8080", "*.corp;<local>", "http://pac/x.pac"}, false},
		"flags alone are enough for direct":          {blob(0x46, 1), connection{}, false},
		"flags alone are not enough for a proxy":     {blob(0x46, 3), connection{}, true},
		"a proxy that is cut off":                    {whole[:20], connection{}, true},
		"a PAC file that is cut off":                 {blob(0x46, 4, "", ""), connection{}, true},
		"a length far beyond the value":              {append(blob(0x46, 3), 0xff, 0xff, 0xff, 0xff), connection{}, true},
		"an empty value":                             {nil, connection{}, true},
		"something else in its place":                {[]byte("http://gw:8080/"), connection{}, true},
		"a proxy that ends with a zero is read well": {blob(0x46, 3, "gw:8080\x00", "", ""), connection{manual: true, proxy: "gw:8080"}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parseConnections(c.in)
			if (err != nil) != c.bad || got != c.want {
				t.Errorf("got %+v, %v; want %+v, error %v", got, err, c.want, c.bad)
			}
		})
	}
}

func TestBinaryWinHTTPSettingsAreReadByTheirFlags(t *testing.T) {
	direct, err := hex.DecodeString("1800000000000000010000000000000000000000") // Microsoft's KB4494447
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		in   []byte
		want connection
		bad  bool
	}{
		"Microsoft's example of direct":          {direct, connection{}, false},
		"a proxy with exceptions":                {blob(0x28, 3, "gw:8080", "<local>"), connection{manual: true, proxy: "gw:8080", bypass: "<local>"}, false},
		"a proxy without its exceptions":         {blob(0x18, 3, "gw:8080"), connection{manual: true, proxy: "gw:8080"}, false},
		"a proxy that is cut off":                {blob(0x18, 3, "gw:8080")[:19], connection{}, true},
		"a value of eleven bytes":                {direct[:11], connection{}, true},
		"a length far beyond the value":          {append(blob(0x18, 3), 0xff, 0xff, 0xff, 0x7f), connection{}, true},
		"flags of a PAC file mean nothing there": {blob(0x18, 13, "", ""), connection{}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parseWinHTTP(c.in)
			if (err != nil) != c.bad || got != c.want {
				t.Errorf("got %+v, %v; want %+v, error %v", got, err, c.want, c.bad)
			}
		})
	}
}

func FuzzConnections(f *testing.F) {
	f.Add(blob(0x46, 15, "gw:8080", "*.corp", "http://pac/x.pac"))
	f.Add(blob(0x46, 3)[:10])
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseConnections(b)
		if err != nil && c != (connection{}) {
			t.Error("an error and a setting")
		}
		if n := len(c.proxy) + len(c.bypass) + len(c.pacURL); n > len(b) {
			t.Errorf("%d bytes of text out of %d", n, len(b))
		}
	})
}

func FuzzWinHTTP(f *testing.F) {
	f.Add(blob(0x18, 3, "gw:8080", "<local>"))
	f.Add([]byte{0x18, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseWinHTTP(b)
		if err != nil && c != (connection{}) {
			t.Error("an error and a setting")
		}
		if c.pac || c.auto || c.manual && len(b) < 16 {
			t.Errorf("%d bytes gave %+v", len(b), c)
		}
	})
}
