package tui

import (
	"testing"
	"time"
)

func TestTheDayIsSaidOfWhatIsNotOfToday(t *testing.T) {
	now := time.Now()
	if s := Moment(now); s != Clock(now) {
		t.Errorf("now is %q", s)
	}
	old := time.Date(2021, 11, 12, 17, 40, 30, 0, time.UTC)
	if s := Moment(old); s != "2021-11-12 17:40:30" {
		t.Errorf("%s is %q", old, s)
	}
	if s := Moment(time.Time{}); s != "" {
		t.Errorf("no time is %q", s)
	}
}
