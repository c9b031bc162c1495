package host

import (
	"slices"
	"strings"
	"testing"
)

// planted is a registry of values by key and name.
type planted map[string]string

func (p planted) Value(key, name string) (Value, error) {
	if s, ok := p[key+"|"+name]; ok {
		return Value{Kind: "REG_SZ", Text: s, Key: key}, nil
	}
	return Value{}, ErrNotFound
}

func (p planted) Keys(key string) ([]string, error) {
	var out []string
	for k := range p {
		if rest, ok := strings.CutPrefix(k, key+`\`); ok {
			name, _, _ := strings.Cut(rest, "|")
			out = append(out, name)
		}
	}
	if out == nil {
		return nil, ErrNotFound
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func TestEntraTenantIsLeftOut(t *testing.T) {
	var j Join
	d := windowsDomain{planted{entraKey + `\ABCD|TenantId`: "00000000-0000-0000-0000-00000000cafe", entraKey + `\ABCD|UserEmail`: "someone@corp.example"}}
	if !d.entra(&j) || j.Tenant != "00000000-0000-0000-0000-00000000cafe" || !strings.Contains(j.Raw, "1 joined") {
		t.Errorf("%+v", j)
	}
	if strings.Contains(j.Raw, "someone") {
		t.Errorf("a person's address is told: %s", j.Raw)
	}
	j = Join{}
	if (windowsDomain{planted{}}).entra(&j) || j.Tenant != "" || j.Raw != "" {
		t.Errorf("without a registration: %+v", j)
	}
}

func TestSiteIsRememberedWhereNetlogonIsSilent(t *testing.T) {
	for name, c := range map[string]struct {
		keys planted
		want string
	}{
		"an administrator's site gives way to a remembered one": {
			planted{netlogonKey + "|SiteName": "Set", netlogonKey + "|DynamicSiteName": "Seen"}, "Set"},
		"a remembered site is left out":   {planted{netlogonKey + "|DynamicSiteName": "Seen"}, "Seen"},
		"no site is taken for some other": {planted{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := siteName(); err == nil && s != "" {
				t.Skip("this computer has a site: ", s)
			}
			j := windowsDomain{c.keys}.site(t.Context(), Join{})
			if j.Site != c.want || (c.want != "") != strings.Contains(j.Raw, netlogonKey) {
				t.Errorf("%+v", j)
			}
		})
	}
}
