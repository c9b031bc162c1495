package cache

import (
	"strings"
	"testing"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

// TestAPersonDecidesOnThePlanInTheirLanguage: what is approved is read before, every sentence of it.
func TestAPersonDecidesOnThePlanInTheirLanguage(t *testing.T) {
	for name, set := range map[string]func(*bed){
		"of a running service":           func(*bed) {},
		"of a service that others need":  func(b *bed) { b.depend("near") },
		"of a stopped service":           func(b *bed) { b.Services[service].State = host.Stopped },
		"without the service's state":    func(b *bed) { b.ServiceErr[service] = host.ErrDenied },
		"without an administrator":       func(b *bed) { b.Identity.Elevated = false },
		"of a service that is not there": func(b *bed) { b.ServiceErr[service] = host.ErrNotFound },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.put(t, "a", 1200, time.Hour)
			b.put(t, "b", 1, time.Hour)
			set(b)
			if err := lang.Use("de"); err != nil {
				t.Fatal(err)
			}
			defer lang.Use(lang.English)
			a := b.plan(t)
			if a.Confirm != "clean" {
				t.Errorf("the word to type is %q", a.Confirm)
			}
			for _, s := range append([]string{a.Title, a.Why, a.Effect, a.Takes, a.Undo, a.Ask, a.Blocked}, a.Steps...) {
				for _, word := range []string{"the", "and", "it", "that", "is", "again", "of", "needs", "at"} {
					if strings.Contains(" "+s+" ", " "+word+" ") {
						t.Errorf("stays English: %q", s)
						break
					}
				}
			}
		})
	}
}
