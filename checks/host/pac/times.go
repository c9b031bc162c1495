package pac

import (
	"slices"
	"strconv"
	"time"
)

// The ranges of time hold at both of their ends and may go over the end of the week, the year or the day. "GMT" as the
// last argument means UTC; else it is this machine's time. Names of days and months count in capitals only.

var (
	dayNames   = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
	monthNames = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
)

func zone(now time.Time, a []string) (time.Time, []string) {
	if n := len(a); n > 0 && a[n-1] == "GMT" {
		return now.UTC(), a[:n-1]
	}
	return now, a
}

// within is for ranges that may go over an end.
func within(x, from, to int) bool {
	if from <= to {
		return from <= x && x <= to
	}
	return x >= from || x <= to
}

func weekdays(now time.Time, a []string) bool {
	now, a = zone(now, a)
	if len(a) != 1 && len(a) != 2 {
		return false
	}
	from, to := slices.Index(dayNames, a[0]), slices.Index(dayNames, a[len(a)-1])
	return from >= 0 && to >= 0 && within(int(now.Weekday()), from, to)
}

// date is a day, a month or a year, or several of them; 0 is not given.
type date struct{ year, month, day int }

func (d date) key() int { return d.year*10000 + d.month*100 + d.day }

// only keeps of a date what another one gives.
func (d date) only(o date) date {
	if o.year == 0 {
		d.year = 0
	}
	if o.month == 0 {
		d.month = 0
	}
	if o.day == 0 {
		d.day = 0
	}
	return d
}

// parseDate reads the arguments of one end; ok: each is known and none is there twice.
func parseDate(a []string) (d date, ok bool) {
	for _, s := range a {
		n, err := strconv.Atoi(s)
		var field *int
		switch m := slices.Index(monthNames, s); {
		case m >= 0:
			field, n = &d.month, m+1
		case err != nil || n < 1:
			return d, false
		case n < 32:
			field = &d.day
		default:
			field = &d.year
		}
		if *field != 0 {
			return d, false
		}
		*field = n
	}
	return d, true
}

// dates is dateRange: one day, month or year, or two ends that give the same of them. Only a range without a year may go
// over its end.
func dates(now time.Time, a []string) bool {
	now, a = zone(now, a)
	n := len(a)
	if n == 0 || n > 6 || n > 1 && n%2 != 0 {
		return false
	}
	from, ok := parseDate(a[:(n+1)/2])
	to, tok := parseDate(a[n/2:])
	today := date{now.Year(), int(now.Month()), now.Day()}.only(from)
	if !ok || !tok || from.only(to) != from || to.only(from) != to || from.year > 0 && from.key() > to.key() {
		return false
	}
	return within(today.key(), from.key(), to.key())
}

// times is timeRange: an hour, two hours, two times of the day to the minute or to the second; ok is false for any other
// number of arguments. The last hour and the last minute count as a whole. Two hours alone do not go over midnight: they
// do in no browser.
func times(now time.Time, a []string) (in, ok bool) {
	if len(a) == 0 {
		return false, true
	}
	now, a = zone(now, a)
	var n []int
	for _, s := range a {
		v, err := strconv.Atoi(s)
		if err != nil {
			return false, len(a) == 1 || len(a) == 2 || len(a) == 4 || len(a) == 6
		}
		n = append(n, min(max(v, -1), 99))
	}
	clock := func(t []int) int { return t[0]*3600 + t[1]*60 + t[2] }
	x := clock([]int{now.Hour(), now.Minute(), now.Second()})
	switch len(n) {
	case 1:
		return now.Hour() == n[0], true
	case 2:
		return n[0] <= now.Hour() && now.Hour() <= n[1], true
	case 4:
		return within(x, clock([]int{n[0], n[1], 0}), clock([]int{n[2], n[3], 59})), true
	case 6:
		return within(x, clock(n[:3]), clock(n[3:])), true
	}
	return false, false
}
