package logs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/logs/events"
)

// teller puts events into plain words: Windows' own by what is known of them, the products' by the signatures of their
// logs' lines.
type teller struct {
	known    map[int][]*assets.SystemEvent // by number
	lines    decoder
	profiles []*assets.Profile
}

func newTeller(profiles []*assets.Profile) (*teller, error) {
	all, err := assets.SystemEvents()
	if err != nil {
		return nil, err
	}
	b, err := open(nil)
	if err != nil {
		return nil, err
	}
	t := &teller{known: map[int][]*assets.SystemEvent{}, lines: newDecoder(b, time.Local), profiles: profiles}
	for i := range all {
		for _, n := range all[i].Numbers {
			t.known[n] = append(t.known[n], &all[i])
		}
	}
	return t, nil
}

// tell is what an event says; nothing where it says nothing about any line. A product's event may come to several
// entries, as its text has several lines.
func (t *teller) tell(r *host.EventRecord) []Entry {
	for _, k := range t.known[r.ID] {
		if got, ok := k.Read(r.Provider, r.ID, r.Message, r.Data); ok {
			return t.system(r, k, &got)
		}
	}
	if !product(r.Provider) {
		return nil
	}
	var out []Entry
	for _, text := range wording(r) {
		var e Entry
		if !t.lines.line(&e, []byte(text)) {
			continue
		}
		e.At, e.When = r.At, r.At
		out = append(out, e)
	}
	return out
}

// product reports whether a provider may be a product's: Windows' own have nothing that a signature means.
func product(provider string) bool { return !strings.HasPrefix(provider, "Microsoft-Windows-") }

// wording is the lines of a product's event. Its number is one of them where the manager exported it; in another log the
// same number means something else.
func wording(r *host.EventRecord) []string {
	var out []string
	if r.Provider == events.Manager {
		out = append(out, "Event ID: "+strconv.Itoa(r.ID))
	}
	rest := r.Message
	// The manager's export has the event's name and its description in one.
	if name, more, ok := strings.Cut(rest, ": "); ok && r.Provider == events.Manager {
		out, rest = append(out, name), more
	}
	for text := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// system is an event of Windows itself. What is about a service or program of nobody's product says nothing; a host of
// nobody's cloud says that DNS had trouble, and no more.
func (t *teller) system(r *host.EventRecord, k *assets.SystemEvent, got *assets.Reading) []Entry {
	e := Entry{When: r.At, Subject: got.Subject, Topic: got.Topic, Effect: got.Effect, Mark: got.Mark, Remedy: got.Remedy}
	e.At, e.Meaning, e.Code, e.Ref, e.Text = r.At, got.Meaning, checks.Code(got.Code), got.Ref, shownEvent(r)
	owned := false
	for _, p := range t.profiles {
		if concerns(p, k.About, got.Captures) {
			owned = true
			for _, log := range p.Logs {
				e.kinds = append(e.kinds, log.Signatures...)
			}
		}
	}
	switch {
	case owned:
	case k.About == assets.AboutService, k.About == assets.AboutProgram:
		return nil
	default:
		// The hosts that findings name are offered to the allowlist check: only the product's are.
		delete(got.Captures, "host")
		if k.About == assets.AboutHost {
			e.Subject, e.Topic = "other names", ""
		}
		e.Effect, e.Remedy = assets.Neither, ""
	}
	e.Status, e.Found = standing(e.Effect, e.Mark), assets.Named(got.Captures)
	return []Entry{e}
}

// shownEvent is an event as one line of evidence: as Event Viewer shows it, else as its log has it.
func shownEvent(r *host.EventRecord) string {
	text := strings.Join(strings.Fields(r.Message), " ")
	if text == "" {
		text = strings.Join(strings.Fields(r.Raw), " ")
	}
	return short([]byte(fmt.Sprintf("%s %d: %s", r.Provider, r.ID, text)))
}

// concerns reports whether what an event is about is a profile's.
func concerns(p *assets.Profile, about assets.About, found map[string]string) bool {
	switch about {
	case assets.AboutService:
		short, _, _ := strings.Cut(found["short"], "/")
		return slices.ContainsFunc(p.ForOS("windows"), func(s assets.Service) bool {
			return strings.EqualFold(s.Name, found["service"]) || strings.EqualFold(s.Title, found["service"]) || short != "" && strings.EqualFold(s.Name, short)
		})
	case assets.AboutHost:
		h := strings.ToLower(strings.TrimSuffix(found["host"], "."))
		return slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return strings.EqualFold(e.Host, h) }) ||
			slices.ContainsFunc(p.Wildcards, func(w string) bool { return covers(strings.ToLower(w), h) })
	case assets.AboutProgram:
		program := strings.ToLower(found["program"])
		return slices.ContainsFunc(p.Detect.Paths, func(path string) bool {
			_, folder, ok := strings.Cut(strings.ToLower(path), ":")
			return ok && len(folder) > 1 && strings.Contains(program, strings.TrimSuffix(folder, `\`)+`\`)
		})
	}
	return false
}

// covers reports whether a pattern like *.vendor.example, or a URL's with it, fits a name.
func covers(pattern, name string) bool {
	if _, rest, ok := strings.Cut(pattern, "://"); ok {
		pattern = rest
	}
	pattern, _, _ = strings.Cut(pattern, "/")
	front, back, ok := strings.Cut(pattern, "*")
	return ok && len(back) > 3 && len(name) > len(front)+len(back) && strings.HasPrefix(name, front) && strings.HasSuffix(name, back)
}
