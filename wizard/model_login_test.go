package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestWhatIsTypedAsAPassword(t *testing.T) {
	enter := func(b byte) bool { return b == '\r' || b == '\n' }
	for name, tt := range map[string]struct{ keys, want, rest string }{
		"a blank at the end is taken off":          {"pass word \rnext", "pass word ", "next"},
		"backspace takes half a letter":            {"paßx\x7f\x7fs\r", "pas", ""},
		"backspace at the beginning goes too far":  {"\x7f\x08a\n", "a", ""},
		"nothing is typed and somebody waits on":   {"\r\r", "", "\r"},
		"what is typed too early for us is eaten":  {"a\nq", "a", "q"},
		"the end of the line is part of the login": {"a\r\n", "a", "\n"},
	} {
		in := strings.NewReader(tt.keys)
		got, err := typed(in, enter)
		rest := make([]byte, in.Len())
		in.Read(rest)
		if err != nil || got != tt.want || string(rest) != tt.rest {
			t.Errorf("%s: %q, then %q, %v", name, got, rest, err)
		}
	}
	if _, err := typed(strings.NewReader("abc\x03"), enter); !errors.Is(err, context.Canceled) {
		t.Errorf("Ctrl+C: %v", err)
	}
	for _, keys := range []string{"abc", strings.Repeat("x", 5000)} {
		if got, err := typed(strings.NewReader(keys), enter); err == nil || got != "" {
			t.Errorf("%q of %d keys without an end", got, len(keys))
		}
	}
}
