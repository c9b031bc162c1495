package wizard

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"linecheck/checks"
)

// The page is built as a tree and rendered at the end: what comes from outside is only ever the text of a node or the value
// of an attribute, so that nothing can become markup. A package of templates would do the same, and its calls by name make
// the linker keep every method of the program: three megabytes.

// attr is an attribute of an element.
type attr struct{ name, value string }

func class(names string) attr { return attr{"class", names} }

// pageText is the most letters of one text from outside that the page shows; the JSON report has all of it.
const pageText = 1500

// el is an element. Its parts are attributes, nodes, lists of nodes, and strings, which are text; nil and "" are left out.
func el(tag string, parts ...any) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag}
	for _, p := range parts {
		switch p := p.(type) {
		case attr:
			n.Attr = append(n.Attr, html.Attribute{Key: p.name, Val: cut(p.value, pageText)})
		case string:
			if p != "" {
				n.AppendChild(textNode(p))
			}
		case *html.Node:
			if p != nil {
				n.AppendChild(p)
			}
		case []*html.Node:
			for _, c := range p {
				if c != nil {
					n.AppendChild(c)
				}
			}
		}
	}
	return n
}

// textNode is text between elements.
func textNode(s string) *html.Node {
	return &html.Node{Type: html.TextNode, Data: cut(s, pageText)}
}

// cut keeps text printable and short.
func cut(s string, most int) string {
	if enough := utf8.UTFMax * (most + 1); len(s) > enough { // longer than that in any case
		s = strings.ToValidUTF8(s[:enough], "")
	}
	if letters := []rune(Printable(s)); len(letters) > most {
		return string(letters[:most]) + " …"
	}
	return Printable(s)
}

// icon draws a state. It says nothing to whoever listens: the word stands beside it.
func icon(name string) *html.Node {
	return el("svg", class("icon "+name), attr{"viewBox", "0 0 20 20"}, attr{"aria-hidden", "true"},
		el("use", attr{"href", "#i-" + name}))
}

// heard is text for whoever listens and does not see the shapes.
func heard(s string) *html.Node { return el("span", class("heard"), s) }

// icons are the shapes of the states, so that none of them is told by its colour alone.
func icons() *html.Node {
	shape := func(name string, parts ...any) *html.Node {
		return el("symbol", append([]any{attr{"id", "i-" + name}, attr{"viewBox", "0 0 20 20"}}, parts...)...)
	}
	path := func(d string) *html.Node { return el("path", attr{"d", d}) }
	ring := func(kind string) *html.Node {
		return el("circle", class(kind), attr{"cx", "10"}, attr{"cy", "10"}, attr{"r", "8"})
	}
	return el("svg", class("shapes"), attr{"width", "0"}, attr{"height", "0"}, attr{"aria-hidden", "true"},
		shape("pass", ring("line"), path("M6 10.4l2.8 2.8L14 7.4")),
		shape("fail", path("M6.6 2h6.8L18 6.6v6.8L13.4 18H6.6L2 13.4V6.6z"), path("M7 7l6 6M13 7l-6 6")),
		shape("warn", path("M10 2.2l8.3 15H1.7z"), path("M10 7.6v4.6M10 14.4v.8")),
		shape("unknown", ring("dash"), path("M7.8 8a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .7-1 1.6M10 13.8v.8")),
		shape("untested", ring("dash")),
		shape("skipped", ring("line"), path("M6.5 10h7")),
		shape("note", ring("line"), path("M10 9.4v4.4M10 6.2v.8")),
		shape("here", path("M2.5 4h15v9.5h-15zM7 17h6M10 13.5V17")))
}

// lookOf names the icon and the colours of a status.
func lookOf(s checks.Status) string {
	if s > checks.Fail {
		return checks.Unknown.String()
	}
	return s.String()
}

// verdictState does the same for the words of a verdict and of its causes.
func verdictState(word string) string {
	state := map[string]string{Healthy: "pass", Warning: "warn", Fault: "fail"}[word]
	if state == "" {
		return "unknown"
	}
	return state
}

// foldAway is what opens on a click, without a script.
func foldAway(kind string, open bool, summary any, body ...any) *html.Node {
	n := el("details", append([]any{class(kind), el("summary", summary)}, body...)...)
	if open {
		n.Attr = append(n.Attr, html.Attribute{Key: "open"})
	}
	return n
}
