package main

import (
	"fmt"
	"strings"
	"time"
)

// runs makes the list of all runs out of the calls that undisturbed cleanups make.
func (p *proof) runs() ([]run, error) {
	var out []run
	for _, s := range []scene{calm, deaf, stubborn, resting} {
		calls, took, err := p.calls(s)
		if err != nil {
			return nil, err
		}
		first := 0
		if s == deaf || s == stubborn {
			first = at(calls, "shelve") // until there it is the calm one
		}
		out = append(out, p.everywhere(s, calls, first)...)
		out = append(out, middles(s, calls)...)
		if s == calm {
			out = append(out, p.more(calls, took)...)
		}
	}
	return out, nil
}

// everywhere is before and after every call, by death and by panic.
func (p *proof) everywhere(s scene, calls []string, first int) []run {
	var out []run
	for i, call := range calls {
		for _, how := range []string{"kill", "panic"} {
			for _, when := range []string{"before", "after"} {
				if i < first {
					continue
				}
				if s != calm && (when == "after" && (how == "panic" || !p.unix()) || s == stubborn && how == "panic" && !p.unix()) {
					continue // nearly as before the next one; Wine takes its time
				}
				out = append(out, run{name: fmt.Sprintf("%s %s call %d (%s), %s", how, when, i+1, call, s), scene: s, faults: fmt.Sprintf("%s %s %d", how, when, i+1)})
			}
		}
	}
	return out
}

// middles is in the middle of the calls that take their time. A panic there is in no one's hands in what empties a shelf.
func middles(s scene, calls []string) []run {
	var out []run
	for _, word := range []string{"shelve", "return", "discard"} {
		i := at(calls, word)
		if i < 0 || s != calm && word != "return" {
			continue
		}
		for _, how := range []string{"kill", "panic"} {
			for _, entries := range []int{1, 70, 140} {
				out = append(out, run{name: fmt.Sprintf("%s inside call %d (%s, %d entries), %s", how, i+1, word, entries, s), scene: s,
					faults: fmt.Sprintf("%s inside %d %d", how, i+1, entries)})
			}
		}
	}
	return out
}

// at is where the first call of a kind stands, -1 where none is.
func at(calls []string, word string) int {
	for i, c := range calls {
		if strings.HasPrefix(c, word) {
			return i
		}
	}
	return -1
}

// moment is some time within a cleanup.
func (p *proof) moment(took time.Duration) time.Duration {
	return time.Duration(p.random.Int64N(int64(took)))
}
