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

// challenge is an NTLM challenge (MS-NLMP 2.2.1.2) of the domain CORP: Unicode, NTLM, target information, 128 bits.
func challenge() []byte {
	name := []byte("C\x00O\x00R\x00P\x00")
	info := append(append([]byte{2, 0, 8, 0}, name...), 0, 0, 0, 0) // MsvAvNbDomainName, MsvAvEOL
	field := func(b []byte, at int) []byte {
		f := binary.LittleEndian.AppendUint16(nil, uint16(len(b)))
		f = binary.LittleEndian.AppendUint16(f, uint16(len(b)))
		return binary.LittleEndian.AppendUint32(f, uint32(at))
	}
	const head = 48
	b := append([]byte("NTLMSSP\x00"), 2, 0, 0, 0)
	b = append(b, field(name, head)...)
	b = binary.LittleEndian.AppendUint32(b, 0xa2898205)
	b = append(b, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0)
	return append(append(append(b, field(info, head+len(name))...), name...), info...)
}

func TestLoginAnswersAChallenge(t *testing.T) {
	l, err := Local().Logins.Begin("ntlm", "proxy.example.intern")
	if err != nil && underWine() {
		t.Skip("Wine has no NTLM without Samba's ntlm_auth:", err)
	}
	must(t, err)
	defer l.Close()
	if first, err := l.Next(nil); err != nil || len(first) == 0 {
		t.Fatalf("%x, %v", first, err)
	}
	third, err := l.Next(challenge())
	if err != nil && underWine() {
		t.Skip("Wine, by Samba's ntlm_auth, does not answer it:", err)
	}
	if err != nil || !bytes.HasPrefix(third, []byte("NTLMSSP\x00\x03\x00\x00\x00")) {
		t.Errorf("%x, %v", third, err)
	}
	if again, err := l.Next(challenge()); err == nil {
		t.Errorf("a login that has ended goes on: %x", again)
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
