package proxy

import (
	"fmt"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

const (
	winHTTPSwitches = "WinHTTP's switches"
	switchKey       = machineKey + `\WinHttp`
)

// winHTTPBlob reads WinHTTP's default from the registry, for systems whose interface does not tell it. The form of the
// value is known from others' machines.
func (r *run) winHTTPBlob() source {
	key := machineKey + `\Connections`
	s := source{Setting: host.Setting{Source: winHTTP, Whose: services, Where: key + ", WinHttpSettings"}, mark: assets.ThirdParty}
	v, err := r.env.Machine.Registry.Value(key, "WinHttpSettings")
	if host.Absent(err) {
		return s
	}
	var c connection
	if err == nil {
		c, err = parseWinHTTP(v.Bytes)
	}
	if err != nil {
		s.Err = err
		return s
	}
	return s.connection(c)
}

// besideWinHTTP adds what the registry's value says to what the interface told, where that is something else.
func (r *run) besideWinHTTP(s source) source {
	if s.Err != nil {
		return s
	}
	s = s.described()
	key := machineKey + `\Connections`
	v, err := r.env.Machine.Registry.Value(key, "WinHttpSettings")
	if err != nil {
		return s
	}
	if c, err := parseWinHTTP(v.Bytes); err == nil && !c.like(s.written()) {
		s.also(key+", WinHttpSettings", "the binary value says: "+c.describe())
	}
	return s
}

// schemeBits are the bits of DisableProxyAuthenticationSchemes (Microsoft's article on that value).
var schemeBits = []struct {
	bit  uint64
	name string
}{{1, "basic"}, {2, "digest"}, {4, "ntlm"}, {8, "kerberos"}, {0x10, "negotiate"}}

// switches are the values by which an administrator keeps WinHTTP from searching for a script and from answering a
// proxy's login; none where none is set. They choose no proxy.
func (r *run) switches() []source {
	s := source{Setting: host.Setting{Source: winHTTPSwitches, Whose: services, Where: switchKey}, mark: assets.Source}
	var notes, raw []string
	if v, err := r.env.Machine.Registry.Value(switchKey, "DisableWpad"); err == nil {
		raw = append(raw, fmt.Sprintf("DisableWpad = %d", v.Number))
		if v.Number == 1 {
			s.noSearch, s.mark = true, assets.ThirdParty
			notes = append(notes, "WinHTTP does not search for a proxy script")
		}
	}
	if v, err := r.env.Machine.Registry.Value(switchKey, "DisableProxyAuthenticationSchemes"); err == nil {
		raw = append(raw, fmt.Sprintf("DisableProxyAuthenticationSchemes = 0x%x", v.Number))
		for _, b := range schemeBits {
			if v.Number&b.bit != 0 {
				s.noLogins = append(s.noLogins, b.name)
			}
		}
		if len(s.noLogins) > 0 {
			notes = append(notes, "WinHTTP does not log in to a proxy by "+strings.Join(s.noLogins, ", "))
		}
	}
	if len(raw) == 0 {
		return nil
	}
	s.Raw, s.note = strings.Join(raw, ", "), strings.Join(notes, "; ")
	return []source{s}
}
