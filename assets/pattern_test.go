package assets

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"
)

// ours are all patterns of the embedded signatures, and some that are harder than these.
func ours(t testing.TB) []*pattern {
	sigs, err := Signatures()
	if err != nil {
		t.Fatal(err)
	}
	grammars, _ := Grammars()
	var out []*pattern
	for i := range grammars {
		out = append(out, grammars[i].re)
	}
	for i := range sigs {
		out = append(out, sigs[i].pattern)
		for _, c := range sigs[i].tries {
			for _, test := range c.tests {
				out = append(out, test.pattern)
			}
		}
	}
	for _, text := range []string{`a*ab`, `(a|ab)(c|bcd)(d*)`, `^(?:(a)b|ac)?c$`, `(?i)x.*?Y\b`, `\Bb+`, `(a+)(a*)(a?)`, `(?:a{2,3}?)(a*)`,
		`x*`, `$`, `^`, `(?:(a)|b)c|bd`, `[^\s:]+(?::(\d+))?$`, `\s*(\S*)\s*$`, `(?s).b`, `a(?:b(c)?)?d?`} {
		p, err := newPattern(text)
		if err != nil || p.steps == nil {
			t.Fatalf("%s is not matched by hand: %v", text, err)
		}
		out = append(out, p)
	}
	return out
}

// samples are all lines that the signatures and grammars name.
func samples() (out []string) {
	sigs, _ := Signatures()
	for _, s := range sigs {
		for _, sample := range s.Samples {
			out = append(out, sample.Line)
		}
		out = append(out, s.Not...)
	}
	grammars, _ := Grammars()
	for _, g := range grammars {
		for _, sample := range g.Samples {
			out = append(out, sample.Line)
		}
	}
	return append(out, "", "aab", "abcd", "aaaa", "ac", "bd", "bc", "x:1", "XaaaY y", "abb", "a\nb", "é", "aé: b", strings.Repeat("a", 300), strings.Repeat("a | ", 200))
}

// agree holds a match by hand against package regexp's.
func agree(t *testing.T, p *pattern, line string) {
	t.Helper()
	want := p.re.FindStringSubmatchIndex(line)
	var got found
	if ok := p.find(line, &got); ok != (want != nil) {
		t.Fatalf("%s\nin %q: %v, package regexp %v", p.re, line, ok, want)
	}
	for i, w := range want {
		if int(got[i]) != w {
			t.Fatalf("%s\nin %q: %v, package regexp %v", p.re, line, got[:len(want)], want)
		}
	}
}

func TestMatchingByHandIsMatching(t *testing.T) {
	lines := samples()
	for _, p := range ours(t) {
		for _, line := range lines {
			agree(t, p, line)
		}
	}
}

func TestMostPatternsAreMatchedByHand(t *testing.T) {
	slow := 0
	all := ours(t)
	for _, p := range all {
		if p.steps == nil {
			slow++
			t.Log(p.re)
		}
	}
	if slow*20 > len(all) {
		t.Errorf("%d of %d patterns are left to package regexp", slow, len(all))
	}
}

// A pattern of any form, on any line, gives what package regexp gives.
func FuzzPattern(f *testing.F) {
	for _, p := range ours(f) {
		f.Add(p.re.String(), "curl: (6) Could not resolve host: a.b")
	}
	for _, line := range samples() {
		f.Add(`(?P<a>\w+)[^:]*?: (.*)$`, line)
	}
	f.Fuzz(func(t *testing.T, text, line string) {
		if len(text) > 60 || len(line) > 300 {
			return
		}
		if p, err := newPattern(text); err == nil {
			agree(t, p, line)
		}
	})
}

func TestTimesReadByHand(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Skip("no zones here: ", err)
	}
	for _, loc := range []*time.Location{zone, time.UTC} {
		clock := Clock{Loc: loc}
		for _, text := range []string{"2021-11-12 17:40:30", "2024/02/29T23:59:59", "2023-02-29 00:00:00", "2023-02-28 24:00:00", "2023-13-01 00:00:00", "0000-01-01 00:00:00",
			"2023-00-01 00:00:00", "2023-01-00 00:00:00", "2023-04-31 00:00:00", "2023-01-01 00:60:00", "2023-01-01 00:00:60", "2021-11-12 17:40:3x", "2021-03-28 03:30:00", "2021-10-31 03:30:00", "short"} {
			for _, frac := range []string{"", "1", "001", "999999999", "12x"} {
				for _, east := range []string{"", "Z", "+0200", "-03:30", "+2460", "+9900", "0200"} {
					got := clock.moment(usualLayout, text, frac, east)
					// The same layout with a blank more is not read by hand.
					want := moment(usualLayout+" ", text+" ", "", east, loc)
					if frac != "" {
						want = slowMoment(text, frac, east, loc)
					}
					if text == "2021-10-31 03:30:00" && east == "" && loc == zone && !want.IsZero() { // it comes twice
						want = time.Date(2021, 10, 31, 0, 30, 0, want.Nanosecond(), time.UTC)
					}
					if !got.Equal(want) {
						t.Errorf("%s %q %q: %s, package time %s", text, frac, east, got, want)
					}
				}
			}
		}
	}
}

func slowMoment(text, frac, zone string, loc *time.Location) time.Time {
	layout := usualLayout + ".999999999"
	text = strings.NewReplacer("T", " ", "/", "-").Replace(text) + "." + frac
	if zone != "" {
		layout, text = layout+" -0700", text+" "+strings.NewReplacer(":", "", "Z", "+0000").Replace(zone)
	}
	t, err := time.ParseInLocation(layout, text, loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

func TestAReaderRemembersWhatItWouldReadAnew(t *testing.T) {
	sigs, _ := Signatures()
	var r Reader
	digit := regexp.MustCompile(`\d`)
	for round := range 3 {
		for _, line := range samples() {
			if round == 2 {
				line = digit.ReplaceAllString(line, "7")
			}
			for i := range sigs {
				want, known := sigs[i].Read(line)
				got, ok := r.Read(&sigs[i], line)
				same := ok == known
				if same && ok {
					same = *got.Outcome == want.Outcome && maps.Equal(got.Captures.Map(), want.Captures)
					for name, v := range want.Captures {
						same = same && got.Captures.Get(name) == v
					}
				}
				if !same {
					t.Fatalf("%s in %q: %v %+v\nwant %v %+v", sigs[i].ID, line, ok, got, known, want)
				}
			}
		}
	}
}

func TestWhatAReaderRemembersIsBounded(t *testing.T) {
	sigs, _ := Signatures()
	var r Reader
	for _, s := range sigs {
		if s.ID != "fsscor.query" {
			continue
		}
		for i := range 3 * memoMax {
			line := ".W: CurlQuery::completeWithStatus: failure on handle 0A 6 Could not resolve host: h" + strings.Repeat("x", i%500) + time.Duration(i).String()
			want, _ := s.Read(line)
			if got, ok := r.Read(&s, line); !ok || *got.Outcome != want.Outcome {
				t.Fatalf("%q: %+v, want %+v", line, got, want)
			}
		}
	}
	if r.size > memoMax || r.size == 0 {
		t.Errorf("%d outcomes are remembered", r.size)
	}
}

func BenchmarkRead(b *testing.B) {
	sigs, _ := Signatures()
	const line = "2021-11-12 17:40:30.152 [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 5 Could not resolve proxy: proxy.example.intern"
	for i := range sigs {
		if sigs[i].ID != "fsscor.query" {
			continue
		}
		var r Reader
		b.Run("memo", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Read(&sigs[i], line)
			}
		})
		b.Run("find", func(b *testing.B) {
			var at found
			for b.Loop() {
				sigs[i].pattern.find(line, &at)
			}
		})
		b.Run("regexp", func(b *testing.B) {
			for b.Loop() {
				sigs[i].pattern.re.FindStringSubmatchIndex(line)
			}
		})
	}
	grammars, _ := Grammars()
	for name, line := range map[string]string{"fsecure": line, "dsagent": `2018-06-01 10:12:13.123456: [dsa.Heartbeat/5] | Unable to reach a manager. | .\dsa\Heartbeat.lua:149:(null) | 1F8C:5E4:ActivateThread`} {
		b.Run("split "+name, func(b *testing.B) {
			clock := Clock{Loc: time.UTC}
			for b.Loop() {
				for i := range grammars {
					if _, ok := grammars[i].Read(line, &clock); ok {
						break
					}
				}
			}
		})
	}
}
