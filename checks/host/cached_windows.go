package host

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	dnsapi     = windows.NewLazySystemDLL("dnsapi.dll")
	cacheTable = dnsapi.NewProc("DnsGetCacheDataTable")
	dnsFree    = dnsapi.NewProc("DnsFree")
)

// cacheEntry is DNS_CACHE_ENTRY. Microsoft documents neither it nor DnsGetCacheDataTable; both are as public programs
// declare them (osquery, Process Hacker, ReactOS), and were not tried on a real Windows. Wine's is a stub.
type cacheEntry struct {
	next  *cacheEntry
	name  *uint16
	kind  uint16
	size  uint16
	flags uint32
}

// maxCachedName is the longest DNS name as text, escapes counted.
const maxCachedName = 1024

// Cached asks the DNS client service, which sends nothing for it.
func (network) Cached(ctx context.Context) ([]string, error) {
	for _, p := range [...]*windows.LazyProc{cacheTable, dnsFree} {
		if err := p.Find(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, cachedWait)
	defer cancel()
	return within(ctx, func() ([]string, error) {
		var first *cacheEntry
		// The list comes back in its first member, so a pointer is enough of an entry.
		ok, _, err := cacheTable.Call(uintptr(unsafe.Pointer(&first)))
		if ok == 0 {
			if errors.Is(err, windows.ERROR_SUCCESS) {
				// A stub (Wine's), or nothing to tell: an unread cache must not pass for an empty one.
				return nil, fmt.Errorf("DnsGetCacheDataTable gave no list: %w", ErrUnsupported)
			}
			return nil, fmt.Errorf("DnsGetCacheDataTable: %w", mapped(err))
		}
		var out cachedNames
		for e := first; e != nil; {
			next := e.next
			if e.name != nil {
				out.add(wide(e.name, maxCachedName))
				dnsFree.Call(uintptr(unsafe.Pointer(e.name)), 0) // DnsFreeFlat
			}
			dnsFree.Call(uintptr(unsafe.Pointer(e)), 0)
			e = next
		}
		return out.names, nil
	})
}

// wide copies a string of the system, as far as it may be long.
func wide(p *uint16, most int) string {
	var all []uint16
	for len(all) < most {
		c := *(*uint16)(unsafe.Add(unsafe.Pointer(p), 2*len(all)))
		if c == 0 {
			break
		}
		all = append(all, c)
	}
	return windows.UTF16ToString(all)
}
