package domain

import (
	"net"
	"strings"
	"testing"
)

func TestRootAnswers(t *testing.T) {
	one := func(name, value string) []byte {
		return put(tagSequence, putInteger(tagInteger, rootID), put(ldapEntry, put(tagOctets), put(tagSequence,
			put(tagSequence, putString(tagOctets, name), put(tagSet, putString(tagOctets, value))))))
	}
	for name, c := range map[string]struct {
		b    []byte
		want rootInfo
		bad  bool
	}{
		"a controller's directory":                      {rootAnswer("corp.example"), rootInfo{"dc1.corp.example", "corp.example"}, false},
		"a directory without a name is left out":        {one("DEFAULTNAMINGCONTEXT", "dc=Corp, dc=example"), rootInfo{"an unnamed server", "Corp.example"}, false},
		"a directory of people is a domain":             {one("defaultNamingContext", "o=Example,c=DE"), rootInfo{}, true},
		"a directory that keeps its base secret is one": {emptyAnswer(rootID), rootInfo{}, true},
		"escapes reach the screen":                      {one("defaultNamingContext", "DC=a\x1b[2J"), rootInfo{"an unnamed server", "a?[2J"}, false},
		"a base without an end is read":                 {one("defaultNamingContext", "DC="+strings.Repeat("a", 5000)), rootInfo{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseRoot(c.b)
			if got != c.want || (err != nil) != c.bad {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// The answer comes in pieces; it is read when it is whole, and never beyond all bounds.
func TestRootIsReadInPieces(t *testing.T) {
	ask := func(answer func(net.Conn)) (rootInfo, error) {
		here, there := net.Pipe()
		defer here.Close()
		go func() {
			defer there.Close()
			_, _ = there.Read(make([]byte, 1000))
			answer(there)
		}()
		return askRoot(here)
	}
	got, err := ask(func(c net.Conn) {
		for _, b := range rootAnswer("corp.example") {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
		}
	})
	if err != nil || got.Domain != "corp.example" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = ask(func(c net.Conn) {
		_, err := c.Write([]byte{tagSequence, 0x82, 0xff, 0xff})
		for err == nil {
			_, err = c.Write(make([]byte, 4096))
		}
	})
	if err == nil || got != (rootInfo{}) {
		t.Errorf("%+v, %v", got, err)
	}
}
