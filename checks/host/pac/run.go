package pac

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Run gives the script's answers for all addresses, in their order. A [*Fault] is the script's, any other error is not.
// When it returns, the child has ended.
func Run(ctx context.Context, j Job, at []Address) ([]Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	program := j.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("the script's engine cannot be started: %w", err)
		}
	}
	bounded, cancel := context.WithTimeout(ctx, j.Wait)
	defer cancel()
	p := &parent{ctx: bounded, job: j, at: at, known: map[string][]netip.Addr{}}
	err := p.run(program)
	if errors.Is(err, errCrashed) {
		p = &parent{ctx: bounded, job: j, at: at, known: map[string][]netip.Addr{}}
		err = p.run(program)
	}
	switch {
	case err == nil:
		return p.answers, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case bounded.Err() != nil:
		return nil, &Fault{Kind: Endless, Text: p.late()}
	}
	return nil, err
}

// parent is the side of a run that stays.
type parent struct {
	ctx     context.Context
	job     Job
	at      []Address
	answers []Answer
	read    bool                    // the script could be read
	known   map[string][]netip.Addr // names that were looked up
	slow    []string                // those that took a second or longer
	waited  time.Duration           // for names
}

func (p *parent) run(program string) error {
	// The environment may hold a proxy's password, so the child gets none of it. TZ is no secret, and the script's hours
	// are those of this process. One processor is for the script, one for the watch beside it.
	env := []string{marker + "=1", "GOTRACEBACK=none", "GOMAXPROCS=2"}
	if tz, ok := os.LookupEnv("TZ"); ok {
		env = append(env, "TZ="+tz)
	}
	last := &tail{}
	cmd := exec.CommandContext(p.ctx, program)
	cmd.Args = []string{"linecheck: proxy script"} // what a list of processes shows
	cmd.Env, cmd.Stderr, cmd.WaitDelay = env, last, time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("the script's engine cannot be started: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("the script's engine cannot be started: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the script's engine cannot be started: %w", err)
	}
	if p.job.Confine != nil {
		err = p.job.Confine(cmd.Process.Pid)
	}
	if err == nil {
		err = p.talk(in, out)
	} else {
		err = fmt.Errorf("the script's engine cannot be bounded, so it was not started: %w", err)
	}
	if errors.Is(err, errBroken) { // it says no more, so it has ended or is about to: let its last words come
		in.Close()
		if werr := cmd.Wait(); werr != nil {
			return p.died(werr, last.String())
		}
		return err
	}
	_ = cmd.Process.Kill()
	in.Close()
	_ = cmd.Wait() // a killed process ends with an error
	return err
}

// errBroken says that the child ended before it was done.
var errBroken = errors.New("the script's engine ended too early")

// errCrashed says that it was not the script that ended it: a program without unsafe code crashes only where Go's runtime
// itself stumbles, which it does, seldom, where the system bounds its memory. Once more may end otherwise.
var errCrashed = fmt.Errorf("%w by a crash of its own", errBroken)

// talk gives the order and answers until the child is done.
func (p *parent) talk(in io.Writer, out io.Reader) error {
	now := p.job.Now
	if now.IsZero() {
		now = time.Now()
	}
	say := json.NewEncoder(in)
	err := say.Encode(order{Text: p.job.Text, Origin: p.job.Origin, Addresses: p.at, Own: p.job.Own, Now: now,
		Wait: p.job.Wait, Memory: p.job.Memory, Names: Names + len(p.at)})
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, lineSize)
	for lines.Scan() {
		var w word
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			return errors.New("the script's engine does not keep to what was agreed")
		}
		switch {
		case w.Fault != nil:
			return w.Fault
		case w.Done && len(p.answers) == len(p.at):
			return nil
		case w.Read:
			p.read = true
		case w.Answer != nil && len(p.answers) < len(p.at):
			p.answers = append(p.answers, *w.Answer)
		case w.Ask != "" && p.may(w.Ask):
			if err := say.Encode(reply{p.lookup(w.Ask)}); err != nil {
				return fmt.Errorf("%w: %w", errBroken, err)
			}
		default:
			return errors.New("the script's engine does not keep to what was agreed")
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return errors.New("the script's engine does not keep to what was agreed")
	}
	return errBroken
}

// may keeps the child to its bounds: it counts by itself, and it is not trusted.
func (p *parent) may(name string) bool {
	_, known := p.known[name]
	return isName(name) && (known || len(p.known) < Names+len(p.at))
}

func (p *parent) lookup(name string) []netip.Addr {
	addrs, known := p.known[name]
	if known {
		return addrs
	}
	if p.job.Lookup != nil {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(p.ctx, nameWait)
		addrs, _ = p.job.Lookup(ctx, name) // to a script a name has addresses or it has none
		cancel()
		took := time.Since(begun)
		if p.waited += took; took >= time.Second {
			p.slow = append(p.slow, name)
		}
	}
	addrs = slices.Clone(addrs[:min(len(addrs), 64)])
	for i := range addrs {
		addrs[i] = addrs[i].WithZone("")
	}
	p.known[name] = addrs
	return addrs
}

// late says why time was up. A script that waits for DNS is not to blame for that.
func (p *parent) late() string {
	text := fmt.Sprintf("it did not end within %s", p.job.Wait)
	if len(p.slow) > 0 {
		text += fmt.Sprintf("; for %s of that it waited for DNS, which was slow for %s",
			p.waited.Round(100*time.Millisecond), strings.Join(p.slow[:min(len(p.slow), 3)], ", "))
	}
	return short(text)
}

// died tells from how the child ended what the script did. Go's runtime ends a program that gets no memory, or whose
// stack is too deep, with code 2 and a sentence; nothing can catch that.
func (p *parent) died(err error, last string) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(last, w) })
	}
	switch {
	case exit.ExitCode() == codeGreedy, has("out of memory", "cannot allocate", "failed to allocate"),
		p.read && has("new OS thread", "pthread_create failed"): // a thread's stack is memory too
		return greedy(p.job.Memory)
	case exit.ExitCode() == codeEndless:
		return &Fault{Kind: Endless, Text: p.late()}
	case has("stack exceeds", "stack overflow") && p.read:
		return tooDeep()
	case has("stack exceeds", "stack overflow"):
		return &Fault{Kind: Syntax, Text: "it is nested too deeply to be read"}
	}
	broken := errBroken
	if has("SIGSEGV: segmentation violation", "unexpected signal during runtime execution") {
		broken = errCrashed
	}
	return fmt.Errorf("%w (%s): %s", broken, exit.ProcessState, short(last))
}

func greedy(memory uint64) *Fault {
	return &Fault{Kind: Greedy, Text: fmt.Sprintf("it wants more than %d MB of memory", memory>>20)}
}

func tooDeep() *Fault { return &Fault{Kind: Thrown, Text: "its functions call themselves too deeply"} }

// tail keeps the beginning of what the child says when it dies; Go's runtime says first what happened.
type tail struct{ b []byte }

func (t *tail) Write(b []byte) (int, error) {
	if room := 4<<10 - len(t.b); room > 0 {
		t.b = append(t.b, b[:min(len(b), room)]...)
	}
	return len(b), nil
}

func (t *tail) String() string { return string(t.b) }
