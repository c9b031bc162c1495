package proxy

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"linecheck/checks"
	"linecheck/checks/host"
)

// mostNames bounds the names that a search by DNS goes through.
const mostNames = 6

// search looks for a script as Windows does: where DHCP's offer leads (option 252) first, then wpad.<domain> and the
// same name in the domains above it. A script that DHCP offers and that does not come is not the end of the search.
func (r *run) search(ctx context.Context, offer, s *script) {
	if s.off {
		return
	}
	if offer.fetched {
		*s = *offer
		return
	}
	begun := offer.proof
	r.byDNS(ctx, s)
	s.proof = append(slices.Clone(begun), s.proof...)
	switch {
	case s.found:
	case offer.found:
		where, proof := offer.where+"; "+s.where, s.proof
		*s = *offer
		s.where, s.proof = where, proof
	default:
		s.where = offer.where + "; " + s.where
	}
}

// searchOff is the setting that keeps programs from searching.
func (r *run) searchOff() (source, bool) {
	for _, s := range r.sources {
		if s.noSearch {
			return s, true
		}
	}
	return source{}, false
}

// dhcp asks what DHCP offers.
func (r *run) dhcp(ctx context.Context) *script {
	s := &script{}
	at, where, err := r.env.Machine.Proxies.Offered(ctx)
	at = strings.TrimSpace(strings.Trim(at, "\x00"))
	switch {
	case host.Absent(err) || err == nil && at == "":
		s.where = "DHCP offers no script"
	case host.Denied(err):
		s.where = "what DHCP offers may not be read by this account"
	case errors.Is(err, host.ErrUnsupported):
		s.where = "what DHCP offers cannot be asked here"
	case err != nil:
		s.where = "what DHCP offers could not be read: " + clean(err.Error(), 100)
	default:
		s.url, s.found, s.where = at, true, "DHCP offers it"
		s.proof = []checks.Evidence{{Source: where, Text: mask(at)}}
	}
	return s
}

// byDNS looks the names up in turn and fetches from the first that there is.
func (r *run) byDNS(ctx context.Context, s *script) {
	join, err := r.env.Machine.Domain.Join(ctx)
	names := searched(join.Domain)
	if err != nil || len(names) == 0 {
		s.where = "no DNS domain is known to search in"
		return
	}
	for i, name := range names {
		ask, cancel := context.WithTimeout(ctx, pacWait)
		_, err := both(ask, r.env.Machine.Network, name)
		cancel()
		if err == nil {
			if at := "http://" + name + "/wpad.dat"; r.pacs[at] != nil {
				*s = *r.pacs[at]
				s.where = name
			} else {
				s.found, s.url, s.where = true, at, name
				r.download(ctx, s)
			}
			return
		}
		s.proof = append(s.proof, checks.Evidence{Source: "DNS", Text: name + ": " + clean(err.Error(), 200)})
		if f := checks.Classify(checks.Resolve, err); f != checks.NoSuchName {
			s.where = "DNS could not answer for " + name
			return
		}
		if s.where = name + " is not found in DNS"; i > 0 {
			s.where = "no name from " + names[0] + " to " + name + " is found in DNS"
		}
	}
}

// searched are the names that Windows goes through for a domain: wpad in it and in each above it, down to the one that
// can be registered. Above that, others than the organisation answer.
func searched(domain string) []string {
	domain = strings.ToLower(strings.Trim(domain, "."))
	top, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil || !strings.HasSuffix(domain, top) {
		return nil // a NetBIOS name, or a public suffix itself
	}
	var out []string
	for len(out) < mostNames {
		out = append(out, "wpad."+domain)
		_, above, ok := strings.Cut(domain, ".")
		if domain == top || !ok {
			break
		}
		domain = above
	}
	return out
}
