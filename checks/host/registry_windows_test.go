package host

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// testKey makes a key below root and removes it with what is in it.
func testKey(t *testing.T, root registry.Key, path string, access uint32) registry.Key {
	t.Helper()
	k, _, err := registry.CreateKey(root, path, registry.ALL_ACCESS|access)
	must(t, err)
	t.Cleanup(func() {
		k.Close()
		d, err := registry.OpenKey(root, path, registry.ALL_ACCESS|access)
		if err != nil {
			return
		}
		subs, _ := d.ReadSubKeyNames(-1)
		for _, s := range subs {
			_ = registry.DeleteKey(d, s)
		}
		d.Close()
		parent, name, _ := cutLast(path)
		if p, err := registry.OpenKey(root, parent, registry.ALL_ACCESS|access); err == nil {
			_ = registry.DeleteKey(p, name)
			p.Close()
		}
	})
	return k
}

func cutLast(path string) (parent, name string, ok bool) {
	i := strings.LastIndexByte(path, '\\')
	return path[:max(i, 0)], path[i+1:], i >= 0
}

var regSetValueEx = windows.NewLazySystemDLL("advapi32.dll").NewProc("RegSetValueExW")

// setRaw writes what x/sys has no function for: any kind with any bytes.
func setRaw(t *testing.T, k registry.Key, name string, kind uint32, b []byte) {
	t.Helper()
	var p *byte
	if len(b) > 0 {
		p = &b[0]
	}
	n, err := windows.UTF16PtrFromString(name)
	must(t, err)
	if rc, _, _ := regSetValueEx.Call(uintptr(k), uintptr(unsafe.Pointer(n)), 0, uintptr(kind), uintptr(unsafe.Pointer(p)), uintptr(len(b))); rc != 0 {
		t.Fatal(syscall.Errno(rc))
	}
}

func TestRegistryValues(t *testing.T) {
	path := fmt.Sprintf(`Software\linecheck-test-%d`, os.Getpid())
	k := testKey(t, registry.CURRENT_USER, path, 0)
	must(t, k.SetStringValue("", "the default"))
	must(t, k.SetStringValue("sz", "http://proxy.example.intern:3128"))
	must(t, k.SetExpandStringValue("expand", `%SystemRoot%\x`))
	must(t, k.SetStringsValue("multi", []string{"one", "zwei ä", "three"}))
	must(t, k.SetDWordValue("dword", 0xfffffffe))
	must(t, k.SetQWordValue("qword", 1<<40))
	must(t, k.SetBinaryValue("binary", []byte{0x18, 0, 0xff}))
	setRaw(t, k, "none", registry.NONE, nil)
	setRaw(t, k, "big", registry.DWORD_BIG_ENDIAN, []byte{0, 0, 1, 2})
	setRaw(t, k, "odd", registry.SZ, []byte{'a', 0, 'b', 0, 'c'})
	setRaw(t, k, "inner", registry.SZ, []byte{'a', 0, 0, 0, 'b', 0})
	setRaw(t, k, "large", registry.BINARY, make([]byte, 300<<10))
	key := `HKCU\` + path
	for name, want := range map[string]Value{
		"":       {Kind: "REG_SZ", Text: "the default"},
		"SZ":     {Kind: "REG_SZ", Text: "http://proxy.example.intern:3128"},
		"expand": {Kind: "REG_EXPAND_SZ", Text: `%SystemRoot%\x`},
		"multi":  {Kind: "REG_MULTI_SZ", Text: "one\nzwei ä\nthree"},
		"dword":  {Kind: "REG_DWORD", Number: 0xfffffffe},
		"qword":  {Kind: "REG_QWORD", Number: 1 << 40},
		"binary": {Kind: "REG_BINARY", Bytes: []byte{0x18, 0, 0xff}},
		"none":   {Kind: "REG_NONE"},
		"big":    {Kind: "REG_DWORD_BIG_ENDIAN", Number: 0x102},
		"odd":    {Kind: "REG_SZ", Text: "ab"},
		"inner":  {Kind: "REG_SZ", Text: "a"},
		"large":  {Kind: "REG_BINARY", Bytes: make([]byte, 300<<10)},
	} {
		for _, spelt := range []string{key, strings.ToUpper(key), `HKEY_CURRENT_USER\` + path + `\`} {
			got, err := Local().Registry.Value(spelt, name)
			if err != nil || got.Kind != want.Kind || got.Text != want.Text || got.Number != want.Number || string(got.Bytes) != string(want.Bytes) {
				t.Errorf("%s, %q = %.80v, %v; want %.80v", spelt, name, got, err, want)
			}
		}
	}
}

func TestRegistryRefuses(t *testing.T) {
	path := fmt.Sprintf(`Software\linecheck-test-%d-bad`, os.Getpid())
	k := testKey(t, registry.CURRENT_USER, path, 0)
	setRaw(t, k, "huge", registry.BINARY, make([]byte, maxValue+1))
	setRaw(t, k, "short", registry.DWORD, []byte{1, 2})
	key := `HKCU\` + path
	for name, c := range map[string]struct {
		key, name string
		want      error
	}{
		"a missing value":             {key, "nothing", ErrNotFound},
		"a missing key":               {key + `\nothing`, "x", ErrNotFound},
		"a missing key in both views": {`HKLM\SOFTWARE\linecheck-nothing`, "x", ErrNotFound},
		"a hive that is not known":    {`HKCR\txtfile`, "", ErrNotFound},
		"no key at all":               {``, "", ErrNotFound},
		"a key with a NUL":            {key + "\x00x", "huge", ErrNotFound},
		"a name with a NUL":           {key, "hu\x00ge", ErrNotFound},
		"a key with a long name":      {key + `\` + strings.Repeat("x", 300), "", nil},
		"a value over 1 MB":           {key, "huge", nil},
		"a number of two bytes":       {key, "short", nil},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Local().Registry.Value(c.key, c.name)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && errors.Is(err, ErrDenied) {
				t.Errorf("Value = %.80v, %v; want the error %v", v, err, c.want)
			}
		})
	}
	if names, err := Local().Registry.Keys(key + `\nothing`); !errors.Is(err, ErrNotFound) {
		t.Errorf("Keys of a missing key: %q, %v", names, err)
	}
}

func TestRegistryAsksBothViewsOfSoftware(t *testing.T) {
	path := fmt.Sprintf(`SOFTWARE\linecheck-test-%d`, os.Getpid())
	k64 := testKey(t, registry.LOCAL_MACHINE, path, registry.WOW64_64KEY)
	k32 := testKey(t, registry.LOCAL_MACHINE, path, registry.WOW64_32KEY)
	must(t, k64.SetStringValue("both", "64"))
	must(t, k32.SetStringValue("both", "32"))
	must(t, k32.SetStringValue("only32", "32"))
	for key, name := range map[registry.Key]string{k64: "a", k32: "b"} {
		for _, n := range []string{name, "same"} {
			s, _, err := registry.CreateKey(key, n, registry.ALL_ACCESS)
			must(t, err)
			s.Close()
		}
	}
	r, key := Local().Registry, `HKLM\`+path
	node := strings.Replace(key, `SOFTWARE\`, `SOFTWARE\Wow6432Node\`, 1)
	if v, err := r.Value(key, "both"); err != nil || v.Text != "64" || v.Key != key {
		t.Errorf("a value in both views = %+v, %v; want the 64-bit one", v, err)
	}
	if v, err := r.Value(key, "only32"); err != nil || v.Text != "32" || v.Key != node {
		t.Errorf("a value in the 32-bit view = %+v, %v; want it from %s", v, err, node)
	}
	if v, err := r.Value(node, "both"); err != nil || v.Text != "32" || v.Key != node {
		t.Errorf("a key that names the 32-bit view = %+v, %v", v, err)
	}
	names, err := r.Keys(key)
	slices.Sort(names)
	if err != nil || !slices.Equal(names, []string{"a", "b", "same"}) {
		t.Errorf("Keys = %q, %v; want those of both views, each once", names, err)
	}
}

// ErrDenied cannot be shown under Wine, where every account may read every key: only the translation is looked at.
func TestErrorsOfWindows(t *testing.T) {
	for no, want := range map[syscall.Errno]error{
		windows.ERROR_ACCESS_DENIED:          ErrDenied,
		windows.ERROR_PRIVILEGE_NOT_HELD:     ErrDenied,
		windows.ERROR_FILE_NOT_FOUND:         ErrNotFound,
		windows.ERROR_KEY_DELETED:            ErrNotFound,
		windows.ERROR_SERVICE_DOES_NOT_EXIST: ErrNotFound,
	} {
		if err := mapped(fmt.Errorf("asked: %w", no)); !errors.Is(err, want) || !errors.Is(err, no) {
			t.Errorf("mapped(%d) = %v; want %v and the number", no, err, want)
		}
	}
	if err := mapped(windows.ERROR_BUSY); errors.Is(err, ErrDenied) || errors.Is(err, ErrNotFound) {
		t.Errorf("mapped(ERROR_BUSY) = %v", err)
	}
	closed, gone := fmt.Errorf("%w", ErrDenied), fmt.Errorf("%w", ErrNotFound)
	if graver(closed, gone) != closed || graver(gone, closed) != closed {
		t.Error("a view without the key hides that the other one is closed")
	}
}
