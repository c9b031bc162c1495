package assets

import (
	"strings"
	"time"
)

// usualLayout is read by hand. Until 1972 some clocks differed from others by odd seconds, so older years are not.
const usualLayout = "2006-01-02 15:04:05"

// Clock reads the times of lines. It remembers the last minute, which is mostly that of the next line too. It is for one
// goroutine at a time.
type Clock struct {
	Loc *time.Location // of times that name no zone

	minute [len("2006-01-02 15:04")]byte // as it was written; read before where begin is not zero
	zone   string
	begin  time.Time
}

// moment reads a time from its pieces; zero where it is none. Go reads a fraction of a second only after a point, and
// some products write it after a colon, so it is a piece of its own.
func (c *Clock) moment(layout, text, frac, zone string) time.Time {
	if layout == usualLayout && len(text) == len(usualLayout) && text[len(c.minute)] == ':' {
		minute, n := text[:len(c.minute)], digits{}
		second := n.two(text, len(c.minute)+1)
		if nano, ok := fraction(frac); ok && !n.bad && second < 60 && c.turn(minute, zone) {
			return c.begin.Add(time.Duration(second)*time.Second + nano)
		}
	}
	return moment(layout, text, frac, zone, c.Loc)
}

// turn puts the clock on a minute; false where package time is to be asked. No zone changes within one.
func (c *Clock) turn(minute, zone string) bool {
	if !c.begin.IsZero() && string(c.minute[:]) == minute && c.zone == zone {
		return true
	}
	begin, ok := usual(minute, zone, c.Loc)
	if ok {
		copy(c.minute[:], minute)
		c.zone, c.begin = strings.Clone(zone), begin
	}
	return ok
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
	switch {
	case err != nil:
		return time.Time{}
	case zone == "":
		return firstOf(t)
	}
	return t
}

// firstOf is the first of two times that a clock shows alike, in the hour that comes twice when summer ends. Which of the
// two package time takes depends on the zone.
func firstOf(t time.Time) time.Time {
	first := t.Add(-time.Hour)
	_, now := t.Zone()
	if _, then := first.Zone(); then-now != int(time.Hour/time.Second) {
		return t
	}
	return first
}

// usual reads a text of 16 bytes as 2006-01-02 15:04, with - or / and a blank or T; false where package time is to be
// asked.
func usual(text, zone string, loc *time.Location) (time.Time, bool) {
	if c := text[4]; c != '-' && c != '/' || text[7] != '-' && text[7] != '/' || text[10] != ' ' && text[10] != 'T' || text[13] != ':' {
		return time.Time{}, false
	}
	n := digits{}
	year := n.two(text, 0)*100 + n.two(text, 2)
	month, day := n.two(text, 5), n.two(text, 8)
	hour, minute := n.two(text, 11), n.two(text, 14)
	if n.bad || year < 1972 || month < 1 || month > 12 || day < 1 || day > 28 && day > days(year, month) || hour > 23 || minute > 59 {
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
		return firstOf(time.Date(year, time.Month(month), day, hour, minute, 0, 0, loc)), true
	}
	return time.Date(year, time.Month(month), day, hour, minute, -east, 0, time.UTC).In(loc), true
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
