package assets

import (
	"errors"
	"strings"
	"time"
)

// Grammar is the form of a log line. Its pattern names the fields: time, frac (digits of a second), zone (+hhmm), level,
// thread, message, and any others.
type Grammar struct {
	Name    string   `yaml:"name"`
	Pattern string   `yaml:"pattern"`
	Layout  string   `yaml:"layout"` // of the field time, as package time writes layouts, with - for /; "" where it has none
	Mark    Mark     `yaml:"mark"`
	Samples []Fields `yaml:"samples"`

	re                                       *pattern
	time, frac, zone, level, thread, message int
}

// Fields is a line taken apart. In a sample, Line is the whole line and At is in RFC 3339, or without a zone where the
// line has none.
type Fields struct {
	Line    string `yaml:"line"`
	At      string `yaml:"at"`
	Level   string `yaml:"level"`
	Thread  string `yaml:"thread"`
	Message string `yaml:"message"`

	Time time.Time `yaml:"-"` // zero where the line has none that can be read
}

func (g *Grammar) prepare() (err error) {
	if g.re, err = compile(g.Pattern); err != nil {
		return err
	}
	for name, to := range map[string]*int{"time": &g.time, "frac": &g.frac, "zone": &g.zone, "level": &g.level,
		"thread": &g.thread, "message": &g.message} {
		*to = g.re.re.SubexpIndex(name)
	}
	switch {
	case g.message < 0:
		return errors.New("its pattern has no field message")
	case (g.time < 0) != (g.Layout == ""):
		return errors.New("a field time needs a layout, and a layout the field")
	case !g.Mark.known():
		return errors.New("has no mark")
	}
	return nil
}

// Split takes a line apart; false where it has another form. A time without a zone is one of loc.
func (g *Grammar) Split(line string, loc *time.Location) (Fields, bool) {
	return g.Read(line, &Clock{Loc: loc})
}

// Read is [Grammar.Split] for line after line.
func (g *Grammar) Read(line string, c *Clock) (Fields, bool) {
	var m found
	if !g.re.find(line, &m) {
		return Fields{}, false
	}
	get := func(i int) string { return m.group(line, i) }
	f := Fields{Line: line, Level: strings.TrimSpace(get(g.level)), Thread: get(g.thread), Message: get(g.message)}
	if t := get(g.time); t != "" {
		f.Time = c.moment(g.Layout, t, get(g.frac), get(g.zone))
	}
	return f, true
}
