package host

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
)

// Bounds of the files that the resolver reads. Hosts files that block advertising reach 5 MB.
const (
	maxHosts     = 16 << 20
	maxHostLines = 20
	maxResolv    = 64 << 10
	maxResolvers = 16
)

// hostsLines returns the lines of a hosts file that name the host, in any case, without surrounding blanks. It returns
// what it has with an error where the file is larger than it reads or names the host in more lines than anybody needs.
func hostsLines(r io.Reader, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	limit := &io.LimitedReader{R: r, N: maxHosts}
	in := bufio.NewReaderSize(limit, 64<<10)
	var out []string
	for {
		line, tooLong, err := in.ReadLine()
		if err == nil && names(string(line), name) {
			if len(out) == maxHostLines {
				return out, fmt.Errorf("more than %d lines name %s: %w", maxHostLines, name, ErrTooMany)
			}
			out = append(out, strings.TrimSpace(string(line)))
		}
		for tooLong && err == nil {
			_, tooLong, err = in.ReadLine()
		}
		switch {
		case errors.Is(err, io.EOF) && limit.N <= 0:
			return out, fmt.Errorf("the hosts file is larger than %d MiB: %w", maxHosts>>20, ErrTooMany)
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return out, err
		}
	}
}

// names reports whether a line of the hosts file gives the host an address.
func names(line, host string) bool {
	line, _, _ = strings.Cut(line, "#")
	line = strings.TrimPrefix(line, "\ufeff")
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return false
	}
	if _, err := netip.ParseAddr(fields[0]); err != nil {
		return false
	}
	for _, f := range fields[1:] {
		if strings.EqualFold(strings.TrimSuffix(f, "."), host) {
			return true
		}
	}
	return false
}

// nameservers reads resolv.conf(5) and leaves out what is no address.
func nameservers(r io.Reader) []netip.Addr {
	var out []netip.Addr
	in := bufio.NewScanner(io.LimitReader(r, maxResolv))
	for in.Scan() && len(out) < maxResolvers {
		f := strings.Fields(in.Text())
		if len(f) < 2 || f[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(f[1]); err == nil {
			out = append(out, a.Unmap())
		}
	}
	return out
}
