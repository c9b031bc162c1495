package logs

import "time"

// dating is how the time of a line is known.
type dating uint8

const (
	undated   dating = iota // not at all
	exact                   // the line has it itself, or another line of the same event
	inherited               // it is that of a line before it, perhaps far above
	bounded                 // only the file's time of change is known: it was then or before
)

// instant is a time and how it is known. None is shown as more than it is.
type instant struct {
	at  time.Time
	how dating
}

func (e *Entry) dating() dating {
	switch {
	case !e.At.IsZero():
		return exact
	case !e.When.IsZero():
		return inherited
	case !e.bound.IsZero():
		return bounded
	}
	return undated
}

func (e *Entry) instant() instant { return instant{e.moment(), e.dating()} }

func (s *sight) instant() instant { return instant{s.at, s.how} }

// in writes it as a clock in loc shows it, with what is not known of it.
func (i instant) in(loc *time.Location) string {
	text := clockIn(i.at, loc)
	switch {
	case i.at.IsZero():
	case i.how == inherited:
		text += " or later"
	case i.how == bounded:
		text += " or before"
	}
	return text
}

// own is the time where lines tell it; zero where only the file's does.
func (i instant) own() time.Time {
	if i.how == bounded {
		return time.Time{}
	}
	return i.at
}
