package proxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

const (
	optionsPolicy = "Internet Options policy"
	userPolicyKey = `HKCU\Software\Policies` + settingsKey
)

// policies reads proxies that a policy puts beside Internet Options. That Windows follows them there is not documented,
// so they are a comparison.
func (r *run) policies() []source {
	var out []source
	for _, p := range []struct{ key, whose string }{{policyKey, everybody}, {userPolicyKey, you}} {
		c, any, err := r.single(p.key)
		if err == nil && !any {
			continue
		}
		s := source{Setting: host.Setting{Source: optionsPolicy, Whose: p.whose, Where: p.key, Err: err}, mark: assets.Inferred}
		if err == nil {
			s = s.connection(c)
		}
		out = append(out, s)
	}
	return out
}

// chromiums are the browsers whose policies are read, with the keys of machine and user below Policies (the vendors'
// lists of policies: ProxySettings, ProxyMode).
var chromiums = []struct{ name, key string }{{"Microsoft Edge's policy", `Microsoft\Edge`}, {"Google Chrome's policy", `Google\Chrome`}}

// chromiumSettings are the members of the policy ProxySettings, and the names of the policies before it.
type chromiumSettings struct {
	Mode   string `json:"ProxyMode"`
	Server string `json:"ProxyServer"`
	PAC    string `json:"ProxyPacUrl"`
	Bypass string `json:"ProxyBypassList"`
}

// browsers reads the policies of Edge and Chrome; a browser without one is left out, it uses the system's setting.
func (r *run) browsers() []source {
	var out []source
	for _, b := range chromiums {
		s := source{Setting: host.Setting{Source: b.name, Whose: browser}, reads: asChromium, mark: assets.Source}
		// The machine's policy goes before the user's, each policy for itself.
		read := func(name string) string {
			for _, root := range []string{`HKLM\SOFTWARE\Policies\`, `HKCU\Software\Policies\`} {
				v, err := r.env.Machine.Registry.Value(root+b.key, name)
				if err == nil && v.Text != "" {
					if s.Where == "" {
						s.Where = root + b.key + ", " + name
					}
					return v.Text
				}
				if err != nil && !host.Absent(err) && s.Err == nil {
					s.Err, s.Where = err, root+b.key
				}
			}
			return ""
		}
		c, err := chromium(read)
		if s.Where == "" {
			continue
		}
		if s.Err == nil {
			s.Err = err
		}
		if s.Err == nil {
			s = s.chromium(c)
		}
		out = append(out, s)
	}
	return out
}

// chromium reads the policies. ProxySettings is a text of JSON, and where it is there the older ones do not count.
func chromium(read func(name string) string) (c chromiumSettings, err error) {
	if text := read("ProxySettings"); text != "" {
		if len(text) > 16*mostText || json.Unmarshal([]byte(text), &c) != nil {
			return chromiumSettings{}, errJSON // which would quote the text
		}
		return c, nil
	}
	return chromiumSettings{Mode: read("ProxyMode"), Server: read("ProxyServer"), PAC: read("ProxyPacUrl"), Bypass: read("ProxyBypassList")}, nil
}

var errJSON = errors.New("the policy ProxySettings is no valid JSON")

// chromium fills a source. Without a mode the other members mean nothing. Direct stands among the modes where the
// policy says so: the browser then goes directly whatever the system says.
func (s source) chromium(c chromiumSettings) source {
	s.Bypass = exceptions(c.Bypass)
	switch c.Mode {
	case "direct":
		s.Modes = []host.Mode{host.Direct}
	case "auto_detect":
		s.Modes = []host.Mode{host.Auto}
	case "pac_script":
		s.Modes, s.PACURL = []host.Mode{host.PAC}, strings.TrimSpace(c.PAC)
	case "fixed_servers":
		// A comma puts one proxy behind another, to be tried when the first fails.
		s.Modes, s.Server = []host.Mode{host.Manual}, strings.ReplaceAll(c.Server, ",", ";")
	case "system":
		s.note = "the browser takes the system's setting"
	case "":
		s.note = "the policy has no mode, so the browser takes the system's setting"
	default:
		s.Err = fmt.Errorf("a mode that linecheck does not know: %q", clean(mask(c.Mode), 40))
		return s
	}
	s.Raw = "mode " + c.Mode + ", " + s.describe()
	return s
}
