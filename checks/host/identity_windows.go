package host

import (
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

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

// machineSecret is the random id that Windows gave itself when it was set up; "" where it cannot be read.
func machineSecret() string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return ""
	}
	defer k.Close()
	guid, _, err := k.GetStringValue("MachineGuid")
	if err != nil {
		return ""
	}
	return guid
}
