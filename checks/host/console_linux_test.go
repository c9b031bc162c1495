package host

import "testing"

func TestTheEnvironmentSaysWhatATerminalCanShow(t *testing.T) {
	type env = map[string]string
	for name, c := range map[string]struct {
		env                           env
		screen, ascii, utf8, japanese bool
	}{
		"a modern terminal":                     {env{"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, true, false, true, true},
		"a container without a locale":          {env{"TERM": "xterm"}, true, false, true, true},
		"a Japanese one may be wide":            {env{"TERM": "xterm", "LANG": "ja_JP.UTF-8"}, true, true, true, true},
		"LC_ALL wins":                           {env{"TERM": "xterm", "LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, true, false, true, true},
		"EUC is not UTF-8":                      {env{"TERM": "xterm", "LC_CTYPE": "ja_JP.eucJP"}, true, true, false, false},
		"Latin with the euro":                   {env{"TERM": "xterm", "LANG": "de_DE.ISO-8859-15@euro"}, true, true, false, false},
		"UTF-8 with a variant":                  {env{"TERM": "xterm", "LANG": "ca_ES.UTF-8@valencia"}, true, false, true, true},
		"C is plain":                            {env{"TERM": "xterm", "LC_ALL": "C"}, true, true, false, false},
		"the console of Linux has few signs":    {env{"TERM": "linux", "LANG": "ja_JP.UTF-8"}, true, true, true, false},
		"a dumb terminal":                       {env{"TERM": "dumb", "LANG": "C.UTF-8"}, false, false, true, true},
		"a terminal that does not say its name": {env{"LANG": "C.UTF-8"}, false, false, true, true},
	} {
		got := consoleOf(true, func(k string) string { return c.env[k] })
		if got.Screen != c.screen || got.ASCII != c.ascii || got.UTF8 != c.utf8 || got.Japanese != c.japanese {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Screen != (got.Lacks == "") {
			t.Errorf("%s: no screen, and not said why", name)
		}
	}
}

func TestTheLanguageOfTheSystem(t *testing.T) {
	type env = map[string]string
	for want, e := range map[string]env{
		"de_AT.UTF-8": {"LANG": "de_AT.UTF-8"},
		"fi_FI":       {"LANG": "de_AT.UTF-8", "LC_MESSAGES": "fi_FI"},
		"ja_JP.UTF-8": {"LANG": "de_AT.UTF-8", "LC_MESSAGES": "fi_FI", "LC_ALL": "ja_JP.UTF-8"},
		"":            {"LANG": "de_AT.UTF-8", "LC_ALL": "C.UTF-8"},
	} {
		if got := locale(func(k string) string { return e[k] }); got != want {
			t.Errorf("%v speaks %q, want %q", e, got, want)
		}
	}
}
