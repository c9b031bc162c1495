package wizard

import (
	"regexp"
	"strings"
)

// masked stands where a secret was that no report needs to tell from another. The probes write the same.
const masked = "***"

// Discreet hides what logs somebody in, wherever it stands in a text and however it is written: passwords, tokens,
// cookies, keys, signatures. Names stay. It is for everything that a person may read or record, at every level of
// redaction: screens, progress, errors.
func Discreet(s string) string { return discreetly(s, func(string, string) string { return masked }) }

// hide gives what stands in the place of a secret of a kind, "secret" or "login".
type hide func(kind, value string) string

// secretForm is one way in which secrets are written. What its group "s" holds is the secret; without one it is all.
type secretForm struct {
	hint []string // one of them, in small letters, is in every text that it fits; none: every text may
	re   *regexp.Regexp
	like func(string) bool // nil: whatever fits is one
}

// secretWords name what is secret: the last part of a setting's, a header's or a parameter's name.
const secretWords = `pass(?:word|wd|w|phrase|wort)?|passwords|kennwort|pwd|pw|psw|mdp|mot[ _]de[ _]passe|motdepasse|contrase(?:ñ|n)a|senha|salasana|lösenord|parola|secrets?|token|cookie|api[_-]?key|(?:access|private|shared|subscription|account|auth|encryption|license|activation)[_-]?key|` +
	`session(?:[_-]?(?:id|key))|sess(?:id)?|[jp]h?p?sessi?o?n?id|signature|sig|sas|nonce|cnonce|opaque|credentials?|samlresponse|assertion|otp|` +
	`auth(?:[_-]?(?:token|code|header))|proxy[_-]?(?:auth|cred(?:ential)?s?|login|user(?:pwd)?|userpass)|userpwd|client[_-]?assertion`

// secretKey is a whole name that ends in one of them: ProxyPassword, X-Api-Key, client_secret.
const secretKey = `(?:[a-z0-9]+[_.-]){0,6}(?:proxy|client|user|login|admin|service|agent|db|http|https|smtp|ldap|bind|new|old|account|access|refresh|id|security|session|bearer|x?csrf|xsrf|shared|signing|sid|)(?:` + secretWords + `)`

var secretForms = []secretForm{
	{[]string{"findproxyforurl"}, regexp.MustCompile(`(?is)(?P<s>function\s+FindProxyForURL\w*\s*\(.*)`), nil},
	{[]string{"findproxyforurl"}, regexp.MustCompile(`(?is)\bFindProxyForURL\w*\s*=(?P<s>.*)`), nil},
	{[]string{"shexpmatch", "dnsdomainis", "isinnet"}, regexp.MustCompile(`(?is)\b(?:shExpMatch|dnsDomainIs|isInNet)\w*\s*\((?P<s>[^,)]*,.*)`), nil},
	{[]string{"private key"}, regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----(?P<s>.*?)(?:-----END|$)`), nil},
	{[]string{"authorization"}, regexp.MustCompile(`(?i)authorization\\?["']?\s*[:=]\s*\\?["']?(?:\w+\s+)?(?P<s>[^\r\n]+)`), nil},
	{[]string{"cookie"}, regexp.MustCompile(`(?i)\b(?:set-)?cookie[2s]?\\?["']?\s*:\s*\\?["']?(?P<s>[^"\r\n]+)`), nil}, // several stand in one line, each with a name of its own
	{secretHints, regexp.MustCompile(`(?i)(?:^|[^a-z0-9])` + secretKey + `\\?["']?[\s\p{Z}]*(?::=|=>|\\x3[ad]|[=:])[\s\p{Z}]*(?:\\"(?P<s>[^"]*?)\\"|"(?P<s>[^"]*)"|'(?P<s>[^']*)'|\\?["']?(?P<s>[^\s"']+))`), nil},
	{secretHints, regexp.MustCompile(`(?i)<(?:[a-z]+:)?` + secretKey + `(?:\s[^<>]*)?>(?P<s>[^<]+)`), nil},
	{secretHints, regexp.MustCompile(`(?i)<(?:[a-z]+:)?` + secretKey + `\s[^<>]*?value\s*=\s*\\?["'](?P<s>[^"'<>]+)`), nil},
	{secretHints, regexp.MustCompile(`(?i)\b(?:name|key|id)\s*=\s*\\?["']` + secretKey + `\\?["'][^<>]*>(?P<s>[^<]+)`), nil},
	{secretHints, regexp.MustCompile(`(?i)\b(?:name|key|id)\\?["']?\s*[=:]\s*\\?["']` + secretKey + `\\?["'],?\s*\\?["']?value\\?["']?\s*[=:]\s*\\?["'](?P<s>[^"']+)`), nil},
	{secretHints, regexp.MustCompile(`(?i)(?:^|\s)(?:--?|/)(?:[a-z]+-)*(?:password|passwd|passphrase|pass|pwd|token|secret|api-?key)(?:\s+|:)(?:"(?P<s>[^"]*)"|(?P<s>[^\s"']+))`), nil},
	{[]string{" -u", " --user", "--proxy-user"}, regexp.MustCompile(`(?:^|\s)(?:-[uU]|--(?:proxy-)?user)[ =]?["']?[^\s:"']+:(?P<s>[^\s"']+)`), nil},
	{[]string{"password", "passwd"}, regexp.MustCompile(`(?i)\blogin\s+\S+\s+(?:password|passwd)\s+(?P<s>\S+)`), nil},
	{schemes, regexp.MustCompile(`(?i)\b(?:bearer|basic|negotiate|ntlm|kerberos|digest|apikey)\s+(?P<s>[A-Za-z0-9+/=._~-]{8,})`), coded},
	{[]string{"eyj"}, regexp.MustCompile(`\b(?P<s>eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,3})`), nil},
	{[]string{"tlrmtvntu"}, regexp.MustCompile(`(?P<s>TlRMTVNTU[A-Za-z0-9+/=_-]{4,})`), nil},
	{[]string{"yi", "yg"}, regexp.MustCompile(`\b(?P<s>Y(?:II|IG|H)[A-Za-z0-9+/_-]{24,}={0,2})`), coded},
	{[]string{"oy", "or", "ot"}, regexp.MustCompile(`\b(?P<s>o[YRT][A-Z][A-Za-z0-9+/_-]{28,}={0,2})`), coded},
	{[]string{"akia", "asia"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Za-z]{12,}[^0-9A-Za-z]{1,8}(?:\w{1,24}[=:\s]{1,3})?(?P<s>[A-Za-z0-9/+]{40})\b`), nil},
	{[]string{"webhook", "slack"}, regexp.MustCompile(`(?i)(?:hooks\.slack\.com/services|webhook\.office\.com/webhookb?2?|discord(?:app)?\.com/api/webhooks)/(?P<s>[^\s"'<>]+)`), nil},
	{[]string{"/user:"}, regexp.MustCompile(`(?i)\bnet\d?(?:\.exe)?\s+use\s.*/user:\S+\s+(?P<s>[^\s/]\S*)`), nil},
	{[]string{"akia", "asia", "gh", "xox", "aiza", "ya29", "sk_", "sk-", "glpat", "npm_", "dop_v1", "shpat"},
		regexp.MustCompile(`\b(?P<s>(?:AKIA|ASIA)[0-9A-Za-z]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|xox[abeprs]-[A-Za-z0-9-]{8,}|AIza[\w-]{24,}|ya29\.[\w-]{12,}|[rs]k_(?:live|test)_\w{12,}|sk-[\w-]{20,}|glpat-[\w-]{12,}|npm_\w{20,}|dop_v1_\w{20,}|shpat_\w{16,})`), nil},
}

var (
	secretHints = []string{"pass", "pwd", "kennwort", "secret", "token", "cookie", "key", "sess", "sig", "sas", "nonce", "opaque", "cred", "saml", "assert", "otp", "auth", "user", "login", "pw", "psw", "mdp", "passe", "contrase", "senha", "salasana", "lösenord", "parola"}
	schemes     = []string{"bearer", "basic", "negotiate", "ntlm", "kerberos", "digest", "apikey"}

	urlPassword = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*:(?:\\?/){1,3})([^/\s:@"'<>]*)(:[^\s"']*)?@`)                                           // to the last @: a password may hold one
	spacedLogin = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^/\s:@"'<>]+:([^\s"'<>/:@\d][^"'<>\r\n/@]{0,60} [^"'<>\r\n/@]{0,60})@[A-Za-z0-9\[]`) // a password of several words
	bareLogin   = regexp.MustCompile(`(^|[\s"'(=,;])([^\s:/@"'<>()=,;]+):([^\s/@"'<>]+)@([A-Za-z0-9\[])`)
	portOf80    = regexp.MustCompile(`^:\d{1,5}(?:[/?#]|$)`)
	parameter   = regexp.MustCompile(`([?&#;]|&amp;)([\w.\[\]-]{1,64})=([^&\s"'<>#]+)`)
	secretParam = regexp.MustCompile(`(?i)^(?:` + secretKey + `|key|code|state|sid|k|hash|hmac|mac|auth|jwt|x-amz-(?:signature|credential|security-token)|awsaccesskeyid|ticket|se|skoid)$`)
	stands      = regexp.MustCompile(`^\W*(?:<[a-z]+-\d+>|\*\*\*)\W*$`)
)

// discreetly replaces every secret in s by what to says.
func discreetly(s string, to hide) string {
	if len(s) < 4 {
		return s
	}
	out := plainly(s, to)
	return decoded(out, func(part string) string { return plainly(part, to) }, to)
}

// plainly is discreetly for what is written as it is.
func plainly(s string, to hide) string {
	if strings.Contains(s, "@") {
		s = urlPassword.ReplaceAllStringFunc(s, func(m string) string {
			p := urlPassword.FindStringSubmatch(m)
			switch {
			case p[2] == "" && p[3] == "", stands.MatchString(p[2]) && (p[3] == "" || p[3] == ":"+masked):
				return m
			case strings.Contains(p[2], ".") && portOf80.MatchString(p[3]):
				return m // a port, and a mail address behind it
			}
			return p[1] + loginFor(p[2], strings.TrimPrefix(p[3], ":"), p[3] != "", to) + "@"
		})
		s = groups(spacedLogin, s, func(m string) string { return to("secret", m) })
		s = bareLogin.ReplaceAllStringFunc(s, func(m string) string {
			p := bareLogin.FindStringSubmatch(m)
			return p[1] + loginFor(p[2], p[3], true, to) + "@" + p[4]
		})
	}
	low := strings.ToLower(s)
	for i := range secretForms {
		if f := &secretForms[i]; f.may(low) {
			s = f.replace(s, to)
		}
	}
	if strings.Contains(s, "=") {
		s = parameter.ReplaceAllStringFunc(s, func(m string) string {
			p := parameter.FindStringSubmatch(m)
			if stands.MatchString(p[3]) || !secretParam.MatchString(p[2]) && (!opaque(p[3]) || vendorParams()[p[2]+"="+p[3]]) {
				return m
			}
			return p[1] + p[2] + "=" + to("secret", p[3])
		})
	}
	return s
}

// loginFor is what stands for a login in an address. A name alone may be a token; where it cannot be told how far the
// password goes, the name may be a part of it.
func loginFor(name, password string, both bool, to hide) string {
	whole := name
	if both {
		whole += ":" + password
	}
	if w := to("login", whole); w != masked {
		return w
	}
	if !both || strings.ContainsAny(password, "@:/%") {
		return masked
	}
	return name + ":" + masked
}

func (f *secretForm) may(low string) bool {
	for _, h := range f.hint {
		if strings.Contains(low, h) {
			return true
		}
	}
	return len(f.hint) == 0
}

func (f *secretForm) replace(s string, to hide) string {
	var b strings.Builder
	at := 0
	for _, m := range f.re.FindAllStringSubmatchIndex(s, -1) {
		for i, name := range f.re.SubexpNames() {
			if name != "s" || m[2*i] < at || m[2*i] == m[2*i+1] {
				continue
			}
			value := s[m[2*i]:m[2*i+1]]
			if stands.MatchString(value) || f.like != nil && !f.like(value) {
				continue
			}
			b.WriteString(s[at:m[2*i]] + to("secret", value))
			at = m[2*i+1]
		}
	}
	b.WriteString(s[at:])
	return b.String()
}

// coded tells an encoded login from a word: it has a digit or a sign, or a capital behind a small letter.
func coded(s string) bool {
	return strings.ContainsAny(s, "0123456789+/=") || innerPoint.MatchString(s) || innerCapital.MatchString(s)
}

var (
	innerCapital = regexp.MustCompile(`[a-z][A-Z]`)
	innerPoint   = regexp.MustCompile(`\w\.\w`)
)

// opaque tells a key from a word: long, in one piece, letters and digits.
func opaque(s string) bool {
	digits, letters := 0, 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letters++
		case !strings.ContainsRune("+/=_-.~%", c):
			return false
		}
	}
	return digits+letters >= 20 && digits > 0 && letters > 0 && !strings.Contains(s, "://") && strings.Count(s, ".") < 2
}
