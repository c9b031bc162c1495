package tui

// Window keeps a selected row in sight. It stands still while the row is inside and jumps by half its height when the
// row leaves it, because every scrolled line is sent anew to a distant terminal.
type Window struct{ top int }

// At returns the first row to draw and the one after the last, for n rows of which h fit.
func (w *Window) At(cursor, n, h int) (from, to int) {
	h = max(h, 0)
	if cursor < w.top || cursor >= w.top+h {
		w.top = cursor - h/2
	}
	w.top = max(0, min(w.top, n-h))
	return w.top, min(n, w.top+h)
}

// page is how far PgUp and PgDn go. It is fixed, since Update does not know the height of the screen; lists at 80x24
// show some rows more.
const page = 10

// Step moves a cursor through n rows by a key. It reports whether the key was one of movement.
func Step(key string, cursor, n int) (int, bool) {
	switch key {
	case "up", "k":
		cursor--
	case "down", "j":
		cursor++
	case "pgup", "ctrl+u", "ctrl+b":
		cursor -= page
	case "pgdown", "ctrl+d", "ctrl+f":
		cursor += page
	case "home", "g":
		cursor = 0
	case "end", "G":
		cursor = n - 1
	default:
		return cursor, false
	}
	return max(0, min(cursor, n-1)), true
}
