package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"linecheck/checks/host/pac"
)

// engine runs scripts with goja, in a child process: Linux has no engine of its own that every program uses.
type engine struct{}

func (engine) Engine() string { return "goja" }

func (engine) Run(ctx context.Context, s Script, urls []string) ([]Choice, error) {
	if len(s.Text) > ScriptSize {
		return nil, fmt.Errorf("the script is larger than %d bytes", ScriptSize)
	}
	at := make([]pac.Address, len(urls))
	for i, u := range urls {
		var err error
		if at[i].URL, at[i].Host, err = scriptAddress(u); err != nil {
			return nil, err
		}
	}
	answers, err := pac.Run(ctx, pac.Job{
		Text: ScriptText(s.Text), Origin: s.Origin, Lookup: s.Lookup, Own: s.Own, Now: s.Now,
		Wait: ScriptWait, Memory: ScriptMemory, Program: "/proc/self/exe", Confine: confine,
	}, at)
	var f *pac.Fault
	if errors.As(err, &f) {
		return nil, scriptError(f)
	}
	if err != nil {
		return nil, err
	}
	out := make([]Choice, len(answers))
	for i, a := range answers {
		if out[i].Result = a.Result; a.Fault != nil {
			out[i].Err = scriptError(a.Fault)
		}
	}
	return out, nil
}

func scriptError(f *pac.Fault) *ScriptError {
	return &ScriptError{Fault: ScriptFault(f.Kind), Line: f.Line, Text: f.Text}
}

// engineMemory is what Go's runtime takes beside the heap, and room for a stack that grows.
const engineMemory = 512 << 20

// confine sets the system's bounds of a child: its memory (RLIMIT_DATA holds private writable mappings since Linux 4.7),
// its processor's time should this program die before it, and no memory dump. Nothing is set higher than it is.
func confine(pid int) error {
	seconds := uint64(ScriptWait/time.Second) * 2
	for which, n := range map[int]uint64{
		unix.RLIMIT_DATA: ScriptMemory + engineMemory,
		unix.RLIMIT_CPU:  seconds,
		unix.RLIMIT_CORE: 0,
	} {
		var old unix.Rlimit
		err := unix.Prlimit(pid, which, nil, &old)
		if n = min(n, old.Max); err == nil {
			err = unix.Prlimit(pid, which, &unix.Rlimit{Cur: n, Max: n}, nil)
		}
		if err != nil {
			return fmt.Errorf("prlimit: %w", err)
		}
	}
	return nil
}
