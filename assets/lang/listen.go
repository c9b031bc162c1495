package lang

import "sync"

var (
	askedMu sync.Mutex
	askedOf map[string]string // nil: nobody listens
)

// Listen starts to note what [Or] is asked for, and returns a function that ends it and tells: key by key the English. It is
// for the test that finds a missing or unused wording.
func Listen() (end func() map[string]string) {
	askedMu.Lock()
	defer askedMu.Unlock()
	askedOf = map[string]string{}
	return func() map[string]string {
		askedMu.Lock()
		defer askedMu.Unlock()
		m := askedOf
		askedOf = nil
		return m
	}
}

func asked(key, english string) {
	askedMu.Lock()
	defer askedMu.Unlock()
	if askedOf != nil {
		askedOf[key] = english
	}
}
