package host

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// scriptWeb serves scripts on loopback: one answer a connection. It speaks no more of HTTP than WinHTTP's request for a
// script needs, because the server of net/http, with HTTP/2 in it, is a fortieth of the whole program.
type scriptWeb struct {
	base     string
	pages    map[string][]byte // by path
	listener net.Listener
	ended    sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]bool // nil: closed
}

// Bounds of the server: connections at once, and bytes of one request.
const (
	scriptGuests  = 32
	scriptRequest = 16 << 10
)

func (w *scriptWeb) at(path string) string { return w.base + path }

func serveScripts(script, examiner []byte) (*scriptWeb, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the script cannot be served to WinHTTP: %w", err)
	}
	secret := "/" + rand.Text()
	w := &scriptWeb{base: "http://" + l.Addr().String() + secret, listener: l, open: map[net.Conn]bool{},
		pages: map[string][]byte{secret + "/script.pac": script, secret + "/examiner.pac": examiner}}
	w.ended.Go(w.serve)
	return w, nil
}

// Close ends what is under way, and returns when nothing is.
func (w *scriptWeb) Close() error {
	err := w.listener.Close()
	w.mu.Lock()
	for c := range w.open {
		c.Close()
	}
	w.open = nil
	w.mu.Unlock()
	w.ended.Wait()
	return err
}

func (w *scriptWeb) serve() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return
		}
		if !w.enter(c) {
			c.Close()
			continue
		}
		w.ended.Go(func() {
			defer w.leave(c)
			w.answer(c)
		})
	}
}

func (w *scriptWeb) enter(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open == nil || len(w.open) >= scriptGuests {
		return false
	}
	w.open[c] = true
	return true
}

func (w *scriptWeb) leave(c net.Conn) {
	c.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, c)
}

func (w *scriptWeb) answer(c net.Conn) {
	_ = c.SetDeadline(time.Now().Add(ScriptWait))
	lines := bufio.NewScanner(io.LimitReader(c, scriptRequest))
	lines.Scan()
	method, rest, _ := strings.Cut(lines.Text(), " ")
	path, _, _ := strings.Cut(rest, " ")
	for lines.Text() != "" { // what is not read makes the close a reset, which can take the answer with it
		if !lines.Scan() {
			return
		}
	}
	status, page := "200 OK", w.pages[path]
	if page == nil || method != "GET" {
		status, page = "404 Not Found", nil
	}
	_, _ = fmt.Fprintf(c, "HTTP/1.1 %s\r\nContent-Type: application/x-ns-proxy-autoconfig\r\nContent-Length: %d\r\n"+
		"Cache-Control: no-store\r\nConnection: close\r\n\r\n%s", status, len(page), page)
}
