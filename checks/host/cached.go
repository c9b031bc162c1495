package host

import (
	"strings"
	"time"
)

// Bounds of listing the system's DNS cache.
const (
	cachedWait = 2 * time.Second
	maxCached  = 10_000
)

// cachedNames gathers names, each once, small, without the last dot.
type cachedNames struct {
	names []string
	seen  map[string]bool
}

func (c *cachedNames) add(name string) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if hostName(name) != nil || len(c.names) >= maxCached || c.seen[name] {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[name] = true
	c.names = append(c.names, name)
}
