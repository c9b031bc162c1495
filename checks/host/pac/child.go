package pac

import (
	"bufio"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// marker is the variable that makes a program with this package in it the child of a run.
const marker = "LINECHECK_SCRIPT_CHILD"

// How a child ends that stops itself.
const (
	codeGreedy  = 3
	codeEndless = 4
)

// A process that was started as a child is taken over before main, and before main's flags: so a script is on its own in
// every program that this package is linked into, a test's included, and none of them can forget it.
func init() {
	if os.Getenv(marker) != "" {
		os.Exit(serve(os.Stdin, os.Stdout))
	}
}

// The stack of one goroutine may grow to this. Twice as much is taken for a moment as it grows.
const stackSize = 64 << 20

// serve is the whole life of a child. What it is told comes line by line; when the parent is gone, so is it.
func serve(in io.Reader, out io.Writer) int {
	debug.SetMaxStack(stackSize)
	replies := make(chan reply)
	var o order
	from := json.NewDecoder(bufio.NewReader(in))
	if from.Decode(&o) != nil {
		return 1
	}
	// Before anything ticks beside it: every tick carries a time of that zone.
	if _, off := o.Now.In(time.Local).Zone(); off != offset(o.Now) {
		time.Local = time.FixedZone("", offset(o.Now))
	}
	debug.SetMemoryLimit(int64(o.Memory) * 3 / 4) // collect before the watch ends it
	go watch(o.Memory)
	time.AfterFunc(o.Wait+time.Second, func() { os.Exit(codeEndless) })
	go func() {
		for {
			var r reply
			if from.Decode(&r) != nil {
				os.Exit(1)
			}
			replies <- r
		}
	}()
	enc := json.NewEncoder(out)
	say := func(w word) {
		if enc.Encode(w) != nil {
			os.Exit(1)
		}
	}
	evaluate(o, say, func(name string) []netip.Addr {
		say(word{Ask: name})
		return (<-replies).Addrs
	})
	return 0
}

func offset(t time.Time) int {
	_, off := t.Zone()
	return off
}

// watch ends the process when its heap grows beyond the bound. A single great leap between two looks is the system's to
// refuse ([Job.Confine]).
func watch(memory uint64) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		if metrics.Read(heap); heap[0].Value.Uint64() > memory {
			os.Exit(codeGreedy)
		}
	}
}
