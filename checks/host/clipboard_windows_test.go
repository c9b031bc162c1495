package host

import (
	"strings"
	"testing"
)

func TestATextIsOnTheClipboardAndReadBack(t *testing.T) {
	for _, name := range []string{"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "SESSIONNAME"} {
		t.Setenv(name, "")
	}
	for what, text := range map[string]string{"letters of many languages": "Größe äöü, プロキシ, 𝄞", "several lines": "one\ntwo\r\nthree\n",
		"much": strings.Repeat("a line of a ticket\n", 3000)} {
		way, err := CopyText(t.Context(), text)
		if err != nil || way != ClipDesktop {
			t.Errorf("%s: %q, %v", what, way, err)
		}
	}
	t.Setenv("SESSIONNAME", "RDP-Tcp#4")
	if way, err := CopyText(t.Context(), "x"); err != nil || way != ClipRemote {
		t.Errorf("in a remote desktop: %q, %v", way, err)
	}
	t.Setenv("SSH_TTY", "windows-pty")
	if _, err := CopyText(t.Context(), "x"); err == nil {
		t.Error("the clipboard of a computer that the person does not sit at")
	}
}

func TestTheDesktopsSettingsAreAnswered(t *testing.T) {
	_ = highContrast()
	if l := Locale(); len(l) < 2 {
		t.Errorf("the system speaks %q", l)
	}
	if k := keeper(); k != "" {
		t.Errorf("the tests were started by %q", k)
	}
}
