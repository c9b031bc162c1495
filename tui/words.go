package tui

import (
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// Took writes a duration for a column: milliseconds below a second, then seconds, then minutes; "" for none.
func Took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return lang.T("panel.took.tiny")
	case d < 999500*time.Microsecond:
		return lang.T("panel.took.ms", "n", (d + time.Millisecond/2).Milliseconds())
	case d < 100*time.Second:
		return lang.T("panel.took.s", "n", lang.Decimal(d.Seconds(), 1))
	}
	return lang.T("panel.took.min", "n", lang.Decimal(d.Minutes(), 0))
}

// Clock writes a time of day with seconds, as logs do; "" for the zero time.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04:05")
}

// Moment is when something was: the time of day, and the day too where that is not today.
func Moment(t time.Time) string {
	now := time.Now().In(t.Location())
	if t.IsZero() || t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return Clock(t)
	}
	return t.Format(time.DateTime)
}

// Count writes a whole number with the language's sign between the thousands.
func Count(n int) string { return lang.Count(n) }

// Tally counts findings in words, the gravest first: "1 broken, 2 slow or doubtful, 9 ok".
func Tally(found []checks.Finding) string {
	var n [checks.Fail + 1]int
	for _, f := range found {
		if int(f.Status) < len(n) {
			n[f.Status]++
		}
	}
	var out []string
	for _, s := range [...]checks.Status{checks.Fail, checks.Warn, checks.Unknown, checks.Pass, checks.Note, checks.Skip} {
		if n[s] == 0 {
			continue
		}
		out = append(out, lang.N("panel.tally."+s.String(), n[s]))
	}
	return strings.Join(out, lang.T("number.comma"))
}

// wait shortens what is waited for: how long it lasts is worth more than the whole name of whom it is about.
func (k Kit) wait(text string, w int) string {
	host, rest, ok := strings.Cut(text, ": ")
	room := w - Width(rest) - 2
	switch {
	case !ok || Width(text) <= w:
		return text
	case room < 4:
		return rest
	}
	return k.Glyphs.Fit(host, room) + ": " + rest
}

// Progress is the line of something that runs: how far it is and what it waits for. It does not move by itself.
func (k Kit) Progress(p checks.Progress, w int) string {
	left := lang.T("panel.progress.looking")
	if p.Total > 0 {
		left = lang.T("panel.progress.count", "done", Count(p.Done), "total", Count(p.Total))
	}
	if p.Waiting != "" {
		left += " " + k.Glyphs.Dot + " "
		left += k.wait(Clean(lang.Phrase(p.Waiting)), w-3-Width(left))
	}
	return k.Glyphs.Fit(" "+k.Theme.Here.Render(k.Glyphs.Here)+" "+left, w)
}
