package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// fill puts values into {name}. A name without a value stays as it is: a test finds it.
func fill(s string, args []any) string {
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Count writes a whole number with the language's sign between the thousands.
func Count(n int) string {
	s, sep := strconv.Itoa(n), sentence("number.thousands")
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

// Decimal writes a number with that many digits behind the language's decimal sign.
func Decimal(f float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', digits, 64), ".", sentence("number.decimal"), 1)
}

// List joins words as a sentence does: "a, b and c".
func List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], T("number.comma")) + T("number.and") + words[last]
}

// Stop ends a sentence with the language's full stop, where it has none yet.
func Stop(s string) string { return strings.TrimRight(s, ".。") + T("number.stop") }
