package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// wine is Wine's service manager; this program itself runs outside of it and sees its files.
type wine struct {
	program, dir, prefix string
	hands                *exec.Cmd
	orders               io.WriteCloser
	answers              *bufio.Scanner
}

// wineCache is the cache folder below the drive C:.
const wineCache = "windows/ServiceProfiles/NetworkService/AppData/Local/Example/fsscor"

func newWine(program, dir string) (world, error) {
	w := &wine{program: program, dir: dir, prefix: os.Getenv("WINEPREFIX")}
	if w.prefix == "" {
		return nil, errors.New("WINEPREFIX is not set")
	}
	pl := w.places()
	if err := os.MkdirAll(pl.cache, 0o755); err != nil {
		return nil, err
	}
	drive := filepath.Join(w.prefix, "drive_c")
	if err := canaries(filepath.Dir(pl.cache), drive+"/ProgramData", drive+"/windows/system32", drive+"/windows/ServiceProfiles", drive+"/Program Files", drive+"/canary"); err != nil {
		return nil, err
	}
	if err := writeProfile(filepath.Join(dir, "profile.yaml"), pl.profile, w.seen(pl.cache), "crashhoster"); err != nil {
		return nil, err
	}
	w.hands = exec.Command("wine", filepath.Join(dir, "standin.exe"), "hands", w.seen(pl.cache), w.seen(w.scene()))
	w.hands.Stderr = os.Stderr
	var err error
	if w.orders, err = w.hands.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := w.hands.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.answers = bufio.NewScanner(out)
	if err := w.hands.Start(); err != nil {
		return nil, err
	}
	if !w.answers.Scan() || strings.TrimSpace(w.answers.Text()) != "ready" {
		return nil, fmt.Errorf("the stand-in says %q", w.answers.Text())
	}
	return w, serve(door, pl.cache, w.scene())
}

func (w *wine) scene() string { return filepath.Join(w.dir, "scene") }

func (w *wine) order(what string) string {
	if _, err := io.WriteString(w.orders, what+"\n"); err != nil {
		return err.Error()
	}
	if !w.answers.Scan() {
		return "the stand-in is gone"
	}
	return strings.TrimSpace(w.answers.Text())
}

func (w *wine) places() places {
	drive := filepath.Join(w.prefix, "drive_c")
	cache := filepath.Join(drive, wineCache)
	upper := filepath.Join(filepath.Dir(w.prefix), "upper") // where the overlay has all that was written: see run
	return places{cache: cache, journal: drive + "/ProgramData/linecheck", profile: w.dir + "/filled.yaml", trace: w.dir + "/trace",
		outside: []string{upper}, except: []string{upper + "/drive_c/" + wineCache, upper + "/drive_c/ProgramData/linecheck", upper + "/system.reg", upper + "/user.reg", upper + "/userdef.reg"}}
}

func (*wine) odd() bool            { return false }
func (*wine) unix() bool           { return false }
func (*wine) pids() string         { return "" }
func (w *wine) set(sc scene) error { return os.WriteFile(w.scene(), []byte(sc), 0o644) }
func (w *wine) states() string     { return w.order("states") }
func (*wine) whole() (r, s string) { return "running running", "stopped stopped" }

func (w *wine) up(running bool) error {
	what := "stop"
	if running {
		what = "start"
	}
	if said := w.order(what); said != "ok" {
		return errors.New(said)
	}
	return nil
}

// seen is the path on the drive C:, or on Z:, which is the root here.
func (w *wine) seen(path string) string {
	if rest, ok := strings.CutPrefix(path, filepath.Join(w.prefix, "drive_c")); ok {
		return "C:" + strings.ReplaceAll(rest, "/", `\`)
	}
	return "Z:" + strings.ReplaceAll(path, "/", `\`)
}

func (w *wine) command(_ bool, env []string, args ...string) *exec.Cmd {
	cmd := exec.Command("wine", append([]string{w.program}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// watchdogs are the processes of this prefix that were called as such.
func (w *wine) watchdogs() map[int]string {
	out := map[int]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		line, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		env, _ := os.ReadFile("/proc/" + e.Name() + "/environ")
		words := strings.ReplaceAll(string(line), "\x00", " ")
		if strings.Contains(words, " guard --promise ") && strings.Contains(string(env), "WINEPREFIX="+w.prefix+"\x00") {
			out[pid] = words
		}
	}
	return out
}

func (w *wine) left() []string {
	var out []string
	for _, words := range w.watchdogs() {
		out = append(out, words)
	}
	return out
}

func (w *wine) endWatchdogs(bool) {
	for pid := range w.watchdogs() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func (w *wine) close() {
	_ = w.up(false)
	w.orders.Close()
	_ = w.hands.Wait()
}
