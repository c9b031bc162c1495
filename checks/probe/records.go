package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// question asks the DNS servers themselves for one family of a name. Walks that need it share it; the last one to leave
// ends it, so that no walk waits for another's.
type question struct {
	done    chan struct{}
	cancel  context.CancelFunc
	readers int
	records []host.Records
}

// consult begins to ask, or joins who has begun. Every call needs a leave.
func (n *Names) consult(family, name string) *question {
	key := nameKey(family, name)
	n.mu.Lock()
	defer n.mu.Unlock()
	q, ok := n.questions[key]
	if !ok {
		ctx, cancel := context.WithTimeout(context.Background(), n.wait)
		q = &question{done: make(chan struct{}), cancel: cancel}
		n.questions[key] = q
		go func() {
			defer close(q.done)
			q.records = n.network.Records(ctx, family, name)
		}()
	}
	q.readers++
	return q
}

// leave gives what was answered by now, after a last wait. Nothing runs on behalf of those who left.
func (n *Names) leave(ctx context.Context, q *question, family, name string, wait time.Duration) []host.Records {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-q.done: // an answer that is there goes before a wait of nothing
	default:
		select {
		case <-q.done:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	n.mu.Lock()
	q.readers--
	last, in := q.readers == 0, false
	select {
	case <-q.done:
		in = true
	default:
		if last {
			delete(n.questions, nameKey(family, name))
		}
	}
	n.mu.Unlock()
	if !last && !in {
		return nil
	}
	q.cancel()
	<-q.done
	said := q.records[:min(len(q.records), maxServers)]
	if in {
		return said
	}
	// Who had not answered by now was not given its time, which says nothing.
	return slices.DeleteFunc(slices.Clone(said), func(r host.Records) bool { return r.Err != nil || r.Rcode == "" })
}

// consult has the DNS servers asked beside a direct walk, or for a proxy whose name gave no address. The function that it
// returns waits a little where the walk failed, and notes what they said.
func (w *walker) consult(name string, families []string) (note func(context.Context)) {
	if !publicName(name) {
		return func(context.Context) {}
	}
	asked := make([]*question, len(families))
	for i, f := range families {
		asked[i] = w.Names.consult(f, name)
	}
	return func(ctx context.Context) {
		wait := time.Duration(0)
		if w.a.Failed != "" {
			wait = w.lim.records
		}
		unsure := w.a.Failed == checks.Resolve && (w.a.Failure == checks.ServerFailure || w.a.Args["dns"] == string(checks.ServerFailure))
		if unsure {
			wait = w.lim.confirm
		}
		end := time.Now().Add(wait)
		for i, f := range families {
			said := w.Names.leave(ctx, asked[i], f, name, max(0, time.Until(end)))
			w.told(f, name, said)
			unsure = unsure && len(said) > 0 && !slices.ContainsFunc(said, func(r host.Records) bool { return r.Err == nil || r.Rcode != "" })
		}
		if unsure {
			w.unheard()
		}
	}
}

// unheard corrects what a resolver of the system calls a failing server: Wine's says so too where the way to every server
// is closed, which none of them can have said.
func (w *walker) unheard() {
	if w.proxied() {
		w.arg("dns", string(checks.NoAnswerDNS))
	} else {
		w.a.Failure = checks.NoAnswerDNS
		w.stage(checks.Resolve).Failure = checks.NoAnswerDNS
	}
	w.seen("DNS", "the system speaks of a server that fails, but none of its servers answers when it is asked itself")
}

// told notes what the servers said of one family, and where it is not what the programs of this machine get.
func (w *walker) told(family, name string, said []host.Records) {
	for _, r := range said {
		w.seen("DNS "+r.Server, "%s %s: %s", name, family, recordText(r))
	}
	got, known := w.got[family]
	if len(said) == 0 || !known {
		return
	}
	if i := slices.IndexFunc(said, func(r host.Records) bool { return fits(r, got) }); i >= 0 && w.a.Args["answered_by"] == "" {
		r := said[i]
		w.arg("answered_by", r.Server)
		w.arg("aliases", strings.Join(r.Aliases, " > "))
		if len(r.Addrs) > 0 {
			w.arg("ttl", fmt.Sprintf("%d s", int(r.TTL.Seconds())))
		}
	}
	heard := slices.DeleteFunc(slices.Clone(said), func(r host.Records) bool { return r.Err != nil || r.Rcode == "" })
	for _, r := range heard {
		if !agree(heard[0], r) {
			w.arg("dns_differs", "servers")
			w.seen("DNS", "the servers do not agree on %s: %s says %s, %s says %s", name,
				heard[0].Server, brief(heard[0]), r.Server, brief(r))
			break
		}
	}
	if len(heard) > 0 && !slices.ContainsFunc(heard, func(r host.Records) bool { return fits(r, got) }) {
		w.arg("dns_differs", "computer")
		w.elsewhere = append(w.elsewhere, heard[0].Addrs...)
		w.seen("DNS", "programs on this computer get %s for %s, and %s says %s. A hosts file, a name policy, a cache, split DNS or a load balancer can be why",
			cmp.Or(list(got), "no address"), name, heard[0].Server, brief(heard[0]))
	}
}

// fits reports whether a server's answer can be the one that the programs of this machine got.
func fits(r host.Records, got []netip.Addr) bool {
	if r.Err != nil || r.Rcode == "" {
		return false
	}
	return len(got) == 0 && len(r.Addrs) == 0 || slices.ContainsFunc(r.Addrs, func(a netip.Addr) bool { return slices.Contains(got, a.Unmap()) })
}

// agree reports whether two servers say the same; load balancers give parts of one set to each.
func agree(a, b host.Records) bool {
	if len(a.Addrs) == 0 || len(b.Addrs) == 0 {
		return len(a.Addrs) == len(b.Addrs) && a.Rcode == b.Rcode
	}
	return slices.ContainsFunc(a.Addrs, func(x netip.Addr) bool { return slices.Contains(b.Addrs, x) }) ||
		slices.Equal(a.Aliases, b.Aliases) && len(a.Aliases) > 0
}

func brief(r host.Records) string { return cmp.Or(list(r.Addrs), r.Rcode) }

func recordText(r host.Records) string {
	if r.Err != nil || r.Rcode == "" {
		return fmt.Sprintf("no answer: %v", r.Err)
	}
	parts := []string{r.Rcode}
	if len(r.Aliases) > 0 {
		parts = append(parts, "alias "+strings.Join(r.Aliases, " > "))
	}
	if len(r.Addrs) > 0 {
		parts = append(parts, list(r.Addrs), fmt.Sprintf("TTL %d s", int(r.TTL.Seconds())))
	}
	return strings.Join(append(parts, "after "+Span(r.Took)), ", ")
}
