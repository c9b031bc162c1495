package events

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// form is how a date is written.
type form int

const (
	noDate  form = iota
	certain      // can be read in one way
	either       // day and month, in an order that this date does not tell
)

// when is a date as it was read; first and second are the day and the month, in the order in which they stand.
type when struct {
	form          form
	at            time.Time // certain: without a zone where bare
	bare          bool      // has no zone
	first, second int
	rest          time.Time // either: year and time of day
}

var (
	isoDate = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? *(Z|[+-]\d{2}:?\d{2})?)?$`)
	dmyDate = regexp.MustCompile(`^(\d{1,2})([-/. ]) ?(\d{1,2})[-/. ] ?(\d{4}|\d{2})(?:,? +(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)? *([AaPp]\.? ?[Mm]\.?)?)?$`)
	named   = []string{"January 2, 2006 3:04:05 PM", "January 2, 2006 15:04:05", "Jan 2, 2006 3:04:05 PM", "Jan 2, 2006 15:04:05",
		"Jan 2, 2006, 3:04:05 PM", "2 January 2006 15:04:05", "2 Jan 2006 15:04:05", "02-Jan-2006 15:04:05"}
)

// plain makes one blank of every blank, and takes out the marks of direction that newer versions of Windows write.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)), " ")
}

// readDate reads a date in any of the forms that Windows writes in its many languages. The year comes first, or last.
func readDate(s string) when {
	if len(s) > 60 {
		return when{}
	}
	s = plain(s)
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return iso(m)
	}
	if m := dmyDate.FindStringSubmatch(s); m != nil {
		return dmy(m)
	}
	for _, layout := range named {
		if t, err := time.Parse(layout, s); err == nil {
			return when{form: certain, at: t, bare: true}
		}
	}
	return when{}
}

func iso(m []string) when {
	frac := (m[7] + "000000000")[:9]
	t, ok := moment(num(m[1]), num(m[2]), num(m[3]), num(m[4]), num(m[5]), num(m[6]), num(frac))
	if !ok {
		return when{}
	}
	w := when{form: certain, at: t, bare: m[8] == ""}
	if m[8] != "" && m[8] != "Z" {
		z, err := time.Parse("-0700", strings.ReplaceAll(m[8], ":", ""))
		if err != nil {
			return when{}
		}
		_, offset := z.Zone()
		w.at = t.Add(-time.Duration(offset) * time.Second)
	}
	return w
}

func dmy(m []string) when {
	w := when{first: num(m[1]), second: num(m[3]), bare: true}
	year, hour := num(m[4]), num(m[5])
	if len(m[4]) == 2 {
		year += 2000
	}
	if half := strings.ToLower(m[8]); half != "" {
		if hour < 1 || hour > 12 {
			return when{}
		}
		hour %= 12
		if half[0] == 'p' {
			hour += 12
		}
	}
	rest, ok := moment(year, 1, 1, hour, num(m[6]), num(m[7]), 0)
	if !ok {
		return when{}
	}
	w.rest = rest
	switch {
	case m[2] == "." || w.first > 12: // with points the day is first, in every language that writes so
		w.at, ok = w.as(true)
	case w.second > 12:
		w.at, ok = w.as(false)
	case w.first == w.second:
		w.at, ok = w.as(true)
	default:
		w.form = either
		return w
	}
	if !ok {
		return when{}
	}
	w.form = certain
	return w
}

// as reads a date with the day first, or the month.
func (w when) as(dayFirst bool) (time.Time, bool) {
	day, month := w.first, w.second
	if !dayFirst {
		day, month = month, day
	}
	return moment(w.rest.Year(), month, day, w.rest.Hour(), w.rest.Minute(), w.rest.Second(), 0)
}

// moment is a time that exists; no month has a 31st that it has not.
func moment(year, month, day, hour, minute, second, nano int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	return t, year > 1980 && int(t.Month()) == month && t.Day() == day && t.Hour() == hour && t.Minute() == minute && t.Second() == second
}

func num(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
