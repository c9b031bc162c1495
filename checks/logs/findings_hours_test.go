package logs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/checks"
)

// minutes are failures at the given times.
func minutes(at ...string) (text string) {
	for _, a := range at {
		text += line(a, curl28)
	}
	return text
}

func TestHours(t *testing.T) {
	india, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		india = time.FixedZone("IST", 5*3600+1800)
	}
	for title, c := range map[string]struct {
		text    string
		loc     *time.Location
		summary string
		rows    []string
	}{
		"one failure needs no view": {minutes("10:00"), time.UTC, "", nil},
		"all in one hour": {minutes("10:00", "10:59"), time.UTC, "2 failures since 10:00, all between 10:00 and 11:00; none in the last hour",
			[]string{"Sun 2026-11-22 10:00 | 2 | no answer 2"}},
		"most in one hour": {minutes("08:00", "10:00", "10:10", "11:30"), time.UTC, "4 failures since 08:00, at worst 2 between 10:00 and 11:00; the last at 11:30:00",
			[]string{"Sun 2026-11-22 11:00 | 1 | no answer 1", "Sun 2026-11-22 10:00 | 2 | no answer 2", "Sun 2026-11-22 08:00 | 1 | no answer 1"}},
		"over days": {minutes("20 17:00", "20 17:01", "20 17:02", "21 08:00"), time.UTC,
			"4 failures since Fri 17:00, most on Fri 20 Nov between 17:00 and 18:00; none in the last 28 h",
			[]string{"Sat 2026-11-21 08:00 | 1 | no answer 1", "Fri 2026-11-20 17:00 | 3 | no answer 3"}},
		"the causes of an hour, the most frequent first": {minutes("10:00") + line("10:01", curl5) + line("10:30", curl5), time.UTC,
			"3 failures since 10:00, all between 10:00 and 11:00; none in the last hour", []string{"Sun 2026-11-22 10:00 | 3 | proxy name 2, no answer 1"}},
		"hours begin where a clock half an hour off has them": {"2026-11-22 10:20:00" + strings.TrimSuffix(curl28, "\n") + "\n" + "2026-11-22 10:40:00" + curl28, india,
			"", []string{"Sun 2026-11-22 10:00 | 2 | no answer 2"}},
		"a clock ahead of now is told": {minutes("10:00", "13:00"), time.UTC,
			"2 failures since 10:00, at worst 1 between 13:00 and 14:00; the last is from 2026-11-22 13:00:00, which is later than now",
			[]string{"Sun 2026-11-22 13:00 | 1 | no answer 1", "Sun 2026-11-22 10:00 | 1 | no answer 1"}},
	} {
		t.Run(title, func(t *testing.T) {
			cur, err := newCursor(sourceOf("fsscorplug.log"), c.loc, false, nil)
			must(t, err)
			must(t, cur.pour(t.Context(), strings.NewReader(c.text)))
			found := cur.got.hourFindings(noon, c.loc)
			if c.rows == nil {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			var rows []string
			for _, r := range found[0].Table.Rows {
				rows = append(rows, strings.Join(r, " | "))
			}
			if !slices.Equal(rows, c.rows) {
				t.Errorf("rows\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(c.rows, "\n"))
			}
			if got := found[0].Args["summary"]; c.summary != "" && got != c.summary {
				t.Errorf("summary %q\nwant    %q", got, c.summary)
			}
		})
	}
}

func TestHoursThatAreShown(t *testing.T) {
	var text string
	for i := range 60 { // one an hour, the newest an hour ago
		text += noon.Add(time.Duration(i-60)*time.Hour).Format("2006-01-02 15:04:05.000") + curl28
	}
	parts := poured(t, map[string]string{"fsscorplug.log": text})
	f := merged(parts, sorted(parts)).hourFindings(noon, time.UTC)[0]
	if n := len(f.Table.Rows); n != maxHours+1 || strings.Join(f.Table.Rows[n-1], " | ") != "earlier | 36 | no answer 36" {
		t.Errorf("%d rows, the last %q", n, f.Table.Rows[n-1])
	}
	for _, r := range f.Table.Rows {
		if n := len(strings.Join(r, "  ")); n > 76 {
			t.Errorf("a row of %d cells: %q", n, r)
		}
	}
}

// Each hour of the night when summer ends has its own row, though the clock shows it twice.
func TestTheHourThatComesTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	g := newGather(time.Time{})
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	from := new(int)
	for i := range 2 {
		e := failure(from, i, first.Add(time.Duration(i)*time.Hour))
		g.add(&e)
	}
	rows := g.hourFindings(noon, berlin)[0].Table.Rows
	if len(rows) != 2 || rows[0][0] != "Sun 2026-10-25 02:00 CET" || rows[1][0] != "Sun 2026-10-25 02:00 CEST" {
		t.Errorf("rows %q", rows)
	}
}

func TestEveryCauseHasShortWords(t *testing.T) {
	sigs := check{}.Spec().Codes
	for _, c := range sigs[:slices.Index(sigs, Other)+1] {
		if _, ok := brief[c]; !ok && !slices.Contains([]checks.Code{Connected, Answered, Event, Stopped}, c) {
			t.Errorf("%s has none", c)
		}
		if len(brief[c]) > 24 {
			t.Errorf("%s: %q is long for a cell", c, brief[c])
		}
	}
}
