package proxy

import (
	"testing"

	"linecheck/assets"
)

func TestAnAddressIsWrittenWithoutItsQuery(t *testing.T) {
	e := &assets.Endpoint{Host: "a.example", Scheme: "https", Port: 443, Path: "/tmcss/?LCRC=0800"}
	if got := stem(e); got != "https://a.example/tmcss/" {
		t.Errorf("got %q", got)
	}
}

func TestWhoSaysTheSameIsNamedTogether(t *testing.T) {
	var s saying
	for _, p := range [][2]string{{"the product", "gw"}, {"your browser", "direct"}, {"its account", "gw"}} {
		s.add(p[0], p[1])
	}
	if got := s.String(); got != "the product and its account: gw; your browser: direct" {
		t.Errorf("got %q", got)
	}
}
