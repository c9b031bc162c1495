package command

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"

	"linecheck/assets/lang"
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
			return nil, errors.New(lang.T("command.bad.login_form", "variable", loginVariable))
		}
		return url.UserPassword(user, password), nil
	}
	switch {
	case !a.flags.proxyLogin:
		return nil, nil
	case a.AskLogin == nil || !a.Terminal:
		return nil, errors.New(lang.T("command.bad.login_alone", "variable", loginVariable))
	}
	user, password, err := a.AskLogin(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		a.code = 130
		return nil, errors.New(lang.T("command.bad.interrupted"))
	case err != nil:
		return nil, err
	case user == "":
		return nil, errors.New(lang.T("command.bad.no_user"))
	}
	return url.UserPassword(user, password), nil
}
