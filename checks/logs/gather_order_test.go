package logs

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// anyLog is a log of random lines in the order of their times.
func anyLog(r *rand.Rand, name string) string {
	var b strings.Builder
	at := noon.Add(-time.Duration(r.IntN(40*60)) * time.Minute)
	kinds := []string{curl28, curl5, doorman, nothing, " [15c0.1d1c] .W: ipc_impl::on_async_complete_ex: winrpc call completed err 201\n",
		" [15c0.1d1c] .W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 201 (28) for http task 0B, time %d ms\n",
		" [15c0.1d1c] .W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258\n",
		" [15c0.1d1c] .W: fs::rs::WinSocket::Impl::connect: Conection timeout: h%d.fsapi.com\n"}
	switch {
	case strings.HasPrefix(name, "DeepGuard"):
		kinds = []string{orsp, tooMany, orspSlow, nothing}
	case strings.HasPrefix(name, "ds_agent"):
		kinds = []string{lostScan, backScan, lostWeb, backWeb, lostAt(one), lostAt(two), ": [dsa.Heartbeat/5] | Unable to reach a manager. | x.lua:149:(null) | 1F8C:5E4:t\n"}
	}
	for range 20 + r.IntN(60) {
		at = at.Add(time.Duration(r.IntN(600_000)+1) * time.Millisecond)
		text := kinds[r.IntN(len(kinds))]
		if strings.Contains(text, "%d") {
			text = fmt.Sprintf(text, r.IntN(4000))
		}
		b.WriteString(at.Format("2006-01-02 15:04:05.000") + text)
	}
	return b.String()
}

// all is everything that is said, as text.
func all(g *gather) string {
	p := trend()
	p.Budget = assets.Budget{AnswerMS: 1000, Mark: assets.Inferred}
	found := append(g.judge(noon, 24*time.Hour, time.Hour, time.UTC), g.views(p, checks.Route{}, noon, 24*time.Hour, time.UTC)...)
	found = append(found, g.swingFindings(noon, time.UTC)...)
	for i := range found {
		found[i].Path = nil
	}
	b, err := json.MarshalIndent(found, "", " ")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Neither the order in which files are read nor who reads them changes a word of what is said.
func TestTheOrderOfFilesSaysNothing(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 4))
		names := []string{"fsscorplug.log", "fsscorplug.log.1", "fsscorplug.log.2", "DeepGuard.log", "DeepGuard.log.1", "ds_agent.log", "ds_agent-01.log", "orspplug.log"}
		files := map[string]string{}
		for _, n := range names {
			files[n] = anyLog(r, n)
		}
		parts := poured(t, files)
		want := all(merged(parts, names))
		for range 4 {
			r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			if got := all(merged(parts, names)); got != want {
				t.Fatalf("seed %d: merged as %q\n%s", seed, names, differ(got, want))
			}
			half := merged(parts, names[:4])
			half.merge(merged(parts, names[4:]))
			if got := all(half); got != want {
				t.Fatalf("seed %d: merged by halves as %q\n%s", seed, names, differ(got, want))
			}
			if got := all(atOnce(t, files, names)); got != want {
				t.Fatalf("seed %d: gathered at once as %q\n%s", seed, names, differ(got, want))
			}
		}
	}
}

// atOnce gathers the logs one after the other, the newest of each family last.
func atOnce(t *testing.T, files map[string]string, order []string) *gather {
	order = slices.Clone(order)
	slices.SortStableFunc(order, func(a, b string) int { // a machine's logs are read oldest first where it matters since when one fails
		return strings.Compare(firstStamp(files[a]), firstStamp(files[b]))
	})
	g := newGather(time.Time{})
	for _, name := range order {
		c, err := newCursor(sourceOf(name), time.UTC, false, g.add)
		must(t, err)
		must(t, c.pour(context.Background(), strings.NewReader(files[name])))
		c.end()
		g.settle()
	}
	return g
}

func firstStamp(text string) string { return text[:23] }

func differ(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := max(0, i-12)
			return fmt.Sprintf("got\n%s\nwant\n%s", strings.Join(a[from:i+1], "\n"), strings.Join(b[from:i+1], "\n"))
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}
