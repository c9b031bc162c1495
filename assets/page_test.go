package assets

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The colours of the page are held against the formula for contrast of the WCAG 2.2, section 1.4.3: 4.5 to 1 for text.
func TestEveryColourOfThePageCanBeRead(t *testing.T) {
	sets := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(PageStyle, -1)
	if len(sets) != 3 {
		t.Fatalf("%d sets of colours; light, dark and paper were expected", len(sets))
	}
	colour := regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6}|[0-9a-f]{3});`)
	for i, name := range []string{"light", "dark", "paper"} {
		set := map[string]float64{}
		for _, m := range colour.FindAllStringSubmatch(sets[i][1], -1) {
			set[m[1]] = luminance(t, m[2])
		}
		for _, text := range []string{"ink", "dim", "pass", "warn", "fail", "link"} {
			for _, ground := range []string{"bg", "card"} {
				a, b := set[text], set[ground]
				if _, ok := set[text]; !ok {
					t.Errorf("%s has no colour %s", name, text)
				}
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", name, text, ground, ratio)
				}
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%[1]c%c%[2]c%c%[3]c", hex[0], hex[1], hex[2])
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestThePagesStyleAsksForNothing(t *testing.T) {
	for _, word := range []string{"url(", "@import", "@font-face", "http", "//", "<", "expression"} {
		if strings.Contains(strings.ToLower(PageStyle), word) {
			t.Errorf("the style sheet holds %q", word)
		}
	}
	if !strings.HasPrefix(PagePolicy(), "default-src 'none';") || strings.Contains(PagePolicy(), "unsafe") {
		t.Errorf("the policy is %s", PagePolicy())
	}
	for _, s := range PageStyle {
		if s > 127 {
			t.Fatalf("the style sheet holds %q; its hash would depend on more than its letters", s)
		}
	}
}
