//go:build windows

// Command hoster stands in for the product's service in the tests under Wine: it runs, holds a file of the cache open
// while it does, and writes down when it started and stopped. "hoster install" registers it as fsulnethoster; "hoster
// answer" is the product's cloud, on loopback.
package main

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

const (
	name  = "fsulnethoster"
	cloud = "127.0.0.1:8098"
	diary = `C:\hoster.log`
	cache = `C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor`
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "install" {
		if err := install(); err != nil {
			log.Fatal(err)
		}
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "answer" {
		log.Fatal(http.ListenAndServe(cloud, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })))
	}
	if err := svc.Run(name, hoster{}); err != nil {
		log.Fatal(err)
	}
}

func install() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	m, err := mgr.Connect()
	if err != nil {
		return err
	}
	defer m.Disconnect()
	s, err := m.CreateService(name, exe, mgr.Config{DisplayName: "Ultralight Network Hoster", StartType: mgr.StartManual})
	if errors.Is(err, windows.ERROR_SERVICE_EXISTS) {
		s, err = m.OpenService(name) // of an earlier stage
	}
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Start(); err != nil && !errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) {
		return err
	}
	return nil
}

type hoster struct{}

func (hoster) Execute(_ []string, req <-chan svc.ChangeRequest, status chan<- svc.Status) (bool, uint32) {
	note("started")
	held, _ := os.OpenFile(cache+`\in-use.bin`, os.O_CREATE|os.O_RDWR, 0o644)
	status <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop}
	for r := range req {
		switch r.Cmd {
		case svc.Interrogate:
			status <- r.CurrentStatus
		case svc.Stop:
			status <- svc.Status{State: svc.StopPending}
			if held != nil {
				held.Close()
			}
			note("stopped")
			return false, 0
		}
	}
	return false, 0
}

func note(what string) {
	f, err := os.OpenFile(diary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, time.Now().Format(time.RFC3339Nano), what)
}
