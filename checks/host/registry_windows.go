package host

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"unicode/utf16"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// maxValue is the largest registry value that is read, in bytes; a proxy setting is a few hundred.
const maxValue = 1 << 20

type hives struct{}

// view is one place to look for a key.
type view struct {
	root   registry.Key
	path   string
	access uint32
	shown  string
}

// views are the places where a key may be, in the order in which they are asked. Only HKLM\SOFTWARE is kept twice
// (learn.microsoft.com/windows/win32/winprog64/shared-registry-keys).
func views(key string) ([]view, error) {
	hive, path, _ := strings.Cut(strings.Trim(key, `\`), `\`)
	var root registry.Key
	switch strings.ToUpper(hive) {
	case "HKLM", "HKEY_LOCAL_MACHINE":
		root, hive = registry.LOCAL_MACHINE, "HKLM"
	case "HKCU", "HKEY_CURRENT_USER":
		root, hive = registry.CURRENT_USER, "HKCU"
	case "HKU", "HKEY_USERS":
		root, hive = registry.USERS, "HKU"
	default:
		return nil, fmt.Errorf("%q is under none of HKLM, HKCU, HKU: %w", key, ErrNotFound)
	}
	if strings.ContainsRune(path, 0) {
		return nil, fmt.Errorf("%q holds a NUL: %w", key, ErrNotFound)
	}
	out := []view{{root, path, registry.WOW64_64KEY, join(hive, path)}}
	first, rest, _ := strings.Cut(path, `\`)
	next, _, _ := strings.Cut(rest, `\`)
	if hive == "HKLM" && strings.EqualFold(first, "SOFTWARE") && !strings.EqualFold(next, "Wow6432Node") {
		out = append(out, view{root, path, registry.WOW64_32KEY, join(hive, join(join(first, "Wow6432Node"), rest))})
	}
	return out, nil
}

func join(a, b string) string { return strings.TrimSuffix(a+`\`+b, `\`) }

func (hives) Value(key, name string) (Value, error) {
	all, err := views(key)
	if err != nil {
		return Value{}, err
	}
	var first error
	for _, v := range all {
		out, err := v.value(name)
		if err == nil {
			return out, nil
		}
		first = graver(first, err)
	}
	return Value{}, first
}

func (hives) Keys(key string) ([]string, error) {
	all, err := views(key)
	if err != nil {
		return nil, err
	}
	var (
		out   []string
		first error
		found bool
		seen  = map[string]bool{}
	)
	for _, v := range all {
		names, err := v.keys()
		if err != nil {
			first = graver(first, err)
			continue
		}
		found = true
		for _, n := range names {
			if l := strings.ToLower(n); !seen[l] {
				seen[l] = true
				out = append(out, n)
			}
		}
	}
	if found {
		return out, nil
	}
	return nil, first
}

// graver keeps the error that says more: a view that does not have the key must not hide that the other one is closed.
func graver(a, b error) error {
	if a == nil || errors.Is(a, ErrNotFound) && !errors.Is(b, ErrNotFound) {
		return b
	}
	return a
}

func (v view) value(name string) (Value, error) {
	if strings.ContainsRune(name, 0) {
		return Value{}, fmt.Errorf("%s: a name with a NUL: %w", v.shown, ErrNotFound)
	}
	k, err := registry.OpenKey(v.root, v.path, registry.QUERY_VALUE|v.access)
	if err != nil {
		return Value{}, v.wrap(err)
	}
	defer k.Close()
	buf := make([]byte, 256)
	for {
		n, kind, err := k.GetValue(name, buf)
		switch {
		case err == nil:
			out, err := decode(kind, buf[:n])
			out.Key = v.shown
			if err != nil {
				err = fmt.Errorf("%s, %q: %w", v.shown, name, err)
			}
			return out, err
		case !errors.Is(err, registry.ErrShortBuffer):
			return Value{}, v.wrap(err)
		case n > maxValue:
			return Value{}, fmt.Errorf("%s, %q: holds %d bytes, more than linecheck reads", v.shown, name, n)
		}
		buf = make([]byte, max(n, 2*len(buf)))
		if len(buf) > 2*maxValue {
			return Value{}, fmt.Errorf("%s, %q: does not stop growing", v.shown, name)
		}
	}
}

func (v view) keys() ([]string, error) {
	k, err := registry.OpenKey(v.root, v.path, registry.ENUMERATE_SUB_KEYS|v.access)
	if err != nil {
		return nil, v.wrap(err)
	}
	defer k.Close()
	names, err := k.ReadSubKeyNames(maxEntries)
	if err != nil && err != io.EOF {
		return nil, v.wrap(err)
	}
	return names, nil
}

func (v view) wrap(err error) error { return fmt.Errorf("%s: %w", v.shown, mapped(err)) }

// mapped puts this package's errors before the system's.
func mapped(err error) error {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return err
	}
	switch no {
	case windows.ERROR_FILE_NOT_FOUND, windows.ERROR_PATH_NOT_FOUND, windows.ERROR_KEY_DELETED, windows.ERROR_INVALID_NAME,
		windows.ERROR_SERVICE_DOES_NOT_EXIST:
		return fmt.Errorf("%w (%d: %w)", ErrNotFound, uint32(no), no)
	case windows.ERROR_ACCESS_DENIED, windows.ERROR_PRIVILEGE_NOT_HELD:
		return fmt.Errorf("%w (%d: %w)", ErrDenied, uint32(no), no)
	}
	return fmt.Errorf("%w (%d)", no, uint32(no))
}

// decode reads a value's bytes (learn.microsoft.com/windows/win32/sysinfo/registry-value-types).
func decode(kind uint32, b []byte) (Value, error) {
	v := Value{}
	size := func(want int) error {
		if len(b) != want {
			v.Bytes = b
			return fmt.Errorf("%s of %d bytes", v.Kind, len(b))
		}
		return nil
	}
	switch kind {
	case registry.SZ:
		v.Kind, v.Text = "REG_SZ", text(b)
	case registry.EXPAND_SZ:
		v.Kind, v.Text = "REG_EXPAND_SZ", text(b)
	case registry.LINK:
		v.Kind, v.Text = "REG_LINK", text(b)
	case registry.MULTI_SZ:
		v.Kind = "REG_MULTI_SZ"
		v.Text = strings.ReplaceAll(strings.TrimRight(utf16Text(b), "\x00"), "\x00", "\n")
	case registry.DWORD:
		v.Kind = "REG_DWORD"
		if err := size(4); err != nil {
			return v, err
		}
		v.Number = uint64(binary.LittleEndian.Uint32(b))
	case registry.DWORD_BIG_ENDIAN:
		v.Kind = "REG_DWORD_BIG_ENDIAN"
		if err := size(4); err != nil {
			return v, err
		}
		v.Number = uint64(binary.BigEndian.Uint32(b))
	case registry.QWORD:
		v.Kind = "REG_QWORD"
		if err := size(8); err != nil {
			return v, err
		}
		v.Number = binary.LittleEndian.Uint64(b)
	case registry.BINARY:
		v.Kind, v.Bytes = "REG_BINARY", b
	case registry.NONE:
		v.Kind, v.Bytes = "REG_NONE", b
	default:
		v.Kind, v.Bytes = fmt.Sprintf("type %d", kind), b
	}
	return v, nil
}

// text ends at the first NUL, as programs that read the value see it.
func text(b []byte) string {
	s, _, _ := strings.Cut(utf16Text(b), "\x00")
	return s
}

// utf16Text leaves out the odd byte that a careless program left.
func utf16Text(b []byte) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}
