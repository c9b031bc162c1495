package host

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"unsafe"
)

func TestSecurityStructuresAreThoseOfWindows(t *testing.T) {
	word := unsafe.Sizeof(uintptr(0))
	if unsafe.Sizeof(secHandle{}) != 2*word || unsafe.Sizeof(secBuffer{}) != 8+word || unsafe.Sizeof(secBuffers{}) != 8+word || unsafe.Offsetof(secBuffer{}.data) != 8 {
		t.Error("the layout differs from sspi.h")
	}
}

// Wine's NTLM needs Samba's ntlm_auth and says without it that there is no such package; a real Windows begins.
func TestLoginBeginsOrSaysWhyNot(t *testing.T) {
	for _, scheme := range []string{"ntlm", "Negotiate"} {
		l, err := Local().Logins.Begin(scheme, "proxy.example.intern:3128")
		if err != nil {
			t.Logf("%s: %v", scheme, err)
			if !underWine() {
				t.Errorf("%s: %v", scheme, err)
			}
			continue
		}
		token, err := l.Next(nil)
		t.Logf("%s: a first token of %d bytes, %v", scheme, len(token), err)
		switch {
		case err != nil && !underWine():
			t.Errorf("%s: %v", scheme, err)
		case err != nil:
			if len(token) > 0 || err.Error() == "" {
				t.Errorf("%s: %x, %v", scheme, token, err)
			}
		case scheme == "ntlm" && (!bytes.HasPrefix(token, []byte("NTLMSSP\x00")) || len(token) < 12 || binary.LittleEndian.Uint32(token[8:]) != 1):
			t.Errorf("the first token is no NTLM negotiation: %x", token)
		}
		if _, err := l.Next([]byte("no token at all")); err == nil {
			t.Errorf("%s: garbage logs in", scheme)
		}
		if _, err := l.Next(make([]byte, maxToken+1)); err == nil {
			t.Errorf("%s: a huge token is taken", scheme)
		}
		l.Close()
		l.Close()
		if _, err := l.Next(nil); err == nil {
			t.Errorf("%s: it goes on after its end", scheme)
		}
	}
}

func TestLoginsThatAreNone(t *testing.T) {
	if _, err := Local().Logins.Begin("basic", "proxy.example"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("basic: %v", err)
	}
	for _, name := range []string{"", "a b", "a\x00b"} {
		if _, err := Local().Logins.Begin("ntlm", name); err == nil {
			t.Errorf("a proxy called %q", name)
		}
	}
}

func TestSecurityErrors(t *testing.T) {
	if err := secError("x", 0x80090305); !errors.Is(err, ErrUnsupported) {
		t.Errorf("no package: %v", err)
	}
	for _, no := range []uint32{0x8009030c, 0x8009030e, 0x80091234} {
		if err := secError("x", no); err == nil || errors.Is(err, ErrUnsupported) {
			t.Errorf("%#x: %v", no, err)
		}
	}
}
