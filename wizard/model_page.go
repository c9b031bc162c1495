package wizard

import (
	"slices"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// scrolled brings a position back into n lines of which h are seen.
func scrolled(top, n, h int) int { return max(0, min(top, n-h)) }

// scroll moves a position by a key, never past lines that were not seen.
func scroll(key string, top, n, h int) (int, bool) {
	top = scrolled(top, n, h)
	to, moved := tui.Step(key, top, n)
	if seen := max(1, h-2); !slices.Contains([]string{"home", "end", "g", "G"}, key) {
		to = max(top-seen, min(to, top+seen))
	}
	return scrolled(to, n, h), moved
}

// page draws what fits of lines from top on. Where more follows, a row is given up so that nobody takes the cut for the
// end.
func page(kit tui.Kit, lines []string, top, w, h int) string {
	lines = lines[scrolled(top, len(lines), h):]
	if below := len(lines) - h; below > 0 && h > 3 {
		more := "   " + lang.T("screen.more_lines", "n", below+1)
		lines = append(slices.Clone(lines[:h-1]), kit.Theme.Dim.Render(kit.Glyphs.Fit(more, w)))
	}
	return tui.Box(lines, w, h)
}
