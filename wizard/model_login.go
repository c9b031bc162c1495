package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"

	"linecheck/assets/lang"
)

// AskLogin asks on a terminal for the login at a proxy; what is typed as the password is not shown. The error is
// [context.Canceled] where the person pressed Ctrl+C. The terminal is left as it was.
func AskLogin(ctx context.Context, in *os.File, out io.Writer) (user, password string, err error) {
	read := Inlet(ctx, in)
	fmt.Fprint(out, lang.T("login.intro")+"\n"+lang.T("login.user")+" ")
	if user, err = typed(read, func(b byte) bool { return b == '\n' }); err != nil {
		return "", "", err
	}
	// Only here are modes changed, and before the question is seen: what is typed at once is not shown either.
	was, err := term.MakeRaw(in.Fd())
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", lang.T("login.no_terminal"), err)
	}
	defer func() {
		err = errors.Join(err, term.Restore(in.Fd(), was))
		fmt.Fprintln(out)
	}()
	fmt.Fprint(out, lang.T("login.password")+" ")
	password, err = typed(read, func(b byte) bool { return b == '\r' || b == '\n' })
	return strings.TrimSpace(user), password, err
}

// longestLogin bounds what is typed.
const longestLogin = 1024

// typed reads until end says so and not a byte more: what follows is for whoever reads next. It knows the two keys that
// a terminal without modes leaves to the program: Ctrl+C and backspace.
func typed(in io.Reader, end func(byte) bool) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for len(line) < longestLogin {
		n, err := in.Read(b)
		switch {
		case n == 0 && err != nil:
			return "", err
		case n == 0:
		case end(b[0]):
			return string(line), nil
		case b[0] == 3:
			return "", context.Canceled
		case b[0] == 8 || b[0] == 127:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		default:
			line = append(line, b[0])
		}
	}
	return "", errors.New(lang.T("login.too_long", "n", lang.Count(longestLogin)))
}
