package domain

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sambaPreauth is what Samba 4.17 answers to ticketQuery for an account of its own, sambaUnknown for none.
const (
	sambaPreauth = "7e82014430820140a003020105a10302011ea411180f32303236313132333030323831365aa5050203047a08a603020119a70e1b0c434f52502e4558414d504c45" +
		"a8143012a003020101a10b30091b074d454d42455224a90e1b0c434f52502e4558414d504c45aa21301fa003020102a11830161b066b72627467741b0c434f52502e4558414d504c45" +
		"ab2b1b294e65656420746f207573652050412d454e432d54494d455354414d502f50412d504b2d41532d524551ac818e04818b3081883009a103020110a20204003009a10302010f" +
		"a2020400300aa10402020093a20204003009a103020102a2020400300aa10402020088a2020400300aa1040202028fa20204003041a103020113a23a043830363034a003020112" +
		"a1251b23434f52502e4558414d504c45686f73746d656d6265722e636f72702e6578616d706c65a206040400001000"
	sambaUnknown = "7e8185308182a003020105a10302011ea411180f32303236313132333030323831365aa5050203047defa603020106a70e1b0c434f52502e4558414d504c45" +
		"a8143012a003020101a10b30091b074e4f424f445924a90e1b0c434f52502e4558414d504c45aa21301fa003020102a11830161b066b72627467741b0c434f52502e4558414d504c45"
)

var noon = time.Date(2026, 11, 23, 0, 28, 10, 0, time.UTC)

func TestRealKerberosAnswersAreUnderstood(t *testing.T) {
	want := ticketInfo{Realm: "CORP.EXAMPLE", Code: 25, Text: "KDC_ERR_PREAUTH_REQUIRED", Skew: 6 * time.Second, Clock: true, Server: "krbtgt/CORP.EXAMPLE"}
	if got, err := parseTicket(raw(t, sambaPreauth), noon); err != nil || got != want || !got.knows() {
		t.Errorf("%+v, %v", got, err)
	}
	want.Code, want.Text = 6, "KDC_ERR_C_PRINCIPAL_UNKNOWN"
	got, err := parseTicket(raw(t, sambaUnknown), noon)
	if err != nil || got != want || got.knows() {
		t.Errorf("%+v, %v", got, err)
	}
	if s := got.String(); s != "KDC_ERR_C_PRINCIPAL_UNKNOWN (6) from CORP.EXAMPLE, its clock is 6s ahead of this computer's" {
		t.Error(s)
	}
}

// ticketAnswer is the envelope of a ticket, which is given only to accounts that need no proof.
func ticketAnswer(realm string) []byte {
	return put(tagApplication|asReply, put(tagSequence,
		putField(0, putInteger(tagInteger, 5)), putField(1, putInteger(tagInteger, asReply)),
		putField(3, putString(tagString, realm)), putField(5, put(tagApplication|1)), putField(6, put(tagSequence))))
}

func TestKerberosAnswers(t *testing.T) {
	failure := func(fields ...[]byte) []byte {
		return put(tagApplication|krbError, put(tagSequence, fields...))
	}
	number := func(field byte, n uint32) []byte { return putField(field, putInteger(tagInteger, n)) }
	realm := putField(9, putString(tagString, "R"))
	for name, c := range map[string]struct {
		b    []byte
		want string // "!": an error with that text
	}{
		"a ticket is an error":                         {ticketAnswer("CORP.EXAMPLE"), "a ticket from CORP.EXAMPLE"},
		"a ticket without a realm is read":             {put(tagApplication|asReply, put(tagSequence, number(0, 5), number(1, asReply))), "!realm"},
		"a number that nobody knows has no name":       {failure(number(0, 5), number(1, krbError), number(6, 77), realm), "Kerberos error 77 (77) from R"},
		"an error without its number is read":          {failure(number(0, 5), number(1, krbError), realm), "!number"},
		"an error without a realm is read":             {failure(number(0, 5), number(1, krbError), number(6, 25)), "!realm"},
		"a realm longer than DNS allows is read":       {failure(number(0, 5), number(1, krbError), number(6, 25), putField(9, putString(tagString, strings.Repeat("R", 300)))), "!realm"},
		"Kerberos 4 is read":                           {failure(number(0, 4), number(1, krbError), number(6, 25), realm), "!field 0 is 4"},
		"an error that calls itself a ticket is read":  {failure(number(0, 5), number(1, asReply), number(6, 25), realm), "!field 1 is 11"},
		"a number of more than 32 bits is read":        {failure(number(0, 5), number(1, krbError), putField(6, put(tagInteger, make([]byte, 5))), realm), "!number"},
		"a request is an answer":                       {ticketQuery("R", "PC$", 1), "!tag 0x6a"},
		"a web server is a Kerberos server":            {[]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), "!"},
		"nothing is an answer":                         {nil, "!ends too early"},
		"a clock that is no time hides the error":      {failure(number(0, 5), number(1, krbError), putField(4, putString(tagTime, "yesterday")), number(6, 25), realm), "KDC_ERR_PREAUTH_REQUIRED (25) from R"},
		"a realm with escapes reaches the screen":      {failure(number(0, 5), number(1, krbError), number(6, 25), putField(9, putString(tagString, "R\x1b[2J"))), "from R?[2J"},
		"a clock behind looks like one that is ahead":  {krbAnswer("r", 25, noon.Add(-time.Hour)), "1h0m0s behind"},
		"a second's difference is called a wrong time": {krbAnswer("r", 25, noon.Add(time.Second)), "from R"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseTicket(c.b, noon)
			want, bad := strings.CutPrefix(c.want, "!")
			switch {
			case bad != (err != nil):
				t.Errorf("%+v, %v", got, err)
			case bad && !strings.Contains(err.Error(), want), !bad && !strings.HasSuffix(got.String(), want) && !strings.Contains(got.String(), "its clock"):
				t.Errorf("%q, %v; want %q", got, err, want)
			case !bad && strings.Contains(want, "behind") != strings.Contains(got.String(), "behind"):
				t.Errorf("%q", got)
			}
		})
	}
}

func TestTheRequestIsTheComputersOwn(t *testing.T) {
	for computer, want := range map[string]string{"pc-7": "PC-7$", "pc-7.corp.example": "PC-7$", "A-VERY-LONG-COMPUTER-NAME": "A-VERY-LONG-COM$"} {
		if got := account(computer); got != want {
			t.Errorf("%s: %s", computer, got)
		}
	}
	q := ticketQuery("corp.example", "PC-7$", 1<<32-1)
	e, rest, err := next(q)
	if err != nil || len(rest) > 0 || e.tag != tagApplication|asRequest {
		t.Fatalf("%x, %v", q, err)
	}
	for _, part := range []string{"PC-7$", "CORP.EXAMPLE", "krbtgt", "20370913024805Z", "\xa7\x06\x02\x04\x7f\xff\xff\xff"} {
		if !strings.Contains(string(q), part) {
			t.Errorf("no %q in %q", part, q)
		}
	}
	if strings.Contains(string(q), "\xa3\x0b") { // a field of what proves who asks
		t.Error("it brings a proof")
	}
}

func FuzzKerberos(f *testing.F) {
	f.Add(raw(f, sambaPreauth))
	f.Add(raw(f, sambaUnknown))
	f.Add(ticketAnswer("R"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseTicket(b, noon)
		if err != nil {
			if got != (ticketInfo{}) {
				t.Errorf("an error and %+v", got)
			}
			return
		}
		for _, s := range []string{got.Realm, got.Server, got.String()} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\n\r\u202e") {
				t.Errorf("%q", s)
			}
		}
		if len(got.Realm) > 3*maxName {
			t.Errorf("a realm of %d bytes", len(got.Realm))
		}
	})
}
