package cache

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// clock writes a time of this machine's clock: hours and minutes, with the date where it is not today.
func clock(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// number writes a count with thousands set apart.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// things writes a count with its noun.
func things(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if before, ok := strings.CutSuffix(noun, "y"); ok {
		noun = before + "ie"
	}
	return number(n) + " " + noun + "s"
}

// size writes bytes in decimal units.
func size(n int64) string {
	const k = 1000
	if n == 1 {
		return "1 byte"
	}
	if n < k {
		return fmt.Sprintf("%d bytes", n)
	}
	v, unit := float64(n)/k, "kB"
	for _, u := range []string{"MB", "GB", "TB"} {
		if v < k {
			break
		}
		v, unit = v/k, u
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}

// span writes a duration of minutes or hours in words.
func span(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return things(int(d/time.Hour), "hour")
	case d%time.Minute == 0:
		return things(int(d/time.Minute), "minute")
	}
	return d.String()
}
