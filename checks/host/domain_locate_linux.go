package host

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// locateWait is how long one locator is waited for; there may be two to ask.
const locateWait = 2 * time.Second

// winbindAway is in what wbinfo says where no winbindd runs.
const winbindAway = "WBC_ERR_WINBIND_NOT_AVAILABLE"

// Locate asks whichever locator this machine has: winbind, which may answer from its memory, then adcli, which looks anew.
// No Linux has one of its own: without either, ErrUnsupported.
func (d linuxDomain) Locate(ctx context.Context, domain string) (LocatedController, error) {
	var none LocatedController
	if d.root != "" {
		return none, ErrUnsupported
	}
	if domain == "" || hostName(domain) != nil || domain[0] == '-' {
		return none, fmt.Errorf("domain %q: %w", domain, ErrNotFound)
	}
	wait := locateWait
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end)*9/20)
	}
	found, err := winbindLocate(askFor(ctx, wait, "wbinfo", "--dsgetdcname="+domain))
	if err == nil || ctx.Err() != nil {
		return found, err
	}
	other, second := adcliLocate(askFor(ctx, wait, "adcli", "info", "--", domain))
	if second == nil || errors.Is(err, ErrUnsupported) {
		return other, second // what winbind found out is better than that there is no adcli
	}
	return none, err
}

// winbindLocate reads nine lines without names: server, address, its kind, GUID, domain, forest, flags, the controller's
// site and this computer's.
func winbindLocate(out string, err error) (LocatedController, error) {
	var none LocatedController
	switch {
	case err == nil:
	case strings.Contains(err.Error(), winbindAway):
		return none, fmt.Errorf("winbind does not run here: %w", ErrUnsupported)
	case strings.Contains(out+err.Error(), "Could not find dc"):
		return none, fmt.Errorf("wbinfo --dsgetdcname: %w", ErrNotFound)
	default:
		return none, err
	}
	lines := strings.Split(strings.TrimRight(out, "\r\n"), "\n")
	if len(lines) < 7 {
		return none, fmt.Errorf("wbinfo --dsgetdcname: %d lines, which is no answer", len(lines))
	}
	line := func(i int) string {
		if i >= len(lines) {
			return ""
		}
		return strings.TrimSpace(lines[i])
	}
	c := LocatedController{Name: strings.TrimSuffix(strings.TrimLeft(line(0), `\`), "."), Address: strings.TrimLeft(line(1), `\`),
		Site: line(7), Near: line(8), How: "wbinfo --dsgetdcname"}
	if flags, err := strconv.ParseUint(line(6), 0, 32); err == nil {
		c.Flags = ControllerFlags(uint32(flags))
	}
	if c.Name == "" && c.Address == "" {
		return none, fmt.Errorf("wbinfo --dsgetdcname names none: %w", ErrNotFound)
	}
	return c, nil
}

// adcliLocate reads sections and key = value lines (adcli(8)). Flags are words there.
func adcliLocate(out string, err error) (LocatedController, error) {
	var none LocatedController
	switch {
	case err == nil:
	case strings.Contains(err.Error(), "couldn't discover domain"):
		return none, fmt.Errorf("adcli info: %w", ErrNotFound)
	default:
		return none, err
	}
	f := iniFile([]byte(out))
	c := LocatedController{Name: f["domain"]["domain-controller"], Site: f["domain"]["domain-controller-site"], Near: f["computer"]["computer-site"],
		Flags: f["domain"]["domain-controller-flags"], How: "adcli info"}
	if c.Name == "" {
		return none, fmt.Errorf("adcli info names none: %w", ErrNotFound)
	}
	return c, nil
}
