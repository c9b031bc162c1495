package command

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
)

// auto as a language is the system's own, and English where linecheck does not speak that.
const auto = "auto"

// speak chooses the language of one call before anything is said, the help included, and returns what undoes it. It goes
// by --lang, then the settings files, then the system. What is wrong in those is told later, by whoever reads them in earnest.
func (p Program) speak(args []string) (undo func()) {
	before := lang.Code()
	if code := p.language(args); code != "" {
		_ = lang.Use(code) // it is one that there is
	}
	return func() { _ = lang.Use(before) }
}

// language is the language that was asked for, or "" where nothing says one.
func (p Program) language(args []string) string {
	want := langFlag(args)
	if want == "" && p.Settings != nil && !slices.Contains(args, "guard") {
		want = langSetting(p.Settings())
	}
	if want != "" && want != auto {
		return speaks(want)
	}
	if p.Lang == nil {
		return ""
	}
	return speaks(p.Lang())
}

// langFlag is the last --lang of a call.
func langFlag(args []string) (want string) {
	for i, a := range args {
		if a == "--" {
			break
		}
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			want = v
		} else if a == "--lang" && i+1 < len(args) {
			want = args[i+1]
		}
	}
	return want
}

func langSetting(files []string) (want string) {
	for _, file := range files {
		b, err := readSettings(file)
		if err != nil {
			continue
		}
		list, err := parseSettings(file, b)
		if err != nil {
			continue
		}
		for _, s := range list {
			if s.name == "lang" {
				want = s.values[0]
			}
		}
	}
	return want
}

// speaks is the language of linecheck for a system's name of one, such as de_AT.UTF-8 or ja-JP; English where there is none.
func speaks(system string) string {
	end := strings.IndexAny(system+"_", "_-.@")
	if code := strings.ToLower(system[:end]); slices.Contains(lang.Known(), code) {
		return code
	}
	return lang.English
}
