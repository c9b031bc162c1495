package wizard

import "slices"

// String is the page as one looks for it.
func (s Source) String() string {
	if s.URL == "" {
		return s.Title
	}
	return s.Title + ", " + s.URL
}

// sourcesOf are the pages behind what a lost connection means, each once.
func sourcesOf(impact []Effect) []Source {
	var out []Source
	for _, e := range impact {
		if e.Source != (Source{}) && !slices.Contains(out, e.Source) {
			out = append(out, e.Source)
		}
	}
	return out
}
