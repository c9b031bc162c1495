package command

import (
	"encoding/json"
	"strings"

	"linecheck/assets"
)

// explained is one question and what is known of it, for other programs. A member that does not apply is left out.
type explained struct {
	Query string     `json:"query"`
	Known bool       `json:"known"`
	Line  *lineJSON  `json:"line,omitempty"`
	Cause *causeJSON `json:"cause,omitempty"`
	// Findings are what the checks say of a code that stands in a report.
	Findings []findingJSON `json:"findings,omitempty"`
	Codes    []codeJSON    `json:"codes,omitempty"`
	Near     []codeJSON    `json:"near,omitempty"`
}

type lineJSON struct {
	Signature string `json:"signature"`
	Code      string `json:"code"`
	Meaning   string `json:"meaning"`
	Effect    string `json:"effect"`
	Subject   string `json:"subject,omitempty"`
	Ref       string `json:"ref,omitempty"`
	Remedy    string `json:"remedy,omitempty"`
	Mark      string `json:"mark"`
}

type causeJSON struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Explanation string   `json:"explanation"`
	Who         string   `json:"who"`
	Fix         []string `json:"fix,omitempty"`
	Say         string   `json:"say,omitempty"`
	Send        string   `json:"send,omitempty"`     // to the network team
	Practise    string   `json:"practise,omitempty"` // a command
}

type findingJSON struct {
	Code  string `json:"code"`
	Check string `json:"check"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty"`
}

type codeJSON struct {
	Ref     string `json:"ref"`
	Name    string `json:"name,omitempty"`
	Text    string `json:"text,omitempty"`
	Meaning string `json:"meaning"`
	Note    string `json:"note,omitempty"`
	Hop     string `json:"hop,omitempty"`
	Do      string `json:"do,omitempty"`
	Mark    string `json:"mark"`
}

func (a *app) explainJSON(rules assets.Rules, queries []string) error {
	out := make([]explained, 0, len(queries))
	for _, q := range queries {
		e := explained{Query: strings.TrimSpace(q)}
		if c, ok := rules.Cause(strings.TrimPrefix(strings.ToLower(e.Query), "cause:")); ok {
			e.Cause = &causeJSON{c.ID, c.Title, example(c.Explanation), c.Who, nil, example(c.Say), example(c.Send), practised(c.ID)}
			for _, f := range c.Fix {
				e.Cause.Fix = append(e.Cause.Fix, example(f))
			}
		} else if e.Findings = findingsJSON(strings.ToLower(e.Query)); e.Findings != nil {
			e.Known = true
		} else if e.Codes = codesJSON(assets.Explain(e.Query)); e.Codes == nil {
			if told, ok := assets.Tell(e.Query); ok {
				e.Codes = codesJSON(told.Codes)
				if told.Signature != "" {
					e.Line = &lineJSON{told.Signature, told.Code, told.Meaning, string(told.Effect), told.Subject, told.Ref, told.Remedy, string(told.Mark)}
				}
			}
		}
		if e.Known = e.Known || e.Cause != nil || e.Codes != nil || e.Line != nil; !e.Known {
			e.Near, a.code = codesJSON(assets.Nearest(e.Query)), 2
		}
		out = append(out, e)
	}
	w := json.NewEncoder(a.io.out)
	w.SetIndent("", "  ")
	w.SetEscapeHTML(false)
	return w.Encode(out)
}

func findingsJSON(code string) (out []findingJSON) {
	for _, f := range findingsOf(code) {
		out = append(out, findingJSON{code, string(f.check.ID), example(f.text.Title), example(f.text.Text), example(f.text.Fix)})
	}
	return out
}

func codesJSON(codes []assets.Code) (out []codeJSON) {
	for _, c := range codes {
		out = append(out, codeJSON{c.Ref(), c.Name, c.Text, c.Meaning, c.Note, c.Hop, c.Do, string(c.Mark)})
	}
	return out
}
