package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// clipProgram reaches a clipboard: what takes a text on its input, and what gives it back.
type clipProgram struct {
	way         Clipboard
	takes, tell []string
}

var (
	clipWayland = clipProgram{ClipDesktop, []string{"wl-copy", "--type", "text/plain;charset=utf-8"}, []string{"wl-paste", "--no-newline"}}
	clipX       = clipProgram{ClipDesktop, []string{"xclip", "-selection", "clipboard", "-in"}, []string{"xclip", "-selection", "clipboard", "-out"}}
	clipXsel    = clipProgram{ClipDesktop, []string{"xsel", "--clipboard", "--input"}, []string{"xsel", "--clipboard", "--output"}}
	clipTmux    = clipProgram{ClipTmux, []string{"tmux", "load-buffer", "-w", "-"}, []string{"tmux", "show-buffer"}}
)

// CopyText puts a text onto the clipboard of this desktop or of tmux, and reads it back. It is [ErrUnsupported] where the
// person sits elsewhere or no program is there that reaches one: then only the terminal can.
func CopyText(ctx context.Context, text string) (Clipboard, error) {
	err := fmt.Errorf("a clipboard: %w", ErrUnsupported)
	for _, p := range clipPrograms(os.Getenv) {
		for _, name := range [...]string{p.takes[0], p.tell[0]} {
			if _, missing := find(name); missing != nil {
				p.takes = nil
				break
			}
		}
		if p.takes == nil {
			continue
		}
		if err = p.copy(ctx, text); err == nil {
			return p.way, nil
		}
	}
	return "", err
}

// clipPrograms are those worth trying. A display that an SSH session brought along is the person's too, but every byte to
// it goes over the line as well, and its clipboard is gone when the session ends: there the terminal's way is taken.
func clipPrograms(env func(string) string) (out []clipProgram) {
	if session(env) == "" {
		if env("WAYLAND_DISPLAY") != "" {
			out = append(out, clipWayland)
		}
		if env("DISPLAY") != "" {
			out = append(out, clipX, clipXsel)
		}
	}
	if env("TMUX") != "" {
		out = append(out, clipTmux)
	}
	return out
}

func (p clipProgram) copy(ctx context.Context, text string) error {
	bounded, cancel := context.WithTimeout(ctx, clipWait)
	defer cancel()
	path, err := find(p.takes[0])
	if err != nil {
		return err
	}
	// These programs stay behind to serve the clipboard: no pipe of ours may wait for their end, and Ctrl+C is not theirs.
	c := exec.CommandContext(bounded, path, p.takes[1:]...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Stdin = strings.NewReader(text)
	c.WaitDelay = killWait
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", p.takes[0], err)
	}
	path, err = find(p.tell[0])
	if err != nil {
		return err
	}
	c = exec.CommandContext(bounded, path, p.tell[1:]...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.WaitDelay = killWait
	out := &bounds{most: len(text) + 2}
	c.Stdout = out
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", p.tell[0], err)
	}
	if !sameText(string(out.kept), text) {
		return ErrClipboard
	}
	return nil
}

// bounds keeps the first bytes of what is written to it.
type bounds struct {
	kept []byte
	most int
}

func (b *bounds) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(b.most-len(b.kept), len(p))]...)
	return len(p), nil
}
