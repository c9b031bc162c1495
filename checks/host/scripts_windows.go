package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// engine lets WinHTTP run scripts, as it does for the programs of Windows. WinHTTP takes a script only from a web server,
// so the text that was fetched is served to it from this machine's loopback, at a path that nobody can guess, for as long
// as the run goes on. Since Windows 8 the system's autoproxy service runs it, so that a script can hurt that service's
// patience and not this program.
type engine struct{}

func (engine) Engine() string { return "WinHTTP" }

// Run asks for one address after the other. WinHTTP says only that a script failed, so the reason is looked for with a
// second script around the first one: see [examiner]. Lookup, Own and Now are not used: WinHTTP asks the system.
func (engine) Run(ctx context.Context, s Script, urls []string) ([]Choice, error) {
	if len(s.Text) > ScriptSize {
		return nil, fmt.Errorf("the script is larger than %d bytes", ScriptSize)
	}
	r := &winRun{urls: make([]string, len(urls))}
	for i, u := range urls {
		var err error
		if r.urls[i], _, err = scriptAddress(u); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	web, err := serveScripts(s.Text, []byte(examiner(ScriptText(s.Text))))
	if err != nil {
		return nil, err
	}
	defer web.Close()
	r.script, r.examiner = web.at("/script.pac"), web.at("/examiner.pac")
	bounded, cancel := context.WithTimeout(ctx, ScriptWait)
	defer cancel()
	r.ctx = bounded
	// An old WinHTTP cannot be told to stop: then the call is left behind, and ends when the script does.
	out, err := within(bounded, func() ([]Choice, error) {
		select {
		case underWay <- struct{}{}:
			defer func() { <-underWay }()
			return r.all()
		default:
			return nil, errors.New("WinHTTP still runs earlier scripts that do not end")
		}
	})
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case bounded.Err() != nil:
		return nil, &ScriptError{Fault: ScriptEndless, Text: fmt.Sprintf("WinHTTP did not answer within %s", ScriptWait)}
	}
	return nil, err
}

// underWay bounds the runs at once, those that were left behind among them.
var underWay = make(chan struct{}, 4)

// winRun is one run.
type winRun struct {
	ctx              context.Context
	urls             []string
	script, examiner string // where they are served
	newer, older     winAsk
	close            []func()
}

func (r *winRun) all() ([]Choice, error) {
	defer func() {
		for _, f := range r.close {
			f()
		}
	}()
	out := make([]Choice, len(r.urls))
	for i, u := range r.urls {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if out[i].Result, err = r.ask(u, r.script); err == nil {
			continue
		}
		var code windows.Errno
		if !errors.As(err, &code) {
			return nil, err
		}
		answer, aerr := r.ask(u, r.examiner)
		found := examined(err, answer, aerr)
		switch {
		case !found.known && !scriptFailed(code):
			return nil, err
		case found.whole:
			return nil, &found.ScriptError
		}
		out[i] = Choice{Err: &found.ScriptError}
	}
	return out, nil
}

// ask prefers the newer way. Where that gives no answer the older one may: under Wine the newer one is an empty shell,
// and on Windows it has one code for a service that does not work and for an answer that it can make nothing of.
func (r *winRun) ask(url, script string) (string, error) {
	if r.newer == nil && r.older == nil {
		ask, end, err := openWinHTTP()
		if err == nil {
			r.newer, r.close = ask, append(r.close, end)
		} else if !errors.Is(err, ErrUnsupported) {
			return "", err
		}
	}
	if r.newer != nil {
		s, err := r.newer(r.ctx, url, script)
		if !errors.Is(err, errNoService) {
			return s, err
		}
		if errors.Is(err, ErrUnsupported) {
			r.newer = nil
		}
	}
	if r.older == nil {
		ask, end, err := openOldWinHTTP()
		if err != nil {
			return "", err
		}
		r.older, r.close = ask, append(r.close, end)
	}
	return r.older(r.ctx, url, script)
}

// scriptFailed reports whether a code of WinHTTP blames the script (desktop-src/WinHttp/error-messages):
// BAD_AUTO_PROXY_SCRIPT, UNHANDLED_SCRIPT_TYPE, SCRIPT_EXECUTION_ERROR and AUTODETECTION_FAILED. Not so
// UNABLE_TO_DOWNLOAD_SCRIPT (12167): it was served from here. Wine sets no code, so the examiner is asked whatever it is.
func scriptFailed(code windows.Errno) bool {
	return code == 12166 || code == 12176 || code == 12177 || code == 12180
}

// winTimeout is how long WinHTTP waits for this machine itself to serve a script.
const winTimeout = 2 * time.Second
