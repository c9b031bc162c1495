package tuitest

import (
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
)

// Nasty is text that tries to break out of its place: wide, combining, escaping, turning, endless, invalid.
var Nasty = []string{
	"",
	"日本語のホスト名.example と 한국어 및 中文字符",
	"e\u0301\u0302\u0303\u0304\u0305\u0306 \u0301leading \u0e01\u0e33\u0e49 नमस्ते",
	"\x1b[31mred\x1b[2J\x1b]0;title\a \x1bP1$r\x1b\\ \u009b31m \x00\x07\b\r\n\tend",
	"\u202egnp.exe\u202c \u2066isolate\u2069 \ufeff\u200b\u200d\u00ad",
	strings.Repeat("x", 10_000),
	strings.Repeat("漢", 3_000),
	strings.Repeat("a\u0300\u0301", 2_000),
	"\xff\xfe\xc3\x28 invalid \xed\xa0\x80",
	"👨‍👩‍👧‍👦 🇫🇮🇩🇪 👍🏽 ❤️ ᄀ\u1161ᆨ",
	`C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor\0123456789abcdef0123456789abcdef.bin`,
	"https://a.very.long.host.name.that.never.ends.example:8443/with/a/path?and=a&query=string",
}

// Runs makes n findings of every status and with every nasty text, in two runs; codes are used in turn.
func Runs(n int, codes ...checks.Code) []tui.Run {
	if len(codes) == 0 {
		codes = []checks.Code{"nasty.code"}
	}
	out := []tui.Run{
		{Profile: &assets.Profile{Name: "one", Title: Nasty[3]}, Running: true,
			Progress: checks.Progress{Done: 3, Total: 12_000, Waiting: Nasty[3]}},
		{Profile: &assets.Profile{Name: "two", Title: "Two"}, Stale: true, Reason: Nasty[4],
			Actions: []checks.Action{{ID: "x", Title: Nasty[1]}}},
	}
	for i := range n {
		out[i%2].Findings = append(out[i%2].Findings, Finding(i, codes[i%len(codes)]))
	}
	for i := range min(n, 4) {
		f := Finding(i, codes[0])
		f.Path.Stages = f.Path.Stages[:i]
		out[0].Walking = append(out[0].Walking, *f.Path)
	}
	for i := range min(n, 60) {
		out[0].Lines = append(out[0].Lines, Line(i))
	}
	return out
}

// Finding is the i-th nasty finding.
func Finding(i int, code checks.Code) checks.Finding {
	s := Nasty[i%len(Nasty)]
	hop := func(name checks.StageName, st checks.Status, f checks.Failure) checks.Stage {
		return checks.Stage{Name: name, Status: st, Took: time.Duration(i) * time.Millisecond, Failure: f, Error: s, Note: s}
	}
	path := &checks.Path{Target: s, URL: "https://" + s + strconv.Itoa(i/2), Route: []string{"direct", "http://" + s}[i%2],
		Family: "ipv4", Address: s, Product: i%3 > 0, Stages: []checks.Stage{hop(checks.Resolve, checks.Pass, ""),
			hop(checks.Connect, checks.Pass, ""), hop(checks.TLS, checks.Status(i%6), []checks.Failure{"", checks.Intercepted}[i%2]),
			hop(checks.HTTP, checks.Unknown, "")}}
	var table *checks.Table
	if i%3 == 0 {
		table = &checks.Table{Head: []string{"name", s, "two"}, Rows: [][]string{{s, "a", s}, {"short"}, nil, {s, s, s, s, s}}}
	}
	return checks.Finding{Code: code, Status: checks.Status(i % 6), Subject: s, View: s, At: time.Unix(1, 0).UTC(),
		Took: time.Duration(i*i) * time.Millisecond, Mark: assets.Inferred, Path: path, Table: table,
		Args: map[string]string{"source": s, "whose": s, "proxy": s, "issuer": s, "used": "yes", "mode": s, "uses": s,
			"option": s, "files": s, "size": s, "newest": s, "until": s, "ours": s, "theirs": s, "skew": s, "name": s, s: s},
		Evidence: []checks.Evidence{{Source: s, Line: i, Text: s}, {Source: "two", Text: s + "\n" + s}}}
}

// Line is the i-th nasty log line.
func Line(i int) checks.Line {
	s := Nasty[i%len(Nasty)]
	l := checks.Line{File: s, Path: s, Number: i, Text: s, Ref: s, Status: checks.Status(i % 6)}
	if i%2 == 0 {
		l.Meaning, l.At = s, time.Unix(int64(i), 0).UTC()
	}
	return l
}
