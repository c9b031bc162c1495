//go:build windows

// Command standin is the product's stand-in on Windows: two services, the second of which needs the first. Called as "hands"
// it takes orders by standard input, a line each (start, stop, states), and answers each with a line. While it runs, Wine
// keeps its services alive.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// The services: see wine.go of prove.
const product, needsIt = "crashhoster", "crashagent"

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: standin hands|product|agent CACHE SCENE")
	}
	cache, scene := os.Args[2], os.Args[3]
	var err error
	switch os.Args[1] {
	case "hands":
		if err = install(cache, scene); err == nil {
			err = serve()
		}
	case "product":
		err = svc.Run(product, service{cache, scene})
	default:
		err = svc.Run(needsIt, service{})
	}
	if err != nil {
		log.Fatal(err)
	}
}

func install(cache, scene string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	m, err := mgr.Connect()
	if err != nil {
		return err
	}
	defer m.Disconnect()
	for _, name := range []string{product, needsIt} {
		word, config := "product", mgr.Config{StartType: mgr.StartManual}
		if name == needsIt {
			word, config.Dependencies = "agent", []string{product}
		}
		s, err := m.CreateService(name, exe, config, word, cache, scene)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.Close()
	}
	return nil
}

func serve() error {
	m, err := mgr.Connect()
	if err != nil {
		return err
	}
	defer m.Disconnect()
	fmt.Println("ready")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		switch in.Text() {
		case "start":
			fmt.Println(said(turn(m, svc.Running, product, needsIt)))
		case "stop":
			fmt.Println(said(turn(m, svc.Stopped, needsIt, product)))
		default:
			fmt.Println(state(m, product), state(m, needsIt))
		}
	}
	return in.Err()
}

func said(err error) string {
	if err != nil {
		return strings.ReplaceAll(err.Error(), "\n", " ")
	}
	return "ok"
}

// turn starts or stops services, at most 20 s each.
func turn(m *mgr.Mgr, want svc.State, names ...string) error {
	for _, name := range names {
		s, err := m.OpenService(name)
		if err != nil {
			return err
		}
		defer s.Close()
		if want == svc.Running {
			err = s.Start()
		} else {
			_, err = s.Control(svc.Stop)
		}
		if errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) || errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) {
			err = nil
		}
		for end := time.Now().Add(20 * time.Second); err == nil; time.Sleep(20 * time.Millisecond) {
			st, qerr := s.Query()
			if qerr == nil && st.State == want {
				break
			}
			if time.Now().After(end) {
				err = fmt.Errorf("%s stays in state %d: %v", name, st.State, qerr)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func state(m *mgr.Mgr, name string) string {
	s, err := m.OpenService(name)
	if err != nil {
		return "unknown"
	}
	defer s.Close()
	st, err := s.Query()
	switch {
	case err != nil:
		return "unknown"
	case st.State == svc.Running:
		return "running"
	case st.State == svc.Stopped:
		return "stopped"
	}
	return fmt.Sprintf("pending-%d", st.State)
}

// service holds a file of its cache open, writes another one, and may dislike an empty cache.
type service struct{ cache, scene string }

func (s service) Execute(_ []string, req <-chan svc.ChangeRequest, status chan<- svc.Status) (bool, uint32) {
	status <- svc.Status{State: svc.StartPending}
	if s.cache != "" {
		sc, _ := os.ReadFile(s.scene)
		if _, err := os.Lstat(filepath.Join(s.cache, "index.db")); string(sc) == "stubborn" && err != nil {
			return true, 1
		}
		live, err := os.Create(filepath.Join(s.cache, fmt.Sprintf("live-%d.dat", os.Getpid())))
		if err != nil {
			return true, 2
		}
		defer live.Close()
		if f, err := os.OpenFile(filepath.Join(s.cache, "index.db"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640); err == nil {
			fmt.Fprint(f, "a new index")
			f.Close()
		}
	}
	status <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop}
	for r := range req {
		switch r.Cmd {
		case svc.Interrogate:
			status <- r.CurrentStatus
		case svc.Stop:
			status <- svc.Status{State: svc.StopPending}
			return false, 0
		}
	}
	return false, 0
}
