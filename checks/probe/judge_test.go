package probe

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/checks"
)

func TestHowGraveAFailureIs(t *testing.T) {
	p := &assets.Profile{Proxy: assets.ProxyRules{Auth: []string{"basic"}}, Wildcards: []string{"*.vendor.example"}}
	for name, c := range map[string]struct {
		required bool
		mark     assets.Mark
		product  bool
		want     checks.Status
	}{
		"a required endpoint on the product's way is a fault":     {true, assets.Seed, true, checks.Fail},
		"an optional endpoint is a warning":                       {false, assets.Source, true, checks.Warn},
		"an endpoint that others reported is no more than a hint": {true, assets.ThirdParty, true, checks.Warn},
		"a concluded endpoint is no more than a hint":             {true, assets.Inferred, true, checks.Warn},
		"another way than the product's is a comparison":          {true, assets.Source, false, checks.Note},
	} {
		t.Run(name, func(t *testing.T) {
			e := assets.Endpoint{Host: vendor, Required: c.required, Mark: c.mark}
			f := Judge(p, e, Answer{Failure: checks.Dropped, Path: checks.Path{Route: "direct", Family: "ipv6", Product: c.product}})
			if f.Status != c.want || f.Code != "tcp.dropped" {
				t.Errorf("%s is %s, want %s", f.Code, f.Status, c.want)
			}
			if f.View != "you, direct, IPv6" || f.Subject != vendor || f.Args["wildcards"] != "*.vendor.example" {
				t.Errorf("view %q, subject %q, %v", f.View, f.Subject, f.Args)
			}
		})
	}
	t.Run("an endpoint that is reached with a borrowed login keeps its own mark, late or not", func(t *testing.T) {
		slow := &assets.Profile{Budget: assets.Budget{AnswerMS: 1000, Mark: assets.Inferred}}
		e := assets.Endpoint{Host: vendor, Required: true, Mark: assets.Source}
		for _, took := range []time.Duration{0, 2 * time.Second} {
			f := Judge(slow, e, Answer{LoggedIn: "basic", Took: took, Path: checks.Path{Product: true}})
			if f.Mark != assets.Source || f.Code != checks.Code(checks.ProxyAuth) {
				t.Errorf("after %s it is %s, marked %q", took, f.Code, f.Mark)
			}
		}
	})
	t.Run("an open comparison is only a note", func(t *testing.T) {
		if f := Judge(p, assets.Endpoint{Host: vendor}, Answer{}); f.Status != checks.Note || f.Code != Answered {
			t.Errorf("%s is %s", f.Code, f.Status)
		}
	})
	for offered, want := range map[string]string{"basic": "basic", "negotiate ntlm": "none", "ntlm Basic": "Basic", "": ""} {
		t.Run("a login that the product cannot do is told apart: "+offered, func(t *testing.T) {
			f := Judge(p, assets.Endpoint{}, Answer{Failure: checks.ProxyAuth, ProxyAuth: strings.Fields(offered)})
			if f.Args["can"] != want || f.Args["auth"] != "basic" {
				t.Errorf("can %q, want %q; auth %q", f.Args["can"], want, f.Args["auth"])
			}
		})
	}
}

func TestAGuessedAnswerIsOnlyAHint(t *testing.T) {
	guess := assets.Expect{Status: []int{200}, Body: "ok", Mark: assets.Inferred}
	known := assets.Expect{Status: []int{200}, Body: "ok"}
	for name, c := range map[string]struct {
		expect  assets.Expect
		failure checks.Failure
		http    int
		status  checks.Status
		mark    assets.Mark
	}{
		"another body than the guessed one is a fault":          {guess, checks.WrongContent, 200, checks.Warn, assets.Inferred},
		"another body than the known one is a hint":             {known, checks.WrongContent, 200, checks.Fail, assets.Seed},
		"404 instead of a guessed 200 is a fault":               {guess, checks.BadStatus, 404, checks.Warn, assets.Inferred},
		"404 instead of a known 200 is a hint":                  {known, checks.BadStatus, 404, checks.Fail, assets.Seed},
		"an error of the server is a hint":                      {guess, checks.BadStatus, 503, checks.Fail, assets.Seed},
		"a gateway's error is a fault where nothing is known":   {assets.Expect{}, checks.BadStatus, 502, checks.Warn, assets.Inferred},
		"a known block page is a hint where the body was guess": {guess, checks.BlockPage, 200, checks.Fail, assets.Seed},
	} {
		t.Run(name, func(t *testing.T) {
			e := assets.Endpoint{Host: vendor, Required: true, Mark: assets.Seed, Expect: c.expect}
			f := Judge(&assets.Profile{}, e, Answer{Failure: c.failure, Status: c.http, Path: checks.Path{Product: true}})
			if f.Status != c.status || f.Mark != c.mark {
				t.Errorf("%s, marked %s; want %s, %s", f.Status, f.Mark, c.status, c.mark)
			}
		})
	}
}

func TestCodesAreComplete(t *testing.T) {
	seen := map[checks.Code]bool{}
	for _, c := range Codes() {
		if seen[c] {
			t.Errorf("%s is there twice", c)
		}
		seen[c] = true
		if !strings.Contains(string(c), ".") && c != checks.Code(checks.Unclear) {
			t.Errorf("%s has no area", c)
		}
	}
}

func TestOnlyPrintableTextGetsIntoSentences(t *testing.T) {
	for name, c := range map[string][2]string{
		"escape codes":             {"\x1b[31mred\x1b[0m", "[31mred [0m"},
		"a title sequence":         {"a\x1b]0;b\x07c", "a ]0;b c"},
		"lines":                    {" one\r\ntwo\tthree ", "one two three"},
		"text turned round":        {"a\u202egpj.exe", "a gpj.exe"},
		"broken UTF-8":             {"a\xff\xfeb", "a b"},
		"the C1 controls":          {"a\u009b31mb", "a 31mb"},
		"letters of any language":  {"Zugriff verweigert für Ørsted 拒否", "Zugriff verweigert für Ørsted 拒否"},
		"nothing but control":      {"\x00\x01\x02", ""},
		"a soft hyphen in a value": {"soft\u00adware", "soft ware"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := clean(c[0]); got != c[1] {
				t.Errorf("got %q, want %q", got, c[1])
			}
		})
	}
	long := clean(strings.Repeat("ä ", 100000))
	if n := utf8.RuneCountInString(long); n > maxArg || !utf8.ValidString(long) {
		t.Errorf("%d characters are left of a long text", n)
	}
}

func TestSchemesOfA407(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		want    string
	}{
		"one header each":             {[]string{"Negotiate", "NTLM", `Basic realm="x"`}, "negotiate ntlm basic"},
		"all in one header":           {[]string{`Negotiate, NTLM, Basic realm="a, Digest b", charset="UTF-8"`}, "negotiate ntlm basic"},
		"a token after the scheme":    {[]string{"NTLM TlRMTVNTUAACAAAA=="}, "ntlm"},
		"digest with its parameters":  {[]string{`Digest realm="r", qop="auth,auth-int", nonce="n"`}, "digest"},
		"the same scheme twice":       {[]string{"Basic", "basic"}, "basic"},
		"no header at all":            {nil, ""},
		"a header of nothing":         {[]string{", ,\x1b,"}, ""},
		"no more schemes than can be": {[]string{"a,b,c,d,e,f,g,h,i,j,k"}, "a b c d e f g h"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(authSchemes(c.headers, Hider(nil)), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
