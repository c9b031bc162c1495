package host

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyClipboardsBeforeThePersonAreTried(t *testing.T) {
	type env = map[string]string
	for name, c := range map[string]struct {
		env  env
		want string
	}{
		"Wayland with X":          {env{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wl-copy xclip xsel"},
		"tmux on a desktop":       {env{"DISPLAY": ":0", "TMUX": "/x,1,0"}, "xclip xsel tmux"},
		"ssh that brings X along": {env{"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "1 2 3 4"}, ""},
		"tmux over ssh":           {env{"SSH_TTY": "/dev/pts/3", "TMUX": "/x,1,0"}, "tmux"},
		"a plain console":         {env{"TERM": "linux"}, ""},
	} {
		var names []string
		for _, p := range clipPrograms(func(k string) string { return c.env[k] }) {
			names = append(names, p.takes[0])
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestATextIsInTmuxAndReadBack(t *testing.T) {
	if _, err := find("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	socket := filepath.Join(t.TempDir(), "s")
	if out, err := exec.Command("tmux", "-f", "/dev/null", "-S", socket, "new-session", "-d", "-x", "80", "-y", "24", "cat").CombinedOutput(); err != nil {
		t.Skipf("tmux does not start: %s", out)
	}
	defer exec.Command("tmux", "-S", socket, "kill-server").Run()
	for _, name := range []string{"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	t.Setenv("TMUX", socket+",1,0")
	text := "Größe, プロキシ\n" + strings.Repeat("a line of a ticket\n", 3000)
	if way, err := CopyText(t.Context(), text); err != nil || way != ClipTmux {
		t.Fatalf("%q, %v", way, err)
	}
	if out, err := exec.Command("tmux", "-S", socket, "show-buffer").Output(); err != nil || string(out) != text {
		t.Errorf("%d bytes of %d, %v", len(out), len(text), err)
	}
	t.Setenv("TMUX", filepath.Join(t.TempDir(), "gone")+",1,0")
	if way, err := CopyText(t.Context(), text); err == nil {
		t.Errorf("copied by %q to a server that is not there", way)
	}
}
