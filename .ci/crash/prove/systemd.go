package main

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	product  = "fsulnethoster.service"
	needsIt  = "fsulagent.service"
	cacheDir = "/var/lib/example/product/fsscor"
	state    = "/mnt/scene" // what the stand-in shall do
	door     = "127.0.0.1:8099"
)

// systemd is process 1 here: see boot.
type systemd struct{ program, dir string }

func newSystemd(program, dir string) (world, error) {
	s := systemd{program, dir}
	me, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for name, text := range map[string]string{
		product: "[Unit]\nDescription=stand-in\nStartLimitIntervalSec=0\n[Service]\nType=notify\nNotifyAccess=all\nExecStart=" + me + " hoster " + cacheDir + " " + state + "\nTimeoutStartSec=10\nTimeoutStopSec=10\n",
		needsIt: "[Unit]\nDescription=needs it\nStartLimitIntervalSec=0\nRequires=" + product + "\nAfter=" + product + "\n[Service]\nExecStart=/bin/sleep infinity\n",
	} {
		if err := os.WriteFile("/etc/systemd/system/"+name, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if out, err := exec.Command("systemctl", "daemon-reload").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return nil, err
	}
	if err := canaries(filepath.Dir(cacheDir), "/etc", "/opt", "/home/person/Documents", "/root", "/srv", "/var/lib", "/usr/local/lib"); err != nil {
		return nil, err
	}
	if err := writeProfile(filepath.Join(dir, "profile.yaml"), s.places().profile, cacheDir, "fsulnethoster"); err != nil {
		return nil, err
	}
	return s, serve(door, cacheDir, state)
}

// canaries are files that nothing may touch, in each of the folders, and beside the cache names that are like its own.
func canaries(dirs ...string) error {
	for _, dir := range dirs {
		for _, name := range []string{"canary.dat", "canary/deep/canary.dat", "fsscor.bak/canary.dat", "fsscor2/canary.dat"} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte("not yours: "+path), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s systemd) places() places {
	return places{cache: cacheDir, journal: "/var/lib/linecheck", profile: s.dir + "/filled.yaml", trace: s.dir + "/trace",
		outside: []string{"/run/upper"},
		except: []string{"/run/upper" + cacheDir, "/run/upper/var/lib/linecheck", "/run/upper/var/log/journal", "/run/upper/var/lib/systemd",
			"/run/upper/root/.cache", // of gsettings, which is asked for GNOME's proxy
			"/run/upper/etc/machine-id", "/run/upper/var/tmp/systemd-*"}}
}

func (systemd) odd() bool            { return true }
func (systemd) unix() bool           { return true }
func (systemd) seen(p string) string { return p }
func (systemd) close()               {}
func (systemd) set(sc scene) error   { return os.WriteFile(state, []byte(sc), 0o644) }

func (systemd) whole() (string, string) { return "active active", "inactive inactive" }

func (systemd) up(running bool) error {
	verb := []string{"stop", product, needsIt}
	if running {
		verb = []string{"start", needsIt}
	}
	if out, err := exec.Command("systemctl", verb...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (systemd) states() string {
	out, _ := exec.Command("systemctl", "is-active", product, needsIt).Output()
	return strings.Join(strings.Fields(string(out)), " ")
}

func (systemd) pids() string {
	out, _ := exec.Command("systemctl", "show", "--property=MainPID", product, needsIt).Output()
	return string(out)
}

func (s systemd) command(session bool, env []string, args ...string) *exec.Cmd {
	all := append([]string{s.program}, args...)
	if session {
		all = append([]string{"systemd-run", "--scope", "--quiet", "--collect", "--"}, all...)
	}
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// watchdogs are the processes that were called as such.
func watchdogs() []int {
	var out []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		b, rerr := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if err == nil && rerr == nil && strings.Contains(string(b), "\x00guard\x00") {
			out = append(out, pid)
		}
	}
	return out
}

func (systemd) left() []string {
	var out []string
	for _, pid := range watchdogs() {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		out = append(out, strings.ReplaceAll(string(b), "\x00", " "))
	}
	if len(out) > 0 {
		return out
	}
	units, _ := exec.Command("systemctl", "list-units", "--all", "--plain", "--no-legend", "linecheck*").Output()
	for line := range strings.Lines(string(units)) {
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

// endWatchdogs kills by number: all of them, or those that are no units of systemd's.
func (systemd) endWatchdogs(all bool) {
	for _, pid := range watchdogs() {
		group, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
		if all || !strings.Contains(string(group), "linecheck") {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// hoster is the stand-in: it holds a file of its cache open, writes another one, and may dislike an empty cache.
func hoster(args []string) {
	cache, state := args[0], args[1]
	sc, _ := os.ReadFile(state)
	_, err := os.Lstat(filepath.Join(cache, index))
	if scene(sc) == stubborn && err != nil {
		os.Exit(1)
	}
	live, err := os.Create(filepath.Join(cache, own+strconv.Itoa(os.Getpid())+".dat"))
	if err != nil {
		os.Exit(2)
	}
	defer live.Close()
	if f, err := os.OpenFile(filepath.Join(cache, index), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640); err == nil {
		fmt.Fprint(f, "a new index")
		f.Close()
	}
	if out, err := exec.Command("systemd-notify", "--ready").CombinedOutput(); err != nil {
		fmt.Fprintln(os.Stderr, err, string(out))
		os.Exit(3)
	}
	for {
		time.Sleep(time.Hour)
	}
}

// serve is the product's cloud. In the deaf scene it answers only while the old index is in the cache.
func serve(addr, cache, state string) error {
	srv := &http.Server{Addr: addr, ErrorLog: nil, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc, _ := os.ReadFile(state)
		if scene(sc) == deaf {
			if b, err := os.ReadFile(filepath.Join(cache, index)); err != nil || string(b) == "a new index" {
				panic(http.ErrAbortHandler)
			}
		}
		_, _ = io.WriteString(w, "ok")
	})}
	failed := make(chan error, 1)
	go func() { failed <- srv.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

// owner of a file.
func owner(info fs.FileInfo) string {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf(" %d:%d", s.Uid, s.Gid)
	}
	return ""
}

func parent(p string) string { return filepath.Dir(p) }
