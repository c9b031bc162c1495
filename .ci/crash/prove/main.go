// Command prove breaks a cleanup off at every one of its steps, in every way it knows, and looks afterwards whether the
// machine is whole: services as before, the cache's content all back or all gone, nothing else touched, nothing left over.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// within is what the issue promises: so long after a crash every service runs again.
const within = 30 * time.Second

func main() {
	if len(os.Args) > 1 && os.Args[1] == "hoster" {
		hoster(os.Args[2:])
		return
	}
	kind := flag.String("world", "systemd", "systemd or wine")
	program := flag.String("program", "", "the program of this folder")
	dir := flag.String("dir", "", "a folder for this proof's own files")
	share := flag.Int("share", 0, "which share of the runs")
	of := flag.Int("of", 1, "of how many")
	only := flag.String("only", "", "only runs whose name matches")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random moments")
	verbose := flag.Bool("v", false, "print every run")
	flag.Parse()
	log.SetFlags(0)

	w, err := newWorld(*kind, *program, *dir)
	if err != nil {
		log.Fatal(err)
	}
	p := &proof{world: w, random: rand.New(rand.NewPCG(*seed, uint64(*share))), verbose: *verbose}
	runs, err := p.runs()
	if err != nil {
		log.Fatal(err)
	}
	match := regexp.MustCompile(*only)
	for i, r := range runs {
		if i%*of == *share && match.MatchString(r.name) {
			p.do(r)
		}
	}
	p.do(run{name: "last cleanup, undisturbed", scene: calm})
	if left := rubbish(p.places().journal); len(left) > 0 {
		p.failures = append(p.failures, "rubbish")
		fmt.Printf("   FAILED at the end there is left in the journal's folder: %q\n", left)
	}
	p.close()
	p.sum(*share, *seed)
	if len(p.failures) > 0 || p.count <= 1 {
		os.Exit(1)
	}
}

// proof counts.
type proof struct {
	world
	random   *rand.Rand
	verbose  bool
	count    int
	kinds    map[string]int // by the first word of the run's name
	outcomes map[string]int
	waits    []time.Duration // from the end of the program until every service was as before
	failures []string
}

func (p *proof) do(r run) {
	began := time.Now()
	o := p.play(r)
	p.count++
	if p.kinds == nil {
		p.kinds, p.outcomes = map[string]int{}, map[string]int{}
	}
	p.kinds[strings.Fields(r.name)[0]]++
	p.outcomes[o.content]++
	p.waits = append(p.waits, o.wait)
	if p.verbose || len(o.wrong) > 0 {
		fmt.Printf("   %-70s %-8s exit %-3d services %5.1f s, all %5.1f s\n", r.name, o.content, o.exit, o.wait.Seconds(), time.Since(began).Seconds())
	}
	for _, what := range o.wrong {
		p.failures = append(p.failures, r.name+": "+what)
		fmt.Printf("   FAILED %s: %s\n", r.name, what)
	}
	if len(o.wrong) > 0 {
		fmt.Println(short(o.said))
	}
}

func (p *proof) sum(share int, seed uint64) {
	slices.Sort(p.waits)
	var longest, middle time.Duration
	if n := len(p.waits); n > 0 {
		longest, middle = p.waits[n-1], p.waits[n/2]
	}
	fmt.Printf("   share %d (seed %d): %d runs, %d failures; %s; content: %s; services as before after %.1f s (median), %.1f s (longest)\n",
		share, seed, p.count, len(p.failures), listed(p.kinds), listed(p.outcomes), middle.Seconds(), longest.Seconds())
}

// short leaves out the middle of what a crash printed.
func short(s string) string {
	const most = 3000
	if len(s) > 2*most {
		return s[:most] + "\n…\n" + s[len(s)-most:]
	}
	return s
}

func listed(m map[string]int) string {
	var out []string
	for k, n := range m {
		out = append(out, fmt.Sprintf("%s %d", k, n))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
