package wizard

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

func TestATimeThatIsNotExactIsATimeAllTheSame(t *testing.T) {
	at, ok := logTime("2021-11-12 17:48:02 or later")
	if !ok || at.Format(logClock) != "2021-11-12 17:48:02" {
		t.Errorf("%s, %v", at, ok)
	}
}

func TestTheKeyBarOffersNoKeyThatIsALetterOfWhatIsTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-tail")
		a.run(5 * time.Second)
		a.press(char('F'))
		a.run(3 * time.Second)
		for _, key := range []rune{'f', '/'} {
			a.press(char(key))
			lines := strings.Split(strings.TrimRight(a.plain(), "\n "), "\n")
			bar := lines[len(lines)-1]
			if strings.Contains(bar, "quit  ") || strings.Contains(bar, "q quit") || strings.Contains(bar, "? keys") || !strings.Contains(bar, "Esc leave") {
				t.Errorf("after %c: %s", key, bar)
			}
			a.press(char('q'))
			if !strings.Contains(a.plain(), "q_") {
				t.Errorf("q is not typed:\n%s", a.plain())
			}
			a.press(tea.Key{Code: tea.KeyEscape})
		}
	})
}
