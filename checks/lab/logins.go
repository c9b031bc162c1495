package lab

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// The tokens of the practice machine's login. They begin as real ones do (MS-NLMP, 2.2.1) and hold nothing.
var (
	ntlmHello     = []byte("NTLMSSP\x00\x01\x00\x00\x00practice hello")
	ntlmChallenge = []byte("NTLMSSP\x00\x02\x00\x00\x00practice challenge")
	ntlmAnswer    = []byte("NTLMSSP\x00\x03\x00\x00\x00practice answer")
	ticket        = []byte("practice ticket") // of Negotiate, which is through after one
)

// systemLogins log the practice machine's account in.
func systemLogins() host.Logins {
	return &hosttest.Talks{Turns: map[string][]hosttest.Turn{
		"ntlm":      {{Says: ntlmHello}, {Hears: ntlmChallenge, Says: ntlmAnswer}},
		"negotiate": {{Says: ticket}},
	}}
}

// talk is what a proxy remembers of a connection: NTLM logs a connection in, not a request.
type talk struct{ challenged, admitted bool }

// gate decides on a request's login. nil: it may pass. Else it is what the proxy asks for, one header for each scheme.
func (p *proxy) gate(req *http.Request, t *talk) []string {
	if p.rule.Mode != "auth" || t.admitted {
		return nil
	}
	scheme, text, _ := strings.Cut(req.Header.Get("Proxy-Authorization"), " ")
	token, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(token) > 0 && p.offers(scheme) {
		switch strings.ToLower(scheme) {
		case "basic":
			if p.rule.Login != "" && string(token) == p.rule.Login {
				return nil
			}
		case "ntlm":
			if bytes.Equal(token, ntlmHello) {
				t.challenged = true
				return []string{"NTLM " + base64.StdEncoding.EncodeToString(ntlmChallenge)}
			}
			t.admitted = t.challenged && p.rule.System && bytes.Equal(token, ntlmAnswer)
		case "negotiate":
			t.admitted = p.rule.System && bytes.Equal(token, ticket)
		}
		if t.admitted {
			return nil
		}
	}
	t.challenged = false
	var out []string
	for _, scheme := range p.schemes() {
		if strings.EqualFold(scheme, "basic") {
			scheme += ` realm="practice proxy"`
		}
		out = append(out, scheme)
	}
	return out
}

func (p *proxy) schemes() []string {
	if len(p.rule.Schemes) == 0 {
		return []string{"Basic"}
	}
	return p.rule.Schemes
}

func (p *proxy) offers(scheme string) bool {
	return slices.ContainsFunc(p.schemes(), func(s string) bool { return strings.EqualFold(s, scheme) })
}
