package probe

import (
	"encoding/base64"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Hidden stands where a secret was.
const Hidden = "***"

// shortest is the shortest form that is hidden: a letter or two would cut every word, and hide nothing.
const shortest = 3

// secrets are the forms in which the login of a proxy's address can come back in an error or an answer, the whole before
// its parts. An address without a login has none, nor has one with an empty login.
func secrets(u *url.URL) []string {
	if u == nil || u.User == nil {
		return nil
	}
	name := u.User.Username()
	pass, ok := u.User.Password()
	if name == "" && pass == "" {
		return nil
	}
	out := []string{base64.StdEncoding.EncodeToString([]byte(name + ":" + pass)), u.User.String()}
	if ok {
		out = append(out, name+":"+pass)
	} else {
		pass = name // a name alone may be a token
	}
	out = append(out, pass, url.PathEscape(pass), url.QueryEscape(pass), html.EscapeString(pass),
		strings.TrimPrefix(url.UserPassword("", pass).String(), ":"))
	return slices.DeleteFunc(out, func(s string) bool { return len(s) < shortest })
}

// Hider returns what replaces the logins of the given addresses, in every form, by [Hidden].
func Hider(addresses ...*url.URL) func(string) string {
	var pairs []string
	for _, u := range addresses {
		for _, s := range secrets(u) {
			pairs = append(pairs, s, Hidden)
		}
	}
	if len(pairs) == 0 {
		return func(s string) string { return s }
	}
	return strings.NewReplacer(pairs...).Replace
}

// veil hides what one walk knows to be secret; a login under way adds to it.
type veil struct {
	mu   sync.Mutex
	base func(string) string
	more []string
}

func (v *veil) add(s string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.more = append(v.more, s)
}

func (v *veil) hide(s string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, secret := range v.more {
		s = strings.ReplaceAll(s, secret, Hidden)
	}
	return v.base(s)
}

// unquoted takes out what net/http quotes of an answer that it cannot read, where a login was sent: it may be a piece of
// it that no longer looks like the whole.
func (w *walker) unquoted(err error) error {
	if err == nil || w.Route == nil || w.Route.User == nil && w.Login == nil && w.Logins == nil {
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
