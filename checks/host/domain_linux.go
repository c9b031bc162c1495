package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"sync"
	"time"
)

// linuxDomain reads what joining leaves behind: realmd, sssd, Samba and FreeIPA, in this order of trust, and Kerberos
// beside. Root is where the files lie; "" is this machine, whose programs are asked too.
type linuxDomain struct{ root string }

// joinPatience is how long the programs may take that tell of the join. realmd may have to be started for the question,
// and winbind asks its controller; the files tell as much in an instant.
const joinPatience = 600 * time.Millisecond

// membership gathers what the sources say. The first that names a domain is believed.
type membership struct {
	join     Join
	how, raw []string
	unread   error // files that could tell and may not be read
}

func (m *membership) add(where, text string, j Join) {
	m.how, m.raw = append(m.how, where), append(m.raw, where+": "+text)
	m.join.Domain = cmp.Or(m.join.Domain, strings.ToLower(j.Domain))
	if !strings.EqualFold(m.join.Domain, j.Domain) {
		return // another domain's site and name are no use
	}
	m.join.Flat, m.join.Site = cmp.Or(m.join.Flat, j.Flat), cmp.Or(m.join.Site, j.Site)
}

// Join says DomainJoined where realmd, sssd, Samba or FreeIPA name a domain. A Kerberos realm alone is no join. Without any
// of them the machine is NotJoined; where a file that could tell may not be read, JoinUnknown with ErrDenied.
func (d linuxDomain) Join(ctx context.Context) (Join, error) {
	if err := ctx.Err(); err != nil {
		return Join{}, err
	}
	var (
		m             membership
		realms, trust string
		realmErr      error = ErrUnsupported
		trustErr      error = ErrUnsupported
		wg            sync.WaitGroup
		samba         = d.read("/etc/samba/smb.conf", &m)
	)
	if d.root == "" {
		wait := joinPatience
		if end, ok := ctx.Deadline(); ok {
			wait = min(wait, time.Until(end)*3/4)
		}
		wg.Go(func() { realms, realmErr = askFor(ctx, wait, "realm", "list") })
		if j, _ := sambaJoin(samba); j.Domain != "" {
			wg.Go(func() { trust, trustErr = askFor(ctx, wait, "wbinfo", "-t") })
		}
		wg.Wait()
		if err := ctx.Err(); err != nil {
			return Join{}, err
		}
	}
	if realmErr == nil {
		if j, text := realmJoin(realms); j.Domain != "" {
			m.add("realm list", text, j)
		}
	} else if !errors.Is(realmErr, ErrUnsupported) {
		m.raw = append(m.raw, realmErr.Error())
	}
	if j, text := sssdJoin(d.sssd(&m)); j.Domain != "" {
		m.add("/etc/sssd", text, j)
	}
	if j, text := sambaJoin(samba); j.Domain != "" {
		if note := trustNote(trust, trustErr); note != "" {
			text += ", " + note
		}
		m.add("/etc/samba/smb.conf", text, j)
	}
	if j, text := ipaJoin(d.read("/etc/ipa/default.conf", &m)); j.Domain != "" {
		m.add("/etc/ipa/default.conf", text, j)
	}
	if f, err := readBounded(d.path("/etc/krb5.conf")); err == nil {
		if realm := iniFile(f)["libdefaults"]["default_realm"]; realm != "" {
			m.raw = append(m.raw, "/etc/krb5.conf: default_realm = "+realm)
		}
	}
	if _, err := os.Lstat(d.path("/etc/krb5.keytab")); err == nil {
		m.raw = append(m.raw, "/etc/krb5.keytab: is there")
	}
	j := m.join
	j.How, j.Raw = strings.Join(m.how, ", "), strings.Join(m.raw, "; ")
	switch {
	case len(m.how) > 0:
		j.State = DomainJoined
		return j, nil
	case m.unread != nil && realmErr != nil:
		return j, fmt.Errorf("how this machine belongs to a domain: %w", m.unread)
	}
	j.State, j.How = NotJoined, "neither realmd, sssd, Samba nor FreeIPA names a domain"
	return j, nil
}

func (d linuxDomain) path(file string) string { return path.Join("/", d.root, file) }

func (d linuxDomain) read(file string, m *membership) map[string]map[string]string {
	b, err := readBounded(d.path(file))
	if err != nil {
		if err = mapped(err); !errors.Is(err, ErrNotFound) {
			m.unread = errors.Join(m.unread, err)
		}
		return nil
	}
	return iniFile(b)
}

// maxParts is how many files of conf.d are read.
const maxParts = 64

// sssd reads the configuration with its parts. A later one counts, and hidden ones do not (sssd.conf(5)).
func (d linuxDomain) sssd(m *membership) map[string]map[string]string {
	out := d.read("/etc/sssd/sssd.conf", m)
	parts, err := os.ReadDir(d.path("/etc/sssd/conf.d"))
	if err != nil {
		if err = mapped(err); !errors.Is(err, ErrNotFound) {
			m.unread = errors.Join(m.unread, err)
		}
	}
	for i, e := range parts {
		if n := e.Name(); i >= maxParts || n[0] == '.' || !strings.HasSuffix(n, ".conf") {
			continue
		}
		for section, values := range d.read("/etc/sssd/conf.d/"+e.Name(), m) {
			if out == nil {
				out = map[string]map[string]string{}
			}
			if out[section] == nil {
				out[section] = map[string]string{}
			}
			for k, v := range values {
				out[section][k] = v
			}
		}
	}
	return out
}

// trustNote is what winbind says of the computer's own password; "" where it is not there.
func trustNote(out string, err error) string {
	switch {
	case err == nil && strings.Contains(out, "succeeded"):
		return "winbind: the domain accepts this computer's password"
	case errors.Is(err, ErrUnsupported), err != nil && strings.Contains(err.Error(), winbindAway):
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "winbind: no answer yet about this computer's password"
	case strings.Contains(out, "failed"):
		return "winbind: the trust between this computer and the domain cannot be confirmed"
	}
	return ""
}
