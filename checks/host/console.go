package host

import (
	"image/color"
	"strings"
)

// Console is what stands at a pair of standard streams.
type Console struct {
	Interactive bool   // a person sits there: both streams are a terminal
	Screen      bool   // escape codes are understood, so that a full screen can be drawn
	Lacks       string // why there is no screen, or nobody who can be asked; "": it is not known, or nothing lacks
	ASCII       bool   // signs beyond ASCII may be missing, or two cells wide
	UTF8        bool   // letters of all languages get there; whether the font has them is another question
	Japanese    bool   // kana and kanji can be shown, as far as can be told

	Background   color.Color      // nil: it is not known
	Palette      *[16]color.Color // what the sixteen colours look like, in ANSI's order; nil: it is not known
	HighContrast bool             // the desktop was set to high contrast
}

// What a console lacks.
const (
	LacksName     = "name"     // TERM is not set: it is not known what the terminal understands
	LacksCodes    = "codes"    // TERM says that it understands none, as in an editor's window
	LacksMode     = "mode"     // a Windows console from before escape codes (Windows 10 1607, Server 2016)
	LacksRemoting = "remoting" // PowerShell remoting, which hands programs neither a keyboard nor a screen
	LacksWinRS    = "winrs"    // the same with winrs
	LacksISE      = "ise"      // the window of PowerShell ISE
)

// lacking says why a terminal of this name draws no screen. These names stand for terminals without a cursor that can be set.
func lacking(term string) string {
	switch strings.ToLower(term) {
	case "":
		return LacksName
	case "dumb", "unknown", "emacs", "network", "dialup", "lpr", "printer":
		return LacksCodes
	}
	return ""
}

// eastAsian says whether signs such as × and ─ may be two cells wide where this language is at home.
func eastAsian(locale string) bool {
	for _, l := range [...]string{"ja", "zh", "ko"} {
		if rest, ok := strings.CutPrefix(strings.ToLower(locale), l); ok && (rest == "" || strings.ContainsAny(rest[:1], "_-.@")) {
			return true
		}
	}
	return false
}

// ground is the background that COLORFGBG tells, which rxvt and Konsole set: "15;0", "0;default;15".
func ground(colorfgbg string) color.Color {
	switch colorfgbg[strings.LastIndexByte(colorfgbg, ';')+1:] {
	case "0", "1", "2", "3", "4", "5", "6", "8":
		return color.Black
	case "7", "15":
		return color.White
	}
	return nil
}
