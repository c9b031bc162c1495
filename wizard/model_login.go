package wizard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
)

// AskLogin asks on a terminal for the login at a proxy; what is typed as the password is not shown. When ctx is done
// the terminal is as it was before.
func AskLogin(ctx context.Context, in *os.File, out io.Writer) (user, password string, err error) {
	was, err := term.GetState(in.Fd())
	if err != nil {
		return "", "", fmt.Errorf("no password can be asked for on this terminal: %w", err)
	}
	type result struct {
		user, password string
		err            error
	}
	done := make(chan result, 1)
	go func() { // a read that nobody answers ends with the program
		var r result
		fmt.Fprint(out, "User for the proxy: ")
		if r.user, r.err = typed(in); r.err == nil {
			fmt.Fprint(out, "Password (it is not shown): ")
			var b []byte
			b, r.err = term.ReadPassword(in.Fd())
			r.password = string(b)
			fmt.Fprintln(out)
		}
		done <- r
	}()
	select {
	case r := <-done:
		return r.user, r.password, r.err
	case <-ctx.Done():
		return "", "", errors.Join(ctx.Err(), term.Restore(in.Fd(), was))
	}
}

// typed reads one line and not a byte more: what follows is for whoever reads next.
func typed(in io.Reader) (string, error) {
	const most = 1024
	var line bytes.Buffer
	b := make([]byte, 1)
	for line.Len() < most {
		n, err := in.Read(b)
		if n == 1 && b[0] == '\n' {
			break
		}
		line.Write(b[:n])
		if err != nil {
			return "", err
		}
	}
	return strings.TrimSpace(line.String()), nil
}
