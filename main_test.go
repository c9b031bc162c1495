package main

import (
	"testing"

	"linecheck/checks/host"
)

func TestWhyEnglishIsSpokenIsToldOnlyWhereNobodyAskedForIt(t *testing.T) {
	screen := host.Console{Interactive: true, UTF8: true, Japanese: true}
	noJapanese, noUTF8 := screen, screen
	noJapanese.Japanese, noUTF8.UTF8 = false, false
	for name, c := range map[string]struct {
		console host.Console
		system  string
		asked   bool
		told    bool
	}{
		"Japanese on a terminal without it is changed in silence":  {noJapanese, "ja_JP.UTF-8", false, true},
		"German on a terminal of bytes is changed in silence":      {noUTF8, "de_DE", false, true},
		"whoever said --lang en is told of the system's letters":   {noJapanese, "ja_JP.UTF-8", true, false},
		"German is told to be English":                             {noJapanese, "de_DE.UTF-8", false, false},
		"English is told to be English":                            {noUTF8, "en_US", false, false},
		"a language that linecheck has not is put down to letters": {noUTF8, "fr_FR", false, false},
		"a system without a language is told of its letters":       {noUTF8, "", false, false},
	} {
		if got := notice(c.console, c.system, c.asked); (got != "") != c.told {
			t.Errorf("%s: %q", name, got)
		}
	}
}
