package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"

	"linecheck/assets/lang"
)

// helpKeys is how many keys a help line names at most; more are not read.
const helpKeys = 7

// Help builds the help line. What is in last always stands at the end (? and q); of the others, the most important
// first, as many are shown as fit into w cells.
func (k Kit) Help(w int, keys []key.Binding, last ...key.Binding) string {
	const gap = 3
	text := func(b key.Binding) string { return b.Help().Key + " " + b.Help().Desc }
	room, n := w-1+gap, helpKeys // the first key has no gap before it
	for _, b := range last {
		room -= Width(text(b)) + gap
		n--
	}
	var shown []key.Binding
	for _, b := range keys {
		if !b.Enabled() || b.Help().Key == "" || n <= 0 {
			continue
		}
		if need := Width(text(b)) + gap; need <= room {
			room -= need
			n--
			shown = append(shown, b)
		}
	}
	var out []string
	for _, b := range append(shown, last...) {
		out = append(out, k.Theme.Key.Render(b.Help().Key)+" "+k.Theme.Dim.Render(b.Help().Desc))
	}
	return k.Glyphs.Fit(" "+strings.Join(out, strings.Repeat(" ", gap)), w)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// KeyName is what a key is called in the language that is spoken. English names of keys are known; a letter is its own
// name.
func KeyName(key string) string {
	switch key {
	case "Enter", "Esc", "Space", "Tab", "Up/Down", "Left/Right":
		return lang.T("keyname." + strings.ToLower(strings.Replace(key, "/", "", 1)))
	case "Ctrl+C":
		return lang.T("keyname.ctrl_c")
	case "PgDn":
		return lang.T("keyname.pgdn")
	}
	return key
}

// Bind makes a key binding with its help; keys are as Bubble Tea writes them ("enter", "pgdown", "space").
func Bind(shown, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(KeyName(shown), does))
}
