package assets

import (
	"strings"
	"time"
)

// usualLayout is read by hand.
const usualLayout = "2006-01-02 15:04:05"

// moment reads a time from its pieces; zero where it is none. Go reads a fraction of a second only after a point, and
// some products write it after a colon, so it is a piece of its own.
func moment(layout, text, frac, zone string, loc *time.Location) time.Time {
	if layout == usualLayout {
		if t, ok := usual(text, frac, zone, loc); ok {
			return t
		}
	}
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

// usual reads 2006-01-02 15:04:05, with - or / and a blank or T; false where package time is to be asked.
func usual(text, frac, zone string, loc *time.Location) (time.Time, bool) {
	if len(text) != len(usualLayout) || len(frac) > 9 {
		return time.Time{}, false
	}
	if c := text[4]; c != '-' && c != '/' || text[7] != '-' && text[7] != '/' || text[10] != ' ' && text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return time.Time{}, false
	}
	n := digits{}
	year := n.two(text, 0)*100 + n.two(text, 2)
	month, day := n.two(text, 5), n.two(text, 8)
	hour, minute, second := n.two(text, 11), n.two(text, 14), n.two(text, 17)
	nano := 0
	for i := range 9 {
		nano *= 10
		if i < len(frac) {
			nano += n.one(frac[i])
		}
	}
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
		return time.Date(year, time.Month(month), day, hour, minute, second, nano, loc), true
	}
	return time.Date(year, time.Month(month), day, hour, minute, second-east, nano, time.UTC).In(loc), true
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
