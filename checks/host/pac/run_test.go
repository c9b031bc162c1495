package pac

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var one = []Address{{"https://four.example/", "four.example"}}

func job(t *testing.T, text string) Job {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("WinHTTP runs scripts on Windows")
	}
	return Job{Text: text, Origin: "http://wpad.example/wpad.dat", Wait: time.Minute, Memory: 64 << 20,
		Lookup: func(_ context.Context, name string) ([]netip.Addr, error) { return known[name], nil }}
}

// body is a script whose function does something.
func body(s string) string { return "function FindProxyForURL(url, host) {\n" + s + "\n}" }

func TestAnswersOfAChild(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"the plainest script":                      {body(`return "DIRECT"`), "DIRECT"},
		"a list comes as it is written":            {body(`return "PROXY a.example:3128 ; SOCKS5 [2001:db8::1]:1080;DIRECT"`), "PROXY a.example:3128 ; SOCKS5 [2001:db8::1]:1080;DIRECT"},
		"an empty text is an answer":               {body(`return ""`), ""},
		"the address and its host are given":       {body(`return url + " " + host`), "https://four.example/ four.example"},
		"the parent is asked for names":            {body(`return dnsResolve(host)`), "10.1.2.3"},
		"let, arrows, templates and classes work":  {"let f = h => `PROXY ${h}:1`;\nclass A { static b(x) { return f(x) } }\nvar FindProxyForURL = (url, host) => { const { length } = [...host]; return A.b(host) + length }", "PROXY four.example:112"},
		"FindProxyForURLEx is taken where alone":   {`function FindProxyForURLEx(u, h) { return "PROXY ex:1" }`, "PROXY ex:1"},
		"FindProxyForURLEx is not taken beside it": {body(`return "PROXY old:1"`) + `function FindProxyForURLEx(u, h) { return "PROXY ex:1" }`, "PROXY old:1"},
		"an exception that is caught is none":      {body(`try { nobody() } catch (e) { return "PROXY caught:1" }`), "PROXY caught:1"},
		"state is kept between addresses":          {"var n = 0;" + body(`return "PROXY n" + ++n + ":1"`), "PROXY n1:1"},
		"letters of other languages":               {body(`return "PROXY grün-日本:1"`), "PROXY grün-日本:1"},
		"there is no way out":                      {body(`return [typeof require, typeof process, typeof fetch, typeof XMLHttpRequest, typeof ActiveXObject, typeof WScript, typeof Deno, typeof console].join()`), strings.Repeat("undefined,", 7) + "undefined"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Run(t.Context(), job(t, c.text), one)
			if err != nil || len(got) != 1 || got[0].Fault != nil || got[0].Result != c.want {
				t.Errorf("%+v, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestEachAddressFailsByItself(t *testing.T) {
	at := []Address{{"https://a/", "a"}, {"https://b/", "b"}, {"https://c/", "c"}, {"https://d/", "d"}, {"https://e/", "e"}, {"https://f/", "f"}}
	got, err := Run(t.Context(), job(t, body(`if (host == "a") return "PROXY a:1";
if (host == "b") throw new RangeError("too far");
if (host == "c") return 7;
if (host == "d") return;
if (host == "e") return new Array(10000).join("x");
return nobody.home;`)), at)
	if err != nil || len(got) != len(at) || got[0].Result != "PROXY a:1" || got[0].Fault != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []string{1: "RangeError: too far", 2: "it answers with no text, but with a number", 3: "it answers with no text, but with nothing (undefined)",
		4: "its answer has 9999 bytes", 5: "ReferenceError: nobody is not defined"} {
		if i > 0 && (got[i].Fault == nil || got[i].Fault.Kind != Thrown || got[i].Fault.Text != want) {
			t.Errorf("%s: %+v", at[i].Host, got[i].Fault)
		}
	}
	if got[1].Fault.Line != 3 || got[5].Fault.Line != 7 {
		t.Errorf("lines %d and %d", got[1].Fault.Line, got[5].Fault.Line)
	}
}

func TestFaultsOfAScript(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind Kind
		line int
		part string
	}{
		"a bracket is missing":                {"\n\nfunction FindProxyForURL(u, h) {\n  return \"DIRECT\"", Syntax, 4, ""},
		"a word is wrong":                     {"function FindProxyForURL(u, h) {\n  retrun \"DIRECT\";\n}", Syntax, 2, "Unexpected"},
		"a name is declared twice":            {"let a = 1;\nlet a = 2;\n" + body(`return "DIRECT"`), Syntax, 2, "already"},
		"a web page came":                     {"<html><body>Please log in</body></html>", Syntax, 1, ""},
		"nothing but brackets":                {strings.Repeat("(", 1<<20), Syntax, 0, ""},
		"nothing came":                        {"", NoFunction, 0, "FindProxyForURL"},
		"the function is called otherwise":    {"function findproxyforurl(u, h) { return 'DIRECT' }", NoFunction, 0, ""},
		"it is no function":                   {"var FindProxyForURL = 'DIRECT';", NoFunction, 0, ""},
		"a const is not the global object's":  {"const FindProxyForURL = () => 'DIRECT';", NoFunction, 0, "let or const"},
		"it fails before its function is had": {"var a = 1;\nnobody.home();\n" + body(`return "DIRECT"`), Thrown, 2, "ReferenceError"},
		"it throws a text":                    {"throw 'a plain\\nword'", Thrown, 1, "a plain word"},
		"it throws what has no words":         {"throw { toString: function() { throw 1 } }", Thrown, 1, "no words"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Run(t.Context(), job(t, c.text), one)
			var f *Fault
			if !errors.As(err, &f) || got != nil || f.Kind != c.kind || c.line > 0 && f.Line != c.line || !strings.Contains(f.Text, c.part) || f.Text == "" {
				t.Errorf("%+v, %#v", got, err)
			}
		})
	}
}

// The engine opens any file by default that a script names as its source map; one that nobody writes to shows it.
func TestASourceMapIsNotOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map")
	if err := exec.Command("mkfifo", path).Run(); err != nil {
		t.Skip("no pipe can be made here:", err)
	}
	comment := "\n//# sourceMappingURL=file://" + path
	for name, text := range map[string]string{
		"of the script":        body(`return "PROXY a:1"`) + comment,
		"of what it evaluates": body(`return eval("'PROXY a:1'" + ` + fmt.Sprintf("%q", comment) + `)`),
	} {
		t.Run(name, func(t *testing.T) {
			j := job(t, text)
			j.Wait = 5 * time.Second
			if got, err := Run(t.Context(), j, one); err != nil || got[0].Result != "PROXY a:1" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// Each of these would hang or kill a program that ran it in itself. The child's own watch is what bounds them here.
func TestScriptsWithoutBounds(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind Kind
	}{
		"a loop":                               {body(`while (1);`), Endless},
		"a loop before the function":           {"for (;;);" + body(`return "DIRECT"`), Endless},
		"a loop that catches everything":       {body(`for (;;) { try { throw 1 } catch (e) {} finally { continue } }`), Endless},
		"a regular expression that backtracks": {body(`return /^(a+)+(?!c)$/.test(new Array(60).join("a") + "b") ? "DIRECT" : "PROXY a:1"`), Endless},
		"a text that doubles":                  {body(`var s = "x"; for (;;) s += s`), Greedy},
		"a text of two bytes a letter doubles": {body(`var s = "\u65e5"; for (;;) s += s`), Greedy},
		"an array that is joined":              {body(`return new Array(Math.pow(2, 31)).join("x".repeat(1 << 20))`), Greedy},
		"an array that grows":                  {body(`var a = []; for (;;) a.push({ a: new Array(1000).fill(1) })`), Greedy},
		"an array that is filled":              {body(`var a = new Array(2e7); a.fill(1); return "" + a.length`), Greedy},
		"a text that is repeated":              {body(`return "x".repeat(Math.pow(2, 30))`), Greedy},
		"a text that is padded":                {body(`return "x".padEnd(Math.pow(2, 30))`), Greedy},
		"a buffer":                             {body(`var a = []; for (;;) a.push(new Uint8Array(16 << 20).fill(1))`), Greedy},
		"an object with ever more names":       {body(`var o = {}; for (var i = 0; ; i++) o["k" + i] = "x".repeat(1000)`), Greedy},
		"a generator that never ends":          {body(`function* g() { for (;;) yield new Uint8Array(1 << 20).fill(1) } return [...g()].join()`), Greedy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := job(t, c.text)
			if c.kind == Endless {
				j.Wait = 500 * time.Millisecond
			}
			got, err := Run(t.Context(), j, one)
			var f *Fault
			if !errors.As(err, &f) || got != nil || f.Kind != c.kind {
				t.Errorf("%+v, %#v", got, err)
			}
		})
	}
}

func TestRecursionEndsTheCallAlone(t *testing.T) {
	for name, text := range map[string]string{
		"a function that calls itself":        "function f() { return f() + 1 } " + body(`return host == "a" ? f() : "PROXY b:1"`),
		"a getter that asks itself":           "var o = { get x() { return this.x } }; " + body(`return host == "a" ? o.x : "PROXY b:1"`),
		"a function that another one calls":   "function f(x) { return [1].map(f) } " + body(`return host == "a" ? f() : "PROXY b:1"`),
		"words that are made from themselves": "var o = { toString() { return '' + o } }; " + body(`return host == "a" ? '' + o : "PROXY b:1"`),
		"a replacement that replaces":         "function f(x) { return 'a'.replace(/a/, f) } " + body(`return host == "a" ? f() : "PROXY b:1"`),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Run(t.Context(), job(t, text), []Address{{"https://a/", "a"}, {"https://b/", "b"}})
			if err != nil || len(got) != 2 || got[0].Fault == nil || got[0].Fault.Kind != Thrown || got[1].Result != "PROXY b:1" {
				t.Errorf("%+v, %#v", got, err)
			}
		})
	}
}

func TestDeepDataIsTheScriptsFault(t *testing.T) {
	_, err := Run(t.Context(), job(t, body(`var a = []; for (var i = 0; i < 1e6; i++) a = [a]; return JSON.stringify(a)`)), one)
	var f *Fault
	if !errors.As(err, &f) || f.Kind != Thrown && f.Kind != Greedy {
		t.Errorf("%#v", err)
	}
}

func TestNamesAreBounded(t *testing.T) {
	var asked atomic.Int32
	j := job(t, body(`for (var i = 0; i < 1000; i++) try { dnsResolve("n" + i + ".example") } catch (e) {} return "DIRECT"`))
	j.Lookup = func(context.Context, string) ([]netip.Addr, error) { asked.Add(1); return nil, errors.New("nobody") }
	got, err := Run(t.Context(), j, one)
	if err != nil || got[0].Fault == nil || got[0].Fault.Kind != Thrown || !strings.Contains(got[0].Fault.Text, "51 names") || asked.Load() != 51 {
		t.Errorf("%+v, %v after %d names", got, err, asked.Load())
	}
}

func TestASilentDNSIsNamed(t *testing.T) {
	j := job(t, body(`dnsResolve("silent.example"); for (;;);`))
	j.Wait = nameWait + time.Second
	j.Lookup = func(ctx context.Context, _ string) ([]netip.Addr, error) { <-ctx.Done(); return nil, ctx.Err() }
	_, err := Run(t.Context(), j, one)
	var f *Fault
	if !errors.As(err, &f) || f.Kind != Endless || !strings.Contains(f.Text, "slow for silent.example") {
		t.Errorf("%#v", err)
	}
}

func TestACallersEndIsNoFault(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	j := job(t, body(`dnsResolve("x.example"); for (;;);`))
	j.Lookup = func(context.Context, string) ([]netip.Addr, error) { cancel(nil); return nil, nil }
	if got, err := Run(ctx, j, one); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("%+v, %#v", got, err)
	}
	if _, err := Run(ctx, j, one); !errors.Is(err, context.Canceled) {
		t.Errorf("begun when it was over: %v", err)
	}
}

func TestAnEngineThatFailsIsNotTheScriptsFault(t *testing.T) {
	for name, change := range map[string]func(*Job){
		"it is not there":             func(j *Job) { j.Program = filepath.Join(t.TempDir(), "nothing") },
		"it cannot be bounded":        func(j *Job) { j.Confine = func(int) error { return errors.New("no") } },
		"it is another program":       func(j *Job) { j.Program = "/bin/true" },
		"it says what was not agreed": func(j *Job) { j.Program = "/bin/cat" },
	} {
		t.Run(name, func(t *testing.T) {
			j := job(t, body(`return "DIRECT"`))
			change(&j)
			got, err := Run(t.Context(), j, one)
			var f *Fault
			if err == nil || got != nil || errors.As(err, &f) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestTheChildKnowsNoneOfTheEnvironment(t *testing.T) {
	t.Setenv("https_proxy", "http://user:secret@proxy.example:3128")
	path := filepath.Join(t.TempDir(), "engine")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nenv >\"$(dirname \"$0\")/env\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	j := job(t, "")
	j.Program = path
	_, _ = Run(t.Context(), j, one)
	b, err := os.ReadFile(filepath.Join(filepath.Dir(path), "env"))
	if err != nil || strings.Contains(string(b), "secret") || !strings.Contains(string(b), marker) {
		t.Errorf("%v: %s", err, b)
	}
}

func TestTheHourInWinterIsTheParentsToo(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("this computer knows no time zones:", err)
	}
	t.Setenv("TZ", "Europe/Berlin")
	j := job(t, body(`return "" + new Date(2026, 0, 1).getTimezoneOffset()`))
	j.Now = time.Date(2026, time.July, 1, 1, 30, 45, 0, berlin)
	if got, err := Run(t.Context(), j, one); err != nil || got[0].Result != "-60" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheHourIsTheParents(t *testing.T) {
	for _, zone := range []int{-11 * 3600, 0, 13*3600 + 1800} {
		j := job(t, body(`return [new Date().getHours(), timeRange(1, 30, 1, 31), weekdayRange("WED"), new Date().getTimezoneOffset()].join()`))
		j.Now = time.Date(2026, time.July, 1, 1, 30, 45, 0, time.FixedZone("", zone))
		got, err := Run(t.Context(), j, one)
		if want := fmt.Sprintf("1,true,true,%d", -zone/60); err != nil || got[0].Result != want {
			t.Errorf("%+v, %v; want %s", got, err, want)
		}
	}
}
