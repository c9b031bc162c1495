package host

import (
	"fmt"
	"strings"
)

// flagWords are what a domain controller says that it can do: DS_FLAG of MS-ADTS 6.3.1.2, DOMAIN_CONTROLLER_INFO of
// DsGetDcName. Bits that say how a name is written are left out.
var flagWords = []struct {
	bit  uint32
	word string
}{
	{0x1, "PDC"}, {0x4, "global catalog"}, {0x8, "LDAP"}, {0x10, "directory"}, {0x20, "Kerberos"}, {0x40, "time"},
	{0x80, "nearest site"}, {0x100, "writable"}, {0x200, "reliable time"}, {0x800, "read-only"}, {0x1000, "all secrets"},
	{0x2000, "web services"},
}

// ControllerFlags puts what a domain controller says that it can do into words; "" where it says nothing of it. Bits that
// are not known are left out.
func ControllerFlags(flags uint32) string {
	var out []string
	for _, f := range flagWords {
		if flags&f.bit != 0 {
			out = append(out, f.word)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return fmt.Sprintf("%s (%#x)", strings.Join(out, ", "), flags)
}
