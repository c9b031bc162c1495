package allowlist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// names are what the system's DNS cache holds, or why that is not known.
type names struct {
	list []string
	err  error
}

const (
	inLogs   = "the product's logs"
	inCache  = "the system's DNS cache"
	maxSeen  = 5   // names in a sentence
	maxTable = 100 // names in a table

	cacheWait = 100 * time.Millisecond // for the system's cache, after the walks
)

// cached asks for the names in the system's DNS cache beside the walks, where the profile has a wildcard to hold them
// against. The returned function waits for the answer a moment more, not longer than the walks themselves would.
func (r *run) cached(ctx context.Context) func() names {
	if len(r.env.Profile.Wildcards) == 0 {
		return func() names { return names{} }
	}
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan names, 1)
	go func() {
		list, err := r.env.Machine.Network.Cached(ctx)
		out <- names{list, err}
	}()
	return func() names {
		defer cancel()
		defer time.AfterFunc(cacheWait, cancel).Stop()
		return <-out
	}
}

// wildcard says that nobody can test it, and which names of this machine's own it stands for.
func (r *run) wildcard(pattern string, cached names) checks.Finding {
	f := checks.Finding{Code: Wildcard, Status: checks.Note, Subject: pattern, View: "you", At: time.Now(), Args: map[string]string{}}
	logged, known := checks.Get[[]string](r.env.Facts, checks.FactHosts)
	where := map[string]string{}
	note := func(list []string, place string) {
		for _, n := range list {
			n = strings.ToLower(strings.TrimSuffix(n, "."))
			if !covers(pattern, n) || !hostName(n) || tested(r.env.Profile, n) || strings.Contains(where[n], place) {
				continue
			}
			where[n] = strings.TrimPrefix(where[n]+", "+place, ", ")
		}
	}
	note(logged, inLogs)
	note(cached.list, inCache)
	none := "No further name of this kind was seen on this computer."
	if !known {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: inLogs, Text: "they had not been read when this was looked at"})
		none = "No name of this kind is known here; the product's logs had not been read. Run this step again after them."
	}
	switch {
	case errors.Is(cached.err, host.ErrUnsupported):
		f.Evidence = append(f.Evidence, checks.Evidence{Source: inCache, Text: "this system has none that can be asked"})
	case cached.err != nil:
		f.Evidence = append(f.Evidence, checks.Evidence{Source: inCache, Text: cached.err.Error()})
	}
	var found []string
	for n := range where {
		found = append(found, n)
	}
	slices.Sort(found)
	f.Args["count"] = strconv.Itoa(len(found))
	if len(found) == 0 {
		f.Args["found"] = none
		return f
	}
	few := strings.Join(found[:min(len(found), maxSeen)], ", ")
	f.Args["seen"] = few
	if more := len(found) - maxSeen; more > 0 {
		few += fmt.Sprintf(" and %d more", more)
	}
	f.Args["found"] = "Names of this kind seen on this computer: " + few + ". Add one to a profile to test it."
	f.Table = &checks.Table{Head: []string{"Name", "Seen in"}}
	for _, n := range found[:min(len(found), maxTable)] {
		f.Table.Rows = append(f.Table.Rows, []string{n, where[n]})
	}
	return f
}

// covers reports whether a wildcard of the form *.example.com stands for a name in small letters.
func covers(pattern, name string) bool {
	tail, ok := strings.CutPrefix(strings.ToLower(pattern), "*")
	return ok && len(name) > len(tail) && strings.HasSuffix(name, tail)
}

// hostName reports whether a text can be the name of a host: what stands in a log may be anything.
func hostName(s string) bool {
	return len(s) <= 253 && !strings.HasPrefix(s, ".") && !strings.Contains(s, "..") &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-._") == ""
}

func tested(p *assets.Profile, name string) bool {
	return slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return strings.EqualFold(e.Host, name) })
}
