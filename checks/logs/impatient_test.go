package logs

import (
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
)

func TestNobodyWaitsLongForTheHosts(t *testing.T) {
	for name, c := range map[string]struct {
		reading time.Duration
		told    int
	}{
		"short logs need no word":                      {hostsTime / 2, 0},
		"long logs let others go on without the hosts": {time.Minute, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				told := 0
				end := impatient(t.Context(), func(e checks.Event) {
					if l, ok := e.(checks.Learned); ok && l.Fact.Name == checks.FactHosts && l.Fact.Value == nil {
						told++
					}
				})
				time.Sleep(c.reading)
				end()
				if told != c.told {
					t.Errorf("told %d times, want %d", told, c.told)
				}
			})
		})
	}
}
