package probe

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestAnswers(t *testing.T) {
	rule4 := assets.Expect{Status: []int{200}, BodyLength: four()}
	sized := func(body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	gives := func(e assets.Expect, raw string) func(*lab) { return func(l *lab) { l.expect(e); l.says(raw) } }
	plain := func(e assets.Expect, raw string) func(*lab) { return func(l *lab) { l.expect(e); l.plain(raw) } }
	for name, s := range map[string]scene{
		"3 bytes are not the 4-byte file": {set: gives(rule4, sized("abc")),
			want: checks.WrongContent, at: checks.Content, args: map[string]string{"length": "3", "difference": "3 bytes instead of 4"}},
		"the 4-byte file is the vendor":   {set: gives(rule4, sized("\x00\x01\x02\x03")), args: map[string]string{"length": "4"}},
		"5 bytes are not the 4-byte file": {set: gives(rule4, sized("abcde")), want: checks.WrongContent, at: checks.Content},
		"a line feed is a fifth byte":     {set: gives(rule4, sized("abc\r\n")), want: checks.WrongContent, at: checks.Content},
		"4 bytes in chunks are 4 bytes": {set: gives(rule4, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"),
			args: map[string]string{"length": "4"}},
		"4 bytes with an error status are not the file": {set: gives(rule4, "HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nabcd"),
			want: checks.BadStatus, at: checks.Content},
		"4 bytes announced and 3 sent are 3": {set: gives(rule4, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"),
			want: checks.WrongContent, at: checks.Content, args: map[string]string{"incomplete": "yes"}},
		"OK in capitals and with blanks is ok": {set: gives(assets.Expect{Body: "ok"}, ok(" OK \r\n"))},
		"okay is not ok": {set: gives(assets.Expect{Body: "ok"}, ok("okay")),
			want: checks.WrongContent, at: checks.Content, args: map[string]string{"difference": `"okay" instead of "ok"`}},
		"a part of the body is enough where that is expected": {set: gives(assets.Expect{BodyContains: "Success"}, ok("<b>Success</b>"))},
		"a missing part of the body is told": {set: gives(assets.Expect{BodyContains: "Success"}, ok("Failure")),
			want: checks.WrongContent, at: checks.Content},
		"a content type is compared without its parameters": {set: gives(assets.Expect{ContentType: "text/plain"}, "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; charset=utf-8\r\n\r\n")},
		"another content type is told": {set: gives(assets.Expect{ContentType: "application/octet-stream"}, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
			want: checks.WrongContent, at: checks.Content},

		"a block page with status 200 is no success": {set: gives(rule4, ok("<p>Webfilter Violation</p>")),
			want: checks.BlockPage, at: checks.Content, args: map[string]string{"middlebox": "FortiGate", "rule": "fortigate.violation"}},
		"a block page is seen where nothing is expected": {set: gives(assets.Expect{}, ok("<p>Webfilter Violation</p>")),
			want: checks.BlockPage, at: checks.Content},
		"a weak sign counts beside wrong content": {set: gives(rule4, "HTTP/1.1 403 Forbidden\r\n\r\nThis site is locked"),
			want: checks.BlockPage, at: checks.Content},
		"a weak sign alone proves nothing":                           {set: gives(assets.Expect{}, "HTTP/1.1 403 Forbidden\r\n\r\nThis site is locked"), code: Answered},
		"an answer as expected is the vendor's whatever its headers": {set: gives(assets.Expect{Body: "ok"}, "HTTP/1.1 200 OK\r\nX-Squid-Error: ERR_NONE\r\n\r\nok")},

		"an error of the vendor is a status": {set: gives(rule4, "HTTP/1.1 503 Service Unavailable\r\n\r\n"),
			want: checks.BadStatus, at: checks.Content, args: map[string]string{"status": "503 Service Unavailable"}},
		"a gateway's error is an answer where nothing is expected": {set: gives(assets.Expect{}, "HTTP/1.1 502 Bad Gateway\r\n\r\n"),
			want: checks.BadStatus, at: checks.Content, args: map[string]string{"status": "502"}},
		"404 is no answer where nothing is expected": {set: gives(assets.Expect{}, "HTTP/1.1 404 Not Found\r\n\r\n"), code: Answered},
		"a redirect is not followed": {set: gives(rule4, "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\n\r\n"),
			want: checks.BadStatus, at: checks.Content, args: map[string]string{"location": "https://elsewhere.example/"}},
		"a plain redirect to somebody else is a portal": {set: plain(assets.Expect{}, "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.test/?u=1\r\n\r\n"),
			want: checks.CaptivePortal, at: checks.Content, args: map[string]string{"location": "login.hotel.test"}},
		"a filter's redirect is no portal": {set: plain(assets.Expect{}, "HTTP/1.1 307 Moved\r\nLocation: https://gateway.zscaler.net/auD\r\n\r\n"),
			want: checks.BlockPage, at: checks.Content, args: map[string]string{"middlebox": "Zscaler"}},
		"a plain redirect within the vendor's names is no portal": {set: plain(assets.Expect{}, "HTTP/1.1 301 Moved\r\nLocation: https://www.vendor.example/\r\n\r\n"), code: Answered},
		"a plain address that leads to the same name with encryption is an error": {set: func(l *lab) {
			l.req.Endpoint.Required = false
			plain(rule4, "HTTP/1.1 301 Moved\r\nLocation: https://"+strings.ToUpper(vendor)+"/x\r\n\r\n")(l)
		}, code: Answered},
		"a needed plain address that leads elsewhere is open": {set: func(l *lab) {
			l.req.Endpoint.Required = true
			plain(rule4, "HTTP/1.1 301 Moved\r\nLocation: https://"+vendor+"/x\r\n\r\n")(l)
		}, want: checks.BadStatus, at: checks.Content},
		"a redirect that the vendor is known for is no portal": {set: plain(assets.Expect{Status: []int{302}}, "HTTP/1.1 302 Found\r\nLocation: http://cdn.test/\r\n\r\n")},
		"511 is a portal": {set: plain(assets.Expect{Status: []int{200}}, "HTTP/1.1 511 Network Authentication Required\r\n\r\n"),
			want: checks.CaptivePortal, at: checks.Content},
		"511 behind the vendor's certificate is the vendor's": {set: gives(rule4, "HTTP/1.1 511 Network Authentication Required\r\n\r\n"),
			want: checks.BadStatus, at: checks.Content},
		"a plain answer as expected is open": {set: plain(assets.Expect{Body: "ok"}, ok("ok"))},

		"informational answers are skipped": {set: gives(assets.Expect{Body: "ok"}, "HTTP/1.1 103 Early Hints\r\n\r\n"+ok("ok"))},
		"informational answers without end are not waited for": {set: gives(rule4, strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000)),
			want: checks.NotHTTP, at: checks.HTTP},
		"silence after the request": {set: func(l *lab) { l.up(secure(l.cert, mute)) },
			want: checks.NoAnswerHTTP, at: checks.HTTP, hurry: true},
		"a connection closed instead of an answer": {set: func(l *lab) { l.up(secure(l.cert, hangUp)) },
			want: checks.ResetLater, at: checks.HTTP},
		"an answer that is no HTTP": {set: func(l *lab) { l.up(secure(l.cert, say("220 mail ESMTP\r\n"))) },
			want: checks.NotHTTP, at: checks.HTTP},
		"a header of 10 MB is cut off": {set: func(l *lab) {
			l.up(secure(l.cert, answer("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 10<<20)+"\r\n\r\nok")))
		}, want: checks.NotHTTP, at: checks.HTTP, args: map[string]string{"error": "64 KiB"}},
		"a header without end is cut off": {set: func(l *lab) { l.up(secure(l.cert, endless("HTTP/1.1 200 OK\r\n", "X-Again: and again\r\n"))) },
			want: checks.NotHTTP, at: checks.HTTP},
		"a body without end is read to its bound": {set: func(l *lab) { l.expect(rule4); l.up(secure(l.cert, endless(ok(""), "aaaaaaaaaaaaaaaa"))) },
			want: checks.WrongContent, at: checks.Content, args: map[string]string{"length": "more than 65536"}},
		"a body without end passes where only the status counts": {set: func(l *lab) {
			l.expect(assets.Expect{Status: []int{200}})
			l.up(secure(l.cert, endless(ok(""), "aaaaaaaaaaaaaaaa")))
		}},
		"a chunked body without end is read to its bound": {set: func(l *lab) {
			l.expect(rule4)
			l.up(secure(l.cert, endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n")))
		}, want: checks.WrongContent, at: checks.Content},
		"a body that stops half-way is no answer": {set: func(l *lab) {
			l.expect(rule4)
			l.up(secure(l.cert, stall("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")))
		}, want: checks.NoAnswerHTTP, at: checks.Content, hurry: true, args: map[string]string{"incomplete": "yes", "length": "2"}},
		"a body that stops half-way passes where only the status counts": {set: func(l *lab) {
			l.expect(assets.Expect{Status: []int{200}})
			l.up(secure(l.cert, stall("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")))
		}, hurry: true},
		"escape codes in an answer do not reach the sentences": {set: gives(rule4, "HTTP/1.1 500 \x1b[2JBad\r\nLocation: /\u202egpj.exe\r\n\r\n\x1b]0;owned\x07"),
			want: checks.BadStatus, at: checks.Content, args: map[string]string{"status": "500 [2JBad"}},
	} {
		t.Run(name, s.run)
	}
}

// endless repeats part until nobody listens.
func endless(head, part string) func(net.Conn) {
	return func(c net.Conn) {
		answer(head)(c)
		block := strings.Repeat(part, 512)
		for {
			if _, err := io.WriteString(c, block); err != nil {
				return
			}
		}
	}
}
