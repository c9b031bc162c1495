package pac

import (
	"testing"
	"time"
)

// Wednesday; in UTC it is the day before.
var moment = time.Date(2026, time.July, 1, 1, 30, 45, 0, time.FixedZone("", 2*3600))

func TestRangesOfTime(t *testing.T) {
	for expression, want := range map[string]bool{
		`weekdayRange("WED")`:               true,
		`weekdayRange("TUE")`:               false,
		`weekdayRange("TUE", "GMT")`:        true,
		`weekdayRange("WED", "GMT")`:        false,
		`weekdayRange("MON", "FRI")`:        true,
		`weekdayRange("THU", "SAT")`:        false,
		`weekdayRange("SAT", "WED")`:        true, // over the end of the week
		`weekdayRange("THU", "TUE")`:        false,
		`weekdayRange("MON", "TUE", "GMT")`: true,
		`weekdayRange("WED", "WED")`:        true,
		`weekdayRange("Wed")`:               false, // only capitals are names
		`weekdayRange("XXX", "FRI")`:        false,
		`weekdayRange()`:                    false,
		`weekdayRange("GMT")`:               false,

		`dateRange(1)`:                                      true,
		`dateRange(30)`:                                     false,
		`dateRange(30, "GMT")`:                              true,
		`dateRange("JUL")`:                                  true,
		`dateRange("JUN")`:                                  false,
		`dateRange("JUN", "GMT")`:                           true,
		`dateRange(2026)`:                                   true,
		`dateRange(2025)`:                                   false,
		`dateRange(1, 15)`:                                  true,
		`dateRange(2, 15)`:                                  false,
		`dateRange(25, 5)`:                                  true, // over the end of the month
		`dateRange("JAN", "JUL")`:                           true,
		`dateRange("AUG", "JUN")`:                           false,
		`dateRange("NOV", "AUG")`:                           true, // over the end of the year
		`dateRange(2025, 2027)`:                             true,
		`dateRange(2027, 2030)`:                             false,
		`dateRange(2030, 2020)`:                             false,
		`dateRange(1, "JUL", 31, "JUL")`:                    true,
		`dateRange(2, "JUL", 31, "JUL")`:                    false,
		`dateRange(15, "DEC", 1, "JUL")`:                    true,
		`dateRange("JUN", 2026, "JUL", 2026)`:               true,
		`dateRange("AUG", 2025, "JUN", 2026)`:               false,
		`dateRange("JUL", 2026, "JAN", 2027)`:               true,
		`dateRange(1, "JUL", 2026, 1, "JUL", 2026)`:         true,
		`dateRange(2, "JAN", 2026, 30, "JUN", 2026)`:        false,
		`dateRange(2, "JAN", 2026, 30, "JUN", 2026, "GMT")`: true,
		`dateRange(1, "JUL", "JUL", 2026)`:                  false, // two ends of different kinds
		`dateRange(1, "JUL", 31)`:                           false,
		`dateRange(1, 1, 2, 2)`:                             false,
		`dateRange("Jul")`:                                  false,
		`dateRange(0)`:                                      false,
		`dateRange()`:                                       false,
		`dateRange("GMT")`:                                  false,

		`timeRange(1)`:                           true,
		`timeRange(2)`:                           false,
		`timeRange(23, "GMT")`:                   true,
		`timeRange(1, "GMT")`:                    false,
		`timeRange(0, 1)`:                        true, // the last hour as a whole
		`timeRange(2, 23)`:                       false,
		`timeRange(22, 6)`:                       false, // two hours alone do not go over midnight
		`timeRange(1, 30, 1, 30)`:                true,  // the last minute as a whole
		`timeRange(1, 31, 5, 0)`:                 false,
		`timeRange(22, 0, 6, 0)`:                 true,
		`timeRange(22, 0, 1, 29)`:                false,
		`timeRange(1, 30, 45, 1, 30, 45)`:        true,
		`timeRange(1, 30, 46, 1, 30, 59)`:        false,
		`timeRange(23, 0, 0, 1, 30, 45)`:         true,
		`timeRange(23, 30, 0, 23, 31, 0, "GMT")`: true,
		`timeRange("1", "30", "1", "31")`:        true,
		`timeRange("nonsense")`:                  false,
		`timeRange()`:                            false,
		`timeRange(1, 99999999999999999999)`:     false,
	} {
		t.Run(expression, func(t *testing.T) {
			if got := value(t, expression, moment); got != map[bool]string{true: "boolean true", false: "boolean false"}[want] {
				t.Errorf("%s, want %v", got, want)
			}
		})
	}
	for _, expression := range []string{"timeRange(1, 2, 3)", "timeRange(1, 2, 3, 4, 5)", `timeRange(1, 2, 3, 4, 5, 6, 7)`} {
		if got := value(t, expression, moment); got != "throws timeRange: wrong number of arguments" {
			t.Errorf("%s: %s", expression, got)
		}
	}
}

func TestFebruaryEndsWithItself(t *testing.T) {
	for day, want := range map[int]string{28: "boolean true", 29: "boolean false"} { // the 29th is the 1st of March
		now := time.Date(2026, time.February, day, 12, 0, 0, 0, time.UTC)
		if got := value(t, `dateRange("FEB", "FEB")`, now); got != want {
			t.Errorf("%s: %s", now.Format(time.DateOnly), got)
		}
	}
}

func TestDatesOfAScriptAreThoseOfTheRun(t *testing.T) {
	if got := value(t, "new Date().getTime() - "+moment.Format("20060102")+" > 0 && new Date().getUTCFullYear()", moment); got != "number 2026" {
		t.Error(got)
	}
}
