package assets

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"
)

// Portal is an address that a system asks without encryption to see whether its network wants a login first.
type Portal struct {
	URL    string `yaml:"url"`
	OS     string `yaml:"os"`     // whose own question it is: "windows" or "linux"; "" where it is another's
	Status int    `yaml:"status"` // what its owner answers
	Body   string `yaml:"body"`   // its whole body, outer spaces apart; "" where Has is given or it is empty
	Has    string `yaml:"has"`    // a part of its body
	Mark   Mark   `yaml:"mark"`   // how well that is known; third_party where nothing is said
}

// Endpoint is the address as something to walk to, with what is expected of it.
func (p Portal) Endpoint() Endpoint {
	mark := cmp.Or(p.Mark, ThirdParty)
	e := Endpoint{Scheme: "http", Port: 80, Path: "/", Mark: mark,
		Expect: Expect{Status: []int{p.Status}, Body: p.Body, BodyContains: p.Has, Mark: mark}}
	if p.Body == "" && p.Has == "" {
		e.Expect.BodyLength = new(int)
	}
	if u, err := url.Parse(p.URL); err == nil {
		e.Host, e.Path = u.Hostname(), u.RequestURI()
		if n, err := strconv.Atoi(u.Port()); err == nil {
			e.Port = n
		}
	}
	return e
}

func (p Portal) check() error {
	u, err := url.Parse(p.URL)
	switch {
	case p.Mark != "" && !p.Mark.known():
		return errors.New("mark is none of the known ones")
	case err != nil || u.Scheme != "http" || u.Hostname() == "" || u.User != nil:
		return errors.New("needs a plain http address")
	case p.OS != "" && p.OS != "windows" && p.OS != "linux":
		return errors.New("os is windows, linux or nothing")
	case p.Status < 200 || p.Status > 299:
		return errors.New("needs the status of a success")
	case p.Body != "" && p.Has != "":
		return errors.New("has a body or a part of one, not both")
	}
	return nil
}
