package tui

import "time"

// pace counts lines by the second, to say how many come now.
type pace struct {
	second [paceOver]int64
	lines  [paceOver]int
}

// paceOver is how many seconds are looked at: long enough for a number that does not jump.
const paceOver = 5

func (p *pace) add(now time.Time, n int) {
	s := now.Unix()
	i := s % paceOver
	if p.second[i] != s {
		p.second[i], p.lines[i] = s, 0
	}
	p.lines[i] += n
}

// per is how many lines a second came lately, at least one where any did.
func (p *pace) per(now time.Time) int {
	n := 0
	for i, s := range p.second {
		if now.Unix()-s < paceOver {
			n += p.lines[i]
		}
	}
	return (n + paceOver - 1) / paceOver
}
