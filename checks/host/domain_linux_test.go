package host

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
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
		"a part of sssd's configuration is not read": {map[string]string{
			"etc/sssd/sssd.conf":           "[sssd]\ndomains = corp.example\n",
			"etc/sssd/conf.d/10.conf":      "[domain/corp.example]\nid_provider = ad\nad_site = Branch\n",
			"etc/sssd/conf.d/.hidden.conf": "[domain/corp.example]\nad_domain = hidden.example\n"}, DomainJoined, "corp.example"},
		"a client of FreeIPA is not joined": {map[string]string{
			"etc/ipa/default.conf": "[global]\nbasedn = dc=ipa,dc=example\nrealm = IPA.EXAMPLE\ndomain = ipa.example\nserver = one.ipa.example\n"},
			DomainJoined, "ipa.example"},
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

func TestJoinTellsSiteAndShortName(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{
		"etc/sssd/sssd.conf":   "[sssd]\ndomains = corp.example\n[domain/corp.example]\nid_provider = ad\nad_site = Branch\n",
		"etc/samba/smb.conf":   "[global]\nsecurity = ads\nrealm = CORP.EXAMPLE\nworkgroup = Corp\n",
		"etc/krb5.keytab":      "",
		"etc/ipa/default.conf": "[global]\ndomain = ipa.example\n",
	})
	j, err := linuxDomain{root}.Join(t.Context())
	if err != nil || j.Site != "Branch" || j.Flat != "CORP" || j.Domain != "corp.example" || !strings.Contains(j.Raw, "krb5.keytab: is there") ||
		j.How != "/etc/sssd, /etc/samba/smb.conf, /etc/ipa/default.conf" {
		t.Errorf("Join = %+v, %v", j, err)
	}
}

func TestRealmdIsUnderstood(t *testing.T) {
	for name, c := range map[string]struct{ out, domain, text string }{
		"nothing is a domain": {"", "", ""},
		"an indented name is the domain": {"corp.example\n  type: kerberos\n  realm-name: CORP.EXAMPLE\n  domain-name: corp.example\n" +
			"  configured: kerberos-member\n  server-software: active-directory\n  client-software: sssd\nother.example\n  domain-name: other.example\n",
			"corp.example", "corp.example, configured kerberos-member, server-software active-directory, client-software sssd"},
	} {
		if j, text := realmJoin(c.out); j.Domain != c.domain || text != c.text {
			t.Errorf("%s: %+v, %q", name, j, text)
		}
	}
}

func TestWhatLocatorsSay(t *testing.T) {
	const (
		winbind = "\\\\dc1.corp.example\n\\\\198.51.100.10\n1\ne8832d1f-4b1b-44e3-931e-9e8a8dd67327\ncorp.example\ncorp.example\n0xe00013fd\nHome\nBranch\n"
		adcli   = "[domain]\ndomain-name = corp.example\ndomain-controller = dc1.corp.example\ndomain-controller-site = Home\n" +
			"domain-controller-flags = pdc gc\ndomain-controllers = dc1.corp.example\n[computer]\ncomputer-site = Branch\n"
	)
	words := ControllerFlags(0xe00013fd)
	for name, c := range map[string]struct {
		ask  func(string, error) (LocatedController, error)
		out  string
		err  error
		want LocatedController
		is   error
	}{
		"winbind's nine lines": {winbindLocate, winbind, nil,
			LocatedController{"dc1.corp.example", "198.51.100.10", "Home", "Branch", words, "wbinfo --dsgetdcname"}, nil},
		"winbind that does not run finds no controller": {winbindLocate, "",
			errors.New("exit status 1: could not obtain winbind interface details: WBC_ERR_WINBIND_NOT_AVAILABLE"), LocatedController{}, ErrUnsupported},
		"winbind that finds none cannot be asked": {winbindLocate, "", errors.New("exit status 1: Could not find dc for x"), LocatedController{}, ErrNotFound},
		"winbind that hangs finds none":           {winbindLocate, "", &silentError{"wbinfo", locateWait}, LocatedController{}, context.DeadlineExceeded},
		"adcli's sections":                        {adcliLocate, adcli, nil, LocatedController{"dc1.corp.example", "", "Home", "Branch", "pdc gc", "adcli info"}, nil},
		"adcli that finds none cannot be asked":   {adcliLocate, "", errors.New("exit status 1: adcli: couldn't discover domain: x"), LocatedController{}, ErrNotFound},
		"adcli without a controller finds one":    {adcliLocate, "[domain]\n", nil, LocatedController{}, ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.ask(c.out, c.err)
			if got != c.want || !errors.Is(err, c.is) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	if _, err := winbindLocate("a\nb\n", nil); err == nil {
		t.Error("two lines are an answer")
	}
	for _, d := range []string{"", "-h", "a b", "x/y"} {
		if _, err := (linuxDomain{}).Locate(t.Context(), d); !errors.Is(err, ErrNotFound) {
			t.Errorf("Locate(%q): %v", d, err)
		}
	}
	if words != "PDC, global catalog, LDAP, directory, Kerberos, time, nearest site, writable, reliable time, all secrets (0xe00013fd)" || ControllerFlags(0x40000000) != "" {
		t.Errorf("flags: %q", words)
	}
}

// A folder stands where the file should: it cannot be read, whoever asks.
func TestJoinThatCannotBeReadIsUnknown(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"etc/sssd/sssd.conf/": ""})
	if j, err := (linuxDomain{root}).Join(t.Context()); err == nil || j.State != JoinUnknown {
		t.Errorf("Join = %+v, %v; want unknown with a reason", j, err)
	}
	if _, err := (linuxDomain{root}).Locate(t.Context(), "corp.example"); !errors.Is(err, ErrUnsupported) {
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
