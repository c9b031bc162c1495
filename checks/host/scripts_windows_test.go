package host

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestListsOfWinHTTPInTheWordsOfAScript(t *testing.T) {
	for s, want := range map[string]string{
		"a.example:3128":                               "PROXY a.example:3128",
		"a.example:3128;b.example:8080":                "PROXY a.example:3128; PROXY b.example:8080",
		"a.example:3128 b.example:8080":                "PROXY a.example:3128; PROXY b.example:8080",
		"a.example:3128; PROXY b.example:8080; DIRECT": "PROXY a.example:3128; PROXY b.example:8080; DIRECT", // Wine's
		"http=a:1;https=b:2;socks=c:3":                 "PROXY a:1; PROXY b:2; SOCKS c:3",
		"http://a:1/":                                  "PROXY a:1",
		"https=http://a:1":                             "PROXY a:1",
		"socks=socks://a:1":                            "SOCKS a:1",
		"[2001:db8::1]:3128":                           "PROXY [2001:db8::1]:3128",
		"PROXY":                                        "",
		"":                                             "",
	} {
		t.Run(s, func(t *testing.T) {
			if got := listWords(s); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestAListKeepsItsOrder(t *testing.T) {
	switch got := list(t); {
	case got == "PROXY a.example:3128; PROXY b.example:8080; DIRECT", got == "PROXY a.example:3128; PROXY b.example:8080":
	case got == "PROXY a.example:3128" && underWine():
		t.Log("Wine gives the first proxy of a list alone")
	default:
		t.Error(got)
	}
}

func TestEntriesOfWinHTTPInTheWordsOfAScript(t *testing.T) {
	name := func(s string) *uint16 {
		p, err := windows.UTF16PtrFromString(s)
		must(t, err)
		return p
	}
	got := entryWords([]proxyEntry{
		{proxy: 1, scheme: 1, host: name("a.example"), port: 3128}, {proxy: 1, scheme: 2, host: name("b.example"), port: 443},
		{proxy: 0}, {proxy: 1, scheme: 4, host: name("c.example"), port: 1080}, {proxy: 1, scheme: 1, host: name("2001:db8::1"), port: 1},
		{proxy: 1, bypass: 1, host: name("x")}, {proxy: 1, scheme: 1, host: name("d.example:8080")}, {proxy: 1},
	})
	want := "PROXY a.example:3128; HTTPS b.example:443; DIRECT; SOCKS c.example:1080; PROXY [2001:db8::1]:1; DIRECT; PROXY d.example:8080; DIRECT"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Wine has no newer way, so what Windows would do to it is done here by hand.
func TestTheCallbackTellsWhoWaits(t *testing.T) {
	const id = 1 << 40
	c := make(chan windows.Errno, 1)
	waiting.Lock()
	waiting.of[id] = c
	waiting.Unlock()
	defer func() {
		waiting.Lock()
		delete(waiting.of, id)
		waiting.Unlock()
	}()
	failed := &asyncResult{err: 12166}
	call := func(context, status uintptr, r *asyncResult) {
		syscall.SyscallN(told(), 1, context, status, uintptr(unsafe.Pointer(r)), unsafe.Sizeof(*failed))
	}
	call(id, 0x10, nil) // another thing that goes on
	call(id+1, gotProxy, nil)
	select {
	case code := <-c:
		t.Fatalf("told %d too early", code)
	default:
	}
	for want, r := range map[windows.Errno]*asyncResult{12166: failed, internalError: nil} {
		call(id, requestFailed, r)
		call(id, requestFailed, r) // nobody reads a second word, and nobody waits for that
		if code := <-c; code != want {
			t.Errorf("told %d, want %d", code, want)
		}
	}
	if call(id, gotProxy, nil); <-c != 0 {
		t.Error("a success is a failure")
	}
}

// The sizes of winhttp.h on 64 bits.
func TestStructuresOfWinHTTP(t *testing.T) {
	for name, c := range map[string]struct{ got, want uintptr }{
		"WINHTTP_AUTOPROXY_OPTIONS":          {unsafe.Sizeof(autoProxy{}), 32},
		"WINHTTP_PROXY_RESULT":               {unsafe.Sizeof(proxyEntries{}), 16},
		"WINHTTP_PROXY_RESULT_ENTRY":         {unsafe.Sizeof(proxyEntry{}), 32},
		"the host of an entry":               {unsafe.Offsetof(proxyEntry{}.host), 16},
		"the port of an entry":               {unsafe.Offsetof(proxyEntry{}.port), 24},
		"WINHTTP_ASYNC_RESULT":               {unsafe.Sizeof(asyncResult{}), 16},
		"the error of WINHTTP_ASYNC_RESULT":  {unsafe.Offsetof(asyncResult{}.err), 8},
		"the script of the autoproxy option": {unsafe.Offsetof(autoProxy{}.configURL), 8},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}

func TestOnlyWhoKnowsThePathGetsTheScript(t *testing.T) {
	web, err := serveScripts([]byte("the script"), []byte("the examiner"))
	must(t, err)
	defer web.Close()
	get := func(url string) (int, string, string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		must(t, err)
		res, err := http.DefaultTransport.RoundTrip(req)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		must(t, err)
		return res.StatusCode, string(b), res.Header.Get("Content-Type")
	}
	if code, b, kind := get(web.at("/script.pac")); code != 200 || b != "the script" || kind != "application/x-ns-proxy-autoconfig" {
		t.Errorf("%d %q %q", code, b, kind)
	}
	root := web.base[:strings.LastIndex(web.base, "/")]
	if !strings.HasPrefix(root, "http://127.0.0.1:") {
		t.Errorf("it listens at %s", root)
	}
	for _, path := range []string{"/", "/script.pac", "/wpad.dat"} {
		if code, b, _ := get(root + path); code != 404 || strings.Contains(b, "script") {
			t.Errorf("%s: %d %q", path, code, b)
		}
	}
}

func TestTheScriptsServerEndsWithItsGuestsAndTakesNoMoreThanItCan(t *testing.T) {
	web, err := serveScripts([]byte("the script"), nil)
	must(t, err)
	at := strings.TrimPrefix(web.base, "http://")
	var held []net.Conn
	for range scriptGuests {
		c, err := net.Dial("tcp", at[:strings.Index(at, "/")])
		must(t, err)
		defer c.Close()
		held = append(held, c)
	}
	one, err := net.Dial("tcp", at[:strings.Index(at, "/")])
	must(t, err)
	defer one.Close()
	must(t, one.SetReadDeadline(time.Now().Add(time.Minute)))
	if n, err := one.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("one guest too many: %d, %v", n, err)
	}
	must(t, web.Close())
	for _, c := range held {
		must(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
		if n, err := c.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("a guest is still there: %d, %v", n, err)
		}
	}
}

// The system's own engine has no bound of its own: the call is left behind, and the next script runs beside it.
func TestAnEndlessScriptIsLeftBehind(t *testing.T) {
	_, err := Local().Scripts.Run(t.Context(), function(`while (new Date().getTime() < `+until(8*time.Second)+`); return "DIRECT"`), []string{"https://a.example/"})
	var se *ScriptError
	if !errors.As(err, &se) || se.Fault != ScriptEndless {
		t.Fatalf("%#v", err)
	}
	got, err := Local().Scripts.Run(t.Context(), function(`return "DIRECT"`), []string{"https://a.example/"})
	if err != nil || got[0].Result != "DIRECT" {
		t.Errorf("%+v, %v", got, err)
	}
}

func until(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).UnixMilli(), 10) }
