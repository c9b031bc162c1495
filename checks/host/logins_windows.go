package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	secur32       = windows.NewLazySystemDLL("secur32.dll")
	sspiAcquire   = secur32.NewProc("AcquireCredentialsHandleW")
	sspiStep      = secur32.NewProc("InitializeSecurityContextW")
	sspiComplete  = secur32.NewProc("CompleteAuthToken")
	sspiFreeText  = secur32.NewProc("FreeContextBuffer")
	sspiEnd       = secur32.NewProc("DeleteSecurityContext")
	sspiForget    = secur32.NewProc("FreeCredentialsHandle")
	sspiFunctions = [...]*windows.LazyProc{sspiAcquire, sspiStep, sspiComplete, sspiFreeText, sspiEnd, sspiForget}
)

// secHandle is CredHandle and CtxtHandle; secBuffer and secBuffers are SecBuffer and SecBufferDesc (sspi.h).
type secHandle struct{ lower, upper uintptr }

type secBuffer struct {
	size, kind uint32
	data       unsafe.Pointer
}

type secBuffers struct {
	version, count uint32
	first          *secBuffer
}

const (
	secOutbound   = 2     // SECPKG_CRED_OUTBOUND
	secNative     = 0x10  // SECURITY_NATIVE_DREP
	secToken      = 2     // SECBUFFER_TOKEN
	secAllocate   = 0x100 // ISC_REQ_ALLOCATE_MEMORY
	secConnection = 0x800 // ISC_REQ_CONNECTION
)

// Bounds of one login. A Kerberos ticket with many groups is 48 KiB at most (MaxTokenSize).
const (
	loginWait   = 10 * time.Second // Negotiate may look for a domain controller
	maxToken    = 64 << 10
	maxLogin    = 8 // steps; NTLM takes two
	secOK       = 0
	secContinue = 0x90312 // SEC_I_CONTINUE_NEEDED
	secFinish   = 0x90313 // SEC_I_COMPLETE_NEEDED
	secBoth     = 0x90314 // SEC_I_COMPLETE_AND_CONTINUE
)

// sspi logs in as the account that runs linecheck (learn.microsoft.com/windows/win32/secauthn/sspi).
type sspi struct{}

// Begin asks for the account's own credentials, which are never seen here.
func (sspi) Begin(scheme, proxy string) (Login, error) {
	packages := map[string]string{"ntlm": "NTLM", "negotiate": "Negotiate"}
	name := packages[strings.ToLower(scheme)]
	if name == "" {
		return nil, fmt.Errorf("log in by %.40q: %w", scheme, ErrUnsupported)
	}
	if host, _, err := net.SplitHostPort(proxy); err == nil {
		proxy = host
	}
	proxy = strings.Trim(proxy, "[]")
	if err := hostName(proxy); err != nil {
		return nil, err
	}
	for _, p := range sspiFunctions {
		if err := p.Find(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	target, err := windows.UTF16PtrFromString("HTTP/" + proxy)
	if err != nil {
		return nil, err
	}
	pack, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	l := &sspiLogin{target: target}
	ctx, cancel := context.WithTimeout(context.Background(), loginWait)
	defer cancel()
	_, err = within(ctx, func() (struct{}, error) {
		l.mu.Lock()
		defer l.unlock()
		var until int64
		rc, _, _ := sspiAcquire.Call(0, uintptr(unsafe.Pointer(pack)), secOutbound, 0, 0, 0, 0, uintptr(unsafe.Pointer(&l.creds)), uintptr(unsafe.Pointer(&until)))
		l.acquired = uint32(rc) == secOK
		return struct{}{}, secError(name, uint32(rc))
	})
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// sspiLogin is one login. A call that hangs keeps mu; whoever holds it last frees the handles.
type sspiLogin struct {
	target *uint16

	mu       sync.Mutex
	creds    secHandle
	context  secHandle
	acquired bool
	begun    bool
	ended    bool
	steps    int

	state  sync.Mutex
	closed bool
	freed  bool
}

func (l *sspiLogin) Next(token []byte) ([]byte, error) {
	if len(token) > maxToken {
		return nil, errors.New("the proxy's token is larger than any is")
	}
	token = append([]byte(nil), token...)
	ctx, cancel := context.WithTimeout(context.Background(), loginWait)
	defer cancel()
	return within(ctx, func() ([]byte, error) {
		l.mu.Lock()
		defer l.unlock()
		return l.step(token)
	})
}

// step needs l.mu.
func (l *sspiLogin) step(token []byte) ([]byte, error) {
	if l.isClosed() || l.ended || l.steps >= maxLogin {
		return nil, errors.New("the login has ended")
	}
	l.steps++
	in := secBuffer{size: uint32(len(token)), kind: secToken, data: unsafe.Pointer(unsafe.SliceData(token))}
	ins := secBuffers{count: 1, first: &in}
	out := secBuffer{kind: secToken}
	outs := secBuffers{count: 1, first: &out}
	var old, input unsafe.Pointer
	if l.begun {
		old = unsafe.Pointer(&l.context)
		input = unsafe.Pointer(&ins)
	}
	var attributes uint32
	var until int64
	rc, _, _ := sspiStep.Call(uintptr(unsafe.Pointer(&l.creds)), uintptr(old), uintptr(unsafe.Pointer(l.target)), secAllocate|secConnection, 0, secNative,
		uintptr(input), 0, uintptr(unsafe.Pointer(&l.context)), uintptr(unsafe.Pointer(&outs)), uintptr(unsafe.Pointer(&attributes)), uintptr(unsafe.Pointer(&until)))
	if out.data != nil {
		defer sspiFreeText.Call(uintptr(out.data))
	}
	status := uint32(rc)
	switch status {
	case secOK, secContinue, secFinish, secBoth:
		l.begun = true
	}
	if status == secFinish || status == secBoth {
		if rc, _, _ := sspiComplete.Call(uintptr(unsafe.Pointer(&l.context)), uintptr(unsafe.Pointer(&outs))); uint32(rc) != secOK {
			return nil, secError("CompleteAuthToken", uint32(rc))
		}
		status = map[uint32]uint32{secFinish: secOK, secBoth: secContinue}[status]
	}
	switch {
	case status == secOK:
		l.ended = true
	case status != secContinue:
		l.ended = true
		return nil, secError("InitializeSecurityContext", status)
	}
	if out.data == nil || out.size == 0 || out.size > maxToken {
		if status == secOK {
			return nil, nil
		}
		return nil, fmt.Errorf("InitializeSecurityContext gave a token of %d bytes", out.size)
	}
	return append([]byte(nil), unsafe.Slice((*byte)(out.data), out.size)...), nil
}

// Close lets the system forget the login, at once or when the call that hangs comes back.
func (l *sspiLogin) Close() {
	l.state.Lock()
	l.closed = true
	l.state.Unlock()
	if l.mu.TryLock() {
		l.unlock()
	}
}

func (l *sspiLogin) isClosed() bool {
	l.state.Lock()
	defer l.state.Unlock()
	return l.closed
}

func (l *sspiLogin) unlock() {
	l.state.Lock()
	last := l.closed && !l.freed
	l.freed = l.freed || last
	l.state.Unlock()
	if last && l.begun {
		sspiEnd.Call(uintptr(unsafe.Pointer(&l.context)))
	}
	if last && l.acquired {
		sspiForget.Call(uintptr(unsafe.Pointer(&l.creds)))
	}
	l.mu.Unlock()
}

// secError puts words to a SECURITY_STATUS (winerror.h), because the system's are translated.
func secError(what string, status uint32) error {
	words := map[uint32]string{
		0x80090302: "not supported", 0x80090303: "the target is not known", 0x80090304: "the local security authority cannot be asked",
		0x80090305: "there is no such security package", 0x80090308: "the proxy's token is not valid", 0x8009030c: "the logon was denied",
		0x8009030e: "the account has no credentials for it", 0x80090311: "no domain controller answers for it",
		0x80090318: "the proxy's token is not complete", 0x80090322: "the target's name in the domain is wrong", 0x80090324: "the clocks differ too much",
	}
	if status == secOK {
		return nil
	}
	err := fmt.Errorf("%s: %s (%#x)", what, words[status], status)
	switch {
	case status == 0x80090305, status == 0x80090302:
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	case words[status] == "":
		return fmt.Errorf("%s: %w (%#x)", what, syscall.Errno(status), status)
	}
	return err
}
