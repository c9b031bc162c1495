package probe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"linecheck/checks"
)

// exchange sends one GET, follows nothing, and reads a bounded answer.
func (w *walker) exchange(ctx context.Context, conn net.Conn) {
	track := w.a.Failure == checks.NoFailure // else only the other side's clock is wanted
	if track {
		w.begin(checks.HTTP, w.lim.http)
	}
	req, err := w.request()
	if err != nil {
		w.broke(checks.HTTP, checks.Unclear, errors.Join(ErrNotWalked, err))
		return
	}
	if track {
		defer w.unanswered(ctx)()
	}
	ctx, cancel := context.WithTimeout(ctx, w.lim.http)
	defer cancel()
	t, res, err := w.get(ctx, conn, req)
	defer t.release()
	if t.conn != conn {
		defer t.conn.Close()
	}
	if err != nil {
		err = w.unquoted(err)
		f := checks.Classify(checks.HTTP, err)
		if t.limit.N <= 0 {
			f, err = checks.NotHTTP, errLargeHeader
		} else if f == checks.Unclear {
			f = checks.NotHTTP
		}
		w.broke(checks.HTTP, w.sized(f), err)
		return
	}
	w.a.Heard = time.Now()
	w.a.Status, w.a.Header = res.StatusCode, res.Header
	if t, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		w.a.Date = t
	}
	if !track {
		return
	}
	w.seen("HTTP", "GET %s: %s", w.a.Path.URL, headText(res))
	w.arg("status", res.Status)
	w.arg("server", res.Header.Get("Server"))
	w.arg("location", res.Header.Get("Location"))
	w.arg("type", res.Header.Get("Content-Type"))
	w.pass(checks.HTTP, res.Status)

	w.begin(checks.Content, w.lim.http)
	t.limit.N = maxBody + maxHeader // chunk sizes and a trailer come on top of the body
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	w.content(body, err)
}

// broke ends the walk, or only the reading of a clock where the walk had already failed.
func (w *walker) broke(name checks.StageName, f checks.Failure, err error) {
	w.seen("HTTP", "GET %s: %v", w.a.Path.URL, err)
	if w.a.Failure == checks.NoFailure {
		w.fail(name, f, err)
	}
}

func (w *walker) request() (*http.Request, error) {
	u, err := url.Parse(w.a.Path.URL)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Close = true
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "*/*")
	return req, nil
}

// get sends the request and reads the head of the answer. A proxy that is asked itself may want a login first.
func (w *walker) get(ctx context.Context, conn net.Conn, req *http.Request) (*talk, *http.Response, error) {
	t := w.talk(ctx, conn, nil)
	if !w.proxied() || w.tunnelled() {
		res, err := w.ask(t, req, req.Write)
		return t, res, err
	}
	o := opened{login: login{w: w}}
	req.Close = w.Login == nil && w.Logins == nil // a login may need the connection again
	t, res, err := w.converse(ctx, t, &o.login, func(t *talk, auth string) (*http.Response, error) {
		if auth != "" {
			req.Header.Set("Proxy-Authorization", auth)
		}
		return w.ask(t, req, req.WriteProxy)
	})
	o.res, o.heads = res, t.heads
	w.logged("proxy "+w.a.Path.Route, o)
	return t, res, err
}

// ask writes the request, in absolute form to a proxy (RFC 9112, 3.2.2), and reads the head of the final answer.
func (w *walker) ask(t *talk, req *http.Request, write func(io.Writer) error) (*http.Response, error) {
	w.a.Asked = time.Now()
	t.limit.N = maxHeader
	out := bufio.NewWriter(t.conn)
	if err := write(out); err != nil {
		return nil, err
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	for range 5 { // informational answers come before the final one
		res, err := http.ReadResponse(t.in, req)
		if err != nil || res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols {
			return res, err
		}
	}
	return nil, errors.New("only informational answers")
}
