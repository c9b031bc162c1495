package wizard

import (
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets/lang"
)

func TestANarrowTicketNamesItsReadersInTheLanguage(t *testing.T) {
	for code, want := range map[string]string{"de": "►2 Netz", "fi": "►2 verkko", "ja": "►2 NW"} {
		t.Run(code, func(t *testing.T) {
			atHome(t)
			if err := lang.Use(code); err != nil {
				t.Fatal(err)
			}
			defer lang.Use(lang.English)
			synctest.Test(t, func(t *testing.T) {
				a := newApp(t, 40, 12, "t-provider", "t-needy")
				a.run(5 * time.Second)
				a.press(char('v'), char('t'))
				a.shows(want)
			})
		})
	}
}

func TestTheResultOfARepairIsToldInTheLanguage(t *testing.T) {
	defer lang.Use(lang.English)
	for code, want := range map[string]string{"de": "erledigt", "fi": "tehty", "ja": "完了"} {
		if err := lang.Use(code); err != nil {
			t.Fatal(err)
		}
		if got := saidResult(Repair{Outcome: Repaired}.Result()); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
