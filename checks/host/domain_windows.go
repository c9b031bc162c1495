package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	netapi32   = windows.NewLazySystemDLL("netapi32.dll")
	dsGetDC    = netapi32.NewProc("DsGetDcNameW")
	dsGetSite  = netapi32.NewProc("DsGetSiteNameW")
	dsRole     = netapi32.NewProc("DsRoleGetPrimaryDomainInformation")
	dsRoleFree = netapi32.NewProc("DsRoleFreeMemory")
)

// entraKey has one sub-key for each Entra tenant that the device, not only a user, has joined.
const entraKey = `HKLM\SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo`

type windowsDomain struct{ keys Registry }

// Join puts what the workstation service says beside what the Entra registration left in the registry. What a user's own
// account is registered with is not looked at: that joins no computer.
func (d windowsDomain) Join(ctx context.Context) (Join, error) {
	j, err := within(ctx, d.join)
	if err == nil && (j.State == DomainJoined || j.State == HybridJoined) {
		j = d.site(ctx, j)
	}
	return j, err
}

func (d windowsDomain) join() (Join, error) {
	var name *uint16
	var kind uint32
	if err := windows.NetGetJoinInformation(nil, &name, &kind); err != nil {
		return Join{}, fmt.Errorf("NetGetJoinInformation: %w", mapped(err))
	}
	flat := windows.UTF16PtrToString(name)
	_ = windows.NetApiBufferFree((*byte)(unsafe.Pointer(name)))
	j := Join{How: "NetGetJoinInformation", Raw: fmt.Sprintf("NetGetJoinInformation: status %d, name %q", kind, flat)}
	entra := d.entra(&j)
	j.State = joinState(kind, entra)
	if kind == windows.NetSetupDomainName {
		j.Domain, j.Flat = flat, flat
		if dns, ok := dnsDomain(); ok {
			j.Domain = dns
			j.Raw += fmt.Sprintf("; DsRoleGetPrimaryDomainInformation: %q", dns)
		}
	}
	return j, nil
}

// entra reports whether the device is joined to an Entra tenant, and notes which.
func (d windowsDomain) entra(j *Join) bool {
	joined, err := d.keys.Keys(entraKey)
	if err != nil {
		if !errors.Is(err, ErrNotFound) {
			j.Raw += "; Entra not readable: " + err.Error()
		}
		return false
	}
	j.How += " and " + entraKey
	j.Raw += fmt.Sprintf("; %s: %d joined", entraKey, len(joined))
	for _, k := range joined {
		v, err := d.keys.Value(entraKey+`\`+k, "TenantId")
		if err == nil && v.Text != "" {
			j.Tenant = v.Text
			j.Raw += ", tenant " + v.Text
			break
		}
	}
	return len(joined) > 0
}

// netlogonKey is where the computer's site is kept: SiteName where an administrator set it, DynamicSiteName as a controller
// last said it.
const netlogonKey = `HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters`

// siteWait is how long Netlogon is waited for. Away from its controllers it may look for one first.
const siteWait = 300 * time.Millisecond

// site asks Netlogon for this computer's site, then what it remembers.
func (d windowsDomain) site(ctx context.Context, j Join) Join {
	ctx, cancel := context.WithTimeout(ctx, siteWait)
	defer cancel()
	how := "DsGetSiteName"
	name, err := within(ctx, siteName)
	for _, value := range []string{"SiteName", "DynamicSiteName"} {
		if err == nil && name != "" {
			break
		}
		var v Value
		if v, err = d.keys.Value(netlogonKey, value); err == nil {
			name, how = strings.TrimRight(v.Text, "\x00"), netlogonKey+", "+value
		}
	}
	if name != "" {
		j.Site = name
		j.Raw += fmt.Sprintf("; %s: %q", how, name)
	}
	return j
}

func siteName() (string, error) {
	if err := dsGetSite.Find(); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	var name *uint16
	if rc, _, _ := dsGetSite.Call(0, uintptr(unsafe.Pointer(&name))); rc != 0 {
		return "", mapped(syscall.Errno(rc))
	}
	if name == nil {
		return "", ErrNotFound
	}
	defer windows.NetApiBufferFree((*byte)(unsafe.Pointer(name)))
	return windows.UTF16PtrToString(name), nil
}

func joinState(kind uint32, entra bool) JoinState {
	switch {
	case kind == windows.NetSetupDomainName && entra:
		return HybridJoined
	case kind == windows.NetSetupDomainName:
		return DomainJoined
	case entra:
		return EntraJoined
	case kind == windows.NetSetupWorkgroupName:
		return WorkgroupOnly
	case kind == windows.NetSetupUnjoined:
		return NotJoined
	}
	return JoinUnknown
}

// dnsDomain is the DNS name of the domain that the machine belongs to.
func dnsDomain() (string, bool) {
	// DSROLE_PRIMARY_DOMAIN_INFO_BASIC
	var info *struct {
		role, flags       uint32
		flat, dns, forest *uint16
		id                windows.GUID
	}
	if dsRole.Find() != nil || dsRoleFree.Find() != nil {
		return "", false
	}
	const basic = 1 // DsRolePrimaryDomainInfoBasic
	if rc, _, _ := dsRole.Call(0, basic, uintptr(unsafe.Pointer(&info))); rc != 0 || info == nil {
		return "", false
	}
	defer dsRoleFree.Call(uintptr(unsafe.Pointer(info)))
	name := windows.UTF16PtrToString(info.dns)
	return strings.TrimSuffix(name, "."), name != ""
}

// controllerInfo is DOMAIN_CONTROLLER_INFOW.
type controllerInfo struct {
	name, address   *uint16
	addressType     uint32
	domainID        windows.GUID
	domain, forest  *uint16
	flags           uint32
	dcSite, ourSite *uint16
}

// Locate asks DsGetDcName, which may answer from its memory: the controller need not live any more.
func (windowsDomain) Locate(ctx context.Context, domain string) (LocatedController, error) {
	var none LocatedController
	if err := dsGetDC.Find(); err != nil {
		return none, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if strings.ContainsRune(domain, 0) {
		return none, fmt.Errorf("domain %q: %w", domain, ErrNotFound)
	}
	var name *uint16
	if domain != "" {
		var err error
		if name, err = windows.UTF16PtrFromString(domain); err != nil {
			return none, fmt.Errorf("domain %q: %w", domain, ErrNotFound)
		}
	}
	return within(ctx, func() (LocatedController, error) {
		const ipRequired, returnDNS = 0x200, 0x40000000 // DS_IP_REQUIRED, DS_RETURN_DNS_NAME
		var info *controllerInfo
		rc, _, _ := dsGetDC.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, ipRequired|returnDNS, uintptr(unsafe.Pointer(&info)))
		if rc != 0 {
			return none, locateError(domain, syscall.Errno(rc))
		}
		if info == nil {
			return none, fmt.Errorf("DsGetDcName %q: the system says yes and names none: %w", domain, ErrNotFound)
		}
		defer windows.NetApiBufferFree((*byte)(unsafe.Pointer(info)))
		return LocatedController{
			Name:    strings.TrimSuffix(strings.TrimPrefix(windows.UTF16PtrToString(info.name), `\\`), "."),
			Address: strings.TrimPrefix(windows.UTF16PtrToString(info.address), `\\`),
			Site:    windows.UTF16PtrToString(info.dcSite),
			Near:    windows.UTF16PtrToString(info.ourSite),
			Flags:   ControllerFlags(info.flags),
			How:     "DsGetDcName",
		}, nil
	})
}

// locateError: these codes mean that no controller was found, not that it could not be asked.
func locateError(domain string, no syscall.Errno) error {
	switch no {
	case windows.ERROR_NO_SUCH_DOMAIN, windows.ERROR_INVALID_DOMAINNAME, windows.ERROR_NO_LOGON_SERVERS, windows.DNS_ERROR_RCODE_NAME_ERROR,
		windows.DNS_INFO_NO_RECORDS:
		return fmt.Errorf("DsGetDcName %q: %w (%d: %w)", domain, ErrNotFound, uint32(no), no)
	}
	return fmt.Errorf("DsGetDcName %q: %w", domain, mapped(no))
}
