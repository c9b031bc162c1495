package probe

import (
	"testing"
	"time"
)

func TestSpansAreWrittenAsOneSaysThem(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 ms", 21 * time.Millisecond: "21 ms", 999 * time.Millisecond: "999 ms",
		2 * time.Second: "2 s", 2140 * time.Millisecond: "2.1 s"} {
		if got := Span(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}
