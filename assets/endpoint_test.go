package assets_test

import (
	"testing"

	"linecheck/assets"
)

func TestAnEndpointsAddressIsOneForABrowser(t *testing.T) {
	for want, e := range map[string]assets.Endpoint{
		"https://a.example/":          {Host: "a.example"},
		"https://a.example/x?y":       {Host: "a.example", Scheme: "https", Port: 443, Path: "/x?y"},
		"http://a.example:5274/tmcss": {Host: "a.example", Scheme: "http", Port: 5274, Path: "tmcss"},
		"http://a.example/":           {Host: "a.example", Scheme: "HTTP"},
		"https://[2001:db8::1]/":      {Host: "2001:db8::1"},
		"tcp://[2001:db8::1]:443":     {Host: "2001:db8::1", Scheme: "tcp", Port: 443},
	} {
		if got := e.URL(); got != want {
			t.Errorf("%+v: %q, want %q", e, got, want)
		}
	}
}
