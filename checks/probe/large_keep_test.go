package probe

import (
	"slices"
	"testing"

	"linecheck/checks"
)

// A walk that came late is walked again, without the comparison: what the first one found out of large packets counts.
func TestASecondTryKeepsWhatTheFirstFoundOutOfLargePackets(t *testing.T) {
	lost := checks.Evidence{Source: "TLS", Text: "a ClientHello of two packets, for comparison: no answer"}
	late := Answer{Large: LargeSize, Args: map[string]string{"large_hello": "size"}, Evidence: []checks.Evidence{{Text: "late"}, lost}, compared: []checks.Evidence{lost}}
	again := Answer{Args: map[string]string{"status": "200"}, Evidence: []checks.Evidence{{Text: "in time"}}}
	got := again.WithLarge(late)
	if got.Large != LargeSize || got.Args["large_hello"] != "size" || got.Args["status"] != "200" {
		t.Errorf("%q, %v", got.Large, got.Args)
	}
	if want := []checks.Evidence{{Text: "in time"}, lost}; !slices.Equal(got.Evidence, want) {
		t.Errorf("evidence %v, want %v", got.Evidence, want)
	}
	if plain := again.WithLarge(Answer{}); plain.Large != LargeUntried || len(plain.Args) != 1 || len(plain.Evidence) != 1 {
		t.Errorf("%+v", plain)
	}
}
