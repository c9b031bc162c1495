package probe

import (
	"encoding/base64"
	"html"
	"net/url"
	"strings"
)

// Hidden stands where a secret was.
const Hidden = "***"

// Secrets are the forms in which the login of a proxy's address can come back in an error or an answer, longest first.
// An address without one has none.
func Secrets(u *url.URL) []string {
	if u == nil || u.User == nil {
		return nil
	}
	name := u.User.Username()
	pass, ok := u.User.Password()
	out := []string{base64.StdEncoding.EncodeToString([]byte(name + ":" + pass)), u.User.String()}
	if ok {
		out = append(out, name+":"+pass)
	} else {
		pass = name // a name alone may be a token
	}
	if len(pass) > 2 { // a shorter one would cut every word
		out = append(out, pass, url.PathEscape(pass), url.QueryEscape(pass), html.EscapeString(pass),
			strings.TrimPrefix(url.UserPassword("", pass).String(), ":"))
	}
	return out
}

// hider returns what replaces the route's login in a text.
func hider(u *url.URL) func(string) string {
	var pairs []string
	for _, w := range Secrets(u) {
		if w != "" {
			pairs = append(pairs, w, Hidden)
		}
	}
	if len(pairs) == 0 {
		return func(s string) string { return s }
	}
	return strings.NewReplacer(pairs...).Replace
}

// unquoted takes out what net/http quotes of an answer that it cannot read, where a login was sent: it may be a piece of
// it that no longer looks like the whole.
func (w *walker) unquoted(err error) error {
	if err == nil || w.Route == nil || w.Route.User == nil {
		return err
	}
	if i := strings.IndexByte(err.Error(), '"'); i >= 0 {
		return hiddenError{err.Error()[:i] + Hidden, err}
	}
	return err
}

// hiddenError says the same as the error it wraps, without the login that the other side sent back in it.
type hiddenError struct {
	text string
	err  error
}

func (e hiddenError) Error() string { return e.text }
func (e hiddenError) Unwrap() error { return e.err }
