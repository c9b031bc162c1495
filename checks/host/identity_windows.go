package host

import "golang.org/x/sys/windows"

func elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }

// account is DOMAIN\user as this logon session has it. os/user would also ask a domain controller for the full name,
// and wait for one that cannot be reached.
func account() string {
	buf := make([]uint16, 512)
	n := uint32(len(buf))
	if err := windows.GetUserNameEx(windows.NameSamCompatible, &buf[0], &n); err != nil {
		return ""
	}
	return windows.UTF16ToString(buf[:min(int(n), len(buf))])
}
