package assets

import (
	"strings"
	"time"
)

// usualLayout is read by hand.
const usualLayout = "2006-01-02 15:04:05"

// Clock reads the times of lines. It remembers the last second, which is mostly that of the next line too. It is for one
// goroutine at a time.
type Clock struct {
	Loc *time.Location // of times that name no zone

	last  [len(usualLayout) + len("+00:00")]byte // as it was written, and its zone
	n     int                                    // of these are in use; 0: none
	begin time.Time
}

// moment reads a time from its pieces; zero where it is none. Go reads a fraction of a second only after a point, and
// some products write it after a colon, so it is a piece of its own.
func (c *Clock) moment(layout, text, frac, zone string) time.Time {
	if layout != usualLayout || len(text) != len(usualLayout) || len(text)+len(zone) > len(c.last) {
		return moment(layout, text, frac, zone, c.Loc)
	}
	if c.n != len(text)+len(zone) || string(c.last[:len(text)]) != text || string(c.last[len(text):c.n]) != zone {
		t, ok := usual(text, zone, c.Loc)
		if !ok {
			return moment(layout, text, frac, zone, c.Loc)
		}
		c.begin, c.n = t, copy(c.last[:], text)
		c.n += copy(c.last[c.n:], zone)
	}
	nano, ok := fraction(frac)
	if !ok {
		return moment(layout, text, frac, zone, c.Loc)
	}
	return c.begin.Add(nano)
}

// fraction reads the digits of a second behind the point.
func fraction(frac string) (time.Duration, bool) {
	if len(frac) > 9 {
		return 0, false
	}
	n, nano := digits{}, 0
	for i := range 9 {
		nano *= 10
		if i < len(frac) {
			nano += n.one(frac[i])
		}
	}
	return time.Duration(nano), !n.bad
}

// moment asks package time.
func moment(layout, text, frac, zone string, loc *time.Location) time.Time {
	text = strings.NewReplacer("T", " ", "/", "-").Replace(text)
	if frac != "" {
		layout, text = layout+".999999999", text+"."+frac
	}
	if zone != "" {
		layout, text = layout+" -0700", text+" "+strings.NewReplacer(":", "", "Z", "+0000").Replace(zone)
	}
	t, err := time.ParseInLocation(layout, text, loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// usual reads a text of 19 bytes as 2006-01-02 15:04:05, with - or / and a blank or T; false where package time is to be asked.
func usual(text, zone string, loc *time.Location) (time.Time, bool) {
	if c := text[4]; c != '-' && c != '/' || text[7] != '-' && text[7] != '/' || text[10] != ' ' && text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return time.Time{}, false
	}
	n := digits{}
	year := n.two(text, 0)*100 + n.two(text, 2)
	month, day := n.two(text, 5), n.two(text, 8)
	hour, minute, second := n.two(text, 11), n.two(text, 14), n.two(text, 17)
	if n.bad || month < 1 || month > 12 || day < 1 || day > 28 && day > days(year, month) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	east := 0
	switch {
	case zone == "" || zone == "Z":
	case len(zone) == 5 && (zone[0] == '+' || zone[0] == '-'), len(zone) == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':':
		h, m := n.two(zone, 1), n.two(zone, len(zone)-2)
		if n.bad || h > 23 || m > 59 {
			return time.Time{}, false
		}
		if east = (h*60 + m) * 60; zone[0] == '-' {
			east = -east
		}
	default:
		return time.Time{}, false
	}
	if zone == "" {
		return time.Date(year, time.Month(month), day, hour, minute, second, 0, loc), true
	}
	return time.Date(year, time.Month(month), day, hour, minute, second-east, 0, time.UTC).In(loc), true
}

// digits reads numbers, and remembers that something was none.
type digits struct{ bad bool }

func (d *digits) one(c byte) int {
	n := c - '0'
	d.bad = d.bad || n > 9
	return int(n)
}

func (d *digits) two(s string, i int) int { return d.one(s[i])*10 + d.one(s[i+1]) }

func days(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
