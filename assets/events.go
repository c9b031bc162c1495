package assets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed events/*.yaml
var eventFiles embed.FS

// About is what a Windows event tells of, and so what decides whether it matters to a product.
type About string

// The things that events tell of.
const (
	AboutService About = "service" // the capture service, its name or title; matters where it is the product's
	AboutHost    About = "host"    // the capture host; matters where it is one of the product's cloud
	AboutProgram About = "program" // the capture program, a path; matters where it lies in the product's folder
	AboutMachine About = "machine" // the computer as a whole: it may explain something, and proves nothing
)

// SystemEvent knows one kind of event of the Windows Event Log that says something about the line. Captures come from
// the event's values, else from its English text, which is all that some exports have. They also hold provider and id.
type SystemEvent struct {
	ID       string            `yaml:"id"`
	Channel  string            `yaml:"channel"`
	Off      bool              `yaml:"off"` // the channel or the audit is off unless somebody switched it on
	Provider string            `yaml:"provider"`
	Also     []string          `yaml:"also"` // other names that screens and exports give the provider
	Numbers  []int             `yaml:"ids"`
	About    About             `yaml:"about"`
	Data     map[string]string `yaml:"data"`    // capture -> the value's name
	Message  string            `yaml:"message"` // what the text reads, with captures
	Outcome  `yaml:",inline"`
	Cases    []Case        `yaml:"cases"`
	Samples  []EventSample `yaml:"samples"`
	Not      []EventSample `yaml:"not"`

	message *regexp.Regexp
}

// EventSample is an event and what must be read in it. All of them are written by hand from documents.
type EventSample struct {
	Number  int               `yaml:"id"`
	Message string            `yaml:"message"`
	Data    map[string]string `yaml:"data"`
	Subject string            `yaml:"subject"`
	Effect  Effect            `yaml:"effect"`
	Meaning string            `yaml:"meaning"`
}

var systemEvents = sync.OnceValues(func() ([]SystemEvent, error) { return readEvents(eventFiles) })

// SystemEvents returns every known kind of Windows event. The result is shared and must not be changed. The error says
// what is wrong in the program's own data.
func SystemEvents() ([]SystemEvent, error) { return systemEvents() }

// EventChannels are the channels in which known events stand, each with the providers and numbers to ask for.
func EventChannels() ([]EventSource, error) {
	all, err := SystemEvents()
	if err != nil {
		return nil, err
	}
	at := map[string]*EventSource{}
	for _, e := range all {
		c, ok := at[e.Channel]
		if !ok {
			c = &EventSource{Channel: e.Channel}
			at[e.Channel] = c
		}
		if !slices.Contains(c.Providers, e.Provider) {
			c.Providers = append(c.Providers, e.Provider)
		}
		c.IDs = append(c.IDs, e.Numbers...)
	}
	var out []EventSource
	for _, name := range slices.Sorted(maps.Keys(at)) {
		slices.Sort(at[name].IDs)
		at[name].IDs = slices.Compact(at[name].IDs)
		out = append(out, *at[name])
	}
	return out, nil
}

func readEvents(files fs.FS) ([]SystemEvent, error) {
	names, err := fs.Glob(files, "events/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []SystemEvent
	seen := map[string]bool{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var f struct {
			Events []SystemEvent `yaml:"events"`
		}
		if err := strict(b, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range f.Events {
			e := &f.Events[i]
			if err := e.prepare(); err != nil {
				return nil, fmt.Errorf("%s: event %s: %w", name, e.ID, err)
			}
			if seen[e.ID] {
				return nil, fmt.Errorf("%s: event %s is there twice", name, e.ID)
			}
			seen[e.ID] = true
		}
		all = append(all, f.Events...)
	}
	return all, nil
}

func (e *SystemEvent) prepare() (err error) {
	if e.Channel == "" {
		e.Channel = "System"
	}
	if e.Code == "" {
		e.Code = "logs.system_event"
	}
	if e.Ref == "" {
		e.Ref = "event {id}"
	}
	switch {
	case e.ID == "" || e.Provider == "" || len(e.Numbers) == 0 || e.Meaning == "":
		return errors.New("needs an id, a provider, ids and a meaning")
	case e.Effect == "":
		return errors.New("needs an effect")
	case !e.Mark.known():
		return fmt.Errorf("no mark %q", e.Mark)
	case !slices.Contains([]About{AboutService, AboutHost, AboutProgram, AboutMachine}, e.About):
		return fmt.Errorf("tells of no %q", e.About)
	}
	for _, n := range e.Numbers {
		if n < 0 || n > 0xffff {
			return fmt.Errorf("%d is no number of an event", n)
		}
	}
	if e.message, err = regexp.Compile(e.Message); err != nil {
		return err
	}
	if err := e.Outcome.check(); err != nil {
		return err
	}
	return prepareCases(e.Cases)
}

// Read reads one event; false where it is none of its kind. A language that linecheck does not know is no hindrance
// where the event's values are there.
func (e *SystemEvent) Read(provider string, number int, message string, data map[string]string) (Reading, bool) {
	if !slices.Contains(e.Numbers, number) || !e.by(provider) {
		return Reading{}, false
	}
	r := Reading{Outcome: e.Outcome, Captures: map[string]string{"provider": clean(provider), "id": fmt.Sprint(number)}}
	r.Remedy = e.Remedy
	if e.Message != "" {
		if m := e.message.FindStringSubmatch(message); m != nil {
			for i, name := range e.message.SubexpNames() {
				if name != "" && m[i] != "" {
					r.Captures[name] = clean(m[i])
				}
			}
		}
	}
	for capture, name := range e.Data {
		if v := data[name]; v != "" {
			r.Captures[capture] = clean(v)
		}
	}
	if e.About != AboutMachine && r.Captures[string(e.About)] == "" {
		return Reading{}, false
	}
	for i := range e.Cases {
		if e.Cases[i].fits(r.Captures) {
			r.refine(e.Cases[i].Outcome)
			break
		}
	}
	for _, text := range []*string{&r.Meaning, &r.Ref, &r.Subject, &r.Topic, &r.Remedy} {
		*text = fill(*text, r.Captures)
	}
	return r, true
}

// by compares the provider's name. Event Viewer leaves out what all of Microsoft's have in front.
func (e *SystemEvent) by(provider string) bool {
	const front = "Microsoft-Windows-"
	return slices.ContainsFunc(append([]string{e.Provider, strings.TrimPrefix(e.Provider, front)}, e.Also...), func(name string) bool {
		return strings.EqualFold(name, strings.TrimSpace(provider))
	})
}
