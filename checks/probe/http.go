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
	defer guard(ctx, conn, w.lim.http)()
	in := &io.LimitedReader{R: conn, N: maxHeader}
	res, err := w.ask(conn, in, req)
	if err != nil {
		err = w.unquoted(err)
		f := checks.Classify(checks.HTTP, err)
		if in.N <= 0 {
			f, err = checks.NotHTTP, errLargeHeader
		} else if f == checks.Unclear {
			f = checks.NotHTTP
		}
		w.broke(checks.HTTP, f, err)
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
	in.N = maxBody + maxHeader // chunk sizes and a trailer come on top of the body
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
	if basic := w.basic(); basic != "" && !w.tunnelled() {
		req.Header.Set("Proxy-Authorization", basic)
	}
	return req, nil
}

// ask writes the request, in absolute form to a proxy (RFC 9112, 3.2.2), and reads the head of the final answer.
func (w *walker) ask(conn net.Conn, in io.Reader, req *http.Request) (*http.Response, error) {
	w.a.Asked = time.Now()
	write := req.Write
	if w.proxied() && !w.tunnelled() {
		write = req.WriteProxy
	}
	out := bufio.NewWriter(conn)
	if err := write(out); err != nil {
		return nil, err
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	buf := bufio.NewReader(in)
	for range 5 { // informational answers come before the final one
		res, err := http.ReadResponse(buf, req)
		if err != nil || res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols {
			return res, err
		}
	}
	return nil, errors.New("only informational answers")
}
