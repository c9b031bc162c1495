package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winhttp        = windows.NewLazySystemDLL("winhttp.dll")
	defaultProxy   = winhttp.NewProc("WinHttpGetDefaultProxyConfiguration")
	internetOption = winhttp.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
	globalFree     = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalFree")
)

// systemProxies asks WinHTTP (learn.microsoft.com/windows/win32/winhttp/winhttp-autoproxy-api).
type systemProxies struct{}

func (systemProxies) Settings(ctx context.Context) []Setting {
	w := Setting{Source: WinHTTP, Whose: "services", Where: "WinHttpGetDefaultProxyConfiguration"}
	i := Setting{Source: InternetOptions, Whose: "you", Where: "WinHttpGetIEProxyConfigForCurrentUser"}
	var advanced []Setting
	var side sync.WaitGroup
	side.Go(func() { advanced = askAdvanced(ctx) })
	out := []Setting{ask(ctx, w, askWinHTTP), ask(ctx, i, askInternet)}
	side.Wait()
	return append(out, advanced...)
}

func ask(ctx context.Context, s Setting, how func(Setting) (Setting, error)) Setting {
	out, err := within(ctx, func() (Setting, error) { return how(s) })
	if err != nil {
		s.Err = err
		return s
	}
	return out
}

// proxyInfo is WINHTTP_PROXY_INFO.
type proxyInfo struct {
	access        uint32
	proxy, bypass *uint16
}

// Access types of WINHTTP_PROXY_INFO (winhttp.h).
const (
	accessNone      = 1
	accessNamed     = 3
	accessAutomatic = 4
)

func askWinHTTP(s Setting) (Setting, error) {
	var c proxyInfo
	if err := callHTTP(defaultProxy, unsafe.Pointer(&c)); err != nil {
		return s, err
	}
	s.Server, s.Bypass = take(c.proxy), splitBypass(take(c.bypass))
	s.Raw = fmt.Sprintf("access type %d, proxy %q, bypass %q", c.access, s.Server, strings.Join(s.Bypass, ";"))
	switch c.access {
	case accessNone:
	case accessNamed:
		s.Modes = []Mode{Manual}
	case accessAutomatic:
		s.Modes = []Mode{Auto}
	default:
		return s, fmt.Errorf("%s: an access type that linecheck does not know: %d", s.Where, c.access)
	}
	return s, nil
}

// ieProxy is WINHTTP_CURRENT_USER_IE_PROXY_CONFIG.
type ieProxy struct {
	detect             int32
	pac, proxy, bypass *uint16
}

func askInternet(s Setting) (Setting, error) {
	var c ieProxy
	err := callHTTP(internetOption, unsafe.Pointer(&c))
	if errors.Is(err, windows.ERROR_FILE_NOT_FOUND) {
		s.Raw = "no settings (2)"
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.PACURL, s.Server, s.Bypass = take(c.pac), take(c.proxy), splitBypass(take(c.bypass))
	s.Raw = fmt.Sprintf("auto-detect %t, PAC %q, proxy %q, bypass %q", c.detect != 0, s.PACURL, s.Server, strings.Join(s.Bypass, ";"))
	// The order in which WinINET tries them.
	if c.detect != 0 {
		s.Modes = append(s.Modes, Auto)
	}
	if s.PACURL != "" {
		s.Modes = append(s.Modes, PAC)
	}
	if s.Server != "" {
		s.Modes = append(s.Modes, Manual)
	}
	return s, nil
}

func callHTTP(p *windows.LazyProc, arg unsafe.Pointer) error {
	if err := p.Find(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if ok, _, err := p.Call(uintptr(arg)); ok == 0 {
		return fmt.Errorf("%s: %w", p.Name, mapped(err))
	}
	return nil
}

// take copies a string that WinHTTP gave away, and frees it.
func take(p *uint16) string {
	if p == nil {
		return ""
	}
	s := windows.UTF16PtrToString(p)
	globalFree.Call(uintptr(unsafe.Pointer(p)))
	return s
}

func splitBypass(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ' ' || r == '\t' || r == '\r' || r == '\n' })
}
