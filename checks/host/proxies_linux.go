package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// desktop is what a Linux desktop has of its own beside files and variables: GNOME's setting, NetworkManager's, DHCP's.
type desktop struct{}

const (
	gnomeProxy   = "org.gnome.system.proxy"
	gnomeMaxBack = 200 // hosts of ignore-hosts that are kept
)

// Settings are GNOME's and NetworkManager's, where there are such.
func (desktop) Settings(ctx context.Context) []Setting {
	var managed []Setting
	var side sync.WaitGroup
	side.Go(func() { managed = askManager(ctx) })
	out := askGNOME(ctx)
	side.Wait()
	return append(out, managed...)
}

// askGNOME asks for this user's setting: schema org.gnome.system.proxy of gsettings-desktop-schemas.
func askGNOME(ctx context.Context) []Setting {
	out, err := ask(ctx, "gsettings", "list-recursively", gnomeProxy)
	if errors.Is(err, ErrUnsupported) || err != nil && strings.Contains(err.Error(), "No such schema") {
		return nil
	}
	s := Setting{Source: GNOME, Whose: "you", Where: "gsettings " + gnomeProxy}
	if err != nil {
		s.Err = err
		return []Setting{s}
	}
	s, err = gnomeSetting(s, out)
	s.Err = err
	return []Setting{s}
}

// gnomeSetting reads lines of the form: schema key value, values written as GVariant text.
func gnomeSetting(s Setting, out string) (Setting, error) {
	v := map[string]string{}
	for line := range strings.Lines(out) {
		f := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(f) == 3 {
			v[strings.TrimPrefix(strings.TrimPrefix(f[0], gnomeProxy), ".")+"/"+f[1]] = f[2]
		}
	}
	mode := unquote(v["/mode"])
	s.Raw = fmt.Sprintf("mode %q", mode)
	for _, host := range variantStrings(v["/ignore-hosts"]) {
		if len(s.Bypass) < gnomeMaxBack {
			s.Bypass = append(s.Bypass, host)
		}
	}
	switch mode {
	case "none":
		s.Bypass = nil
		return s, nil
	case "auto":
		// An empty URL means WPAD.
		if s.PACURL = unquote(v["/autoconfig-url"]); s.PACURL != "" {
			s.Modes = []Mode{PAC}
		} else {
			s.Modes = []Mode{Auto}
		}
		s.Raw += fmt.Sprintf(", autoconfig-url %q", s.PACURL)
		return s, nil
	case "manual":
		var parts []string
		for _, scheme := range [...]string{"http", "https", "socks"} {
			host, port := unquote(v[scheme+"/host"]), v[scheme+"/port"]
			if host != "" && port != "0" {
				parts = append(parts, scheme+"="+host+":"+port)
			}
		}
		s.Server = strings.Join(parts, ";")
		s.Raw += fmt.Sprintf(", %s", s.Server)
		if s.Server != "" {
			s.Modes = []Mode{Manual}
		}
		return s, nil
	}
	return s, fmt.Errorf("%s: no mode in the answer", s.Where)
}

// unquote takes the quotes of a GVariant string away.
func unquote(s string) string {
	if all := variantStrings(s); len(all) > 0 {
		return all[0]
	}
	return ""
}

// variantStrings returns the quoted strings in a GVariant text: ['localhost', '127.0.0.0/8'].
func variantStrings(s string) []string {
	var out []string
	for len(s) > 0 {
		i := strings.IndexAny(s, `'"`)
		if i < 0 {
			break
		}
		quote, b := s[i], strings.Builder{}
		s = s[i+1:]
		for len(s) > 0 && s[0] != quote {
			if s[0] == '\\' && len(s) > 1 {
				s = s[1:]
			}
			b.WriteByte(s[0])
			s = s[1:]
		}
		if s == "" {
			break // the end is missing
		}
		s = s[1:]
		out = append(out, b.String())
	}
	return out
}
