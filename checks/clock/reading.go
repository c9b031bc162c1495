package clock

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// reading is what one server told of the time.
type reading struct{ probe.Answer }

func (r reading) told() bool { return !r.Date.IsZero() && !r.Heard.IsZero() }

func told(all []reading) bool { return slices.ContainsFunc(all, reading.told) }

// ours is this machine's time when the server wrote its own, as well as can be known: the middle of the exchange.
func (r reading) ours() time.Time { return r.Asked.Add(r.Heard.Sub(r.Asked) / 2) }

// theirs is the server's time. A Date header leaves out the fraction of its second, so its middle is meant; an answer
// from a cache is older by its Age (RFC 9111, 5.1).
func (r reading) theirs() time.Time {
	t := r.Date.Add(time.Second / 2)
	var age int64
	if _, err := fmt.Sscanf(r.Header.Get("Age"), "%d", &age); err == nil && age > 0 && age < math.MaxInt32 {
		t = t.Add(time.Duration(age) * time.Second)
	}
	return t
}

func (r reading) skew() time.Duration { return r.ours().Sub(r.theirs()) }

// breaks reports whether our clock rejects a certificate that the server's clock accepts, of a chain that this machine
// trusts apart from its dates.
func (r reading) breaks() bool {
	if !r.Trusted {
		return false
	}
	return slices.ContainsFunc(r.Chain, func(c *x509.Certificate) bool {
		in := func(t time.Time) bool { return !t.Before(c.NotBefore) && !t.After(c.NotAfter) }
		return in(r.theirs()) && !in(r.ours())
	})
}

// judge decides from all readings. Servers that disagree prove nothing about this clock.
func judge(p *assets.Profile, all []reading) (f checks.Finding, skew time.Duration, known bool) {
	f = checks.Finding{Code: Unknown, Subject: p.Title, View: "you", Args: map[string]string{}}
	var good []reading
	for _, r := range all {
		if r.told() {
			good = append(good, r)
			f.Evidence = append(f.Evidence, r.evidence())
			continue
		}
		f.Evidence = append(f.Evidence, r.Evidence...)
	}
	if len(good) == 0 {
		f.Args["reason"] = why(p, all)
		return f, 0, false
	}
	// A server that proved who it is knows better than one that did not.
	slices.SortStableFunc(good, func(a, b reading) int { return cmp.Compare(doubt(a), doubt(b)) })
	best := good[0]
	f.Subject, f.View = best.Args["host"], "you, "+best.Path.Route
	f.Args["ours"], f.Args["theirs"] = stamp(best.ours()), stamp(best.theirs())
	if doubt(best) > 0 {
		// Whoever answers without a certificate that is trusted may have any clock.
		f.Args["reason"] = best.Args["host"] + " told the time, but did not prove who it is"
		return f, 0, false
	}
	for _, r := range good[1:] {
		if d := r.skew() - best.skew(); d.Abs() > tolerance && doubt(r) == doubt(best) {
			f.Args["reason"] = fmt.Sprintf("%s and %s disagree by %s", best.Args["host"], r.Args["host"], words(d.Abs()))
			return f, 0, false
		}
	}
	skew = best.skew()
	f.Args["skew"] = words(skew.Abs())
	f.Args["direction"] = map[bool]string{true: "ahead", false: "behind"}[skew > 0]
	switch {
	case slices.ContainsFunc(good, func(r reading) bool { return doubt(r) == doubt(best) && r.breaks() }):
		f.Code, f.Status = Skew, checks.Fail
		f.Args["breaks"] = "Certificates that are valid by the servers' clock are not by this one."
	case skew.Abs() > tolerance:
		f.Code, f.Status = Skew, checks.Warn
		f.Args["breaks"] = "The certificates seen are valid by both clocks all the same."
	default:
		f.Code, f.Status = OK, checks.Pass
	}
	return f, skew, true
}

func doubt(r reading) int {
	if r.Trusted {
		return 0
	}
	return 1
}

func (r reading) evidence() checks.Evidence {
	text := fmt.Sprintf("%s (%s): Date: %s", r.Args["host"], r.Path.Route, r.Header.Get("Date"))
	if age := r.Header.Get("Age"); age != "" {
		text += "; Age: " + age
	}
	text += fmt.Sprintf("; asked %s, heard %s by this clock", r.Asked.UTC().Format(millis), r.Heard.UTC().Format(millis))
	if len(r.Chain) > 0 {
		c := r.Chain[0]
		text += fmt.Sprintf("; certificate valid %s to %s", c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	}
	if r.Failure != checks.NoFailure {
		text += "; " + string(r.Failure)
	}
	return checks.Evidence{Source: "HTTP", Text: text[:min(len(text), 4096)]}
}

func why(p *assets.Profile, all []reading) string {
	if len(all) == 0 {
		return "the profile names no encrypted address that can be asked"
	}
	r := all[0]
	if r.Failure == checks.NoFailure {
		return r.Args["host"] + " does not tell the time"
	}
	return r.Args["host"] + " could not be asked, " + because(r.Failure)
}

// millis is RFC 3339 with as many digits as a network makes sense of.
const millis = "2006-01-02T15:04:05.000Z07:00"

// because says where the way to a server broke; what exactly broke there is the Allowlist step's to tell.
func because(f checks.Failure) string {
	area, _, _ := strings.Cut(string(f), ".")
	words, ok := map[string]string{"dns": "DNS gave no address", "proxy": "the proxy on the way does not work",
		"tcp": "no connection came about", "tls": "its encryption failed", "http": "its answer is of no use"}[area]
	if !ok {
		words = "the way broke off"
	}
	return words + " (" + string(f) + ")"
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// words writes a difference as a person says it: the two largest units.
func words(d time.Duration) string {
	d = d.Round(time.Second)
	day := 24 * time.Hour
	switch {
	case d >= day:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
