package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
)

// linuxDomain reads what joining leaves behind: realmd, sssd and Samba, in this order of trust, and Kerberos beside.
// Root is where the files lie; "" is this machine.
type linuxDomain struct{ root string }

// Join says DomainJoined where realmd, sssd or Samba name a domain. A Kerberos realm alone is no join. Without any of
// them the machine is NotJoined; where a file that could tell may not be read, JoinUnknown with ErrDenied.
func (d linuxDomain) Join(ctx context.Context) (Join, error) {
	var (
		how, raw []string
		domain   string
		unread   error
		sure     bool // realmd, which may read everything, has answered
	)
	add := func(where, name, text string) {
		how, raw = append(how, where), append(raw, where+": "+text)
		if domain == "" {
			domain = name
		}
	}
	if d.root == "" {
		out, err := ask(ctx, "realm", "list", "--name-only")
		switch {
		case ctx.Err() != nil:
			return Join{}, ctx.Err()
		case err != nil && !errors.Is(err, ErrUnsupported):
			raw = append(raw, err.Error())
		case err == nil:
			sure = true
			if names := strings.Fields(out); len(names) > 0 {
				add("realm list", names[0], names[0])
			}
		}
	}
	read := func(file string, parse func(section map[string]map[string]string) (name, text string)) string {
		b, err := readBounded(path.Join("/", d.root, file))
		if err != nil {
			if err = mapped(err); !errors.Is(err, ErrNotFound) {
				unread = errors.Join(unread, err)
			}
			return ""
		}
		name, text := parse(iniFile(b))
		if name != "" {
			add(file, name, text)
		}
		return name
	}
	read("/etc/sssd/sssd.conf", sssdDomain)
	read("/etc/samba/smb.conf", sambaDomain)
	if b, err := readBounded(path.Join("/", d.root, "/etc/krb5.conf")); err == nil {
		if realm := iniFile(b)["libdefaults"]["default_realm"]; realm != "" {
			raw = append(raw, "/etc/krb5.conf: default_realm = "+realm)
		}
	}
	j := Join{Domain: strings.ToLower(domain), How: strings.Join(how, ", "), Raw: strings.Join(raw, "; ")}
	switch {
	case len(how) > 0:
		j.State = DomainJoined
		return j, nil
	case unread != nil && !sure:
		return j, fmt.Errorf("how this machine belongs to a domain: %w", unread)
	}
	j.State, j.How = NotJoined, "neither realmd, sssd nor Samba names a domain"
	return j, nil
}

// sssdDomain: the first domain in use whose identities come from Active Directory (sssd.conf(5), sssd-ad(5)).
func sssdDomain(f map[string]map[string]string) (name, text string) {
	for _, d := range strings.FieldsFunc(f["sssd"]["domains"], func(r rune) bool { return r == ',' || r == ' ' }) {
		s := f["domain/"+strings.ToLower(d)]
		if s["id_provider"] != "ad" && s["id_provider"] != "ipa" {
			continue
		}
		if name = s["ad_domain"]; name == "" {
			name = s["ipa_domain"]
		}
		if name == "" {
			name = d
		}
		return name, "domains = " + d + ", id_provider = " + s["id_provider"]
	}
	return "", ""
}

// sambaDomain: a member of a domain says security = ads or domain (smb.conf(5)).
func sambaDomain(f map[string]map[string]string) (name, text string) {
	g := f["global"]
	switch strings.ToLower(g["security"]) {
	case "ads":
		name = g["realm"]
	case "domain":
		name = g["workgroup"]
	}
	return name, "security = " + g["security"]
}

// Locate: there is no locator that every Linux has.
func (linuxDomain) Locate(context.Context, string) (LocatedController, error) {
	return LocatedController{}, ErrUnsupported
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
