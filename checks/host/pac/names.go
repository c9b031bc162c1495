package pac

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// define gives the script its functions. Where browsers and Microsoft's description differ, they do what Firefox and
// Chromium do.
func (e *engine) define() {
	set := func(name string, f func(a args) any) {
		_ = e.vm.Set(name, func(c goja.FunctionCall) goja.Value { return e.vm.ToValue(f(args{c, e.vm})) })
	}
	set("alert", func(args) any { return goja.Undefined() })
	set("isPlainHostName", func(a args) any { return !strings.ContainsAny(a.text(0), ".:") })
	set("dnsDomainIs", func(a args) any { return strings.HasSuffix(a.text(0), a.text(1)) })
	set("localHostOrDomainIs", func(a args) any {
		return a.text(0) == a.text(1) || strings.HasPrefix(a.text(1), a.text(0)+".")
	})
	set("dnsDomainLevels", func(a args) any { return strings.Count(a.text(0), ".") })
	set("shExpMatch", func(a args) any { return e.match(a, a.text(0), a.text(1)) })

	set("isResolvable", func(a args) any { return e.first(a.text(0)).IsValid() })
	set("dnsResolve", func(a args) any {
		if addr := e.first(a.text(0)); addr.IsValid() {
			return addr.String()
		}
		return goja.Null()
	})
	set("isInNet", func(a args) any { return inNet(e.first(a.text(0)), a.text(1), a.text(2)) })
	set("convert_addr", func(a args) any { return number(a.text(0)) })
	set("myIpAddress", func(args) any { return own(e.order.Own) })

	set("isResolvableEx", func(a args) any { return len(e.resolve(a.text(0))) > 0 })
	set("dnsResolveEx", func(a args) any { return list(e.resolve(a.text(0))) })
	set("isInNetEx", func(a args) any { return inPrefix(a.text(0), a.text(1)) })
	set("myIpAddressEx", func(args) any { return list(e.order.Own) })
	set("sortIpAddressList", func(a args) any { return sorted(a.text(0)) })
	set("getClientVersion", func(args) any { return "1.0" })

	set("weekdayRange", func(a args) any { return weekdays(e.order.Now, a.texts()) })
	set("dateRange", func(a args) any { return dates(e.order.Now, a.texts()) })
	set("timeRange", func(a args) any {
		in, ok := times(e.order.Now, a.texts())
		if !ok {
			panic(e.vm.ToValue("timeRange: wrong number of arguments"))
		}
		return in
	})
}

// args are what a function is called with.
type args struct {
	goja.FunctionCall
	vm *goja.Runtime
}

func (a args) text(i int) string { return a.Argument(i).String() }

func (a args) texts() []string {
	var out []string
	for _, v := range a.Arguments[:min(len(a.Arguments), 16)] {
		out = append(out, v.String())
	}
	return out
}

// resolve gives all addresses of a name; an address is its own.
func (e *engine) resolve(name string) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}
	}
	name = strings.ToLower(name)
	if !isName(name) {
		return nil
	}
	addrs, known := e.known[name]
	if !known {
		if len(e.known) >= e.order.Names {
			e.vm.Interrupt(errNames)
			return nil
		}
		addrs = e.ask(name)
		e.known[name] = addrs
	}
	return addrs
}

// first is the first IPv4 address: the functions of the old format know no other.
func (e *engine) first(name string) netip.Addr {
	for _, a := range e.resolve(name) {
		if a = a.Unmap(); a.Is4() {
			return a
		}
	}
	return netip.Addr{}
}

// isName reports whether something could be a host's name, so that nothing else is ever looked up.
func isName(s string) bool {
	return s != "" && len(s) <= 253 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}

// inNet compares under a mask that is written like an address; one with gaps is a mask too.
func inNet(a netip.Addr, pattern, mask string) bool {
	p, perr := netip.ParseAddr(pattern)
	m, merr := netip.ParseAddr(mask)
	if !a.IsValid() || perr != nil || merr != nil || !p.Is4() || !m.Is4() {
		return false
	}
	x, y, z := a.As4(), p.As4(), m.As4()
	for i := range z {
		if x[i]&z[i] != y[i]&z[i] {
			return false
		}
	}
	return true
}

// inPrefix takes addresses only, and of one family.
func inPrefix(addr, prefix string) bool {
	a, err := netip.ParseAddr(addr)
	p, perr := netip.ParsePrefix(prefix)
	return err == nil && perr == nil && p.Contains(a)
}

// number is an IPv4 address as JavaScript counts it, with a sign; 0 for anything else.
func number(s string) int32 {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return 0
	}
	b := a.As4()
	return int32(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3]))
}

func own(addrs []netip.Addr) string {
	i := slices.IndexFunc(addrs, func(a netip.Addr) bool { return a.Unmap().Is4() })
	switch {
	case i >= 0:
		return addrs[i].Unmap().String()
	case len(addrs) > 0:
		return addrs[0].WithZone("").String()
	}
	return "127.0.0.1" // what browsers say without a network
}

func list(addrs []netip.Addr) string {
	var out []string
	for _, a := range addrs {
		out = append(out, a.WithZone("").String())
	}
	return strings.Join(out, ";")
}

// sorted puts IPv6 before IPv4, each by its bytes; "" where one of them is no address. Microsoft's example sorts so.
func sorted(s string) string {
	var addrs []netip.Addr
	for _, f := range strings.Split(s, ";") {
		a, err := netip.ParseAddr(strings.TrimSpace(f))
		if err != nil {
			return ""
		}
		addrs = append(addrs, a)
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int {
		if a.Is4() != b.Is4() {
			return map[bool]int{true: 1, false: -1}[a.Is4()]
		}
		return bytes.Compare(a.AsSlice(), b.AsSlice())
	})
	return list(addrs)
}
