package probe

import (
	"crypto/x509"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// The codes that a walk can become, beside every [checks.Failure].
const (
	Open     checks.Code = "path.open"      // the vendor answered as the profile says
	Answered checks.Code = "path.answered"  // something answered; what the vendor should say is not known
	NotTried checks.Code = "path.not_tried" // linecheck could not or did not go the way
)

// Codes are all codes that [Judge] uses.
func Codes() []checks.Code {
	out := []checks.Code{Open, Answered, NotTried}
	for _, f := range []checks.Failure{
		checks.NoSuchName, checks.ServerFailure, checks.NoAnswerDNS, checks.Sinkhole, checks.HostsFile,
		checks.Dropped, checks.Refused, checks.NoRoute, checks.ResetLater, checks.LocalBlock,
		checks.ProxyUnresolvable, checks.ProxyUnreachable, checks.ProxyRefused, checks.ProxyAuth, checks.ProxyNoAnswer,
		checks.ProxyDenied, checks.ProxyTarget, checks.ProxyNotHTTP, checks.ProxyTLS,
		checks.TLSReset, checks.TLSNoAnswer, checks.Intercepted, checks.Untrusted, checks.Expired, checks.NameMismatch,
		checks.Protocol, checks.TLSNotSpoken, checks.LargeHello, checks.BlockPage, checks.CaptivePortal, checks.WrongContent, checks.BadStatus,
		checks.NoAnswerHTTP, checks.NotHTTP, checks.TooSlow, checks.SizeLost, checks.Unclear,
	} {
		out = append(out, checks.Code(f))
	}
	return out
}

// Judge turns a walk into a finding. Whether the walk was the product's own stands in a.Path.Product: only there can
// something be wrong; on any other way it is a comparison and a Note. A fault needs an endpoint that the product
// requires and a fact that is well known.
func Judge(p *assets.Profile, e assets.Endpoint, a Answer) checks.Finding {
	path := a.Path
	path.Stages = slices.Clone(path.Stages)
	f := checks.Finding{
		Subject:  e.Host,
		View:     view(path),
		Args:     maps.Clone(a.Args),
		Evidence: slices.Clone(a.Evidence),
		At:       time.Now(),
		Took:     a.Took,
		Mark:     e.Mark,
		Path:     &path,
	}
	if f.Args == nil {
		f.Args = map[string]string{}
	}
	set := func(name, value string) {
		if value = clean(value); value != "" {
			f.Args[name] = value
		}
	}
	set("purpose", e.Purpose)
	set("wildcards", strings.Join(p.Wildcards, ", "))

	var roots x509.SystemRootsError
	switch {
	case a.Failure == checks.Cancelled:
		f.Code = NotTried
		set("reason", "the time was over before the walk was")
	case errors.Is(a.Err, ErrNotWalked):
		f.Code = NotTried
		set("reason", a.Err.Error())
	case errors.As(a.Err, &roots):
		f.Code = NotTried
		set("reason", "this computer's list of trusted certificates cannot be read")
	case a.Failure != checks.NoFailure:
		f.Code, f.Status = checks.Code(a.Failure), gravity(e)
		if inward(p, e, a) {
			f.Code = checks.Code(checks.Sinkhole)
			set("sinkhole", list(a.Addrs))
			set("behind", string(a.Failure))
			for i := range path.Stages {
				if s := &path.Stages[i]; s.Name == checks.Resolve {
					s.Status, s.Failure, s.Error = checks.Fail, checks.Sinkhole, e.Host+" is "+list(a.Addrs)
				} else {
					*s = checks.Stage{Name: s.Name, Note: NotTested}
				}
			}
		}
		if a.Failure == checks.ProxyAuth {
			f.Status = Asked(p.Proxy.Auth, a, f.Status)
		}
		if a.Failure == checks.Intercepted && a.Trusted && a.Args["expected_issuer"] != "" {
			f.Status = checks.Warn // a vendor may change its authority; only a known inspector is beyond doubt
		}
		if a.Failure == checks.Intercepted && a.Trusted && a.Args["works"] == "yes" {
			f.Status = checks.Warn // whom the product trusts is not known, and what it needs comes through
		}
		if a.Failure == checks.Intercepted || a.Failure == checks.Untrusted {
			set("product_trusts", "not known") // no vendor says whose certificates its product accepts
		}
		if hint, ok := guessed(e, a); ok {
			f.Mark = hint
			f.Status = min(f.Status, checks.Warn)
		}
	default:
		f.Code, f.Status = Answered, checks.Pass
		if asserts(e.Expect) && a.Status != 0 && a.Args["moved"] == "" {
			f.Code = Open
		}
		set("proven", proven(a))
		if b := late(p.Budget, a); b != "" {
			f.Code, f.Status, f.Mark = checks.Code(checks.TooSlow), gravity(e), p.Budget.Mark
			if p.Budget.Mark.Hint() {
				f.Status = checks.Warn
			}
			set("budget", b)
		} else if a.Large == LargeLost || a.Large == LargeSize {
			f.Code, f.Status = checks.Code(checks.LargeHello), checks.Warn // browsers send such a one, products do not
			if a.Large == LargeSize {
				f.Code = checks.Code(checks.SizeLost)
				set("direction", outbound)
			}
		}
		if a.LoggedIn != "" && path.Product {
			f.Mark = e.Mark // its answer's time is no longer what counts
			borrowed(&f, p.Proxy.Auth, gravity(e), a)
		}
	}
	if a.Failure == checks.ProxyAuth || a.LoggedIn != "" {
		set("auth", auth(p.Proxy.Auth))
		set("can", able(p.Proxy.Auth, a.ProxyAuth))
		if path.Product && gravity(e) == checks.Fail && f.Status == checks.Warn {
			set("unsure", "yes")
		}
	}
	if !path.Product {
		f.Status = checks.Note
	}
	return f
}

// inward reports whether a public host of the vendor's leads to nothing but private addresses, and nobody there takes a
// connection: DNS led astray, and no firewall is to be opened. Somebody who answers there may do so on purpose.
func inward(p *assets.Profile, e assets.Endpoint, a Answer) bool {
	return a.Args["proxy"] == "" && len(a.Addrs) > 0 && publicName(e.Host) && !e.Own && e.Server != "local" && p.Vendors(e) &&
		slices.Contains([]checks.Failure{checks.Dropped, checks.Refused, checks.NoRoute}, a.Failure) &&
		!slices.ContainsFunc(a.Addrs, func(x netip.Addr) bool { return !x.IsPrivate() })
}

// Asked is how grave it is that the proxy of the product's way wants a login; gravest is how grave it is where no request
// gets through. A service that can do NTLM or Negotiate logs in by itself with its own account, and whether that account
// is let through is not seen from here: no more than a warning where nothing speaks against it. A typed login comes from
// nowhere, so a product that was given none is shut out. What is not known of a product is held against nobody who was
// seen to get through.
func Asked(can []string, a Answer, gravest checks.Status) checks.Status {
	if a.LoggedIn != "" {
		if able(can, []string{a.LoggedIn}) == "none" || !ownLogin(a.LoggedIn) {
			return gravest
		}
		return min(gravest, checks.Warn)
	}
	refused := strings.Split(a.Args["login_refused"], ", ")
	if a.Args["login"] == "" && slices.ContainsFunc(a.ProxyAuth, func(s string) bool {
		return ownLogin(s) && able(can, []string{s}) == s && !slices.Contains(refused, s)
	}) {
		return min(gravest, checks.Warn)
	}
	return gravest
}

// ownLogin reports whether a program can do a login with the account that it runs as, without a password.
func ownLogin(scheme string) bool {
	return slices.Contains([]string{"ntlm", "negotiate", "kerberos"}, strings.ToLower(scheme))
}

// borrowed judges the product's way where a login opened it that linecheck was given and the product may not have: what is
// known is that the proxy asks for one.
func borrowed(f *checks.Finding, can []string, gravity checks.Status, a Answer) {
	f.Code, f.Status = checks.Code(checks.ProxyAuth), Asked(can, a, gravity)
	at := checks.Tunnel
	if !slices.ContainsFunc(f.Path.Stages, func(s checks.Stage) bool { return s.Name == at }) {
		at = checks.Content
	}
	behind := false
	for i := range f.Path.Stages {
		s := &f.Path.Stages[i]
		if behind {
			*s = checks.Stage{Name: s.Name, Note: NotTested}
		}
		if s.Name == at {
			s.Status, s.Failure, s.Note, behind = checks.Fail, checks.ProxyAuth, "passed only with a login ("+a.LoggedIn+")", true
		}
	}
}

// guessed reports whether the failure rests on an answer that nobody documented: then it is no more than a hint, however
// well the address is known. An error of the server (5xx) is one whatever was expected, unless nothing was.
func guessed(e assets.Endpoint, a Answer) (assets.Mark, bool) {
	switch a.Failure {
	case checks.BadStatus, checks.WrongContent:
	default:
		return "", false
	}
	switch {
	case !asserts(e.Expect):
		return assets.Inferred, true
	case a.Failure == checks.BadStatus && a.Status >= 500:
		return "", false
	}
	return e.ExpectMark(), e.ExpectMark().Hint()
}

// gravity is how grave it is when the product cannot use the endpoint.
func gravity(e assets.Endpoint) checks.Status {
	if e.Required && !e.Mark.Hint() {
		return checks.Fail
	}
	return checks.Warn
}

func view(p checks.Path) string {
	v := "you, " + p.Route
	if p.Family != "" {
		v += ", " + p.FamilyName()
	}
	return v
}

// proven says how far the other side showed who it is.
func proven(a Answer) string {
	last := "tcp"
	for _, s := range a.Path.Stages {
		switch {
		case s.Name == checks.TLS && s.Status == checks.Pass:
			last = "tls"
		case s.Name == checks.HTTP && s.Status == checks.Pass && last == "tcp":
			last = "http"
		}
	}
	return last
}

// Late reports whether a walk that got through took longer than the product waits.
func Late(b assets.Budget, a Answer) bool { return a.Failure == checks.NoFailure && late(b, a) != "" }

// late returns the patience of the product that the walk outlasted, "" where it did not.
func late(b assets.Budget, a Answer) string {
	switch {
	case b.Answer() > 0 && a.Took > b.Answer():
		return Span(b.Answer())
	case b.Connect() > 0 && a.Connected > b.Connect():
		return Span(b.Connect()) + " for the connection"
	}
	return ""
}

// auth says what the product can answer a 407 with.
func auth(can []string) string {
	if len(can) == 0 {
		return "none that is known"
	}
	return strings.Join(can, ", ")
}

// able names the offered schemes that the product can do, "none" where it can do none, "" where nobody knows.
func able(can, offered []string) string {
	if len(can) == 0 || len(offered) == 0 {
		return ""
	}
	var both []string
	for _, s := range offered {
		if slices.ContainsFunc(can, func(c string) bool { return strings.EqualFold(c, s) }) {
			both = append(both, s)
		}
	}
	if len(both) == 0 {
		return "none"
	}
	return strings.Join(both, ", ")
}
