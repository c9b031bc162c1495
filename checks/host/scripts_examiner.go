package host

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
)

// An engine of the system may say no more than that a script failed. The examiner is a script that holds the other one as
// a text and says how far that comes: the same engine runs it, so it fails there as it failed before. What it finds it
// says in the only way that a script has, as a proxy's name.

// examinedWord begins the examiner's answer; a stage and the engine's own words in hexadecimal follow.
const examinedWord = "linecheck-found-"

// examiner is ECMAScript 3, since an old engine knows no more.
func examiner(text string) string {
	return `function FindProxyForURL(url, host) {
  var text = ` + literal(text) + `;
  function say(stage, e) {
    var words = "" + (e && (e.message || e.description) || e || ""), out = "";
    for (var i = 0; i < words.length && i < 45; i++) out += ("000" + words.charCodeAt(i).toString(16)).slice(-4);
    return "PROXY ` + examinedWord + `" + stage + "-" + out + ":1";
  }
  var self = FindProxyForURL, load, find, answer;
  try { load = new Function(text + "\n;return typeof FindProxyForURLEx == 'function' ? FindProxyForURLEx : typeof FindProxyForURL == 'function' ? FindProxyForURL : null"); }
  catch (e) { return say("syntax", e); }
  try { find = load(); } catch (e) { return say("load", e); }
  if (!find || find == self) return say("function", "");
  try { answer = find(url, host); } catch (e) { return say("call", e); }
  if (typeof answer != "string") return say("value", typeof answer);
  return say("none", answer);
}
`
}

// literal writes a text as one of ECMAScript, in ASCII.
func literal(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	b.WriteByte('"')
	for _, u := range utf16.Encode([]rune(s)) {
		if u < ' ' || u > '~' || u == '"' || u == '\\' || u == '<' {
			fmt.Fprintf(&b, `\u%04x`, u)
			continue
		}
		b.WriteByte(byte(u))
	}
	b.WriteByte('"')
	return b.String()
}

// finding is a fault, whether it is the whole script's, and whether the examiner said so.
type finding struct {
	ScriptError
	whole, known bool
}

// examined reads the examiner's answer; said is the failure that began it.
func examined(said error, answer string, err error) finding {
	unclear := finding{ScriptError: ScriptError{Fault: ScriptUnclear, Text: said.Error()}}
	_, rest, ok := strings.Cut(answer, examinedWord)
	if err != nil || !ok {
		return unclear
	}
	rest, _, _ = strings.Cut(rest, ":")
	stage, code, _ := strings.Cut(rest, "-")
	words := unhex(code)
	fault := func(f ScriptFault, whole bool, otherwise string) finding {
		if words == "" {
			words = otherwise
		}
		return finding{ScriptError{Fault: f, Text: words}, whole, true}
	}
	switch stage {
	case "syntax":
		return fault(ScriptSyntax, true, "it cannot be read")
	case "load":
		return fault(ScriptThrown, true, "it throws an error that has no words")
	case "function":
		return fault(ScriptNoFunction, true, "it has no function FindProxyForURL")
	case "call":
		return fault(ScriptThrown, false, "it throws an error that has no words")
	case "value":
		words = "it answers with no text, but with: " + words
		return fault(ScriptThrown, false, "")
	case "none":
		words = "the system makes nothing of its answer: " + words
		return fault(ScriptUnclear, false, "")
	}
	return unclear
}

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		return ""
	}
	var u []uint16
	for i := 0; i+1 < len(b); i += 2 {
		u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return strings.Join(strings.FieldsFunc(string(utf16.Decode(u)), func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
