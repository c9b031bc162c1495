package events

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-20T08:15:30.1234567Z":        "2026-11-20T08:15:30.1234567 UTC",
		"2026-11-20 08:15:30":                 "2026-11-20T08:15:30 here",
		"2026-11-20T10:15:30+02:00":           "2026-11-20T08:15:30 UTC",
		"2026/1/2 8:15:30":                    "2026-01-02T08:15:30 here",
		"2026-11-20":                          "2026-11-20T00:00:00 here",
		"20.11.2026 08:15:30":                 "2026-11-20T08:15:30 here",
		"3.4.2026 08:15:30":                   "2026-04-03T08:15:30 here",
		"20.11.26 08:15":                      "2026-11-20T08:15:00 here",
		"20-11-2026 08:15:30":                 "2026-11-20T08:15:30 here",
		"11/20/2026 12:15:30 AM":              "2026-11-20T00:15:30 here",
		"11/20/2026 12:15:30 PM":              "2026-11-20T12:15:30 here",
		"11/20/2026 8:15:30 p.m.":             "2026-11-20T20:15:30 here",
		"4/4/2026 8:15:30 AM":                 "2026-04-04T08:15:30 here",
		"\u200e20/\u200e11/\u200e2026 08:15":  "2026-11-20T08:15:00 here",
		"20.11.2026, 08:15:30":                "2026-11-20T08:15:30 here",
		"November 20, 2026 08:15:30 PM":       "2026-11-20T20:15:30 here",
		"3/4/2026 8:15:30 AM":                 "either",
		"31.02.2026 08:15:30":                 "none",
		"2026-02-31 08:15:30":                 "none",
		"11/20/2026 13:15:30 AM":              "none",
		"20.13.2026 08:15:30":                 "none",
		"20.11.2026 25:15:30":                 "none",
		"0/0/2026 8:15":                       "none",
		"tomorrow":                            "none",
		"":                                    "none",
		"99999999999999999999/1/2026 8:15:30": "none",
		strings.Repeat("1", 100):              "none",
	} {
		t.Run(text, func(t *testing.T) {
			w := readDate(text)
			got := map[form]string{noDate: "none", either: "either"}[w.form]
			if w.form == certain {
				got = w.at.Format("2006-01-02T15:04:05.999999999") + map[bool]string{true: " here", false: " UTC"}[w.bare]
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// The dates of one file are all in one order, which one of them, their sequence or the calendar can tell.
func TestOrderOfDayAndMonth(t *testing.T) {
	year := time.Now().Year() - 1
	for name, c := range map[string]struct {
		dates []string
		want  []string // month-day; "" where unsure
	}{
		"a later date has a 13th":           {[]string{"3/4", "5/4", "13/4"}, []string{"04-03", "04-05", "04-13"}},
		"an earlier date has a 13th":        {[]string{"4/13", "4/5", "4/3"}, []string{"04-13", "04-05", "04-03"}},
		"they fall only with the day first": {[]string{"1/4", "2/3", "1/3"}, []string{"04-01", "03-02", "03-01"}},
		"they rise only with the month":     {[]string{"3/4", "3/5", "4/1"}, []string{"03-04", "03-05", "04-01"}},
		"nothing tells":                     {[]string{"3/4", "3/4"}, []string{"", ""}},
		"they contradict one another":       {[]string{"13/4", "4/13", "3/4"}, []string{"04-13", "04-13", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			text := "Level,Date and Time,Source,Event ID,Task Category\n"
			for _, d := range c.dates {
				text += fmt.Sprintf("Error,%s/%d 9:15:30 AM,Schannel,1,None,a\n", d, year)
			}
			got, err := reads(t, CSV, text)
			if len(got) != len(c.want) {
				t.Fatalf("%q, %v", got, err)
			}
			unsure := false
			for i, want := range c.want {
				unsure = unsure || want == ""
				if want = fmt.Sprintf(" %d-%sT", year, want); c.want[i] == "" {
					want = " no time "
				}
				if !strings.Contains(got[i], want) {
					t.Errorf("%q: want %s", got[i], want)
				}
			}
			if unsure != (err != nil && strings.Contains(err.Error(), "day or the month first")) {
				t.Errorf("unsure %v, told %v", unsure, err)
			}
		})
	}
}

// What has not come yet was no event, so the other reading is right.
func TestADateInTheFutureTellsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(180 * 24 * time.Hour) // into June: the bubble's clock begins with a year
		year := time.Now().Year()
		text := fmt.Sprintf("Level,Date and Time,Source,Event ID,Task Category\nError,1/12/%d 9:00:00 AM,X,1,None,a\n", year)
		got, err := reads(t, CSV, text)
		if want := fmt.Sprintf(" %d-01-12T", year); err != nil || !strings.Contains(got[0], want) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	})
}

func TestManyEventsWaitForNoMoreThanTheyMay(t *testing.T) {
	text := "Level,Date and Time,Source,Event ID,Task Category\n" + strings.Repeat("Error,3/4/2020 9:15:30 AM,X,1,None,a\n", 3*maxWaiting)
	got, err := reads(t, CSV, text)
	if len(got) != 3*maxWaiting || err == nil {
		t.Errorf("%d events, %v", len(got), err)
	}
}
