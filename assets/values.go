package assets

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	profileName = regexp.MustCompile(`^[a-z][a-z0-9_-]{1,31}$`)
	varName     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	template    = regexp.MustCompile(`\$\{([^{}$]*)\}`)
	label       = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)
	service     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@ -]{0,255}$`)
	version     = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
)

// names lists the variables that a string holds.
func names(s string) []string {
	var all []string
	for _, m := range template.FindAllStringSubmatch(s, -1) {
		all = append(all, m[1])
	}
	return all
}

// stand puts a letter where a variable will be, so that the rest can be looked at.
func stand(s string) string { return template.ReplaceAllString(s, "x") }

// hostFault says why a text is no host name, no IP address and no template of one. The syntax is RFC 1123's with the
// underscore that real networks use; names beyond ASCII are wanted as DNS has them.
func hostFault(s string) (text, remedy string) {
	h := stand(s)
	if _, err := netip.ParseAddr(h); err == nil && !strings.Contains(h, "%") {
		return "", ""
	}
	switch {
	case s == "":
		return "is missing", "name a host"
	case strings.Contains(h, "@"): // without the text: it holds a password
		return "holds a login", "write the name only, and no login: linecheck sends none to a server"
	case strings.Contains(h, "://"):
		return quote(s) + " is a URL", "write the name only: scheme, port and path have keys of their own"
	case strings.Contains(h, "*"):
		return quote(s) + " is a wildcard, which cannot be tested", "put it under wildcards, and name a host here"
	case strings.Contains(h, "/"):
		return quote(s) + " is no host name", "write the name only: the path has a key of its own"
	case strings.Contains(h, ":"):
		return quote(s) + " is no host name", "write the name only: the port has a key of its own"
	case strings.HasSuffix(h, "."):
		return quote(s) + " ends with a dot", "remove the dot"
	case strings.ContainsFunc(h, func(r rune) bool { return r >= utf8.RuneSelf }):
		return quote(s) + " is not as DNS has it", "write its xn-- form"
	}
	labels := strings.Split(h, ".")
	last := labels[len(labels)-1]
	if len(h) > 253 || !all(labels, label.MatchString) || strings.Trim(last, "0123456789") == "" {
		return quote(s) + " is no host name or IP address", "letters, digits and - between dots"
	}
	return "", ""
}

func all(list []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !ok(s) })
}

// wildcardFault wants a host name with a star in it.
func wildcardFault(s string) (text, remedy string) {
	if s != "" && !strings.Contains(s, "*") {
		return quote(s) + " has no *", "a whole name belongs under endpoints"
	}
	if text, _ = hostFault(strings.ReplaceAll(s, "*", "x")); text != "" || s == "*" {
		return quote(s) + " is no pattern of host names", "write it like *.vendor.example"
	}
	return "", ""
}

// registryFault wants a key as host.Registry takes it.
func registryFault(s string) (text, remedy string) {
	root, rest, _ := strings.Cut(s, `\`)
	long := map[string]string{
		"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_CURRENT_USER": "HKCU", "HKEY_USERS": "HKU",
		"HKLM:": "HKLM", "HKCU:": "HKCU", "HKU:": "HKU",
	}[root]
	switch {
	case s == "":
		return "is missing", `name a key like HKLM\SOFTWARE\Vendor`
	case long != "":
		return quote(s) + " is not as linecheck writes it", "begin with " + long
	case !slices.Contains([]string{"HKLM", "HKCU", "HKU"}, root):
		return quote(s) + " is no registry key", `begin with HKLM\, HKCU\ or HKU\, with single backslashes in single quotes`
	case rest == "" || slices.Contains(strings.Split(rest, `\`), "") || strings.Contains(rest, "/"):
		return quote(s) + " is no registry key", `write it like 'HKLM\SOFTWARE\Vendor', with single backslashes in single quotes`
	}
	return "", ""
}

// pathFault wants a whole path of Windows or Linux; wild allows a pattern.
func pathFault(s string, wild bool) (text, remedy string) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || PathOS(s) == "windows" && r == '\\' })
	star := slices.IndexFunc(parts, func(p string) bool { return strings.Contains(p, "**") })
	switch {
	case s == "":
		return "is missing", `give the whole path, like C:\ProgramData\… or /var/…`
	case strings.Contains(s, "%"):
		return quote(s) + " has a variable of Windows in it", `write the whole path, like C:\ProgramData\…`
	case strings.HasPrefix(s, "${"):
	case PathOS(s) == "":
		return quote(s) + " is not a whole path", `begin with a drive like C:\ or with /`
	}
	switch {
	case slices.Contains(parts, "..") || slices.Contains(parts, "."):
		return quote(s) + " leads out of itself", "write the path without . and .. parts"
	case !wild && strings.ContainsAny(s, "*?"):
		return quote(s) + " is a pattern", "name one file or folder"
	case star >= 0 && parts[star] != "**":
		return quote(s) + " has a ** beside other letters", `** stands alone between two \ or /`
	case star >= 0 && star < 2+strings.Count(parts[0], ":"):
		return quote(s) + " would search the whole disk", "name at least two folders before **"
	case strings.Count(s, "**") > 1:
		return quote(s) + " has ** twice", "one ** stands for any depth"
	}
	return "", ""
}

// serviceFault wants a short name of a service.
func serviceFault(s string) string {
	switch {
	case s == "":
		return "is missing"
	case !service.MatchString(stand(s)):
		return quote(s) + " is no name of a service"
	}
	return ""
}

// valueFault says why a variable cannot have a value.
func valueFault(v Var, s string) string {
	switch {
	case s == "":
		return ""
	case strings.ContainsFunc(s, hidden):
		return quote(s) + " has a control character"
	case utf8.RuneCountInString(s) > 253 || !utf8.ValidString(s):
		return quote(s) + " is too long or no text"
	case strings.Contains(s, "${"):
		return quote(s) + " is a template itself"
	case len(v.Values) > 0 && !slices.Contains(v.Values, s):
		return fmt.Sprintf("%s is none of %s", quote(s), strings.Join(v.Values, ", "))
	}
	return ""
}
