package proxy

import (
	"strings"
	"testing"
)

func FuzzMask(f *testing.F) {
	for _, s := range [][4]string{
		{"http", "bob", "pw", "gw:1"}, {"https=http", "bob", "p@w", "gw:1"}, {"", "", "", "gw"}, {"http", "CORP\\bob", "p;w", "gw:1;http=b:2"},
		{"socks5", "bob", "p w", "[::1]:80/"}, {"a=b=http", "x:y", "\x00\n", "gw:1, except <local>"}, {"access type 3, proxy \"http", "u", "p%40x", "gw:8080\", bypass \"a@b\""},
		{"http", "bob", "//", "gw/x@y"}, {"mode \"manual\", https=http", "bob", "é\xff", "gw"}, {"0", "0", "//", ":@"}, {"http", "", "//", ":x@"},
	} {
		f.Add(s[0], s[1], s[2], s[3])
	}
	f.Fuzz(func(t *testing.T, before, name, more, behind string) {
		const secret = "C4n4ryGeheim"
		for _, password := range []string{secret + more, more + secret, more + secret + more} {
			for _, sep := range []string{"://", ""} {
				for _, at := range []string{"@", "%40"} {
					raw := before + sep + name + ":" + password + at + behind
					got := mask(raw)
					if strings.Contains(got, secret) && !strings.Contains(before+name+behind, secret) {
						t.Fatalf("%q is shown as %q", raw, got)
					}
					if len(got) > 310 || strings.ContainsFunc(got, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) {
						t.Fatalf("%q cannot be shown on a line", got)
					}
				}
			}
		}
		// What has no login is shown as it stands, as far as a line can hold it.
		if plain := before + behind; !strings.ContainsAny(plain, "@%") && len(plain) < 300 && clean(plain, 300) != mask(plain) {
			t.Errorf("%q is hidden as %q", plain, mask(plain))
		}
	})
}
