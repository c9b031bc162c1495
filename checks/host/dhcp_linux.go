package host

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Where the DHCP clients of Linux keep what they were given. networkd.lease files and their keys: systemd's
// sd_dhcp_lease_save; dhclient.leases(5). Both write option 252 only where their configuration asks for it; neither was
// tried with a real client.
var (
	networkdLeases = []string{"/run/systemd/netif/leases/*"}
	dhclientLeases = []string{"/var/lib/dhcp/*.lease*", "/var/lib/dhclient/*.lease*", "/var/lib/NetworkManager/dhclient-*.lease"}
)

const (
	maxLeases    = 32
	maxLeaseFile = 1 << 20
)

// Offered asks NetworkManager, then looks into the leases of systemd-networkd and dhclient.
func (desktop) Offered(ctx context.Context) (url, where string, err error) {
	ctx, cancel := context.WithTimeout(ctx, offeredWait)
	defer cancel()
	return offered(ctx, nmDHCP, networkdLeases, dhclientLeases, time.Now())
}

func offered(ctx context.Context, manager func(context.Context) (string, string, error), networkd, dhclient []string, now time.Time) (url, where string, err error) {
	var all error
	none := false
	for _, ask := range [...]func() (string, string, error){
		func() (string, string, error) { return manager(ctx) },
		func() (string, string, error) { return leases(networkd, networkdLease) },
		func() (string, string, error) {
			return leases(dhclient, func(s string) (string, error) { return dhclientLease(s, now) })
		},
	} {
		url, where, err := ask()
		if err == nil {
			return url, where, nil
		}
		none = none || Absent(err)
		if !Absent(err) && !errors.Is(err, ErrUnsupported) {
			all = errors.Join(all, err)
		}
	}
	switch {
	case all != nil:
		return "", "", all // what could not be read may have held it
	case none:
		return "", "", fmt.Errorf("DHCP gave no option %d: %w", optionWPAD, ErrNotFound)
	}
	return "", "", fmt.Errorf("no DHCP client that tells what it was given: %w", ErrUnsupported)
}

// nmDHCP asks NetworkManager, which always asks for option 252 and calls it wpad (seen with 1.42).
func nmDHCP(ctx context.Context) (url, where string, err error) {
	out, err := ask(ctx, "nmcli", "--terse", "--escape", "no", "--fields", "GENERAL.DEVICE,DHCP4", "device", "show")
	if err != nil {
		return "", "", managerError(err)
	}
	return nmWPAD(out)
}

// nmWPAD reads lines like "GENERAL.DEVICE:eth0" and "DHCP4.OPTION[7]:wpad = http://wpad.corp.example/wpad.dat".
func nmWPAD(out string) (url, where string, err error) {
	device, leased := "", false
	for line := range strings.Lines(out) {
		key, v, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if key == "GENERAL.DEVICE" {
			device = v
		}
		if !strings.HasPrefix(key, "DHCP4.OPTION") {
			continue
		}
		leased = true
		if name, text, ok := strings.Cut(v, " = "); ok && name == "wpad" {
			url, err := wpadText([]byte(text))
			return url, "nmcli device show " + device + ": wpad", err
		}
	}
	if !leased {
		return "", "", fmt.Errorf("NetworkManager has no DHCP lease: %w", ErrUnsupported)
	}
	return "", "", ErrNotFound
}

// leases reads the newest file that gives an address. No file at all is ErrUnsupported.
func leases(patterns []string, read func(string) (string, error)) (url, where string, err error) {
	type file struct {
		path string
		at   time.Time
	}
	var files []file
	for _, p := range patterns {
		found, _ := filepath.Glob(p)
		for _, path := range found {
			if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && len(files) < maxLeases {
				files = append(files, file{path, info.ModTime()})
			}
		}
		if dir := filepath.Dir(p); len(found) == 0 {
			if _, err := os.ReadDir(dir); errors.Is(err, fs.ErrPermission) {
				return "", "", fmt.Errorf("%w: %w", ErrDenied, err)
			}
		}
	}
	slices.SortStableFunc(files, func(a, b file) int { return b.at.Compare(a.at) })
	err = ErrUnsupported
	for _, f := range files {
		text, rerr := leaseText(f.path)
		if rerr == nil {
			url, rerr = read(text)
		}
		if rerr == nil {
			return url, f.path, nil
		}
		if !errors.Is(err, ErrDenied) {
			err = fmt.Errorf("%s: %w", f.path, rerr)
		}
	}
	return "", "", err
}

func leaseText(path string) (string, error) {
	f, err := openShared(path)
	if Denied(err) {
		return "", fmt.Errorf("%w: %w", ErrDenied, err)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxLeaseFile))
	return string(b), err
}

// networkdLease reads KEY=value lines; an option without a name of its own stands there as OPTION_252 in hex digits.
func networkdLease(text string) (string, error) {
	for line := range strings.Lines(text) {
		v, ok := strings.CutPrefix(strings.TrimSpace(line), fmt.Sprintf("OPTION_%d=", optionWPAD))
		if !ok {
			continue
		}
		b, err := hex.DecodeString(v)
		if err != nil {
			return "", fmt.Errorf("OPTION_%d: %w", optionWPAD, err)
		}
		return wpadText(b)
	}
	return "", ErrNotFound
}

// dhclientLease reads the last lease of a file, which is the newest, unless it has run out.
func dhclientLease(text string, now time.Time) (string, error) {
	i := strings.LastIndex("\n"+text, "\nlease {")
	if i < 0 {
		return "", ErrNotFound
	}
	found, valid := "", true
	for line := range strings.Lines(text[i:]) {
		line = strings.TrimSpace(line)
		if line == "}" {
			break
		}
		line = strings.TrimSuffix(line, ";")
		if end, ok := strings.CutPrefix(line, "expire "); ok {
			valid = !leaseEnded(end, now)
		}
		for _, name := range [...]string{"wpad", "wpad-url", "unknown-252", "option-252"} {
			if v, ok := strings.CutPrefix(line, "option "+name+" "); ok {
				found = v
			}
		}
	}
	if found == "" || !valid {
		return "", ErrNotFound
	}
	return wpadText(leaseValue(found))
}

// leaseEnded reads "2 2026/11/24 08:30:00" (weekday and UTC), "epoch 1795500000; # …" or "never".
func leaseEnded(s string, now time.Time) bool {
	_, rest, _ := strings.Cut(s, " ")
	if at, err := time.Parse("2006/01/02 15:04:05", rest); err == nil {
		return at.Before(now)
	}
	var epoch int64
	if n, _ := fmt.Sscanf(s, "epoch %d", &epoch); n == 1 {
		return time.Unix(epoch, 0).Before(now)
	}
	return false
}

// leaseValue reads a quoted text with \" and \ooo in it, or bytes as 68:74:74:70.
func leaseValue(s string) []byte {
	if !strings.HasPrefix(s, `"`) {
		b, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
		if err != nil {
			return []byte(s)
		}
		return b
	}
	s = strings.TrimSuffix(s[1:], `"`)
	var b []byte
	for i := 0; i < len(s); i++ {
		var octal byte
		if s[i] == '\\' && i+3 < len(s) {
			if n, _ := fmt.Sscanf(s[i+1:i+4], "%3o", &octal); n == 1 {
				b, i = append(b, octal), i+3
				continue
			}
		}
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return b
}
