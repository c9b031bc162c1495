package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// advancedWait is how long netsh may take for one scope.
const advancedWait = 3 * time.Second

// askAdvanced asks for WinHTTP's advanced proxy of Windows 11 (netsh winhttp show advproxy), of the machine and of the
// calling user. A Windows that has none prints no JSON, and is left out. The names in the JSON are as public scripts
// read them, not tried on a Windows 11.
func askAdvanced(ctx context.Context) []Setting {
	all := [...]Setting{
		{Source: WinHTTPAdvanced, Whose: "services", Where: "netsh winhttp show advproxy setting-scope=machine"},
		{Source: WinHTTPAdvanced, Whose: "you", Where: "netsh winhttp show advproxy setting-scope=user"},
	}
	var both sync.WaitGroup
	for i := range all {
		both.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, advancedWait)
			defer cancel()
			args := strings.Fields(all[i].Where)
			out, err := run(ctx, args[0]+".exe", args[1:]...)
			s, perr := advancedSetting(all[i], out)
			if s.Err = perr; ctx.Err() != nil {
				s.Err = err
			}
			all[i] = s
		})
	}
	both.Wait()
	var out []Setting
	for _, s := range all {
		if !errors.Is(s.Err, ErrUnsupported) {
			out = append(out, s)
		}
	}
	return out
}

// advancedSetting takes the JSON object out of what netsh prints; the text around it is translated.
func advancedSetting(s Setting, out string) (Setting, error) {
	i := strings.IndexByte(out, '{')
	if i < 0 {
		return s, fmt.Errorf("netsh shows no advanced proxy: %w", ErrUnsupported)
	}
	var v struct {
		ProxyIsEnabled      bool
		Proxy               string
		ProxyBypass         string
		AutoConfigIsEnabled bool
		AutoconfigURL       string
		AutoDetect          bool
	}
	d := json.NewDecoder(strings.NewReader(out[i:]))
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return s, fmt.Errorf("%s: %w", s.Where, err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return s, fmt.Errorf("%s: %w", s.Where, err)
	}
	var flat bytes.Buffer
	_ = json.Compact(&flat, raw)
	s.Raw = flat.String()
	// The order in which WinHTTP tries them.
	if v.AutoDetect {
		s.Modes = append(s.Modes, Auto)
	}
	if v.AutoConfigIsEnabled && v.AutoconfigURL != "" {
		s.Modes, s.PACURL = append(s.Modes, PAC), v.AutoconfigURL
	}
	if v.ProxyIsEnabled && v.Proxy != "" {
		s.Modes, s.Server, s.Bypass = append(s.Modes, Manual), v.Proxy, splitBypass(v.ProxyBypass)
	}
	return s, nil
}
