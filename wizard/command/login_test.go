package command

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
)

func TestWhereAProxyLoginComesFrom(t *testing.T) {
	asked := func(user, password string, err error) func(context.Context) (string, string, error) {
		return func(context.Context) (string, string, error) { return user, password, err }
	}
	for name, tt := range map[string]struct {
		env      string
		flag     bool
		terminal bool
		ask      func(context.Context) (string, string, error)
		want     *url.Userinfo
		err      string
	}{
		"nobody asked for one and somebody is asked":     {terminal: true, ask: asked("a", "b", nil)},
		"the environment is not read":                    {env: `CORP\jane:a:b`, want: url.UserPassword(`CORP\jane`, "a:b")},
		"a person is asked although the variable is set": {env: "jane:x", flag: true, terminal: true, ask: asked("other", "y", nil), want: url.UserPassword("jane", "x")},
		"a person's answer is lost":                      {flag: true, terminal: true, ask: asked("jane", "", nil), want: url.UserPassword("jane", "")},
		"a script waits for an answer for ever":          {flag: true, ask: asked("jane", "x", nil), err: loginVariable},
		"a login without a user is tried":                {flag: true, terminal: true, ask: asked("", "x", nil), err: "no user"},
		"a wrong variable is shown in the error":         {env: "s3cret", err: "not of the form"},
		"the end of the terminal is no error":            {flag: true, terminal: true, ask: asked("", "", errors.New("closed")), err: "closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(loginVariable, tt.env)
			a := &app{Program: Program{Terminal: tt.terminal, AskLogin: tt.ask}, flags: flags{proxyLogin: tt.flag}}
			got, err := a.login(t.Context())
			if (err != nil) != (tt.err != "") || err != nil && (!strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "s3cret")) {
				t.Fatalf("error %v", err)
			}
			if got.String() != tt.want.String() {
				t.Errorf("login %v, want %v", got, tt.want)
			}
			if _, still := os.LookupEnv(loginVariable); still && tt.env != "" {
				t.Error("what linecheck starts inherits the login")
			}
		})
	}
}
