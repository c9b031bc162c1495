package command

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
)

// loginVariable holds a proxy login, user:password, for whoever cannot be asked. There is no argument for it: what is
// typed behind a command can be seen in the list of processes and stays in the shell's history.
const loginVariable = "LINECHECK_PROXY_LOGIN"

// login is the proxy login of this session: out of the environment, else asked for where --proxy-login says so; nil:
// none. It is kept in memory only, and what linecheck starts does not inherit it.
func (a *app) login(ctx context.Context) (*url.Userinfo, error) {
	if given, ok := os.LookupEnv(loginVariable); ok && given != "" {
		os.Unsetenv(loginVariable)
		user, password, ok := strings.Cut(given, ":")
		if !ok || user == "" {
			return nil, errors.New(loginVariable + " is not of the form user:password")
		}
		return url.UserPassword(user, password), nil
	}
	switch {
	case !a.flags.proxyLogin:
		return nil, nil
	case a.AskLogin == nil || !a.Terminal:
		return nil, errors.New("--proxy-login asks on the terminal, and there is none; set " + loginVariable + "=user:password instead")
	}
	user, password, err := a.AskLogin(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		a.code = 130
		return nil, errors.New("interrupted")
	case err != nil:
		return nil, err
	case user == "":
		return nil, errors.New("--proxy-login: no user was given")
	}
	return url.UserPassword(user, password), nil
}
