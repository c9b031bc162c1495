package proxy

import (
	"errors"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// errHive: Windows keeps the settings of an account that nobody uses in a file that it has not opened.
var errHive = errors.New("the account's settings are not loaded now")

// internet reads the Internet Options under a key. The binary value decides where it exists, because WinINET reads that
// one; the single values beside it are what older programs wrote. Its form is known from others' machines.
func (r *run) internet(key, whose string) source {
	s := source{Setting: host.Setting{Source: internetOptions, Whose: whose, Where: key}, mark: assets.Source}
	single, any, singleErr := r.single(key)
	where := key + `\Connections, DefaultConnectionSettings`
	c, err := r.blob(key, "DefaultConnectionSettings")
	switch {
	case host.Absent(err):
		if s.Err = singleErr; s.Err == nil && !any {
			s.Err = r.hive(key)
		}
		if s.Err != nil {
			return s
		}
		s = s.connection(single)
		if single.proxy != "" && !single.manual {
			s.note = "a proxy is written there, but ProxyEnable is 0"
		}
	case err != nil:
		s.Where, s.Err = where, err
		return s
	default:
		s.Where = where
		s = s.connection(c)
		if any && singleErr == nil && !c.like(single) {
			s.also(key, "the single values beside it say: "+single.describe())
		}
	}
	if saved, err := r.blob(key, "SavedLegacySettings"); err == nil && !saved.like(c) {
		s.also(key+`\Connections`, "SavedLegacySettings, which is not in use, says: "+saved.describe())
	}
	return s
}

// also adds to the evidence what stands beside a setting and says otherwise.
func (s *source) also(where, text string) {
	if len(s.proof) == 0 {
		s.proof = []checks.Evidence{s.evidence()}
	}
	s.proof = append(s.proof, checks.Evidence{Source: where, Text: text})
}

// besideOptions adds what the registry says to what the system's interface told of the calling user, where that is
// something else: a switch for the whole machine, or a change that no program was told of.
func (r *run) besideOptions(s source) source {
	if s.Err != nil {
		return s
	}
	s = s.described()
	if c, err := r.blob(userKey, "DefaultConnectionSettings"); err == nil && !c.like(s.written()) {
		s.also(userKey+`\Connections, DefaultConnectionSettings`, "the binary value says: "+c.describe())
		if saved, err := r.blob(userKey, "SavedLegacySettings"); err == nil && !saved.like(c) {
			s.also(userKey+`\Connections`, "SavedLegacySettings, which is not in use, says: "+saved.describe())
		}
	}
	if c, any, err := r.single(userKey); err == nil && any && !c.like(s.written()) {
		s.also(userKey, "the single values say: "+c.describe())
	}
	return s
}

// described gives a source without a raw text one.
func (s source) described() source {
	if s.Raw == "" {
		s.Raw = s.describe()
	}
	return s
}

// written is a setting in the form of the registry's values.
func (s source) written() connection {
	return connection{manual: s.has(host.Manual), pac: s.has(host.PAC), auto: s.has(host.Auto), proxy: s.Server,
		bypass: strings.Join(s.Bypass, ";"), pacURL: s.PACURL}
}

// like reports whether two values send the same way; what is written and switched off does not count.
func (c connection) like(d connection) bool {
	return c.manual == d.manual && c.pac == d.pac && c.auto == d.auto && (!c.manual || strings.EqualFold(c.proxy, d.proxy)) &&
		(!c.pac || c.pacURL == d.pacURL) && (!c.manual || strings.EqualFold(strings.Join(exceptions(c.bypass), ";"), strings.Join(exceptions(d.bypass), ";")))
}

func (c connection) describe() string { return source{}.connection(c).Raw }

// blob reads one of the binary values of Internet Options.
func (r *run) blob(key, name string) (connection, error) {
	v, err := r.env.Machine.Registry.Value(key+`\Connections`, name)
	if err != nil {
		return connection{}, err
	}
	return parseConnections(v.Bytes)
}

// single reads the values that stand alone, and whether there is any.
func (r *run) single(key string) (c connection, any bool, failed error) {
	read := func(name string) host.Value {
		v, err := r.env.Machine.Registry.Value(key, name)
		switch {
		case err == nil:
			any = true
		case !host.Absent(err):
			failed = err
		}
		return v
	}
	c.manual = read("ProxyEnable").Number != 0
	c.proxy = read("ProxyServer").Text
	c.bypass = read("ProxyOverride").Text
	c.pacURL = read("AutoConfigURL").Text
	c.pac = c.pacURL != ""
	c.auto = read("AutoDetect").Number != 0
	return c, any, failed
}

// hive says whether an account's settings are there at all.
func (r *run) hive(key string) error {
	hive, _, ok := strings.Cut(strings.TrimPrefix(key, `HKU\`), `\`)
	if !ok || !strings.HasPrefix(key, `HKU\`) {
		return nil
	}
	_, err := r.env.Machine.Registry.Keys(`HKU\` + hive)
	if host.Absent(err) {
		return errHive
	}
	return err
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
		s.also(s.Where, "switched off: "+mask(c.proxy))
	}
	return s
}
