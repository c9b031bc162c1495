package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	httpOpen       = winhttp.NewProc("WinHttpOpen")
	httpClose      = winhttp.NewProc("WinHttpCloseHandle")
	httpTimeouts   = winhttp.NewProc("WinHttpSetTimeouts")
	httpCallback   = winhttp.NewProc("WinHttpSetStatusCallback")
	proxyForURL    = winhttp.NewProc("WinHttpGetProxyForUrl")
	createResolver = winhttp.NewProc("WinHttpCreateProxyResolver") // this and the next three since Windows 8
	proxyForURLEx  = winhttp.NewProc("WinHttpGetProxyForUrlEx")
	proxyResult    = winhttp.NewProc("WinHttpGetProxyResult")
	freeResult     = winhttp.NewProc("WinHttpFreeProxyResult")
)

// Numbers of winhttp.h.
const (
	httpAsync       = 0x10000000 // WINHTTP_FLAG_ASYNC
	configURL       = 0x00000002 // WINHTTP_AUTOPROXY_CONFIG_URL
	serviceOnly     = 0x00020000 // WINHTTP_AUTOPROXY_RUN_OUTPROCESS_ONLY
	gotProxy        = 0x01000000 // WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE
	requestFailed   = 0x00200000 // WINHTTP_CALLBACK_STATUS_REQUEST_ERROR
	noCallback      = ^uintptr(0)
	autoProxyBroken = windows.Errno(12178) // ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR
	wrongHandle     = windows.Errno(12018)
	wrongState      = windows.Errno(12019)
	internalError   = windows.Errno(12004)
)

// errNoService: the autoproxy service does not take the question.
var errNoService = errors.New("WinHTTP's autoproxy service does not answer")

// winAsk asks what the script at an address answers for a url, in the words of a script. A failure of WinHTTP is a
// windows.Errno.
type winAsk func(ctx context.Context, url, script string) (string, error)

// autoProxy is WINHTTP_AUTOPROXY_OPTIONS.
type autoProxy struct {
	flags, detect uint32
	configURL     *uint16
	reserved      uintptr
	reserved2     uint32
	logon         int32
}

// proxyEntries is WINHTTP_PROXY_RESULT.
type proxyEntries struct {
	count   uint32
	entries *proxyEntry
}

// proxyEntry is WINHTTP_PROXY_RESULT_ENTRY.
type proxyEntry struct {
	proxy, bypass int32
	scheme        int32 // INTERNET_SCHEME
	host          *uint16
	port          uint16
}

// asyncResult is WINHTTP_ASYNC_RESULT.
type asyncResult struct {
	_   uintptr // which function it was
	err uint32
}

// openWinHTTP opens the way of Windows 8 and later, whose answer is the script's whole list in its order
// and that can be stopped. ErrUnsupported: it is not there.
func openWinHTTP() (winAsk, func(), error) {
	for _, p := range []interface{ Find() error }{createResolver, proxyForURLEx, proxyResult, freeResult, httpCallback} {
		if err := p.Find(); err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	session, err := openSession(httpAsync)
	if err != nil {
		return nil, nil, err
	}
	if old, _, _ := httpCallback.Call(session, told(), gotProxy|requestFailed, 0); old == noCallback {
		httpClose.Call(session)
		return nil, nil, fmt.Errorf("%w: WinHttpSetStatusCallback", ErrUnsupported)
	}
	ask := func(ctx context.Context, url, script string) (string, error) { return askEx(ctx, session, url, script) }
	return ask, func() { httpClose.Call(session) }, nil
}

// openOldWinHTTP opens the way that is everywhere. Windows gives a list's proxies without its DIRECT; a list that begins
// with DIRECT is nothing but that.
func openOldWinHTTP() (winAsk, func(), error) {
	if err := proxyForURL.Find(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	session, err := openSession(0)
	if err != nil {
		return nil, nil, err
	}
	ask := func(_ context.Context, url, script string) (string, error) { return askOld(session, url, script) }
	return ask, func() { httpClose.Call(session) }, nil
}

func openSession(flags uintptr) (uintptr, error) {
	name, err := windows.UTF16PtrFromString("linecheck")
	if err != nil {
		return 0, err
	}
	session, _, err := httpOpen.Call(uintptr(unsafe.Pointer(name)), accessNone, 0, 0, flags)
	if session == 0 {
		return 0, fmt.Errorf("WinHttpOpen: %w", err)
	}
	ms := uintptr(winTimeout.Milliseconds())
	httpTimeouts.Call(session, ms, ms, ms, ms)
	return session, nil
}

func question(url, script string, flags uint32) (u *uint16, o *autoProxy, err error) {
	if u, err = windows.UTF16PtrFromString(url); err != nil {
		return nil, nil, err
	}
	c, err := windows.UTF16PtrFromString(script)
	return u, &autoProxy{flags: flags, configURL: c}, err
}

// waiting are the questions under way; what WinHTTP is given is a number and no address of Go's.
var waiting = struct {
	sync.Mutex
	last uintptr
	of   map[uintptr]chan windows.Errno
}{of: map[uintptr]chan windows.Errno{}}

// told is what WinHTTP calls, made once: Go gives a process a bounded number of them and takes none back.
var told = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(_, context, status uintptr, r *asyncResult, _ uintptr) uintptr {
		var code windows.Errno
		switch status {
		case gotProxy:
		case requestFailed:
			if code = internalError; r != nil {
				code = windows.Errno(r.err)
			}
		default:
			return 0
		}
		waiting.Lock()
		defer waiting.Unlock()
		if c := waiting.of[context]; c != nil {
			select {
			case c <- code:
			default:
			}
		}
		return 0
	})
})

func askEx(ctx context.Context, session uintptr, url, script string) (string, error) {
	u, o, err := question(url, script, configURL)
	if err != nil {
		return "", err
	}
	var resolver uintptr
	if code, _, _ := createResolver.Call(session, uintptr(unsafe.Pointer(&resolver))); code != 0 || resolver == 0 {
		return "", fmt.Errorf("%w: %w: WinHttpCreateProxyResolver: %d", errNoService, ErrUnsupported, code)
	}
	defer httpClose.Call(resolver) // it ends the question too, if that is still under way
	c := make(chan windows.Errno, 1)
	waiting.Lock()
	waiting.last++
	id := waiting.last
	waiting.of[id] = c
	waiting.Unlock()
	defer func() {
		waiting.Lock()
		delete(waiting.of, id)
		waiting.Unlock()
	}()
	r, _, _ := proxyForURLEx.Call(resolver, uintptr(unsafe.Pointer(u)), uintptr(unsafe.Pointer(o)), id)
	code := windows.Errno(r)
	if code == windows.ERROR_IO_PENDING {
		select {
		case code = <-c:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	runtime.KeepAlive(u)
	runtime.KeepAlive(o)
	switch code {
	case 0:
	case autoProxyBroken, wrongHandle, wrongState, internalError:
		return "", fmt.Errorf("%w: WinHttpGetProxyForUrlEx: %w", errNoService, code)
	default:
		return "", fmt.Errorf("WinHttpGetProxyForUrlEx: %w", code)
	}
	var list proxyEntries
	if r, _, _ := proxyResult.Call(resolver, uintptr(unsafe.Pointer(&list))); r != 0 {
		return "", fmt.Errorf("%w: WinHttpGetProxyResult: %w", errNoService, windows.Errno(r))
	}
	defer freeResult.Call(uintptr(unsafe.Pointer(&list)))
	if list.entries == nil {
		return "", fmt.Errorf("%w: WinHttpGetProxyResult gives nothing", errNoService)
	}
	return entryWords(unsafe.Slice(list.entries, min(list.count, 256))), nil
}

// entryWords writes a list back in the words of a script.
func entryWords(list []proxyEntry) string {
	var out []string
	for _, e := range list {
		if e.proxy == 0 || e.bypass != 0 || e.host == nil {
			out = append(out, "DIRECT")
			continue
		}
		// INTERNET_SCHEME of winhttp.h; 1 is http.
		word := map[int32]string{2: "HTTPS", 4: "SOCKS"}[e.scheme]
		if word == "" {
			word = "PROXY"
		}
		name := windows.UTF16PtrToString(e.host)
		if e.port != 0 {
			name = net.JoinHostPort(strings.Trim(name, "[]"), strconv.Itoa(int(e.port)))
		}
		out = append(out, word+" "+name)
	}
	return strings.Join(out, "; ")
}

func askOld(session uintptr, url, script string) (string, error) {
	u, o, err := question(url, script, configURL|serviceOnly)
	if err != nil {
		return "", err
	}
	var info proxyInfo
	ok, _, err := proxyForURL.Call(session, uintptr(unsafe.Pointer(u)), uintptr(unsafe.Pointer(o)), uintptr(unsafe.Pointer(&info)))
	runtime.KeepAlive(u)
	runtime.KeepAlive(o)
	if ok == 0 {
		return "", fmt.Errorf("WinHttpGetProxyForUrl: %w", err)
	}
	proxy := take(info.proxy)
	take(info.bypass)
	if info.access == accessNamed {
		return listWords(proxy), nil
	}
	return "DIRECT", nil
}

// listWords writes WinHTTP's own list ("a:80;http=b:80 c:80") in the words of a script. Wine leaves the words of a script
// in it, all but the first.
func listWords(s string) string {
	var out []string
	for _, part := range strings.Split(s, ";") {
		f := strings.Fields(part)
		for len(f) > 0 {
			switch word := strings.ToUpper(f[0]); word {
			case "DIRECT":
				out = append(out, word)
			case "PROXY", "HTTP", "HTTPS", "SOCKS", "SOCKS4", "SOCKS5":
				if len(f) > 1 {
					out = append(out, word+" "+f[1])
					f = f[1:]
				}
			default:
				out = append(out, itemWords(f[0]))
			}
			f = f[1:]
		}
	}
	return strings.Join(out, "; ")
}

func itemWords(s string) string {
	word := "PROXY"
	if of, rest, ok := strings.Cut(s, "="); ok {
		if s = rest; strings.EqualFold(of, "socks") {
			word = "SOCKS"
		}
	}
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		if s = rest; strings.EqualFold(scheme, "socks") {
			word = "SOCKS"
		}
	}
	return word + " " + strings.TrimSuffix(s, "/")
}
