package host

import (
	"bufio"
	"bytes"
	"strings"
)

// realmJoin reads the first domain of "realm list": its name, then indented lines of key: value (realm(8)). It lists only
// what this machine belongs to.
func realmJoin(out string) (Join, string) {
	var j Join
	var text []string
	for line := range strings.SplitSeq(out, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			if j.Domain != "" {
				break
			}
			j.Domain = strings.TrimSpace(line)
			text = append(text, j.Domain)
			continue
		}
		k, v, _ := strings.Cut(strings.TrimSpace(line), ":")
		v = strings.TrimSpace(v)
		switch k {
		case "domain-name":
			j.Domain = v
		case "configured", "server-software", "client-software":
			text = append(text, k+" "+v)
		}
	}
	return j, strings.Join(text, ", ")
}

// sssdJoin: the first domain in use whose identities come from Active Directory or FreeIPA (sssd.conf(5), sssd-ad(5)).
func sssdJoin(f map[string]map[string]string) (Join, string) {
	for _, d := range strings.FieldsFunc(f["sssd"]["domains"], func(r rune) bool { return r == ',' || r == ' ' }) {
		s := f["domain/"+strings.ToLower(d)]
		if s["id_provider"] != "ad" && s["id_provider"] != "ipa" {
			continue
		}
		j := Join{Domain: d, Site: s["ad_site"]}
		for _, k := range []string{"ipa_domain", "ad_domain"} {
			if s[k] != "" {
				j.Domain = s[k]
			}
		}
		return j, "domains = " + d + ", id_provider = " + s["id_provider"]
	}
	return Join{}, ""
}

// sambaJoin: a member of a domain says security = ads or domain (smb.conf(5)).
func sambaJoin(f map[string]map[string]string) (Join, string) {
	g := f["global"]
	j := Join{Flat: strings.ToUpper(g["workgroup"])}
	switch strings.ToLower(g["security"]) {
	case "ads":
		j.Domain = g["realm"]
	case "domain":
		j.Domain = g["workgroup"]
	}
	return j, "security = " + g["security"]
}

// ipaJoin: what ipa-client-install leaves. FreeIPA's servers are no controllers of a Windows domain.
func ipaJoin(f map[string]map[string]string) (Join, string) {
	return Join{Domain: f["global"]["domain"]}, "a client of FreeIPA"
}

// iniFile reads sections and key = value lines, names in lower case. The first of equal keys counts.
func iniFile(b []byte) map[string]map[string]string {
	out := map[string]map[string]string{}
	section := ""
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, maxEnviron+1)
	for in.Scan() {
		line := strings.TrimSpace(in.Text())
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			section = strings.ToLower(strings.Trim(line, "[] \t"))
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		if out[section] == nil {
			out[section] = map[string]string{}
		}
		if k = strings.ToLower(strings.TrimSpace(k)); out[section][k] == "" {
			out[section][k] = strings.TrimSpace(v)
		}
	}
	return out
}
