package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// standIn stands in for the event log service: newest event first, in batches, and it counts what stays open.
type standIn struct {
	events  []string // XML, newest first
	batch   int
	slow    int // how often it needs longer first
	hang    bool
	fails   error
	at      int
	open    map[uintptr]bool
	handles uintptr
	asked   []string // publishers
}

func (s *standIn) handle() uintptr {
	if s.open == nil {
		s.open = map[uintptr]bool{}
	}
	s.handles++
	s.open[s.handles] = true
	return s.handles
}

func (s *standIn) query(EventQuery) (uintptr, error) {
	if s.fails != nil && s.batch == 0 {
		return 0, s.fails
	}
	return s.handle(), nil
}

func (s *standIn) next(_ uintptr, into []uintptr) (int, error) {
	switch {
	case s.hang:
		time.Sleep(time.Millisecond)
		return 0, errNoneYet
	case s.slow > 0:
		s.slow--
		return 0, errNoneYet
	case s.at >= len(s.events) && s.fails != nil:
		return 0, s.fails
	case s.at >= len(s.events):
		return 0, io.EOF
	}
	n := min(s.batch, len(into), len(s.events)-s.at)
	for i := range n {
		into[i] = s.handle()
	}
	s.at += n
	return n, nil
}

// render gives the events in the order in which their handles were opened; publishers' handles come between.
func (s *standIn) render(event uintptr) ([]byte, error) {
	i := int(event) - 2 - len(s.asked)
	if s.events[i] == "large" {
		return nil, errors.New("insufficient buffer")
	}
	return []byte(s.events[i]), nil
}

func (s *standIn) publisher(name string) uintptr {
	if s.asked = append(s.asked, name); name == "B" {
		return 0
	}
	return s.handle()
}

func (s *standIn) format(publisher, _ uintptr) string { return fmt.Sprintf("text of %d", publisher) }

func (s *standIn) close(h uintptr) {
	if !s.open[h] {
		panic("closed twice, or never opened")
	}
	delete(s.open, h)
}

func numberedEvents(n int) (out []string) {
	for i := n; i > 0; i-- {
		out = append(out, fmt.Sprintf("<Event><System><Provider Name='A'/><EventID>%d</EventID><EventRecordID>%d</EventRecordID></System><RenderingInfo><Message>m</Message></RenderingInfo></Event>", i%7, i))
	}
	return out
}

func TestReadingOfEvents(t *testing.T) {
	for name, c := range map[string]struct {
		s       *standIn
		q       EventQuery
		want    string // the first and the last number, and how many
		more    bool
		problem string
	}{
		"fewer than a batch":           {&standIn{events: numberedEvents(5), batch: 32}, EventQuery{}, "1-5 of 5", false, ""},
		"many batches":                 {&standIn{events: numberedEvents(100), batch: 7}, EventQuery{}, "1-100 of 100", false, ""},
		"more than wanted":             {&standIn{events: numberedEvents(100), batch: 7}, EventQuery{Most: 10}, "91-100 of 10", true, ""},
		"just as many as wanted":       {&standIn{events: numberedEvents(10), batch: 7}, EventQuery{Most: 10}, "1-10 of 10", false, ""},
		"the usual bound":              {&standIn{events: numberedEvents(1200), batch: 32}, EventQuery{}, "201-1200 of 1000", true, ""},
		"a service that takes longer":  {&standIn{events: numberedEvents(5), batch: 2, slow: 3}, EventQuery{}, "1-5 of 5", false, ""},
		"numbers that were not asked":  {&standIn{events: numberedEvents(14), batch: 4}, EventQuery{IDs: []int{3}}, "3-10 of 2", false, ""},
		"no events":                    {&standIn{batch: 4}, EventQuery{}, "none", false, ""},
		"one that is too large":        {&standIn{events: append(numberedEvents(3), "large"), batch: 2}, EventQuery{}, "1-3 of 3", false, "could not be read"},
		"one that is no XML":           {&standIn{events: append([]string{"<Event"}, numberedEvents(3)...), batch: 2}, EventQuery{}, "1-3 of 3", false, "could not be read"},
		"no right":                     {&standIn{fails: ErrDenied}, EventQuery{Channel: "Security"}, "none", false, "Security: access denied"},
		"a service that ends half way": {&standIn{events: numberedEvents(3), batch: 2, fails: errors.New("the service ended")}, EventQuery{}, "1-3 of 3", false, "the service ended"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []uint64
			more, err := readEvents(t.Context(), c.s, c.q, func(e EventRecord) error { got = append(got, e.Record); return nil })
			text := "none"
			if len(got) > 0 {
				text = fmt.Sprintf("%d-%d of %d", got[0], got[len(got)-1], len(got))
			}
			if text != c.want || more != c.more || (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s, more %v, %v", text, more, err)
			}
			if len(c.s.open) > 0 {
				t.Errorf("%d handles stay open", len(c.s.open))
			}
		})
	}
}

func TestTextsOfAProviderAreOpenedOnce(t *testing.T) {
	event := func(provider string) string {
		return "<Event><System><Provider Name='" + provider + "'/><EventID>1</EventID></System></Event>"
	}
	s := &standIn{batch: 1, events: []string{event("A"), event("A"), event("A")}}
	n := 0
	_, err := readEvents(t.Context(), s, EventQuery{}, func(e EventRecord) error {
		if n++; !strings.HasPrefix(e.Message, "text of ") {
			t.Errorf("message %q", e.Message)
		}
		return nil
	})
	if err != nil || n != 3 || len(s.asked) != 1 || len(s.open) > 0 {
		t.Errorf("%d events, asked for %q, %d open, %v", n, s.asked, len(s.open), err)
	}
}

// What was read before time ran out is handed out, and the time that ran out is told.
func TestReadingOfEventsEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s := &standIn{hang: true, batch: 1}
		if _, err := readEvents(ctx, s, EventQuery{Channel: "System"}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		synctest.Wait()
		if len(s.open) > 0 {
			t.Errorf("%d handles stay open", len(s.open))
		}
	})
	stop := errors.New("enough")
	s := &standIn{events: numberedEvents(5), batch: 2}
	n := 0
	_, err := readEvents(t.Context(), s, EventQuery{}, func(EventRecord) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 || len(s.open) > 0 {
		t.Errorf("handed out %d, %d open, %v", n, len(s.open), err)
	}
}
