package proxy

import (
	"errors"
	"strings"

	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	settingsKey = `\Microsoft\Windows\CurrentVersion\Internet Settings`
	machineKey  = `HKLM\SOFTWARE` + settingsKey
	policyKey   = `HKLM\SOFTWARE\Policies` + settingsKey
	environKey  = `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment`
)

// errHive: Windows keeps the settings of an account that nobody uses in a file that it has not opened.
var errHive = errors.New("the account's settings are not loaded now")

// accounts are the service accounts with settings of their own (well-known SIDs).
var accounts = []struct{ sid, name string }{
	{"S-1-5-18", localSystem}, {"S-1-5-20", networkService}, {"S-1-5-19", localService},
}

// windows reads the sources of a Windows machine. told is what the system's interfaces say: WinHTTP's default and the
// calling user's Internet Options.
func (r *run) windows(told []host.Setting) []source {
	var out []source
	haveWinHTTP := false
	for _, t := range told {
		if t.Source == winHTTP {
			if errors.Is(t.Err, host.ErrUnsupported) {
				continue
			}
			haveWinHTTP = true
		}
		out = append(out, fromHost(t, asWindows))
	}
	if !haveWinHTTP {
		out = append(out, r.winHTTPBlob())
	}
	switch one, err := r.oneForAll(); {
	case err != nil:
		s := source{Setting: host.Setting{Source: internetOptions, Whose: everybody, Where: policyKey, Err: err}}
		out = append(out, s)
	case one:
		out = append(out, r.internet(machineKey, everybody))
	default:
		for _, a := range accounts {
			out = append(out, r.internet(`HKU\`+a.sid+`\Software`+settingsKey, a.name))
		}
	}
	machine := source{Setting: host.Setting{Source: environment, Whose: everybody, Where: environKey}}
	var failed error
	full := machine.variables(func(name string) string {
		if name != strings.ToUpper(name) {
			return "" // names are equal in any case
		}
		v, err := r.env.Machine.Registry.Value(environKey, name)
		if err != nil && !host.Absent(err) {
			failed = err
		}
		return v.Text
	})
	if failed != nil {
		machine.Err = failed
		return append(out, machine)
	}
	return append(out, full)
}

// oneForAll reads the switch by which an administrator gives every account the machine's Internet Options.
func (r *run) oneForAll() (bool, error) {
	v, err := r.env.Machine.Registry.Value(policyKey, "ProxySettingsPerUser")
	if err != nil {
		if host.Absent(err) {
			err = nil
		}
		return false, err
	}
	return v.Kind == "REG_DWORD" && v.Number == 0, nil
}

// internet reads the Internet Options under a key. The binary value decides where it exists; the single values beside
// it are what older programs wrote.
func (r *run) internet(key, whose string) source {
	s := source{Setting: host.Setting{Source: internetOptions, Whose: whose, Where: key}}
	reg := r.env.Machine.Registry
	v, err := reg.Value(key+`\Connections`, "DefaultConnectionSettings")
	if err == nil {
		s.Where = key + `\Connections, DefaultConnectionSettings`
		c, err := parseConnections(v.Bytes)
		if err != nil {
			s.Err = err
			return s
		}
		return s.connection(c)
	}
	if !host.Absent(err) {
		s.Err = err
		return s
	}
	var c connection
	any := false
	read := func(name string) host.Value {
		v, err := reg.Value(key, name)
		switch {
		case err == nil:
			any = true
		case !host.Absent(err):
			s.Err = err
		}
		return v
	}
	c.manual = read("ProxyEnable").Number != 0
	c.proxy = read("ProxyServer").Text
	c.bypass = read("ProxyOverride").Text
	c.pacURL = read("AutoConfigURL").Text
	c.pac = c.pacURL != ""
	c.auto = read("AutoDetect").Number != 0
	if hive, _, ok := strings.Cut(strings.TrimPrefix(key, `HKU\`), `\`); ok && !any && s.Err == nil && strings.HasPrefix(key, `HKU\`) {
		if _, err := reg.Keys(`HKU\` + hive); host.Absent(err) {
			s.Err = errHive
		} else if err != nil {
			s.Err = err
		}
	}
	if s.Err != nil {
		return s
	}
	s = s.connection(c)
	if c.proxy != "" && !c.manual {
		s.note = "a proxy is written there, but ProxyEnable is 0"
	}
	return s
}

// winHTTPBlob reads WinHTTP's default from the registry, for systems whose interface does not tell it.
func (r *run) winHTTPBlob() source {
	key := machineKey + `\Connections`
	s := source{Setting: host.Setting{Source: winHTTP, Whose: services, Where: key + ", WinHttpSettings"}}
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

// connection fills a source in the order in which Windows tries the ways: search, PAC file, proxy.
func (s source) connection(c connection) source {
	if c.auto {
		s.Modes = append(s.Modes, host.Auto)
	}
	if c.pac && c.pacURL != "" {
		s.Modes, s.PACURL = append(s.Modes, host.PAC), c.pacURL
	}
	if c.manual && c.proxy != "" {
		s.Modes, s.Server = append(s.Modes, host.Manual), c.proxy
	}
	s.Bypass = exceptions(c.bypass)
	s.Raw = s.describe()
	if c.proxy != "" && !c.manual {
		s.note = "a proxy is written there, but it is switched off"
		s.proof = []checks.Evidence{{Source: s.Where, Text: s.Raw}, {Source: s.Where, Text: "switched off: " + mask(c.proxy)}}
	}
	return s
}

// on reads a value that switches something: a number, or a word.
func on(v host.Value) bool {
	switch v.Kind {
	case "REG_DWORD", "REG_QWORD":
		return v.Number != 0
	}
	return truth(v.Text)
}

func truth(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}
