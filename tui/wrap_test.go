package tui

import (
	"slices"
	"strings"
	"testing"
)

func TestLinesAreBrokenWhereAReaderExpectsIt(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		w    int
		want []string
	}{
		"a date is not broken at its hyphens":          {"seen at 2026-11-22 15:40", 18, []string{"seen at 2026-11-22", "15:40"}},
		"a date goes to the next line whole":           {"seen last on 2026-11-22", 20, []string{"seen last on", "2026-11-22"}},
		"Japanese is broken between its signs":         {"製品はクラウドに接続できません。", 12, []string{"製品はクラウ", "ドに接続でき", "ません。"}},
		"no line begins with a full stop":              {"接続できません。次", 14, []string{"接続できませ", "ん。次"}},
		"no line begins with a comma":                  {"名前、住所", 4, []string{"名", "前、", "住所"}},
		"no line ends with an opening bracket":         {"設定（接続）を見る", 6, []string{"設定", "（接", "続）を", "見る"}},
		"a bracket keeps a short word":                 {"設定「接続」を", 6, []string{"設定", "「接", "続」を"}},
		"a long vowel stays with its letter":           {"サーバー", 4, []string{"サー", "バー"}},
		"a host in Japanese stays whole":               {"宛先はproxy.example.internです", 22, []string{"宛先は", "proxy.example.internで", "す"}},
		"a German compound is broken at its hyphen":    {"die Internet-Sicherheitseinstellungen", 24, []string{"die", "Internet-", "Sicherheitseinstellungen"}},
		"a German compound without one is cut":         {"Zertifikatsvertrauensstellung", 20, []string{"Zertifikatsvertrauen", "sstellung"}},
		"a short word is not broken at its hyphen":     {"the well-known proxy", 10, []string{"the", "well-known", "proxy"}},
		"a path is broken behind its slashes":          {`C:\Windows\ServiceProfiles\x`, 20, []string{`C:\Windows\`, `ServiceProfiles\x`}},
		"blanks between words stay":                    {"a  b", 10, []string{"a  b"}},
		"blanks at a line's end go":                    {"aaaa  bbbb", 5, []string{"aaaa", "bbbb"}},
		"a letter with its accent is one":              {"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		"a line break of the text stays one":           {"one\ntwo", 10, []string{"one", "two"}},
		"a word with an umlaut at its end stays whole": {"für Menü", 5, []string{"für", "Menü"}},
	} {
		if got := Wrap(c.in, c.w); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWrappingLosesNothing(t *testing.T) {
	const text = "Die Proxy-Einstellung 「プロキシの設定」（WinHTTP）、HKLM\\SOFTWARE\\x, e\u0301 한국어 名前。"
	flat := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for w := 2; w < 90; w++ {
		if got := flat(strings.Join(Wrap(text, w), "")); got != flat(text) {
			t.Errorf("%d cells: %q", w, got)
		}
	}
}
