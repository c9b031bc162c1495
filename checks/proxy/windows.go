package proxy

import (
	"errors"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

const (
	settingsKey = `\Microsoft\Windows\CurrentVersion\Internet Settings`
	machineKey  = `HKLM\SOFTWARE` + settingsKey
	userKey     = `HKCU\Software` + settingsKey
	policyKey   = `HKLM\SOFTWARE\Policies` + settingsKey
	environKey  = `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment`
	userEnviron = `HKCU\Environment`
)

// accounts are the service accounts with settings of their own (well-known SIDs).
var accounts = []struct{ sid, name string }{
	{"S-1-5-18", localSystem}, {"S-1-5-20", networkService}, {"S-1-5-19", localService},
}

// windows reads the sources of a Windows machine. told is what the system's interfaces say: WinHTTP's settings and the
// calling user's Internet Options.
func (r *run) windows(told []host.Setting) []source {
	var out []source
	haveWinHTTP, haveYours := false, false
	for _, t := range told {
		s := fromHost(t, asWindows)
		s.mark = assets.Source
		switch t.Source {
		case winHTTP:
			if errors.Is(t.Err, host.ErrUnsupported) {
				continue
			}
			haveWinHTTP = true
			s = r.besideWinHTTP(s)
		case internetOptions:
			if errors.Is(t.Err, host.ErrUnsupported) {
				continue
			}
			haveYours = true
			s = r.besideOptions(s)
		default:
			s.mark = assets.ThirdParty // WinHTTP's advanced settings: seen, not documented
		}
		out = append(out, s)
	}
	if !haveWinHTTP {
		out = append(out, r.winHTTPBlob())
	}
	if !haveYours {
		out = append(out, r.internet(userKey, you))
	}
	out = append(out, r.switches()...)
	switch one, err := r.oneForAll(); {
	case err != nil:
		s := source{Setting: host.Setting{Source: internetOptions, Whose: everybody, Where: policyKey, Err: err}, mark: assets.Source}
		out = append(out, s)
	case one:
		s := r.internet(machineKey, everybody)
		if s.Err == nil {
			s.also(policyKey, "ProxySettingsPerUser = 0")
		}
		out = append(out, s)
	default:
		for _, a := range accounts {
			out = append(out, r.internet(`HKU\`+a.sid+`\Software`+settingsKey, a.name))
		}
	}
	out = append(out, r.policies()...)
	out = append(out, r.browsers()...)
	return append(out, r.environment(environKey, everybody, ""), r.environment(userEnviron, yourAccount, shell))
}

// yourAccount is whose a setting is that all new programs of this account get, not this one.
const yourAccount = "your account"

// environment reads the variables that Windows gives to processes when they start.
func (r *run) environment(key, whose, who string) source {
	s := source{Setting: host.Setting{Source: environment, Whose: whose, Where: key}, who: who, mark: assets.Source}
	var failed error
	full := s.variables(func(name string) string {
		if name != strings.ToUpper(name) {
			return "" // names are equal in any case
		}
		v, err := r.env.Machine.Registry.Value(key, name)
		if err != nil && !host.Absent(err) {
			failed = err
		}
		return v.Text
	}, true)
	if failed != nil {
		s.Err = failed
		return s
	}
	return full
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
