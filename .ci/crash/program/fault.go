package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// Where the faults are planned and where the calls are written down. Both leave the environment before anything is started.
const (
	faultVariable = "LINECHECK_CRASH"
	traceVariable = "LINECHECK_TRACE"
)

// fault is one thing that goes wrong, once, at one call.
type fault struct {
	how   string // "kill", "panic", "fill", "session": all processes of this one's control group are killed at once
	when  string // "before", "after", "inside"
	call  int    // from 1
	where string // inside: how many entries of the folder were moved, or are gone; fill: the folder whose disk is filled
}

// faults counts the calls of the hands and goes wrong where it is planned.
type faults struct {
	plan []fault

	mu    sync.Mutex
	calls int
	trace *os.File
}

// planned reads the two variables. Faults stand between semicolons: "kill before 7", "panic after 7", "kill inside 5 20",
// "fill before 7 /folder".
func planned() (*faults, error) {
	f := &faults{}
	plan, trace := os.Getenv(faultVariable), os.Getenv(traceVariable)
	for _, v := range []string{faultVariable, traceVariable} {
		if err := os.Unsetenv(v); err != nil {
			return nil, err
		}
	}
	for one := range strings.SplitSeq(plan, ";") {
		if one == "" {
			continue
		}
		var p fault
		n, _ := fmt.Sscanf(one, "%s %s %d %s", &p.how, &p.when, &p.call, &p.where)
		if n < 3 || !strings.Contains(" kill panic fill session ", " "+p.how+" ") || !strings.Contains(" before after inside ", " "+p.when+" ") {
			return nil, fmt.Errorf("%s is %q", faultVariable, plan)
		}
		f.plan = append(f.plan, p)
	}
	if trace != "" {
		var err error
		if f.trace, err = os.OpenFile(trace, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// at wraps one call. shelf is the folder that the call empties; "": one that tells of each entry, or none at all.
func (f *faults) at(name, shelf string, do func(moved func(int)) error) error {
	f.mu.Lock()
	f.calls++
	n := f.calls
	f.mu.Unlock()
	f.write("%d %s", n, name)
	f.strike(n, "before")
	over := make(chan struct{})
	inside, entries := f.inside(n)
	if inside && shelf != "" {
		go f.watch(n, shelf, entries, over)
	}
	err := do(func(moved int) {
		if inside && shelf == "" && moved >= entries {
			f.strike(n, "inside")
		}
	})
	close(over)
	f.write("%d done: %v", n, err)
	f.strike(n, "after")
	return err
}

func (f *faults) inside(call int) (bool, int) {
	for _, p := range f.plan {
		if p.call == call && p.when == "inside" {
			n := 1
			_, _ = fmt.Sscanf(p.where, "%d", &n)
			return true, n
		}
	}
	return false, 0
}

// watch strikes as soon as so many entries of a folder are gone. Its panic is one that nobody can recover from.
func (f *faults) watch(call int, dir string, entries int, over <-chan struct{}) {
	all := count(dir)
	for {
		select {
		case <-over:
			return
		default:
			if left := count(dir); left >= 0 && all-left >= entries {
				f.strike(call, "inside")
			}
		}
	}
}

func count(dir string) int {
	d, err := os.Open(dir)
	if err != nil {
		return -1
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	return len(names)
}

func (f *faults) strike(call int, when string) {
	for _, p := range f.plan {
		if p.call != call || p.when != when {
			continue
		}
		f.write("%s", p.how)
		switch p.how {
		case "panic":
			panic("as planned")
		case "kill":
			me, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = me.Kill() // SIGKILL; TerminateProcess on Windows
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "still alive:", err)
			}
			select {}
		case "session":
			endSession()
			select {}
		case "fill":
			fill(p.where)
		}
	}
}

// fill leaves no byte free on the disk of a folder.
func fill(dir string) {
	b := make([]byte, 1<<20)
	for size := len(b); size > 0; size /= 2 {
		for i := 0; ; i++ {
			file, err := os.OpenFile(fmt.Sprintf("%s/filler-%d-%d", dir, size, i), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				break
			}
			_, err = file.Write(b[:size])
			file.Close()
			if err != nil {
				break
			}
		}
	}
}

func (f *faults) write(format string, args ...any) {
	if f.trace != nil {
		fmt.Fprintf(f.trace, format+"\n", args...)
	}
}

// endSession is what becomes of a login session whose processes the system does not let live on (KillUserProcesses of
// logind.conf(5)).
func endSession() {
	b, err := os.ReadFile("/proc/self/cgroup")
	_, group, _ := strings.Cut(strings.TrimSpace(string(b)), "::")
	if err == nil {
		err = os.WriteFile("/sys/fs/cgroup"+group+"/cgroup.kill", []byte("1"), 0)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "still alive:", err)
	}
}
