package host

import (
	"image/color"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// ConsoleAt looks at the terminal that a pair of standard streams are.
func ConsoleAt(in, out *os.File) Console {
	tty := func(f *os.File) bool {
		_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
		return err == nil
	}
	return consoleOf(tty(in) && tty(out), os.Getenv)
}

// consoleOf goes by the environment. The console of Linux itself has 256 or 512 signs, and which ones is up to its font.
func consoleOf(interactive bool, env func(string) string) Console {
	c := Console{Interactive: interactive}
	if !interactive {
		return c
	}
	c.Lacks = lacking(env("TERM"))
	c.Screen = c.Lacks == ""
	locale := localeFor("LC_CTYPE", env)
	c.UTF8 = utf8Locale(locale)
	bare := env("TERM") == "linux"
	c.Japanese = c.UTF8 && !bare
	c.ASCII = bare || !c.UTF8 || eastAsian(locale)
	if c.Background = ground(env("COLORFGBG")); bare {
		c.Background = color.Black
	}
	return c
}

// Locale is the language that the system speaks to this person, as the system names it: de_AT.UTF-8. "" where none was
// chosen: C and POSIX are none.
func Locale() string { return locale(os.Getenv) }

func locale(env func(string) string) string {
	switch l := localeFor("LC_MESSAGES", env); {
	case l == "C", l == "POSIX", strings.HasPrefix(l, "C."):
		return ""
	default:
		return l
	}
}

// localeFor is what setlocale(3) takes for a category.
func localeFor(category string, env func(string) string) string {
	for _, name := range [...]string{"LC_ALL", category, "LANG"} {
		if v := env(name); v != "" {
			return v
		}
	}
	return ""
}

// utf8Locale: where nothing is set, as in most containers, the terminal is a modern one. C and POSIX are what a person
// sets to get plain signs.
func utf8Locale(l string) bool {
	_, set, named := strings.Cut(strings.ToLower(l), ".")
	set, _, _ = strings.Cut(set, "@")
	if named {
		return set == "utf-8" || set == "utf8"
	}
	return l != "C" && l != "POSIX"
}
