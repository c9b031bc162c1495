package proxy

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// mostAnswer bounds what is read of one answer of a script.
const mostAnswer = 16 << 10

// kinds are the words of a script's answer and the kind of proxy that each names. SOCKS alone is version 4, as the
// first programs with proxy scripts had it and Chromium still does.
var kinds = map[string]string{"PROXY": "http", "HTTP": "http", "HTTPS": "https", "SOCKS": "socks4", "SOCKS4": "socks4", "SOCKS5": "socks5"}

// parseAnswer reads what FindProxyForURL returned: ways in the order in which they are tried, nil for direct, each once
// and at most mostEntries. skipped are the parts that programs pass over because they name no way. An answer without
// any way is direct, as browsers take it.
func parseAnswer(text string) (ways []*url.URL, skipped []string) {
	if len(text) > mostAnswer {
		text = text[:mostAnswer]
	}
	seen := map[string]bool{}
	add := func(u *url.URL) {
		if k := key(u); !seen[k] && len(ways) < mostEntries {
			seen[k] = true
			ways = append(ways, u)
		}
	}
	skip := func(part string) {
		if len(skipped) < mostEntries {
			skipped = append(skipped, mask(part))
		}
	}
	for part := range strings.SplitSeq(text, ";") {
		word, place, _ := strings.Cut(strings.Map(blank, strings.TrimSpace(part)), " ")
		place = strings.TrimSpace(place)
		kind, known := kinds[strings.ToUpper(word)]
		switch {
		case word == "":
		case strings.EqualFold(word, "DIRECT"):
			add(nil)
		case !known || strings.ContainsAny(place, " =/@") || !utf8.ValidString(place):
			skip(part)
		default:
			found, err := parse(kind + "://" + place)
			if err != nil || len(found) != 1 {
				skip(part)
				continue
			}
			add(found[0].URL)
		}
	}
	if len(ways) == 0 {
		ways = []*url.URL{nil}
	}
	return ways, skipped
}

func blank(r rune) rune {
	switch r {
	case '\t', '\r', '\n', '\v', '\f':
		return ' '
	}
	return r
}

// written is a list of ways for people: "http://a:1, then direct".
func written(ways []*url.URL) string {
	var out []string
	for _, u := range ways {
		if u == nil {
			out = append(out, "direct")
		} else {
			out = append(out, shown(u))
		}
	}
	return strings.Join(out, ", then ")
}
