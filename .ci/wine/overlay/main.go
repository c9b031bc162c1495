// Command overlay writes DIR/overlay.json for "go build -overlay": two files of Go's standard library with one condition
// each widened, so that programs run under Wine 8, which answers two questions with other error codes than Windows does:
// FileDispositionInformationEx (every RemoveAll fails) and SIO_UDP_NETRESET (every UDP socket fails). For tests only; a
// release is never built with it. An edit that no longer applies is an error, so a new Go cannot lose one silently.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: overlay DIR")
	}
	dir, err := filepath.Abs(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		log.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(out)), "src")
	replace := map[string]string{}
	edit := func(file, after, old, new string) {
		b, err := os.ReadFile(filepath.Join(src, file))
		if err != nil {
			log.Fatal(err)
		}
		head, tail, found := strings.Cut(string(b), after)
		if !found || !strings.Contains(tail, old) {
			log.Fatalf("%s: the place to widen is not there; look at it for this version of Go", file)
		}
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(to, []byte(head+after+strings.Replace(tail, old, new, 1)), 0o644); err != nil {
			log.Fatal(err)
		}
		replace[filepath.Join(src, file)] = to
	}
	edit("internal/syscall/windows/at_windows.go", "FileDispositionInformationEx", "case STATUS_INVALID_INFO_CLASS,", "case NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,")
	edit("net/fd_windows.go", "SIO_UDP_NETRESET", "if err != nil {", "if err != nil && err != syscall.Errno(10045) {")
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), b, 0o644); err != nil {
		log.Fatal(err)
	}
}
