package proxy

import (
	"bytes"
	"encoding/hex"
	"strings"
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

// encoded writes a setting as Internet Options and WinHTTP keep it.
func (c connection) encoded(version uint32, pac bool) []byte {
	flags := uint32(1)
	for bit, on := range map[uint32]bool{flagManual: c.manual, flagPAC: c.pac, flagAuto: c.auto} {
		if on {
			flags |= bit
		}
	}
	parts := []string{c.proxy, c.bypass}
	if pac {
		parts = append(parts, c.pacURL)
	}
	return blob(version, flags, parts...)
}

// bounded reports a text of a value that is longer than the value has room for, or stands nowhere in it.
func bounded(t *testing.T, b []byte, c connection) {
	t.Helper()
	total := 0
	for _, s := range []string{c.proxy, c.bypass, c.pacURL} {
		if total += len(s); !bytes.Contains(b, []byte(s)) {
			t.Errorf("%q does not stand in the value", s)
		}
	}
	if total > max(0, len(b)-16) {
		t.Errorf("%d bytes of text out of %d", total, len(b))
	}
}

func FuzzConnections(f *testing.F) {
	whole := blob(0x46, 15, "gw:8080", "*.corp;<local>", "http://pac/x.pac")
	for _, b := range [][]byte{whole, blob(0x46, 3)[:10], whole[:20], blob(0x3c, 5, "", "", "http://pac/x.pac"), blob(0x46, 1), blob(0x46, 9, "", "", ""),
		append(blob(0x46, 3), 0xff, 0xff, 0xff, 0xff), append(whole, make([]byte, 32)...), nil} {
		f.Add(b, "gw:8080", "<local>", "http://pac/x.pac", uint8(7))
	}
	f.Fuzz(func(t *testing.T, b []byte, proxy, bypass, pac string, flags uint8) {
		c, err := parseConnections(b)
		if err != nil && c != (connection{}) {
			t.Error("an error and a setting")
		}
		if err != nil && len(proxy) > 8 && strings.Contains(err.Error(), proxy) {
			t.Error("the error tells what stands in the value")
		}
		bounded(t, b, c)
		if strings.Contains(proxy+bypass+pac, "\x00") {
			return // a zero ends a text
		}
		want := connection{manual: flags&1 != 0, pac: flags&2 != 0, auto: flags&4 != 0, proxy: proxy, bypass: bypass, pacURL: pac}
		value := append(want.encoded(0x46, true), b...) // what follows is not looked at
		if got, err := parseConnections(value); err != nil || got != want {
			t.Errorf("%+v became %+v, %v", want, got, err)
		}
		// However short it is cut, what is read is the beginning of the truth or an error.
		for n := range value[:min(len(value), 64)] {
			got, err := parseConnections(value[:n])
			if err == nil && (got.manual != want.manual || got.auto != want.auto || got.pac != want.pac || got.manual && got.proxy != proxy || got.pac && got.pacURL != pac) {
				t.Errorf("cut to %d bytes %+v became %+v", n, want, got)
			}
		}
	})
}

func FuzzWinHTTP(f *testing.F) {
	direct, _ := hex.DecodeString("1800000000000000010000000000000000000000") // Microsoft's KB4494447
	for _, b := range [][]byte{direct, blob(0x18, 3, "gw:8080", "<local>"), blob(0x28, 3, "gw:8080", "<local>"), {0x18, 0, 0, 0},
		append(blob(0x18, 3), 0xff, 0xff, 0xff, 0x7f), blob(0x18, 3, "gw:8080")[:19], blob(0x18, 13, "", "")} {
		f.Add(b, "gw:8080", "*.corp;<local>", true)
	}
	f.Fuzz(func(t *testing.T, b []byte, proxy, bypass string, manual bool) {
		c, err := parseWinHTTP(b)
		if err != nil && c != (connection{}) {
			t.Error("an error and a setting")
		}
		if c.pac || c.auto || c.manual && len(b) < 16 {
			t.Errorf("%d bytes gave %+v", len(b), c)
		}
		bounded(t, b, c)
		if strings.Contains(proxy+bypass, "\x00") {
			return
		}
		want := connection{manual: manual, proxy: proxy, bypass: bypass}
		if got, err := parseWinHTTP(append(want.encoded(0x18, false), b...)); err != nil || got != want {
			t.Errorf("%+v became %+v, %v", want, got, err)
		}
	})
}
