package assets

// Captures are the named pieces of a line. They hold the line in memory. The zero value has none.
type Captures struct {
	of   *outcome
	line string
	at   [maxGroups]span // of the groups that are not in of
}

// span is a piece of a line that is no longer than lineMax; none where it is empty.
type span struct{ from, to uint16 }

// Named is captures that somebody else made. The map must not be changed afterwards.
func Named(all map[string]string) Captures {
	return Captures{of: &outcome{known: list(all)}}
}

func list(all map[string]string) []capture {
	out := make([]capture, 0, len(all))
	for name, v := range all {
		out = append(out, capture{name, v})
	}
	return out
}

// Get is what one of them holds; "" where there is none of that name. It has no control characters.
func (c *Captures) Get(name string) string {
	if c.of == nil {
		return ""
	}
	for i := range c.of.known {
		if c.of.known[i].name == name {
			return c.of.known[i].value
		}
	}
	for i := len(c.of.names) - 1; i > 0; i-- {
		if s := c.at[i]; s.to > s.from && c.of.names[i] == name {
			return clean(c.line[s.from:s.to])
		}
	}
	return ""
}

// None reports whether there are none.
func (c *Captures) None() bool { return c.of == nil || len(c.of.known) == 0 && len(c.of.names) == 0 }

// Map is a copy of all of them.
func (c *Captures) Map() map[string]string {
	out := map[string]string{}
	if c.of == nil {
		return out
	}
	for i, name := range c.of.names {
		if s := c.at[i]; s.to > s.from && name != "" {
			out[name] = clean(c.line[s.from:s.to])
		}
	}
	for _, k := range c.of.known {
		out[k.name] = k.value
	}
	return out
}
