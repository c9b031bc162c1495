package host

import (
	"errors"
	"os"
	"slices"
	"testing"
)

func TestJoinOfLinux(t *testing.T) {
	for name, c := range map[string]struct {
		files  map[string]string
		state  JoinState
		domain string
	}{
		"nothing there is not joined": {nil, NotJoined, ""},
		"sssd with Active Directory is joined": {map[string]string{
			"etc/sssd/sssd.conf": "[sssd]\ndomains = files.local, Corp.Example\n[domain/files.local]\nid_provider = files\n[domain/Corp.Example]\nid_provider = ad\nad_domain = CORP.example\n"},
			DomainJoined, "corp.example"},
		"sssd takes the section's name where it says no other": {map[string]string{
			"etc/sssd/sssd.conf": "[sssd]\ndomains=corp.example\n[domain/corp.example]\nid_provider=ad\n"}, DomainJoined, "corp.example"},
		"sssd with plain LDAP is no join": {map[string]string{
			"etc/sssd/sssd.conf": "[sssd]\ndomains=x\n[domain/x]\nid_provider=ldap\n"}, NotJoined, ""},
		"Samba as a member is joined": {map[string]string{
			"etc/samba/smb.conf": "[global]\n\tsecurity = ADS\n\trealm = CORP.EXAMPLE\n"}, DomainJoined, "corp.example"},
		"Samba alone is not joined": {map[string]string{
			"etc/samba/smb.conf": "[global]\n\tsecurity = user\n\trealm = CORP.EXAMPLE\n"}, NotJoined, ""},
		"a Kerberos realm alone is not joined": {map[string]string{
			"etc/krb5.conf": "[libdefaults]\n default_realm = CORP.EXAMPLE\n"}, NotJoined, ""},
		"garbage is not joined": {map[string]string{
			"etc/sssd/sssd.conf": "\x00\xff[[[\n=\n[sssd\ndomains", "etc/samba/smb.conf": "[global"}, NotJoined, ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			plant(t, root, c.files)
			j, err := linuxDomain{root}.Join(t.Context())
			if err != nil || j.State != c.state || j.Domain != c.domain || j.How == "" {
				t.Errorf("Join = %+v, %v; want %q %q", j, err, c.state, c.domain)
			}
		})
	}
}

// A folder stands where the file should: it cannot be read, whoever asks.
func TestJoinThatCannotBeReadIsUnknown(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"etc/sssd/sssd.conf/": ""})
	if j, err := (linuxDomain{root}).Join(t.Context()); err == nil || j.State != JoinUnknown {
		t.Errorf("Join = %+v, %v; want unknown with a reason", j, err)
	}
	if _, err := (linuxDomain{}).Locate(t.Context(), "corp.example"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("Locate: %v", err)
	}
}

func TestGNOMESettings(t *testing.T) {
	const rest = "org.gnome.system.proxy ignore-hosts ['localhost', '10.0.0.0/8', \"it's\"]\norg.gnome.system.proxy.http host 'proxy.example'\n" +
		"org.gnome.system.proxy.http port 3128\norg.gnome.system.proxy.https host ''\norg.gnome.system.proxy.https port 0\n" +
		"org.gnome.system.proxy.http authentication-password 'secret'\n"
	for name, c := range map[string]struct {
		text, server, pac string
		modes             []Mode
		bypass            int
		bad               bool
	}{
		"none is nothing set":             {"org.gnome.system.proxy mode 'none'\n" + rest, "", "", nil, 0, false},
		"manual names the hosts":          {"org.gnome.system.proxy mode 'manual'\n" + rest, "http=proxy.example:3128", "", []Mode{Manual}, 3, false},
		"automatic without a URL is WPAD": {"org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url ''\n", "", "", []Mode{Auto}, 0, false},
		"automatic with a URL is a PAC":   {"org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url 'http://w/p.dat'\n", "", "http://w/p.dat", []Mode{PAC}, 0, false},
		"manual without a host is direct": {"org.gnome.system.proxy mode 'manual'\n", "", "", nil, 0, false},
		"garbage cannot be read":          {"\x00\norg.gnome.system.proxy mode 'ma", "", "", nil, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := gnomeSetting(Setting{}, c.text)
			if (err != nil) != c.bad || s.Server != c.server || s.PACURL != c.pac || !slices.Equal(s.Modes, c.modes) || len(s.Bypass) != c.bypass {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

// gsettings itself, where this machine has it, must be understood.
func TestGNOMEOfThisMachine(t *testing.T) {
	if _, err := find("gsettings"); err != nil {
		if got := Local().Proxies.Settings(t.Context()); len(got) != 0 {
			t.Errorf("settings without GNOME: %+v", got)
		}
		return
	}
	t.Setenv("GSETTINGS_BACKEND", "memory")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+os.DevNull)
	for _, s := range Local().Proxies.Settings(t.Context()) {
		if s.Err != nil || s.Source != "GNOME" || len(s.Modes) != 0 {
			t.Errorf("the schema's own defaults: %+v", s)
		}
	}
}
