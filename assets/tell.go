package assets

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"linecheck/assets/lang"
)

// Told is what is known of one whole line of a log.
type Told struct {
	Reading
	Signature string // its id; "" where no signature knows the line and only numbers in it are known
	Codes     []Code // the numbers in it, each once
}

// maxLine is how much of a line that a person hands over is looked at.
const maxLine = 64 << 10

// Tell says what a whole line of a log means: the first signature that knows it, and the numbers in it. Where no
// signature does, the numbers and texts that stand in it by a name or form of their own are still told. It returns false
// where nothing in it is known, or where it is no line but a word.
func Tell(line string) (Told, bool) {
	line = strings.TrimSpace(line)
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	sigs, err := Signatures()
	if err != nil {
		return Told{}, false
	}
	for i := range sigs {
		s := &sigs[i]
		if !strings.Contains(line, s.Literal) {
			continue
		}
		if r, ok := s.Read(line); ok {
			codes := numbers(r.Captures)
			for _, c := range mentioned(line) {
				if !c.Phrase() && !slices.ContainsFunc(codes, func(have Code) bool { return have.Ref() == c.Ref() }) {
					codes = append(codes, c)
				}
			}
			r.Meaning, r.Remedy, r.Subject = lang.Phrase(r.Meaning), lang.Phrase(r.Remedy), lang.Phrase(r.Subject)
			return Told{Reading: r, Signature: s.ID, Codes: told(codes)}, true
		}
	}
	if codes := mentioned(line); len(codes) > 0 && strings.ContainsAny(line, " \t=:") {
		return Told{Codes: told(codes)}, true
	}
	return Told{}, false
}

// numbers are the codes that a signature captured, in the order of the tables.
func numbers(captures map[string]string) (out []Code) {
	for _, name := range tableOrder {
		if c, ok := FindCode(name, captures[name]); ok {
			out = append(out, c)
		}
	}
	return out
}

var (
	hresultForm = regexp.MustCompile(`\b0x[0-9A-Fa-f]{8}\b|-214\d{7}\b`)
	tableForm   = regexp.MustCompile(`(?i)\b(curl|curlpx|fserr|icrc|winsock|windows|winhttp|sspi|event)(?:[ :=]{1,2}| error | code )\(?(\d{1,10}|0x[0-9a-f]{1,8})\b`)
	constForm   = regexp.MustCompile(`\b(?:CURLE|CURLPX|WSA|WSAE|ERROR|RPC_S|SEC_[EI]|CRYPT_E|CERT_E|TRUST_E|ICRC)_?[A-Z][A-Z0-9_]{3,}\b`)
)

// maxMentioned bounds what a line full of numbers can make a person read.
const maxMentioned = 12

// mentioned are the codes that stand in a line in a form that cannot be anything else.
func mentioned(line string) []Code {
	out := phrases(line, true)
	for _, m := range tableForm.FindAllStringSubmatch(line, maxMentioned) {
		if c, ok := FindCode(m[1], m[2]); ok {
			out = append(out, c)
		}
	}
	for _, m := range hresultForm.FindAllString(line, maxMentioned) {
		out = append(out, exact("", m)...)
	}
	for _, m := range constForm.FindAllString(line, maxMentioned) {
		out = append(out, exact("", m)...)
	}
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(c Code) bool {
		key := cmp.Or(c.Regexp, c.Ref())
		defer func() { seen[key] = true }()
		return seen[key]
	})
	return out[:min(len(out), maxMentioned)]
}
