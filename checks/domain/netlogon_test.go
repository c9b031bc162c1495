package domain

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// sambaLogon is what Samba 4.17 answers to logonQuery(7, "corp.example"), sambaEmpty what it answers for another domain.
const (
	sambaLogon = "307602010764710400306d306b04086e65746c6f676f6e315f045d17000000fd1300001f2d83e81b4be344931e9e8a8dd6732704636f7270076578616d706c6500" +
		"c01803646331c01804434f5250000344433100001744656661756c742d46697273742d536974652d4e616d6500c03a05000000ffffffff300c02010765070a010004000400"
	sambaEmpty = "300c02010765070a010004000400"
)

func raw(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRealNetlogonAnswerIsUnderstood(t *testing.T) {
	got, err := parseLogon(raw(t, sambaLogon), 7)
	want := logonInfo{Flags: 0x13fd, Domain: "corp.example", Forest: "corp.example", Host: "dc1.corp.example", Flat: "CORP",
		Site: "Default-First-Site-Name", Near: "Default-First-Site-Name"}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := parseLogon(raw(t, sambaEmpty), 7); !errors.Is(err, errEmpty) {
		t.Errorf("an empty one: %v", err)
	}
}

func TestNetlogonQuestion(t *testing.T) {
	const want = "304e020103" + "6349" + "0400" + "0a0100" + "0a0100" + "020100" + "020100" + "010100" +
		"a02a" + "a319" + "0409446e73446f6d61696e" + "040c636f72702e6578616d706c65" + "a30d" + "04054e74566572" + "040406000000" + "300a" + "04084e65746c6f676f6e"
	if got := hex.EncodeToString(logonQuery(3, "corp.example")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if strings.Contains(string(logonQuery(3, "")), "DnsDomain") {
		t.Error("it names a domain where none is known")
	}
}

func TestNetlogonAnswers(t *testing.T) {
	value := func(op uint16) []byte {
		return netlogonValue(op, 1, "corp.example", "dc1.corp.example", "CORP", "Home", "")
	}
	cut := func(n int) []byte { return entryAnswer(7, value(opResponseEX)[:n]) }
	long := netlogonValue(opResponseEX, 1, strings.Repeat(strings.Repeat("a", 60)+".", 5)+"x", "dc1", "CORP", "", "")
	loop := append(make([]byte, 24), 0xc0, 24)
	loop[0] = opResponseEX
	ahead := append(make([]byte, 24), 0xc0, 26, 0, 0)
	ahead[0] = opResponseEX
	referral := put(tagSequence, putInteger(tagInteger, 7), put(tagApplication|19, putString(tagOctets, "ldap://elsewhere.example")))
	// Active Directory writes every length in four bytes.
	wide := func(b []byte) []byte {
		e, rest, err := next(b)
		if err != nil || len(rest) > 0 {
			t.Fatal(err)
		}
		n := len(e.body)
		return append([]byte{e.tag, 0x84, 0, 0, byte(n >> 8), byte(n)}, e.body...)
	}
	entry := entryAnswer(7, value(opResponseEX))
	entry = entry[:len(entry)-len(emptyAnswer(7))]
	for name, c := range map[string]struct {
		b    []byte
		is   error // nil: it is read
		text string
	}{
		"lengths of four bytes are no BER":               {wide(entry), nil, "corp.example"},
		"a paused controller looks healthy":              {entryAnswer(7, value(opPausedEX)), nil, "paused"},
		"an unknown account hides the controller":        {entryAnswer(7, value(opUnknownEX)), nil, "corp.example"},
		"a referral before the entry ends the search":    {append(referral, entry...), nil, "corp.example"},
		"an answer to another question is taken":         {entryAnswer(8, value(opResponseEX)), errOther, ""},
		"a refused search is an answer":                  {put(tagSequence, putInteger(tagInteger, 7), put(ldapDone, putInteger(tagEnum, 1), put(tagOctets), put(tagOctets))), errEmpty, "result 1"},
		"an entry without the attribute is an answer":    {put(tagSequence, putInteger(tagInteger, 7), put(ldapEntry, put(tagOctets), put(tagSequence))), errEmpty, ""},
		"the layout of Windows 2000 is read as today's":  {entryAnswer(7, value(opResponse)), errOlder, ""},
		"a question is an answer":                        {entryAnswer(7, value(18)), nil, "!operation code 18"},
		"flags that are cut off are read":                {cut(7), errShort, ""},
		"names that are cut off are read":                {cut(40), errShort, ""},
		"a version that is cut off is read":              {cut(len(value(opResponseEX)) - 5), errShort, ""},
		"a name longer than DNS allows is read":          {entryAnswer(7, long), errLength, ""},
		"a name that leads to itself hangs":              {entryAnswer(7, loop), nil, "!circles"},
		"a name that leads ahead is read":                {entryAnswer(7, ahead), nil, "!circles"},
		"nothing is an answer":                           {nil, errShort, ""},
		"half a datagram is read":                        {entry[:len(entry)/2], errShort, ""},
		"a length beyond all bounds is believed":         {[]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0}, errLength, ""},
		"an indefinite length is read":                   {[]byte{0x30, 0x80, 0, 0}, errLength, ""},
		"a web server is a controller":                   {[]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), nil, "!"},
		"a message of more parts than fit is read whole": {put(tagSequence, []byte(strings.Repeat("\x02\x01\x07", maxElements+1))), errMany, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseLogon(c.b, 7)
			text, bad := strings.CutPrefix(c.text, "!")
			switch {
			case c.is != nil && (!errors.Is(err, c.is) || !strings.Contains(err.Error(), text)), c.is == nil && bad != (err != nil):
				t.Errorf("%+v, %v", got, err)
			case bad && !strings.Contains(err.Error(), text), err == nil && !strings.Contains(got.String(), text):
				t.Errorf("%s, %v", got, err)
			case err != nil && got != logonInfo{}:
				t.Errorf("an error and %+v", got)
			}
		})
	}
}

func TestNamesKeepNothingForATerminal(t *testing.T) {
	value := netlogonValue(opResponseEX, 0, "corp.example", "dc1.corp.example", "CORP", "\x1b[2Jx\u202e\u009b\xff", "a\nb")
	got, err := parseNetlogon(value)
	if err != nil || got.Site != "?[2Jx????" && got.Site != "?[2Jx???" || got.Near != "a?b" {
		t.Errorf("%q %q, %v", got.Site, got.Near, err)
	}
}

func FuzzNetlogon(f *testing.F) {
	f.Add(raw(f, sambaLogon))
	f.Add(raw(f, sambaEmpty))
	f.Add(entryAnswer(7, netlogonValue(opPausedEX, 0xffffffff, "a.b", "c.a.b", "A", "", "")))
	f.Add(rootAnswer("corp.example"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if root, err := parseRoot(b); err == nil && (!utf8.ValidString(root.Host+root.Domain) || strings.ContainsAny(root.Host+root.Domain, "\x00\x1b\n\r")) {
			t.Errorf("%+v", root)
		}
		got, err := parseLogon(b, 7)
		if err != nil {
			if got != (logonInfo{}) {
				t.Errorf("an error and %+v", got)
			}
			return
		}
		for _, s := range []string{got.Domain, got.Forest, got.Host, got.Flat, got.Site, got.Near, got.String()} {
			if len(s) > 6*maxName || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\n\r\u202e") {
				t.Errorf("%q", s)
			}
		}
	})
}
