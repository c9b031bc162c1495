package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Bounds of asking NetworkManager.
const (
	managerWait = 3 * time.Second
	maxManaged  = 16 // active connections that are looked at
)

// errManagerScript says that a connection holds its proxy script itself.
var errManagerScript = errors.New("its script stands in the connection itself, and is not run")

// managerError puts this package's errors to what nmcli ends with: 8 is "NetworkManager is not running" (nmcli(1)).
func managerError(err error) error {
	switch {
	case exitCode(err) == 8:
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	case strings.Contains(err.Error(), "not authorized"), strings.Contains(err.Error(), "ermission denied"):
		return fmt.Errorf("%w: %w", ErrDenied, err)
	}
	return err
}

// askManager asks NetworkManager for the proxy of each active connection. It sets none itself: programs that ask
// pacrunner or NetworkManager get it.
func askManager(ctx context.Context) []Setting {
	ctx, cancel := context.WithTimeout(ctx, managerWait)
	defer cancel()
	s := Setting{Source: NetworkManager, Whose: "everybody", Where: "nmcli connection show --active"}
	failed := func(err error) []Setting {
		if err = managerError(err); errors.Is(err, ErrUnsupported) {
			return nil
		}
		s.Err = err
		return []Setting{s}
	}
	out, err := run(ctx, "nmcli", "--terse", "--escape", "no", "--fields", "UUID", "connection", "show", "--active")
	if err != nil {
		return failed(err)
	}
	ids := strings.Fields(out)
	if len(ids) == 0 {
		return nil
	}
	args := []string{"--terse", "--escape", "no", "--fields", "connection.id,proxy.method,proxy.pac-url,proxy.pac-script", "connection", "show"}
	for _, id := range ids[:min(len(ids), maxManaged)] {
		args = append(args, "uuid", id)
	}
	out, err = run(ctx, "nmcli", args...)
	if err != nil {
		return failed(err)
	}
	return managerSettings(s, out)
}

// managerSettings reads the connections' KEY:value lines. proxy.method is none (0) or auto (1), and auto without an
// address and a script means that of DHCP, else WPAD (nm-settings-nmcli(5), proxy). Connections without a proxy are
// one setting together: direct.
func managerSettings(s Setting, out string) []Setting {
	type connection struct{ id, method, url, script string }
	var all []connection
	field := (*string)(nil)
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n")
		key, v, _ := strings.Cut(line, ":")
		switch last := len(all) - 1; {
		case key == "connection.id":
			all = append(all, connection{id: v})
			field = nil
		case last < 0:
		case key == "proxy.method":
			all[last].method, field = v, nil
		case key == "proxy.pac-url":
			all[last].url, field = v, nil
		case key == "proxy.pac-script":
			all[last].script, field = v, &all[last].script
		case field != nil:
			*field += "\n" + line // a script goes over many lines
		}
	}
	var set []Setting
	var without []string
	for _, c := range all {
		p := s
		p.Where = fmt.Sprintf("nmcli connection show %q", c.id)
		p.Raw = fmt.Sprintf("proxy.method %s, proxy.pac-url %q", c.method, c.url)
		if c.script != "" {
			p.Raw += fmt.Sprintf(", proxy.pac-script of %d bytes", len(c.script))
		}
		switch {
		case c.method == "none" || c.method == "0":
			without = append(without, c.id)
			continue
		case c.method != "auto" && c.method != "1":
			p.Err = fmt.Errorf("%s: a proxy.method that linecheck does not know: %.40q", p.Where, c.method)
		case c.url != "":
			p.Modes, p.PACURL = []Mode{PAC}, c.url
		case c.script != "":
			p.Modes, p.Err = []Mode{PAC}, errManagerScript
		default:
			p.Modes = []Mode{Auto}
		}
		set = append(set, p)
	}
	if len(set) == 0 && len(without) > 0 {
		s.Raw = "proxy.method none: " + strings.Join(without, ", ")
		set = append(set, s)
	}
	return set
}
